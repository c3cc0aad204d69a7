"""Redirects: where a response leads, what is refused, and what the next request has.

https://fetch.spec.whatwg.org/#http-redirect-fetch
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from ..standard.headers import Header
from .checks import REDIRECT_STATUSES, get
from .failures import MAX_REDIRECTS, Failure
from .profiles import Profile
from .urls import URL, parse
from .values import Request, WireResponse

# https://fetch.spec.whatwg.org/#request-body-header-name
_BODY_HEADERS = frozenset({"content-encoding", "content-language", "content-location", "content-type"})


def location(answer: WireResponse, profile: Profile) -> str | None:
    """Return where *answer* redirects, as it is written; ``None`` if the browser takes it for no redirect."""
    written = get(answer.headers, "location")
    if answer.status not in REDIRECT_STATUSES or written is None:
        return None
    lines = [value for name, value in answer.headers if name.lower() == "location"]
    if not written and profile.empty_location == "ignore":
        return None
    return lines[0] if profile.same_locations and len(set(lines)) == 1 else written


def parsed(text: str, base: URL, profile: Profile) -> URL | None:
    """Return the URL that a redirect to *text* leads to from *base*, or ``None`` if the browser takes it for none."""
    return None if not text and profile.empty_location == "error" else parse(text, base)


class Way(NamedTuple):
    """A redirect: from the *chain* of URLs so far to *text*, of a *request* with this response *tainting*."""

    request: Request
    chain: Sequence[URL]
    tainting: Literal["basic", "cors", "opaque"]
    page: str
    status: int
    text: str
    lines: int


def target(way: Way, profile: Profile) -> URL | Failure:
    """Return the next URL, or why the browser does not go there."""
    found = parsed(way.text, way.chain[-1], profile)
    if found is None or (way.lines > 1 and not profile.joins_locations):
        return Failure("redirect-invalid", way.text)
    if not found.is_http:
        return Failure("redirect-scheme", found.scheme)
    if len(way.chain) > MAX_REDIRECTS:
        return Failure("redirect-limit", way.text)
    cross = way.request.mode == "cors" and (found.origin != way.page or not profile.allows_own_userinfo)
    if found.userinfo and (cross or way.tainting == "cors"):
        return Failure("redirect-credentials", way.text)
    if way.status != 303 and way.request.stream and way.request.body is not None:
        return Failure("redirect-stream", way.text)
    return found


def becomes_get(status: int, method: str) -> bool:
    """Report whether the next request is a GET without a body."""
    return (status in (301, 302) and method == "POST") or (status == 303 and method not in ("GET", "HEAD"))


def next_headers(headers: Sequence[Header], *, changed: bool, crossed: bool) -> list[Header]:
    """Return what is left of *headers* if the method *changed* to GET, and if the redirect *crossed* origins."""
    dropped = (_BODY_HEADERS if changed else frozenset()) | ({"authorization"} if crossed else frozenset())
    return [header for header in headers if header[0].lower() not in dropped]
