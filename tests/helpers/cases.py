"""The table that every adapter must pass: a policy, a request, and the exact answer.

*answers* holds every header that the library writes: of an actual response its ``Access-Control-*`` headers
and ``Vary``, of a preflight all there are. Nothing here is imported from the code under test.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

APP = "https://app.example"
OTHER = "https://other.example"
PREFLIGHT_VARY = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"
METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE"

PUBLIC: dict[str, Any] = {"origins": "*"}
LISTED: dict[str, Any] = {"origins": [APP]}
CREDENTIALED: dict[str, Any] = {"origins": [APP], "supports_credentials": True}
NONE: dict[str, Any] = {"origins": []}

# What the applications of all frameworks answer on these paths: status, headers, body.
RESPONSES: dict[str, tuple[int, list[tuple[str, str]], bytes]] = {
    "/ok": (200, [("X-Total", "3")], b"hello"),
    "/empty": (204, [], b""),
    "/moved": (301, [("Location", "https://api.example/ok")], b""),
    "/unchanged": (304, [("ETag", '"1"')], b""),
    "/login": (401, [("WWW-Authenticate", "Basic")], b"who?"),
    "/missing": (404, [], b"nothing here"),
    "/form": (405, [("Allow", "POST")], b"no"),
    "/broken": (500, [], b"oh"),
    "/own": (200, [("access-control-allow-ORIGIN", OTHER), ("Access-Control-Allow-Credentials", "true")], b"mine"),
    "/cookie": (200, [("Vary", "Cookie")], b"varies"),
    "/varied": (200, [("vary", "Cookie, ORIGIN")], b"varies"),
    "/star": (200, [("Vary", "*")], b"varies"),
    "/blank": (200, [("Vary", "")], b"varies"),
    "/stream": (200, [("X-Streamed", "yes")], b"one two three"),
}
STATUSES = {"/ok": 200, "/empty": 204, "/moved": 301, "/unchanged": 304, "/login": 401, "/missing": 404, "/form": 405}
STATUSES |= {"/broken": 500, "/stream": 200}


WITHOUT_CONTENT = (204, 304)  # a Content-Type there is what the linters object to


class Request(NamedTuple):
    method: str
    path: str
    headers: tuple[tuple[str, str], ...] = ()


class Case(NamedTuple):
    policy: dict[str, Any]
    request: Request
    status: int
    answers: dict[str, str]
    body: bytes | None = None


def get(path: str = "/ok", origin: str | None = None, method: str = "GET") -> Request:
    return Request(method, path, (("Origin", origin),) if origin is not None else ())


def asks(method: str, origin: str = APP, path: str = "/ok", headers: str | None = None, **more: str) -> Request:
    sent = [("Origin", origin), ("Access-Control-Request-Method", method)]
    if headers is not None:
        sent.append(("Access-Control-Request-Headers", headers))
    sent += [(name.replace("_", "-"), value) for name, value in more.items()]
    return Request("OPTIONS", path, tuple(sent))


def allowed(origin: str = APP, **more: str | None) -> dict[str, str]:
    """Return the whole answer to an allowed preflight under the default options, changed by *more*."""
    headers: dict[str, str | None] = {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Methods": METHODS,
        "Access-Control-Max-Age": "600",
        "Vary": PREFLIGHT_VARY,
        "Content-Length": "0",
        "Content-Type": "text/plain; charset=utf-8",
    }
    headers |= {f"Access-Control-{name.replace('_', '-')}": value for name, value in more.items()}
    return {name: value for name, value in headers.items() if value is not None}


REFUSED = {"Vary": PREFLIGHT_VARY, "Content-Length": "18", "Content-Type": "text/plain; charset=utf-8"}
READABLE = {"Access-Control-Allow-Origin": APP, "Vary": "Origin"}
UNREADABLE = {"Vary": "Origin"}


def _row(policy: dict[str, Any], request: Request, status: int, answers: dict[str, str], body: Any = None, *, id: str):  # type: ignore[no-untyped-def]
    return pytest.param(Case(policy, request, status, answers, body), id=id)


PREFLIGHTS = [
    _row(LISTED, asks("PUT"), 200, allowed(), b"", id="a preflight from a listed origin gets the configured lists"),
    _row(LISTED, asks("PUT", OTHER), 403, REFUSED, b"Origin not allowed", id="a preflight from an unlisted origin is refused"),
    _row(NONE, asks("PUT"), 403, REFUSED, id="an empty list of origins allows nobody"),
    _row(PUBLIC, asks("PUT"), 200, allowed("*"), id="a public policy answers a preflight with the wildcard"),
    _row(PUBLIC, asks("PUT", "null"), 200, allowed("*"), id="a public policy answers the null origin too"),
    _row(CREDENTIALED, asks("PUT"), 200, allowed(Allow_Credentials="true"), id="a credentialed preflight says so"),
    _row(CREDENTIALED, asks("PUT", OTHER), 403, REFUSED, id="a credentialed preflight from an unlisted origin is refused"),
    _row(CREDENTIALED, asks("PUT", "null"), 403, REFUSED, id="a credentialed preflight from null is refused"),
    _row(LISTED, asks("BREW"), 200, allowed(), id="a method that is not listed is the browser's to refuse"),
    _row(LISTED, asks("PUT", headers="x-a"), 200, allowed(Allow_Headers="x-a"), id="requested headers are echoed by default"),
    _row(
        LISTED, asks("PUT", headers="authorization,x-a"), 200, allowed(Allow_Headers="authorization,x-a"),
        id="Authorization is echoed by default",
    ),
    _row(
        CREDENTIALED, asks("PUT", headers="x-a"), 200, allowed(Allow_Credentials="true", Allow_Headers="x-a"),
        id="requested headers are echoed with credentials, never a wildcard",
    ),
    _row(
        LISTED | {"allow_headers": ["X-A", "Content-Type"]}, asks("PUT", headers="x-b"), 200,
        allowed(Allow_Headers="X-A, Content-Type"), id="listed headers are sent whatever is asked for",
    ),
    _row(
        LISTED | {"allow_headers": ["X-A"]}, asks("PUT"), 200, allowed(Allow_Headers="X-A"),
        id="listed headers are sent when none is asked for",
    ),
    _row(LISTED | {"allow_headers": []}, asks("PUT", headers="x-a"), 200, allowed(), id="an empty list of headers sends none"),
    _row(LISTED | {"methods": []}, asks("PUT"), 200, allowed(Allow_Methods=None), id="an empty list of methods sends none"),
    _row(LISTED | {"methods": "get PUT"}, asks("PUT"), 200, allowed(Allow_Methods="GET, PUT"), id="methods are sent normalized"),
    _row(
        LISTED | {"methods": "*"}, asks("BREW"), 200, allowed(Allow_Methods="BREW"), id="any method is echoed where all are allowed"
    ),
    _row(
        LISTED | {"methods": "*"}, asks("A B"), 200, allowed(Allow_Methods=None), id="a method that is no token is not echoed"
    ),
    _row(
        LISTED | {"methods": "*"}, asks("M" * 4096), 200, allowed(Allow_Methods="M" * 4096),
        id="a method of 4096 bytes is echoed",
    ),
    _row(
        LISTED | {"methods": "*"}, asks("M" * 4097), 200, allowed(Allow_Methods=None),
        id="a method of 4097 bytes is not echoed",
    ),
    _row(LISTED, asks("PUT", headers="x" * 4096), 200, allowed(Allow_Headers="x" * 4096), id="4096 bytes of names are echoed"),
    _row(LISTED, asks("PUT", headers="x" * 4097), 200, allowed(), id="4097 bytes of names are not echoed"),
    _row(LISTED, asks("PUT", headers="x-a;q=1"), 200, allowed(), id="names that are no tokens are not echoed"),
    _row(LISTED, asks("PUT", headers="x-a x-b"), 200, allowed(), id="names without a comma between are not echoed"),
    _row(LISTED, asks("PUT", headers=""), 200, allowed(), id="an empty list of names is not echoed"),
    _row(LISTED, asks("PUT", headers=" , ,"), 200, allowed(), id="a list of nothing but commas is not echoed"),
    _row(
        LISTED, asks("PUT", headers="x-a , x-b"), 200, allowed(Allow_Headers="x-a , x-b"),
        id="blanks that a proxy put between names are echoed",
    ),
    _row(LISTED | {"max_age": 0}, asks("PUT"), 200, allowed(Max_Age="0"), id="a max_age of 0 is sent"),
    _row(LISTED | {"max_age": None}, asks("PUT"), 200, allowed(Max_Age=None), id="a max_age of None is not sent"),
    _row(LISTED | {"max_age": 7200}, asks("PUT"), 200, allowed(Max_Age="7200"), id="max_age is sent in seconds"),
    _row(
        LISTED | {"expose_headers": ["X-Total"]}, asks("PUT"), 200, allowed(), id="exposed headers are not on a preflight"
    ),
    _row(
        LISTED | {"allow_private_network": True}, asks("PUT", Access_Control_Request_Private_Network="true"), 200,
        allowed(Allow_Private_Network="true"), id="the private-network request is answered where that is switched on",
    ),
    _row(
        LISTED | {"allow_private_network": True}, asks("PUT"), 200, allowed(),
        id="the private-network answer is not sent unasked",
    ),
    _row(
        LISTED, asks("PUT", Access_Control_Request_Private_Network="true"), 200, allowed(),
        id="the private-network request is not answered by default",
    ),
    _row(
        LISTED | {"allow_private_network": True}, asks("PUT", OTHER, Access_Control_Request_Private_Network="true"), 403,
        REFUSED, id="the private-network request of an unlisted origin is refused",
    ),
    _row(LISTED, asks("GET", path="/missing"), 200, allowed(), id="a preflight for a path that is not served passes"),
    _row(LISTED, asks("GET", path="/login"), 200, allowed(), id="a preflight is answered before authentication"),
    _row(LISTED, asks("PUT", f"{APP},{APP}"), 403, REFUSED, id="a preflight with two Origin values is refused"),
    _row(LISTED, asks("PUT", ""), 403, REFUSED, id="a preflight with an empty Origin is refused"),
    _row(LISTED, asks("PUT", f"{APP}/"), 403, REFUSED, id="a trailing slash in the Origin is refused"),
    _row(LISTED, asks("PUT", f"{APP}:443"), 403, REFUSED, id="a default port in the Origin is refused"),
    _row(LISTED, asks("PUT", "HTTPS://app.example"), 403, REFUSED, id="capitals in the Origin are refused"),
]  # fmt: skip

ACTUAL = [
    _row(PUBLIC, get(), 200, {"Access-Control-Allow-Origin": "*"}, id="a public response carries the wildcard without Origin"),
    _row(PUBLIC, get(origin=APP), 200, {"Access-Control-Allow-Origin": "*"}, id="a public response carries the wildcard"),
    _row(
        PUBLIC | {"expose_headers": ["X-Total", "ETag"]}, get(), 200,
        {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "X-Total, ETag"},
        id="a public response exposes its headers without Origin",
    ),
    _row(
        PUBLIC | {"expose_headers": "*"}, get(origin=APP), 200,
        {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "*"}, id="a public response may expose everything",
    ),
    _row(LISTED, get(origin=APP), 200, READABLE, b"hello", id="a listed origin may read"),
    _row(LISTED, get(origin=OTHER), 200, UNREADABLE, b"hello", id="an unlisted origin may not read, and the application runs"),
    _row(LISTED, get(), 200, UNREADABLE, id="a request without Origin varies by it"),
    _row(LISTED, get(origin=""), 200, UNREADABLE, id="an empty Origin may not read"),
    _row(LISTED, get(origin="null"), 200, UNREADABLE, id="the null origin may not read"),
    _row(LISTED, get(origin=f"{APP}, {OTHER}"), 200, UNREADABLE, id="a list of origins may not read"),
    _row(
        LISTED, Request("GET", "/ok", (("Origin", APP), ("Origin", APP))), 200, UNREADABLE,
        id="two Origin values may not read, even the same twice",
    ),
    _row(
        CREDENTIALED, get(origin=APP), 200, READABLE | {"Access-Control-Allow-Credentials": "true"},
        id="a listed origin may read with credentials",
    ),
    _row(CREDENTIALED, get(origin=OTHER), 200, UNREADABLE, id="an unlisted origin is not told of credentials"),
    _row(CREDENTIALED, get(), 200, UNREADABLE, id="a request without Origin is not told of credentials"),
    _row(
        CREDENTIALED | {"expose_headers": "X-Total ETag"}, get(origin=APP), 200,
        READABLE | {"Access-Control-Allow-Credentials": "true", "Access-Control-Expose-Headers": "X-Total, ETag"},
        id="a credentialed response exposes its headers",
    ),
    _row(LISTED | {"expose_headers": "X-Total"}, get(origin=OTHER), 200, UNREADABLE, id="nothing is exposed to an unlisted origin"),
    _row(LISTED | {"max_age": 5, "methods": "GET"}, get(origin=APP), 200, READABLE, id="preflight headers are on preflights only"),
    _row(LISTED, get(method="HEAD", origin=APP), 200, READABLE, id="HEAD is answered as GET is"),
    _row(LISTED, get(method="PUT", origin=APP), 200, READABLE, id="the request behind a preflight may be read"),
    _row(LISTED, get(method="OPTIONS", origin=APP), 200, READABLE, b"hello", id="OPTIONS without a requested method is no preflight"),
    _row(
        LISTED, Request("OPTIONS", "/ok", (("Access-Control-Request-Method", "PUT"),)), 200, UNREADABLE, b"hello",
        id="OPTIONS without Origin is no preflight",
    ),
    _row(
        LISTED, Request("OPTIONS", "/ok", (("Origin", APP), ("Access-Control-Request-Method", ""))), 200, READABLE, b"hello",
        id="OPTIONS with an empty requested method is no preflight",
    ),
    _row(
        LISTED, Request("GET", "/ok", (("Origin", APP), ("Access-Control-Request-Method", "PUT"))), 200, READABLE, b"hello",
        id="GET with a requested method is no preflight",
    ),
    _row(LISTED, get("/own", APP), 200, READABLE, id="the application's own CORS headers are replaced"),
    _row(LISTED, get("/own", OTHER), 200, UNREADABLE, id="the application's own CORS headers are dropped for an unlisted origin"),
    _row(PUBLIC, get("/own"), 200, {"Access-Control-Allow-Origin": "*"}, id="the application's own CORS headers are replaced by the wildcard"),
    _row(LISTED, get("/cookie", APP), 200, READABLE | {"Vary": "Cookie, Origin"}, id="Origin is merged into the application's Vary"),
    _row(LISTED, get("/cookie"), 200, {"Vary": "Cookie, Origin"}, id="Origin is merged into Vary without Origin too"),
    _row(LISTED, get("/varied", APP), 200, READABLE | {"Vary": "Cookie, ORIGIN"}, id="Origin is in Vary once"),
    _row(LISTED, get("/star", APP), 200, READABLE | {"Vary": "*"}, id="a Vary of everything is left alone"),
    _row(LISTED, get("/blank", APP), 200, READABLE, id="an empty Vary is filled"),
    _row(PUBLIC, get("/cookie", APP), 200, {"Access-Control-Allow-Origin": "*", "Vary": "Cookie"}, id="a public response leaves Vary alone"),
    *(
        _row(LISTED, get(path, APP), status, READABLE, id=f"a listed origin may read a {status} at {path}")
        for path, status in STATUSES.items()
    ),
    *(
        _row(LISTED, get(path, OTHER), status, UNREADABLE, id=f"an unlisted origin may not read a {status} at {path}")
        for path, status in STATUSES.items()
    ),
]  # fmt: skip

CASES = PREFLIGHTS + ACTUAL
