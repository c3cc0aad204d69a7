"""What the middleware answers and logs, in debug mode and in production; and which policy a path falls under."""

from __future__ import annotations

import functools
import itertools
import logging
import re
from collections.abc import Callable
from typing import Any

from flask_crossorigin import CORSMiddleware, CORSPolicy
from flask_crossorigin.errors import CORSConfigError
from flask_crossorigin.server.paths import PathTable

from ..helpers.wsgi import call, environ_for
from .recorded import Texts

APP, OTHER = "https://app.example", "https://other.example"


class Lines(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        raised = f" [{record.exc_info[0].__name__}]" if record.exc_info and record.exc_info[0] else ""
        self.lines.append(f"{record.levelname}: {record.getMessage()}{raised}")


class NamelessError(Exception):
    """An exception whose own text fails."""

    def __str__(self) -> str:
        raise RuntimeError("no text")


def answering(status: str = "200 OK", *headers: tuple[str, str]) -> Any:
    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response(status, list(headers))
        return [b"body"]

    return app


def raising(error: Exception, *, late: bool = False) -> Any:
    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        if late:
            start_response("200 OK", [("X-A", "1")])
        raise error

    return app


def failing(origin: str, environ: dict[str, Any]) -> bool:
    raise ValueError("no database")


def odd(origin: str, environ: dict[str, Any]) -> Any:
    return (True,)


def refused_again(*_: Any, **__: Any) -> None:
    raise RuntimeError("the counter is full")


LISTED: dict[str, Any] = {"origins": [APP, "https://*.example.com"]}
WITH = {**LISTED, "supports_credentials": True}
NARROW = {**LISTED, "methods": ["GET", "PUT"], "allow_headers": ["X-A", "Content-Type"], "expose_headers": ["X-B"]}
PROTECTED = {**LISTED, "csrf_protection": True}
APPS: dict[str, tuple[Any, dict[str, Any]]] = {
    "ok": (answering(), LISTED),
    "narrow": (answering(), NARROW),
    "protected": (answering(), PROTECTED),
    "headers of its own": (answering("200 OK", ("Access-Control-Allow-Origin", "*"), ("X-Total", "3"), ("x-b", "1"), ("Vary", "Accept")), NARROW),
    "everything exposed": (answering("200 OK", ("X-Total", "3")), {**LISTED, "expose_headers": "*"}),
    "a cookie": (answering("200 OK", ("Set-Cookie", "s=1; Path=/")), LISTED),
    "a cookie, with credentials": (answering("200 OK", ("Set-Cookie", "s=1; Path=/")), WITH),
    "a cookie for other sites, with credentials": (answering("200 OK", ("Set-Cookie", "s=1; SameSite=None; Secure")), WITH),
    "a cookie with a half": (answering("200 OK", ("Set-Cookie", f"{'s' * 300}=1; SameSite=None")), WITH),
    "refused by the application": (answering("403 Forbidden"), LISTED),
    "a bad request": (answering("400 Bad Request"), LISTED),
    "not found": (answering("404 Not Found"), LISTED),
    "an error": (raising(ValueError("x")), LISTED),
    "a late error": (raising(ValueError("x"), late=True), LISTED),
    "an error without a text": (raising(NamelessError()), LISTED),
    "an error with an odd text": (raising(ValueError("é")), LISTED),
    "a function that fails": (answering(), {"origins": [failing]}),
    "a function that returns no bool": (answering(), {"origins": [odd]}),
    "every method": (answering(), {**LISTED, "methods": "*", "max_age": 5, "allow_private_network": True}),
    "public": (answering(), {"origins": "*"}),
}  # fmt: skip


def asks(method: str, origin: str = APP, **more: str) -> tuple[str, dict[str, str]]:
    return "OPTIONS", {"Origin": origin, "Access-Control-Request-Method": method, **more}


FETCH = {"Sec-Fetch-Mode": "cors"}
REQUESTS: dict[str, tuple[str, dict[str, str]]] = {
    "no origin": ("GET", {}),
    "allowed": ("GET", {"Origin": APP, **FETCH}),
    "refused": ("GET", {"Origin": "https://ap.example"}),
    "null": ("GET", {"Origin": "null"}),
    "no origin at all": ("GET", {"Origin": "x\x1by"}),
    "long": ("GET", {"Origin": "https://" + "a" * 300}),
    "same origin": ("GET", {"Origin": "http://127.0.0.1"}),
    "a page in the same origin": ("GET", {"Origin": APP, "Sec-Fetch-Site": "same-origin", **FETCH}),
    "a navigation": ("GET", {"Origin": APP, "Sec-Fetch-Mode": "navigate"}),
    "an old browser": ("GET", {"Origin": APP, "Accept": "application/json"}),
    "an old browser that opens a page": ("GET", {"Origin": APP, "Accept": "text/html"}),
    "an upgrade": ("GET", {"Origin": APP, "Upgrade": "websocket", **FETCH}),
    "from another site": ("GET", {"Origin": APP, "Sec-Fetch-Site": "cross-site", **FETCH}),
    "a response header": ("GET", {"Origin": APP, "Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "x"}),
    "a write": ("POST", {"Origin": APP}),
    "a refused write": ("POST", {"Origin": OTHER}),
    "a write of another site without an origin": ("POST", {"Sec-Fetch-Site": "cross-site"}),
    "OPTIONS alone": ("OPTIONS", {"Origin": APP}),
    "a preflight": asks("PUT"),
    "a refused preflight": asks("PUT", OTHER),
    "a preflight for another method": asks("DELETE"),
    "a preflight for a simple method": asks("POST"),
    "a preflight in small letters": asks("put"),
    "a preflight for patch": asks("patch"),
    "a preflight for no method": asks("A B"),
    "a preflight for a long method": asks("M" * 60),
    "a preflight for a header": asks("PUT", **{"Access-Control-Request-Headers": "x-a,x-c"}),
    "a preflight for a similar header": asks("PUT", **{"Access-Control-Request-Headers": "content-typo"}),
    "a preflight for a long header": asks("PUT", **{"Access-Control-Request-Headers": "x" * 60}),
    "a preflight for no header": asks("PUT", **{"Access-Control-Request-Headers": "a b"}),
    "a preflight for many headers": asks("PUT", **{"Access-Control-Request-Headers": "x-a," * 20 + "x-z"}),
    "a preflight for nearly as many headers": asks("PUT", **{"Access-Control-Request-Headers": "x-a," * 19 + "x-z"}),
    "a preflight for a response header": asks("PUT", **{"Access-Control-Request-Headers": "access-control-allow-origin"}),
    "a preflight for a private network": asks("PUT", **{"Access-Control-Request-Private-Network": "true"}),
}  # fmt: skip
# Each application is asked what it answers in its own way.
ASKED: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(APPS, ("allowed", "refused")),
    "ok": tuple(REQUESTS),
    "narrow": tuple(REQUESTS),
    "protected": ("no origin", "allowed", "refused", "a write", "a refused write", "a write of another site without an origin", "a preflight", "a refused preflight"),
    "an error": ("no origin", "allowed", "refused", "same origin", "a page in the same origin", "a navigation", "an old browser", "an old browser that opens a page", "an upgrade"),
    "a cookie, with credentials": ("allowed", "from another site"),
    "a cookie for other sites, with credentials": ("allowed", "from another site"),
    "a cookie with a half": ("allowed", "from another site"),
    "refused by the application": ("allowed", "refused", "no origin", "same origin"),
    "every method": ("a preflight", "a preflight in small letters", "a preflight for no method", "a preflight for a private network"),
    "public": ("no origin", "allowed", "null", "a preflight"),
}  # fmt: skip


def served(name: str, asked: str, debug: bool, times: int = 1, **options: Any) -> str:
    app, policy = APPS[name]
    noted: list[dict[str, Any]] = []
    handler, logger = Lines(), logging.getLogger("flask_crossorigin")
    wrapped = CORSMiddleware(
        app, CORSPolicy(**policy), debug=debug, **{"on_refused": lambda **given: noted.append(given), **options}
    )
    was_disabled, logger.disabled = logger.disabled, False
    logger.addHandler(handler)
    try:
        method, headers = REQUESTS[asked]
        lines = [_answer(wrapped, environ_for(method, "/items", [*headers.items()])) for _ in range(times)]
    finally:
        logger.removeHandler(handler)
        logger.disabled = was_disabled
    text = "\n".join([*lines, *map(str, noted), *handler.lines])
    return re.sub(r" at 0x[0-9A-Fa-f]+", "", text).encode("ascii", "backslashreplace").decode()


def _answer(app: Any, environ: dict[str, Any]) -> str:
    try:
        result = call(app, environ)
    except Exception as error:
        return f"raises {type(error).__name__}"
    if not result.body.startswith(b"Traceback (most recent call last):\n"):
        return f"{result.status} {result.headers} {result.body!r}"
    is_whole = dict(result.headers)["Content-Length"] == str(len(result.body))
    headers = [header for header in result.headers if header[0] != "Content-Length"]
    return f"{result.status} {headers} a traceback, {is_whole}: {_last_line(result.body)}"


def _last_line(traceback: bytes) -> str:
    """Return the exception; the text of one without a text differs between versions of Python."""
    last = traceback.decode().splitlines()[-1]
    return last.partition(":")[0] if "NamelessError" in last else last


PATTERNS: dict[str, tuple[str, ...]] = {
    "one below": ("/api/*",),
    "exact ones": ("/health", "/api/items"),
    "nested": ("/api/*", "/api/admin/*", "/api/admin/public", "/"),
    "everything, and a part": ("*", "/private/*"),
    "everything": ("/*",),
    "letters beyond ASCII": ("/münchen/*", "/a b"),
}
PATHS = (
    "", "/", "//", "/health", "/health/", "/health//", "/healthy", "/api", "/api/", "/api/x", "/api/x/y/z", "/apix", "/API/x", "/api/items", "/api/items/",
    "/api/items/1", "/api/admin", "/api/admin/", "/api/admin/x", "/api/admin/public", "/api/admin/public/", "/api/admin/public/x", "/api/adminx", "/private", "/private/x",
    "//api/x", "/api//x", "/api//admin", "/api//admin/x", "/api/./x", "/api/../x", "/api/admin/../x", "/x/../api/admin/x", "/api/admin/..", "/api/admin/.", "/api\\admin\\x", "/api/admin\\x",
    "\\api\\x", "/api/admin/x\n", "/api/admin\n", "/api/public\x00/../admin", "/api\x7f/admin", "/a\x01pi/admin/x", "/api/\xff", "/api/admin/\xff", "/\xffapi/x", "/api/adm\xffin/x", "/api/\xc3\xa9", "/m\xc3\xbcnchen/x", "/a b", "/private\n",
    "/pri\xffvate/x", "/./private/x", "/x/../private", "//private", "/private//", "*", "api/x", "/api/admin/" + "x/" * 300, "//" + "x" * 600, "/api/admin//" + "x" * 600, "/.", "/..", "/api/..", "/api/admin/public//",
)  # fmt: skip
ODD_PATTERNS = (
    "", " ", "api", "/api*", "/api/**", "/*/x", "/a?", "/a?b", "/items?", "/a#b", "/a/../b", "/a//b", "//a", "/./a", "/a/.", "/a b", "/a%20b", "/a%2Fb", "/a\\b", "/a\\.b", ".*", "^.*$", "^/.*", "/.*", r"^\/.*", r"^/api/.*$", r"/api/.+",
    r"/api/.*", r"^/api/(v1|v2)/.*", r"/api/v\d+/.*", r"/(a|b)", r"\/api\/x", r"^\/api\/.*", r"/api$", r"^/api$", "/api/[a-z]+", "/api/{id}", "/api/<id>", "/api/<int:id>/x", "/a+b", "/a|b", "/a^", "/a\ud800", "/\ud800/*", "https://a.example/x",
    5, None, b"/api", re.compile("/api/.*"), re.compile("^/$"), ("a",),
)  # fmt: skip


def _found(patterns: tuple[str, ...]) -> str:
    table = PathTable({pattern: pattern for pattern in patterns}, "policy")
    alike = PathTable(dict.fromkeys(patterns, "same"), "policy")
    lines = [f"{path[:40]!a}: {table.find(path) or 'none'}, {alike.find(path) or 'none'}" for path in PATHS]
    return "\n".join(lines).replace("ü", "ue")


def _hints() -> str:
    lines = []
    for pattern in ODD_PATTERNS:
        try:
            PathTable({pattern: 1}, "policy")  # type: ignore[dict-item]
            lines.append(f"{pattern!a} is a pattern")
        except CORSConfigError as error:
            lines.append(str(error).encode("ascii", "backslashreplace").decode())
    return "\n".join(lines)


def _same_paths() -> str:
    try:
        PathTable({"/a": 1, "/a/": 2, "/b/*": 3, "x": 4, "/*": 5, "*": 6}, "resources")
    except CORSConfigError as error:
        return "\n".join(f"[{each.reason}] {each}" for each in error.problems)
    return "accepted"


def _texts() -> Texts:
    found: dict[str, Callable[[], str]] = {}
    for name, asked in ASKED.items():
        for request, debug in itertools.product(asked, (False, True)):
            mode = "debug" if debug else "production"
            found[f"{mode}, {name}: {request}"] = functools.partial(served, name, request, debug)
    found["refused twice"] = functools.partial(served, "ok", "refused", debug=False, times=2)
    found["refused twice, without a function"] = functools.partial(served, "ok", "refused", False, 2, on_refused=None)
    found["a refused write twice"] = functools.partial(served, "protected", "a refused write", debug=False, times=2)
    found["hints twice"] = functools.partial(served, "headers of its own", "allowed", debug=True, times=2)
    found["a function that fails twice"] = functools.partial(served, "a function that fails", "allowed", debug=False, times=2)  # fmt: skip
    found["two functions that fail"] = _two_functions
    found["an error while testing"] = functools.partial(served, "an error", "allowed", debug=True, testing=True)
    found["a function for refusals that fails"] = functools.partial(served, "ok", "refused", debug=False, on_refused=refused_again)  # fmt: skip
    for name, patterns in PATTERNS.items():
        found[f"paths: {name}"] = functools.partial(_found, patterns)
    found["paths: what is no pattern"] = _hints
    found["paths: twice the same"] = _same_paths
    return found


def _two_functions() -> str:
    """Return what is logged of two functions that fail, each of which is asked twice: a line for each."""

    def fails_too(origin: str, environ: dict[str, Any]) -> bool:
        raise KeyError("no cache")

    APPS["two functions"] = (answering(), {"origins": [failing, fails_too]})
    try:
        return served("two functions", "allowed", debug=False, times=2)
    finally:
        del APPS["two functions"]


TEXTS = _texts()
