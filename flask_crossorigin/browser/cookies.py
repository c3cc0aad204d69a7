"""A browser's cookies: which it stores from a response, which it sends with a request, and why not the others.

Python's own cookie jar does not know SameSite. Limits: no partitioned cookies, and no settings of the user.
https://datatracker.ietf.org/doc/draft-ietf-httpbis-rfc6265bis/
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import timezone
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from ..standard.origins import NULL, parse_address
from ..standard.public_suffixes import is_public_suffix, registrable_domain
from .urls import URL, parse

_MOST_DIGITS = 12  # of Max-Age: more seconds are more than any cookie lives
MAX_SIZE = 4096  # bytes of a name and its value


class Cookie(NamedTuple):
    """A stored cookie. *expires*: in seconds of the caller's clock, or ``None`` for a session cookie."""

    name: str
    value: str
    host: str
    host_only: bool
    path: str
    secure: bool
    same_site: str  # "strict", "lax" or "none"
    expires: float | None = None


class Refused(NamedTuple):
    """A cookie that the browser does not store, or does not send, and why."""

    name: str
    reason: str
    remedy: str


def site(origin: str) -> str:
    """Return scheme and registrable domain of an origin.  https://html.spec.whatwg.org/#obtain-a-site"""
    url = parse(origin)
    if url is None or not url.host:
        return NULL
    if parse_address(url.host) is not None:
        return f"{url.scheme}://{url.host}"
    return f"{url.scheme}://{registrable_domain(url.host) or url.host}"


def is_same_site(one: str, other: str) -> bool:
    """Report whether two origins belong to one site.  https://html.spec.whatwg.org/#same-site"""
    return NULL not in (one, other) and site(one) == site(other)


class CookieJar:
    """The cookies of one browser."""

    def __init__(self, *, insecure_none: bool = False, third_party: bool = True) -> None:
        self._insecure_none = insecure_none
        self._third_party = third_party
        self._kept: dict[tuple[str, str, str], Cookie] = {}

    def take(self, header: str, url: URL, page: str, now: float) -> Refused | None:
        """Store the cookie of a ``Set-Cookie`` line from *url*, fetched by a page of *page*, or return why not."""
        pair, *rest = header.split(";")
        name, found, value = pair.partition("=")
        name, value = (name.strip(), value.strip()) if found else ("", pair.strip())
        attributes = {key.strip().lower(): text.strip() for key, _, text in (part.partition("=") for part in rest)}
        cookie = _read(name, value, attributes, url, now)
        refused = cookie if isinstance(cookie, Refused) else self._refusal(cookie, "samesite" in attributes, url, page)
        if refused is not None or isinstance(cookie, Refused):
            return refused
        key = (cookie.host, cookie.path, cookie.name)
        self._kept.pop(key, None)
        if cookie.expires is None or cookie.expires > now:
            self._kept[key] = cookie
        return None

    def header(
        self, url: URL, page: str, now: float, opens: str = "", chain: Sequence[str] = ()
    ) -> tuple[str, list[Refused]]:
        """Return the ``Cookie`` header of a request from a page of *page*, and the cookies that are not sent.

        *opens*: the method with which the request opens a page, empty if it opens none. Then Lax cookies are sent to
        other sites with GET. *chain*: the origins of redirects that count as well.
        """
        sent, refused = [], []
        is_own = all(is_same_site(page, origin) for origin in (url.origin, *chain))
        for cookie in self._matching(url, now):
            is_opened = cookie.same_site == "lax" and opens in ("GET", "HEAD")
            if cookie.same_site == "none" or is_opened or is_own:
                sent.append(cookie)
            else:
                refused.append(
                    Refused(
                        cookie.name, f"is SameSite={cookie.same_site.title()}, and the request is cross-site", _NONE
                    )
                )
        sent.sort(key=lambda cookie: -len(cookie.path))
        return "; ".join(f"{cookie.name}={cookie.value}" if cookie.name else cookie.value for cookie in sent), refused

    def __iter__(self) -> Iterator[Cookie]:
        return iter(self._kept.values())

    def _matching(self, url: URL, now: float) -> Iterator[Cookie]:
        for cookie in self._kept.values():
            if cookie.expires is not None and cookie.expires <= now:
                continue
            host = url.host == cookie.host or (not cookie.host_only and _is_below(url.host, cookie.host))
            if host and _path_matches(url.path, cookie.path) and (url.is_trustworthy or not cookie.secure):
                yield cookie

    def _refusal(self, cookie: Cookie, chosen: bool, url: URL, page: str) -> Refused | None:
        """Return why the browser drops a well-formed cookie, or ``None``."""
        name = cookie.name
        if not self._third_party and not is_same_site(page, url.origin):
            return Refused(
                name, "is a third-party cookie, which this browser blocks", "serve page and API from one site"
            )
        prefix = name.lower()
        if cookie.secure and not url.is_trustworthy:
            return Refused(name, "is Secure, and the response came over http", "serve the API over https")
        if cookie.same_site == "none" and not cookie.secure and not self._insecure_none:
            return Refused(name, "has SameSite=None without Secure", "add Secure")
        if prefix.startswith(("__secure-", "__host-")) and not cookie.secure:
            return Refused(name, "has a name that needs Secure", "add Secure")
        if cookie.same_site != "none" and not is_same_site(page, url.origin):
            said = f"SameSite={cookie.same_site.title()}" if chosen else "no SameSite, which means Lax"
            return Refused(name, f"has {said}, and the response is cross-site", _NONE)
        return None


_NONE = "set it with SameSite=None and Secure, or serve page and API from one site"


def _read(name: str, value: str, attributes: dict[str, str], url: URL, now: float) -> Cookie | Refused:
    domain = attributes.get("domain", "").lstrip(".").lower()
    path = attributes.get("path", "")
    if not path.startswith("/"):
        path = url.path.rpartition("/")[0] or "/"
    same_site = attributes.get("samesite", "").lower()
    cookie = Cookie(
        name,
        value,
        domain or url.host,
        not domain or (domain == url.host and parse_address(domain) is not None),
        path,
        "secure" in attributes,
        same_site if same_site in ("strict", "none") else "lax",
        _expires(attributes, now),
    )
    if name.lower().startswith("__host-") and (domain or path != "/" or "path" not in attributes):
        return Refused(name, "has a name that needs Path=/ and no Domain", "set Path=/ and remove Domain")
    if len(name) + len(value) > MAX_SIZE:
        return Refused(
            name, f"is longer than {MAX_SIZE} bytes", "store the data on the server, and only a key in the cookie"
        )
    if domain and domain != url.host and not _is_below(url.host, domain):
        return Refused(name, f"has Domain={domain}, which is not the host {url.host}", "remove Domain")
    if domain and domain != url.host and is_public_suffix(domain):
        return Refused(name, f"has Domain={domain}, under which anybody can register a name", "remove Domain")
    return cookie


def _expires(attributes: dict[str, str], now: float) -> float | None:
    age = attributes.get("max-age", "")
    if re.fullmatch(r"-?[0-9]+", age):
        seconds = int(age[:_MOST_DIGITS])
        return now + seconds if seconds > 0 else 0.0
    if "expires" in attributes:
        try:
            date = parsedate_to_datetime(attributes["expires"].replace("-", " "))
        except ValueError:
            return None
        return date.replace(tzinfo=date.tzinfo or timezone.utc).timestamp()
    return None


def _is_below(host: str, domain: str) -> bool:
    return host.endswith("." + domain) and parse_address(host) is None


def _path_matches(path: str, wanted: str) -> bool:
    return path == wanted or (path.startswith(wanted) and (wanted.endswith("/") or path[len(wanted)] == "/"))
