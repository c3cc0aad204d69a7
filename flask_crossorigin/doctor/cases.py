"""One failure with everything that is known about it: the responses, the request, and who answered."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from ..browser.checks import CREDENTIALS, EXPOSED, HEADERS, METHODS, ORIGIN, get
from ..browser.client import Exchange
from ..browser.failures import FAILURES, Check
from ..browser.urls import parse
from ..browser.values import Blocked, Request
from ..standard.headers import NORMALIZED_METHODS, is_token, list_elements
from .export.grants import METHODS as COMMON_METHODS
from .export.grants import Grants
from .fixes import Need, wanted
from .servers import Layer, Software, is_page, layers, responsible


@dataclass(frozen=True, kw_only=True)
class Server:
    """What the caller knows about the server. *remedy*: its own advice for a failure, or ``None``.

    *where*: ``process``, ``network``, or ``unknown`` where there is only a browser's message. *software*: what answers,
    if it is known. *raised*: the exception of the application, if there was one. *seen*: other responses of the server,
    which show what it is.
    """

    where: str = "network"
    software: Layer | None = None
    remedy: Callable[[Blocked], str | None] = field(default=lambda _: None)
    seen: tuple[Exchange, ...] = ()
    raised: Callable[[], str] = field(default=lambda: "")


OURS = Layer("flask-crossorigin", "the application", True, "")


@dataclass(frozen=True, kw_only=True)
class Case:
    """A failure. *exchanges*: what was sent and received, ``exchanges[-1]`` failed. *origin*: the page's."""

    blocked: Blocked
    origin: str
    exchanges: tuple[Exchange, ...] = ()
    request: Request = field(default_factory=lambda: Request(url=""))
    server: Server = field(default_factory=Server)

    @property
    def exchange(self) -> Exchange | None:
        """The exchange that failed, or ``None`` if nothing was sent."""
        return self.exchanges[-1] if self.exchanges else None

    @property
    def value(self) -> str:
        """The value that the failure is about."""
        return self.blocked.failure.value

    @property
    def header(self) -> str:
        """The header that the failure is about."""
        return self.blocked.failure.header

    @property
    def status(self) -> int:
        """The status of the response that failed, 0 if there was none."""
        return self.blocked.place.status or 0

    @property
    def check(self) -> Check:
        """The check that failed."""
        return FAILURES[self.blocked.failure.kind].check

    @property
    def is_preflight(self) -> bool:
        """Whether the preflight failed."""
        return FAILURES[self.blocked.failure.kind].stage == "preflight"

    @property
    def in_process(self) -> bool:
        """Whether the application was called in this process, with nothing between."""
        return self.server.where == "process"

    @property
    def raised(self) -> str:
        """The exception of the application, empty if it is not known."""
        return self.server.raised() if self.status >= 500 else ""

    @property
    def subject(self) -> str:
        """The response that failed, as the subject of a sentence."""
        if self.blocked.failure.on_redirect:
            return "the redirect"
        return "the preflight's response" if self.is_preflight else "the response"

    @property
    def is_html(self) -> bool:
        """Whether the response is a whole HTML page."""
        return is_page(self.exchange)

    @functools.cached_property
    def responsible(self) -> Layer:
        """The layer that has to change."""
        if self.server.software is not None:
            return self.server.software
        return OURS if self.in_process else responsible(layers((*self.exchanges, *self.server.seen)), self.exchange)

    @property
    def software(self) -> Software:
        """The software that has to change."""
        return self.responsible.software

    @property
    def need(self) -> Need:
        """What the server lacks."""
        needs: dict[Check, Need] = {
            "acac": "credentials",
            "acao-wildcard-credentials": "credentials",
            "status": "preflight",
            "redirect": "preflight",
            "method": "method",
            "header": "header",
        }
        return needs.get(self.check, "origin" if self.check.startswith("acao") else "syntax")

    @property
    def needed(self) -> str:
        """The method, header or origin that the server does not allow."""
        return {"method": self.value, "header": self.header}.get(self.need, self.origin)

    @property
    def credentials(self) -> bool:
        """Whether the request has credentials."""
        return self.request.credentials == "include"

    @property
    def method(self) -> str:
        """The method of the request, as a server should list it: ``patch`` is written in capitals in the page."""
        upper = self.request.method.upper()
        return upper if upper in (*NORMALIZED_METHODS, "PATCH") else self.request.method

    @property
    def announced(self) -> str:
        """The method that the preflight announces, or that of the request."""
        sent = get(self.exchange.headers, "access-control-request-method") if self.exchange is not None else None
        return sent or self.request.method

    @property
    def not_allowed(self) -> list[str]:
        """The headers that a preflight asks for, and that its response does not list."""
        asked = get(self.exchange.headers, "access-control-request-headers") if self.exchange is not None else None
        listed = get(self.exchange.response_headers, HEADERS) if self.exchange is not None else None
        allowed = {name.lower() for name in _tokens(listed)}
        return [name for name in _tokens(asked) if name.lower() not in allowed]

    def grants(self) -> Grants:
        """Return what the server has to allow: what this request needs, and what the responses allow already."""
        headers = [header for exchange in self.exchanges for header in exchange.response_headers]
        origin = get(self.exchange.response_headers, ORIGIN) if self.exchange is not None else None
        page = parse(origin or "")
        given = Grants(
            origins="*" if origin == "*" else (origin,) if page is not None and page.origin == origin else (),
            credentials=get(headers, CREDENTIALS) == "true",
            methods=_tokens(get(headers, METHODS)) or COMMON_METHODS,
            allow_headers=_tokens(get(headers, HEADERS)),
            expose_headers=_tokens(get(headers, EXPOSED)),
        )
        asked = next((get(each.headers, "access-control-request-headers") for each in self.exchanges), None)
        names = [*list_elements(asked or ""), *([self.header] if self.check == "header" else [])]
        credentials = self.credentials or self.check in ("acac", "acao-wildcard-credentials")
        return wanted(self.origin, credentials, self.method, names, given)


def _tokens(value: str | None) -> tuple[str, ...]:
    """Return the names in a list, whatever stands between them: the lines to paste have to be right."""
    return tuple(name for name in re.split(r"[\s,;]+", value or "") if is_token(name))
