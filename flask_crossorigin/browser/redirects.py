"""Redirects: where a response leads, what is refused, and what the next request has.

https://fetch.spec.whatwg.org/#http-redirect-fetch
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from ..standard.headers import Header
from .checks import REDIRECT_STATUSES
from .failures import MAX_REDIRECTS, Failure
from .profiles import Profile
from .urls import URL, parse
from .values import Request, WireResponse

# https://fetch.spec.whatwg.org/#request-body-header-name
_BODY_HEADERS = frozenset({"content-encoding", "content-language", "content-location", "content-type"})


def location(answer: WireResponse, profile: Profile) -> str | None:
    """Return where *answer* redirects, as it is written; ``None`` if the browser takes it for no redirect."""
    lines = _lines(answer, profile)
    is_ignored = lines == [""] and profile.empty_location == "ignore"
    return ", ".join(lines) if lines and answer.status in REDIRECT_STATUSES and not is_ignored else None


def _lines(answer: WireResponse, profile: Profile) -> list[str]:
    """Return the ``Location`` lines of *answer*, each once if the browser takes lines that are the same for one."""
    lines = [value for name, value in answer.headers if name.lower() == "location"]
    return [*dict.fromkeys(lines)] if profile.same_locations else lines


def destination(answer: WireResponse, base: URL, profile: Profile) -> URL | None:
    """Return the URL that the redirect *answer* leads to from *base*, or ``None`` if the browser takes it for none."""
    lines = _lines(answer, profile)
    if (len(lines) > 1 and not profile.joins_locations) or (lines == [""] and profile.empty_location == "error"):
        return None
    return parse(", ".join(lines), base)


class Way(NamedTuple):
    """The redirect *answer* to the last URL of *chain*, of a *request* with this response *tainting*."""

    request: Request
    chain: Sequence[URL]
    tainting: Literal["basic", "cors", "opaque"]
    page: str
    answer: WireResponse


def target(way: Way, profile: Profile) -> URL | Failure:
    """Return the next URL, or why the browser does not go there."""
    found, text = destination(way.answer, way.chain[-1], profile), location(way.answer, profile) or ""
    if found is None:
        return Failure("redirect-invalid", text)
    if not found.is_http:
        return Failure("redirect-scheme", found.scheme)
    if len(way.chain) > MAX_REDIRECTS:
        return Failure("redirect-limit", text)
    cross = way.request.mode == "cors" and (found.origin != way.page or not profile.allows_own_userinfo)
    if found.userinfo and (cross or way.tainting == "cors"):
        return Failure("redirect-credentials", text)
    if way.answer.status != 303 and way.request.stream and way.request.body is not None:
        return Failure("redirect-stream", text)
    return found


def becomes_get(status: int, method: str) -> bool:
    """Report whether the next request is a GET without a body."""
    return (status in (301, 302) and method == "POST") or (status == 303 and method not in ("GET", "HEAD"))


def next_headers(headers: Sequence[Header], *, changed: bool, crossed: bool) -> list[Header]:
    """Return what is left of *headers* if the method *changed* to GET, and if the redirect *crossed* origins."""
    dropped = (_BODY_HEADERS if changed else frozenset()) | ({"authorization"} if crossed else frozenset())
    return [header for header in headers if header[0].lower() not in dropped]
