"""A fetch on its way: what was asked, where it is now, and what was noted so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from ..standard.headers import Header
from .cookies import Refused
from .profiles import Profile
from .redirects import Way, becomes_get, next_headers
from .urls import URL
from .values import Request, WireResponse


@dataclass
class State:
    """A fetch on its way, hop by hop."""

    request: Request
    method: str
    headers: list[Header]
    body: bytes | None
    chain: list[URL]
    tainting: Literal["basic", "cors", "opaque"] = "basic"
    reasons: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    cookies: list[Refused] = field(default_factory=list)
    crossed: bool = False  # a redirect has led to another origin, which drops Authorization for good
    has_origin: bool = False  # a request with an Origin header was sent

    def __post_init__(self) -> None:
        self.first_headers, self.first_method = self.headers, self.method

    @property
    def url(self) -> URL:
        """Where the fetch is now."""
        return self.chain[-1]

    @property
    def bare_url(self) -> URL:
        """The URL as it is sent."""
        return self.url._replace(userinfo="")

    def way(self, answer: WireResponse, page: str) -> Way:
        """Return where *answer* leads, for ``redirects.target``."""
        return Way(self.request, self.chain, self.tainting, page, answer)

    def follow(self, found: URL, status: int, profile: Profile) -> None:
        """Go on to *found*.  https://fetch.spec.whatwg.org/#http-redirect-fetch"""
        changed, self.crossed = becomes_get(status, self.method), self.crossed or found.origin != self.url.origin
        if changed:
            self.method, self.body = "GET", None
        headers = self.headers
        if profile.restores_body_headers:
            headers, changed = self.first_headers, becomes_get(status, self.first_method)
        self.headers = next_headers(headers, changed=changed, crossed=self.crossed)
        self.chain.append(found)

    def is_conditional(self) -> bool:
        """Report whether the page asks for a response only under a condition."""
        return any(name.lower() in _CONDITIONAL for name, _ in self.headers)

    def noted(self) -> dict[str, Any]:
        """Return what every outcome tells, whatever it is."""
        return {"reasons": tuple(self.reasons), "warnings": tuple(self.warnings), "cookies": tuple(self.cookies)}


# https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch
_CONDITIONAL = {"if-modified-since", "if-none-match", "if-unmodified-since", "if-match", "if-range"}
