"""The server's side of the CORS protocol: which headers answer which request.

Pure: knows nothing of WSGI, Flask or I/O.
https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from __future__ import annotations

from typing import Any, TypeAlias

from ..standard.headers import ORDINARY, RESPONSE_PREFIX, Header, is_token, is_token_list, vary_with_origin
from ..standard.origins import ANY, MAX_LENGTH
from .policy import ALLOW_ORIGIN, PREFLIGHT_VARY, TEXT, VARY_ORIGIN, CORSPolicy

MAX_ECHO = 4096  # bytes of a request's header that an answer repeats


# A whole response: status with its reason phrase, headers in a list of its own, body.
FullResponse: TypeAlias = tuple[str, list[Header], bytes]


# What the response to an actual request is given, and whether the last of it is Vary: Origin.
Grant: TypeAlias = tuple[tuple[Header, ...], bool]


_REFUSED = b"Origin not allowed"


# Of a response that script of no other origin, or not of this one, may read.
UNREADABLE: Grant = ((VARY_ORIGIN,), True)


def is_preflight(method: str, origin: str | None, requested_method: str | None) -> bool:
    """Report whether a request asks for leave to send another.

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
    """Return the answer to a preflight: the configured lists, by which the browser judges.

    *requested_method*, *requested_headers*: the values of Access-Control-Request-Method and -Headers; they are
    looked at only where the policy says ``*``. *context*: for callables in *origins*. *private_network*: whether
    Access-Control-Request-Private-Network is ``true``.

    https://fetch.spec.whatwg.org/#http-responses
    """
    if not policy.allows(origin, context):
        return refusal()
    answer = [(ALLOW_ORIGIN, ANY if policy.any_origin else origin), *policy.preflight_headers]
    # Echoed, because * covers neither Authorization nor credentials, and Firefox never keeps it.
    if policy.methods == ANY and len(requested_method) <= MAX_ECHO and is_token(requested_method):
        answer.append(("Access-Control-Allow-Methods", requested_method))
    if policy.allow_headers == ANY and requested_headers and _is_echoed(requested_headers):
        answer.append(("Access-Control-Allow-Headers", requested_headers))
    if private_network and policy.allow_private_network:
        answer.append(("Access-Control-Allow-Private-Network", "true"))
    # Not 204, after which waitress closes the connection.
    return "200 OK", answer, b""


def refusal() -> FullResponse:
    """Return the answer to a preflight from an origin that may not read."""
    return "403 Forbidden", [PREFLIGHT_VARY, TEXT, ("Content-Length", str(len(_REFUSED)))], _REFUSED


def actual(policy: CORSPolicy, origin: str | None, context: dict[str, Any]) -> Grant:
    """Return what the response to a request that is no preflight is given; *origin* is its Origin header, if any."""
    if policy.any_origin:
        return policy.public_headers, False
    if origin is not None:
        table = policy.origin_table
        # Nearly every origin that comes is an exact one: one look-up, and no call.
        if (len(origin) <= MAX_LENGTH and origin in table.exact) or table.allows(origin, context):
            return ((ALLOW_ORIGIN, origin),) + policy.origin_headers, True  # noqa: RUF005 (half the cost of unpacking)
    return UNREADABLE


def granted(headers: list[Header], grant: Grant) -> list[Header]:
    """Return the application's *headers* with *grant*: its own CORS headers are dropped, so that two never meet."""
    added, varies = grant
    for name, _ in headers:
        if name not in ORDINARY:
            return _merged(headers, added, varies)
    return [*headers, *added]


def _merged(headers: list[Header], added: tuple[Header, ...], varies: bool) -> list[Header]:
    merged = [header for header in headers if not header[0].lower().startswith(RESPONSE_PREFIX)]
    if varies:
        _merge_vary(merged)
        added = added[:-1]
    merged += added
    return merged


def _merge_vary(headers: list[Header]) -> None:
    """Put ``Origin`` into the first Vary line of *headers*, or a line of its own, unless a line has it."""
    lines = [index for index, (name, _) in enumerate(headers) if name.lower() == "vary"]
    merged = {index: vary_with_origin(headers[index][1]) for index in lines}
    if not lines:
        headers.append(VARY_ORIGIN)
    elif all(merged[index] != headers[index][1] for index in lines):
        headers[lines[0]] = (headers[lines[0]][0], merged[lines[0]])


def _is_echoed(names: str) -> bool:
    return len(names) <= MAX_ECHO and is_token_list(names)
