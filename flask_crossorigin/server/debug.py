"""What a developer is told in debug mode: why a request is refused, and what else will surprise."""

from __future__ import annotations

import difflib
import traceback
from collections.abc import Iterable, Iterator
from typing import Any

from ..standard.headers import (
    NORMALIZED_METHODS,
    RESPONSE_PREFIX,
    SAFELISTED_METHODS,
    Header,
    is_token,
    is_worth_exposing,
    list_elements,
)
from ..standard.origins import ANY, NULL, is_serialized
from .policy import CORSPolicy
from .protocol import FullResponse

_NOTE = "X-CORS-Debug"


_LOOKED_AT = 1000  # origins among which the nearest is searched


def origin_note(policy: CORSPolicy, origin: str) -> Header:
    """Return the header that says why *origin* is refused, and which one that is listed comes nearest."""
    if origin != NULL and not is_serialized(origin):
        return _NOTE, "origin-invalid"
    listed = [rule for rule in policy.origins[:_LOOKED_AT] if isinstance(rule, str)]
    nearest = difflib.get_close_matches(origin, listed, 1, cutoff=0.0)
    return _NOTE, "; nearest=".join(["origin-not-allowed", *nearest])


def preflight_note(policy: CORSPolicy, method: str, names: str | None) -> Header | None:
    """Return the header that says which of *method* and the header *names* the browser will miss, or ``None``."""
    if policy.methods != ANY and method not in policy.methods and method not in SAFELISTED_METHODS:
        wanted = method if is_token(method) else "?"
        hint = (
            "; write it in capitals"
            if wanted.upper() in {*policy.methods, *NORMALIZED_METHODS, "PATCH"} - {wanted}
            else ""
        )
        return _NOTE, f"method-not-allowed; method={wanted[:50]}; listed={','.join(policy.methods)}{hint}"
    if policy.allow_headers != ANY:
        listed = [name.lower() for name in policy.allow_headers]
        for name in filter(is_token, list_elements(names or "")):
            if name.lower() not in listed:
                nearest = difflib.get_close_matches(name.lower(), listed, 1)
                return _NOTE, "; nearest=".join([f"header-not-allowed; header={name[:50]}", *nearest])
    return None


def request_hints(environ: dict[str, Any]) -> Iterator[str]:
    """Yield what is odd about a request: response headers that its client sends."""
    sent = [key[5:].replace("_", "-").lower() for key in environ if key.startswith("HTTP_ACCESS_CONTROL_")]
    sent += [name.lower() for name in list_elements(environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS", ""))]
    for name in sent:
        if name.startswith(RESPONSE_PREFIX) and not name.startswith(f"{RESPONSE_PREFIX}request-"):
            yield f"the client sends {_titled(name)}, which is a response header: remove it from its request"


def response_hints(policy: CORSPolicy, environ: dict[str, Any], headers: Iterable[Header]) -> Iterator[str]:
    """Yield what will surprise in a response that an allowed origin is given."""
    exposed = [name.lower() for name in policy.expose_headers]
    for name, value in headers:
        lower = name.lower()
        if lower.startswith(RESPONSE_PREFIX):
            yield f"the application sets {name} itself, which is removed: the policy is the only writer of CORS headers"
        elif is_worth_exposing(lower):
            if policy.expose_headers != ANY and lower not in exposed:
                yield f"script cannot read {name}: write expose_headers=[{name!r}]"
        elif lower == "set-cookie":
            yield from _cookie_hints(policy, environ, value)


def _cookie_hints(policy: CORSPolicy, environ: dict[str, Any], cookie: str) -> Iterator[str]:
    name, *attributes = (part.strip().lower() for part in cookie.split(";"))
    name = cookie.partition("=")[0].strip()
    if not policy.supports_credentials:
        remedy = "write supports_credentials=True"
        yield f"browsers drop the cookie {name!r} of a cross-origin response without credentials: {remedy}"
    elif environ.get("HTTP_SEC_FETCH_SITE") == "cross-site" and not {"samesite=none", "secure"} <= set(attributes):
        yield f"browsers drop the cookie {name!r} from another site: set it with SameSite=None and Secure"


def is_cross_origin_fetch(environ: dict[str, Any], origin: str) -> bool:
    """Report whether script sent the request from another origin; a navigation shows the answer to a person.

    Browsers say so in Sec-Fetch-* to servers that they trust; to others, by what they accept: navigations ask
    for HTML.  https://w3c.github.io/webappsec-fetch-metadata/
    """
    if environ.get("HTTP_SEC_FETCH_SITE") == "same-origin" or origin.partition("://")[2] == environ.get("HTTP_HOST"):
        return False
    mode = environ.get("HTTP_SEC_FETCH_MODE")
    return mode == "cors" if mode is not None else "text/html" not in environ.get("HTTP_ACCEPT", "")


def readable_error(error: BaseException) -> FullResponse:
    """Return a response with the traceback of *error* as text."""
    body = "".join(traceback.format_exception(error)).encode("utf-8", "replace")
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
    return "500 Internal Server Error", headers, body


def _titled(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))
