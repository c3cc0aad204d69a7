"""The vocabulary of a fetch: what a page asks for, what goes over the wire, what comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from .checks import Credentials, Failure
from .cookies import Refused
from .locations import URL
from .messages import Place
from .safelists import Header

Mode = Literal["cors", "no-cors", "same-origin"]
Kind = Literal["basic", "cors", "opaque", "opaqueredirect", "error"]


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a page asks for, as the options of ``fetch()``.

    *url*: absolute, or relative to the browser's base. *headers*: (name, value) pairs. *body*: bytes or ``None``.
    *upload_listeners*: whether an XMLHttpRequest watches its upload, which asks for a preflight. *stream*: whether the
    body is a stream. *initiator*: what Chromium calls the API, as ``fetch``, ``font``, or ``resource`` for EventSource.
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


class Wire(NamedTuple):
    """A request as it goes over the wire."""

    kind: Literal["preflight", "actual"]
    method: str
    url: URL
    headers: list[Header]
    body: bytes | None = None


class Answer(NamedTuple):
    """A response as it came."""

    status: int
    reason: str
    headers: list[Header]
    body: bytes = b""


class NoAnswerError(Exception):
    """Thrown into ``Browser.fetch`` in place of an ``Answer``; *cause*: ``refused``, ``dns``, ``tls`` or the like."""

    def __init__(self, cause: str, text: str) -> None:
        super().__init__(text)
        self.cause = cause
        self.text = text


class Blocked(NamedTuple):
    """A failure with where it happened. *console*: the engine's own words."""

    failure: Failure
    place: Place
    console: str

    @property
    def kind(self) -> str:
        """The kind of failure, as in ``messages.RULES`` or one of ``FETCH_ERRORS``."""
        return "redirect-hop-check" if self.failure.on_redirect else self.failure.kind


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a request: the verdict.

    *failures*: all that failed, in the engine's order; the first is what it reports. *headers*: what script can read.
    *reasons*: why a preflight was needed, empty if none was. *warnings*: what works today and will surprise.
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
        """Whether script can read status, headers and body."""
        return self.type in ("basic", "cors")
