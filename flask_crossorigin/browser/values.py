"""The values of a fetch: the page's request, the requests and responses on the wire, and the outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

from ..standard.headers import Header, is_safelisted_method, is_token
from .console import Place
from .cookies import Refused
from .failures import Failure
from .failures import Kind as FailureName
from .safelists import is_forbidden_method, normalize_method
from .urls import URL

Cache = Literal["default", "no-store", "reload", "no-cache", "force-cache", "only-if-cached"]


class Initiator(NamedTuple):
    """What asks for a resource. *name*: in Chromium's texts. *destination*: in Sec-Fetch-Dest. *accept*: the header."""

    name: str
    destination: str = "empty"
    accept: str = "*/*"


INITIATORS = {
    "fetch": Initiator("fetch"),
    "xhr": Initiator("XMLHttpRequest"),
    "events": Initiator("resource", accept="text/event-stream"),
    "image": Initiator("image", "image", "image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5"),
    "font": Initiator("font", "font"),
    "script": Initiator("script", "script"),
    "style": Initiator("CSS stylesheet", "style", "text/css,*/*;q=0.1"),
    "media": Initiator("video", "video"),
}

Mode = Literal["cors", "no-cors", "same-origin"]


Kind = Literal["basic", "cors", "opaque", "opaqueredirect", "error"]


@dataclass(frozen=True, kw_only=True)
class Request:
    """A page's request, with the options of ``fetch()``.

    *url*: absolute, or relative to the browser's base. *headers*: (name, value) pairs. *body*: bytes or ``None``.
    *upload_listeners*: whether an XMLHttpRequest has listeners on its upload, which needs a preflight. *stream*:
    whether the body is a stream. *initiator*: what asks, see ``INITIATORS``. *cache*, *keepalive*: as in
    ``fetch()``.
    """

    url: str
    method: str = "GET"
    headers: Sequence[Header] = ()
    body: bytes | None = None
    credentials: Credentials = "same-origin"
    mode: Mode = "cors"
    redirect: Literal["follow", "error", "manual"] = "follow"
    upload_listeners: bool = False
    stream: bool = False
    initiator: str = "fetch"
    cache: Cache = "default"
    keepalive: bool = False


class WireRequest(NamedTuple):
    """A request as it goes over the wire. *metadata*: the Sec-Fetch headers, which follow the others."""

    kind: Literal["preflight", "actual", "navigation"]
    method: str
    url: URL
    headers: list[Header]
    body: bytes | None = None
    metadata: Sequence[Header] = ()


class WireResponse(NamedTuple):
    """A response as the server sent it."""

    status: int
    reason: str
    headers: list[Header]
    body: bytes = b""


class NoAnswerError(Exception):
    """Thrown into ``BrowserModel.fetch`` in place of a ``WireResponse``; *cause*: ``refused``, ``dns``, ``tls`` ..."""

    def __init__(self, cause: str, text: str) -> None:
        super().__init__(text)
        self.cause = cause
        self.text = text


class Blocked(NamedTuple):
    """A failure and where it happened. *console*: the engine's own text."""

    failure: Failure
    place: Place
    console: str

    @property
    def kind(self) -> FailureName:
        """The kind of failure; where a redirect's own response fails the CORS check, the redirect is the kind."""
        return "redirect-hop-check" if self.failure.on_redirect else self.failure.kind


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The outcome of a request: the verdict.

    *failures*: all checks that failed, in the engine's order; the browser reports the first. *headers*: those that
    JavaScript can read.
    *reasons*: why a preflight was needed, empty if none was. *warnings*: what works, and not as expected.
    """

    url: str
    type: Kind
    status: int = 0
    headers: tuple[Header, ...] = ()
    body: bytes = b""
    failures: tuple[Blocked, ...] = ()
    reasons: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    cookies: tuple[Refused, ...] = ()
    redirected: bool = False
    script_sees: str = ""

    @property
    def readable(self) -> bool:
        """Whether JavaScript can read status, headers and body."""
        return self.type in ("basic", "cors")


MAX_KEPT_ALIVE = 65_536  # bytes  https://fetch.spec.whatwg.org/#http-network-or-cache-fetch
MODES = ("cors", "no-cors", "same-origin")


def invalid_request(request: Request) -> str | None:
    """Return why a browser refuses to make *request*, or ``None``.  https://fetch.spec.whatwg.org/#dom-request"""
    method, mode = request.method, request.mode
    if not is_token(method):
        return f"{method!r} is not a valid HTTP method"
    if is_forbidden_method(method):
        return f"the method {method!r} is forbidden"
    if mode not in MODES:
        return f"mode: {mode!r} is not one of {', '.join(MODES)}"
    if request.credentials not in ("omit", "same-origin", "include"):
        return f"credentials: {request.credentials!r} is not one of omit, same-origin, include"
    if request.initiator not in INITIATORS:
        return f"initiator: {request.initiator!r} is not one of {', '.join(INITIATORS)}"
    if request.cache not in get_args(Cache):
        return f"cache: {request.cache!r} is not one of {', '.join(get_args(Cache))}"
    if request.cache == "only-if-cached" and mode != "same-origin":
        return "cache: 'only-if-cached' needs mode 'same-origin'"
    if request.redirect not in ("follow", "error", "manual"):
        return f"redirect: {request.redirect!r} is not one of follow, error, manual"
    if mode == "no-cors" and not is_safelisted_method(normalize_method(method)):
        return f"the method {method!r} cannot be used in mode 'no-cors'"
    if request.body is not None and normalize_method(method) in ("GET", "HEAD"):
        return f"a request with method {method} cannot have a body"
    if request.keepalive and len(request.body or b"") > MAX_KEPT_ALIVE:
        return f"a request with keepalive cannot have a body of more than {MAX_KEPT_ALIVE} bytes"
    if request.stream and mode == "no-cors":
        return "a streamed body needs mode 'cors' or 'same-origin'"
    for name, value in request.headers:
        if not is_token(name):
            return f"{name!r} is not a valid header name"
        if any(c in "\0\r\n" for c in value.strip(" \t\r\n")) or any(ord(c) > 255 for c in value):
            return f"the value of the header {name!r} is not valid: {value!r}"
    return None


Credentials = Literal["omit", "same-origin", "include"]
