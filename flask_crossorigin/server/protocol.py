"""The server's side of the CORS protocol: which headers answer which request.

Pure: knows nothing of WSGI, Flask or I/O.
https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

from ..standard.headers import RESPONSE_PREFIX, Header, is_token, is_token_list, list_elements
from ..standard.origins import ANY, DEFAULT_PORTS, MAX_LENGTH, NULL
from .policy import ALLOW_ORIGIN, PREFLIGHT_VARY, TEXT, VARY_ORIGIN, CORSPolicy, Grant

MAX_ECHO = 4096  # bytes of a request's header that a response repeats

# The headers of most responses: none is a CORS header or Vary, so the response needs no merging.
_ORDINARY = frozenset(
    name
    for ordinary in (
        "Allow",
        "Cache-Control",
        "Connection",
        "Content-Disposition",
        "Content-Encoding",
        "Content-Language",
        "Content-Length",
        "Content-Type",
        "Date",
        "ETag",
        "Expires",
        "Last-Modified",
        "Location",
        "Server",
        "Set-Cookie",
        "X-Content-Type-Options",
        "X-Frame-Options",
    )
    for name in (ordinary, ordinary.lower())
)

# A whole response: status with its reason phrase, headers in a list of its own, body.
FullResponse: TypeAlias = tuple[str, list[Header], bytes]


def is_preflight(method: str, origin: str | None, requested_method: str | None) -> bool:
    """Report whether a request is a CORS-preflight request.

    https://fetch.spec.whatwg.org/#cors-preflight-request
    """
    return method == "OPTIONS" and origin is not None and bool(requested_method)


def preflight(
    policy: CORSPolicy,
    origin: str,
    requested_method: str,
    requested_headers: str | None,
    context: dict[str, Any],
    private_network: bool = False,
) -> FullResponse:
    """Return the response to a preflight: the configured lists, with which the browser decides.

    *requested_method*, *requested_headers*: the values of Access-Control-Request-Method and -Headers. *context*: for
    callables in *origins*. *private_network*: whether Access-Control-Request-Private-Network is ``true``.

    https://fetch.spec.whatwg.org/#http-responses
    """
    if not policy.allows(origin, context):
        return refusal(b"Origin not allowed")
    # Browsers look for these three methods in no list, so the list has to be enforced here.
    if policy.refused_methods and requested_method in policy.refused_methods:
        return refusal(b"Method not allowed")
    headers = [(ALLOW_ORIGIN, ANY if policy.any_origin else origin), *policy.preflight_headers]
    # Echoed, because * covers neither Authorization nor credentials, and Firefox never caches it.
    if policy.methods == ANY and len(requested_method) <= MAX_ECHO and is_token(requested_method):
        headers.append(("Access-Control-Allow-Methods", requested_method))
    if policy.allow_headers == ANY and requested_headers and _is_echoed(requested_headers):
        headers.append(("Access-Control-Allow-Headers", requested_headers))
    if private_network and policy.allow_private_network:
        headers.append(("Access-Control-Allow-Private-Network", "true"))
    # Not 204, after which waitress closes the connection.
    return "200 OK", headers, b""


def refusal(body: bytes, vary: Header = PREFLIGHT_VARY) -> FullResponse:
    """Return the response that refuses a preflight, or a request with another *vary*; *body* says why."""
    return "403 Forbidden", [vary, TEXT, ("Content-Length", str(len(body)))], body


def actual(policy: CORSPolicy, origin: str, context: dict[str, Any]) -> Grant:
    """Return what the response to a request from *origin* gets, if it is not a preflight.

    The response to a request without Origin gets ``policy.without_origin``.
    """
    # As policy.allows, without its call, which costs every response 400 instructions.
    if len(origin) <= MAX_LENGTH and (
        origin in policy.exact_origins
        or (policy.origin_table is not None and policy.origin_table.allows(origin, context))
    ):
        return ((ALLOW_ORIGIN, origin),) + policy.origin_headers, True  # noqa: RUF005 (half the cost of unpacking)
    return policy.without_origin  # what "*" gives to every origin, and any other policy to no origin


# Methods that change nothing on the server: ``csrf_protection`` never refuses them.
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def is_foreign_write(method: str, site: str | None, origin: str | None, host: str) -> bool:
    """Report whether a request may change something, and comes from a page of another origin, or may do so.

    *site*: the value of Sec-Fetch-Site. *origin*, *host*: the values of Origin and Host.

    https://w3c.github.io/webappsec-fetch-metadata/ and Go's ``http.CrossOriginProtection``
    """
    if method in SAFE_METHODS or site in ("same-origin", "none"):
        return False
    if site is not None:
        return True
    # Without Sec-Fetch-Site: no browser of today, such as a webhook, or an old browser, which sends Origin.
    return origin is not None and not _is_host(origin, host)


def trusts(policy: CORSPolicy, origin: str | None, context: dict[str, Any]) -> bool:
    """Report whether a page of *origin* may write. ``null`` may not, because every website can send it."""
    return origin is not None and origin != NULL and policy.allows(origin, context)


def _is_host(origin: str, host: str) -> bool:
    scheme, _, name = origin.lower().partition("://")
    port = DEFAULT_PORTS.get(scheme)
    return bool(name) and host.lower() in (name, f"{name}:{port}")


def write_refusal() -> FullResponse:
    """Return the response to a write from a page of an origin that is not allowed."""
    return refusal(b"Origin not allowed", ("Vary", "Origin, Sec-Fetch-Site"))


def granted(headers: Iterable[Header], grant: Grant) -> list[Header]:
    """Return the application's *headers* with *grant*, in a new list. Its own CORS headers are removed."""
    added, varies = grant
    merged = [*headers]  # read once: it may be a generator
    for name, _ in merged:
        if name not in _ORDINARY:
            return _merged(merged, added, varies)
    merged += added
    return merged


def _merged(headers: list[Header], added: tuple[Header, ...], varies: bool) -> list[Header]:
    merged = [header for header in headers if not header[0].lower().startswith(RESPONSE_PREFIX)]
    if varies:
        _merge_vary(merged)
        added = added[:-1]
    merged += added
    return merged


def _merge_vary(headers: list[Header]) -> None:
    """Put ``Origin`` into the first Vary line of *headers*, or into a new line, unless a line has it."""
    lines = [index for index, (name, _) in enumerate(headers) if name.lower() == "vary"]
    merged = {index: _vary_with_origin(headers[index][1]) for index in lines}
    if not lines:
        headers.append(VARY_ORIGIN)
    elif all(merged[index] != headers[index][1] for index in lines):
        headers[lines[0]] = (headers[lines[0]][0], merged[lines[0]])


def _is_echoed(names: str) -> bool:
    return len(names) <= MAX_ECHO and is_token_list(names)


def _vary_with_origin(value: str) -> str:
    """Return the ``Vary`` value *value* with ``Origin`` in it, once; ``*`` stands for every field already."""
    elements = [element.lower() for element in list_elements(value)]
    if "origin" in elements or "*" in elements:
        return value
    return f"{value}, Origin" if elements else "Origin"
