"""Debug mode: why a request is refused, and what else works otherwise than expected."""

from __future__ import annotations

import difflib
import traceback
from collections.abc import Iterable, Iterator
from typing import Any

from ..errors import SHOWN, shown
from ..standard.headers import (
    NORMALIZED_METHODS,
    RESPONSE_PREFIX,
    Header,
    is_token,
    is_worth_exposing,
    list_elements,
)
from ..standard.origins import ANY, NULL, is_serialized
from ..standard.remarks import cookie_without_credentials, cross_site_cookie, not_exposed, response_header_sent
from .policy import UNREADABLE, CORSPolicy
from .protocol import FullResponse, actual

_NOTE = "X-CORS-Debug"
_COMPARED = 1000  # configured origins among which the nearest is searched
_MOST_NAMES = 20  # request headers that are looked at, so that a long list costs nothing


def origin_note(policy: CORSPolicy, origin: str) -> Header:
    """Return the header that says why *origin* is refused, and which configured origin is nearest."""
    if origin != NULL and not is_serialized(origin):
        return _NOTE, "origin-invalid"
    listed = [rule for rule in policy.origins[:_COMPARED] if isinstance(rule, str)]
    nearest = difflib.get_close_matches(origin, listed, 1, cutoff=0.0)
    return _NOTE, "; nearest=".join(["origin-not-allowed", *nearest])


def preflight_note(policy: CORSPolicy, origin: str, method: str, names: str | None, refusal: bytes) -> Header | None:
    """Return the header that says why a preflight fails: the origin, the *method* or one of the header *names*."""
    if refusal == b"Origin not allowed":
        return origin_note(policy, origin)
    if policy.methods != ANY and method not in policy.methods:
        wanted = method if is_token(method) else "?"
        in_capitals = {*policy.methods, *NORMALIZED_METHODS, "PATCH"} - {wanted}
        hint = "; write it in capitals" if wanted.upper() in in_capitals else ""
        return _NOTE, f"method-not-allowed; method={wanted[:50]}; listed={','.join(policy.methods)}{hint}"
    if policy.allow_headers != ANY:
        allowed = [name.lower() for name in policy.allow_headers]
        for name in filter(is_token, list_elements(names or "")[:_MOST_NAMES]):
            if name.lower() not in allowed:
                nearest = difflib.get_close_matches(name[:50].lower(), allowed, 1)
                return _NOTE, "; nearest=".join([f"header-not-allowed; header={name[:50]}", *nearest])
    return None


def request_hints(environ: dict[str, Any]) -> Iterator[str]:
    """Yield a remark on each response header that the client sends."""
    sent = [key[5:].replace("_", "-").title() for key in environ if key.startswith("HTTP_ACCESS_CONTROL_")]
    asked = list_elements(environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS", ""))[:_MOST_NAMES]
    for name in [*sent, *(name.title() for name in asked if is_token(name))]:
        if (remark := response_header_sent(name[:SHOWN])) is not None:
            yield str(remark)


def status_hints(environ: dict[str, Any], status: str) -> Iterator[str]:
    """Yield a remark if the application may have refused an origin that the policy allows."""
    origin = environ["HTTP_ORIGIN"]
    if status[:3] in ("400", "403") and origin.partition("://")[2] != environ.get("HTTP_HOST"):
        yield (
            f"the application answered {status[:3]} to {shown(origin)}, which the policy allows: if it checks origins "
            "itself, as Flask-SocketIO, Cornice and CSRF protections do, allow the origin there too"
        )


def response_hints(policy: CORSPolicy, environ: dict[str, Any], headers: Iterable[Header]) -> Iterator[str]:
    """Yield a remark on everything unexpected in a response that an allowed origin gets."""
    exposed = [name.lower() for name in policy.expose_headers]
    for name, value in headers:
        lower = name.lower()
        if lower.startswith(RESPONSE_PREFIX):
            yield f"the application sets {name} itself, and this header is removed: only the policy writes CORS headers"
        elif is_worth_exposing(lower):
            if policy.expose_headers != ANY and lower not in exposed:
                yield str(not_exposed(name))
        elif lower == "set-cookie":
            yield from _cookie_hints(policy, environ, value)


def _cookie_hints(policy: CORSPolicy, environ: dict[str, Any], cookie: str) -> Iterator[str]:
    name = cookie.partition("=")[0].strip()[:SHOWN]
    attributes = {part.strip().lower() for part in cookie.split(";")[1:]}
    if not policy.supports_credentials:
        yield str(cookie_without_credentials(name))
    elif environ.get("HTTP_SEC_FETCH_SITE") == "cross-site" and not {"samesite=none", "secure"} <= attributes:
        yield str(cross_site_cookie(name))


def is_readable_error(environ: dict[str, Any], origin: str, policy: CORSPolicy) -> bool:
    """Report whether an error should be sent to JavaScript as text: for a cross-origin fetch that may read responses.

    Not for a navigation, which shows the debugger to a person, and not for an upgrade, whose server answers itself.
    Browsers name the mode in Sec-Fetch-Mode to trustworthy servers; for others, navigations accept HTML.
    https://w3c.github.io/webappsec-fetch-metadata/
    """
    if "HTTP_UPGRADE" in environ or actual(policy, origin, environ) is UNREADABLE:
        return False
    if environ.get("HTTP_SEC_FETCH_SITE") == "same-origin" or origin.partition("://")[2] == environ.get("HTTP_HOST"):
        return False
    mode = environ.get("HTTP_SEC_FETCH_MODE")
    return mode == "cors" if mode is not None else "text/html" not in environ.get("HTTP_ACCEPT", "")


def error_response(error: BaseException) -> FullResponse:
    """Return a response with the traceback of *error* as text."""
    try:
        text = "".join(traceback.format_exception(error))
    except Exception:  # an exception whose own text fails
        text = f"{type(error).__name__}, without a readable traceback: {shown(error)}"
    body = text.encode("utf-8", "replace")
    headers = [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
    return "500 Internal Server Error", headers, body
