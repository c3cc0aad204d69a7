"""What works and still surprises people: remarks that debug mode logs and the doctor reports, in the same words.

The server's side and the browser's side never import each other, so the words that both use stand here.
"""

from __future__ import annotations

from typing import NamedTuple

from .headers import RESPONSE_PREFIX


class Remark(NamedTuple):
    """*what* happens, and the *fix*: what to write instead."""

    what: str
    fix: str

    def __str__(self) -> str:
        return f"{self.what}: {self.fix}"


def response_header_sent(name: str) -> Remark | None:
    """Return the remark on the request header *name* if only servers send it, or ``None``."""
    lower = name.lower()
    if not lower.startswith(RESPONSE_PREFIX) or lower.startswith(f"{RESPONSE_PREFIX}request-"):
        return None
    return Remark(f"the request has the header {name}, which is a response header", "remove it from the request")


def not_exposed(name: str) -> Remark:
    """Return the remark on the response header *name* that the server does not expose."""
    return Remark(
        f"JavaScript cannot read the response header {name}",
        f"add it to expose_headers, as in expose_headers=[{name!r}]",
    )


def cookie_without_credentials(name: str) -> Remark:
    """Return the remark on the cookie *name* in a response to a request without credentials."""
    return Remark(
        f"browsers drop the cookie {name!r} of a cross-origin response to a request without credentials",
        "write supports_credentials=True on the server, with origins that are listed, and credentials: 'include' "
        "in the page",
    )


def cross_site_cookie(name: str) -> Remark:
    """Return the remark on the cookie *name* that browsers drop because the page is on another site."""
    return Remark(f"browsers drop the cookie {name!r} of another site", "set it with SameSite=None and Secure")
