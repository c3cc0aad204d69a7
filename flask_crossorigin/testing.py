"""A test client that behaves like a browser.

browser = Browser(app, origin="https://app.example")
response = browser.fetch("/api", method="PUT", json={"name": "Ada"}, credentials="include")
assert response.json() == {"saved": True}
"""

from __future__ import annotations

import json as json_module
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from werkzeug.datastructures import Headers

from .browser.client import Client, Exchange, base_of, wsgi_transport
from .browser.failures import FAILURES
from .browser.urls import parse
from .browser.values import Outcome, Request
from .doctor.cases import Server
from .doctor.examine import diagnose
from .doctor.findings import Finding
from .doctor.report import Report as _Report
from .doctor.report import text as report_text

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from .browser.values import Cache, Credentials, Mode


class FetchError(Exception):
    """A request that fails in the browser; JavaScript gets a ``TypeError``.

    *kind*: what failed. *console*: the browser's own text. *findings*: the doctor's findings, the first is the reason.
    """

    def __init__(self, report: _Report) -> None:
        first = report.outcome.failures[0]
        self.kind = first.kind
        self.console = first.console
        self.findings: tuple[Finding, ...] = report.findings
        super().__init__(report_text(report, full=False))


class CORSBlocked(FetchError):  # noqa: N818 (it is what browsers call it)
    """A request that is blocked by CORS; the text is the doctor's report."""


class ReadableHeaders(Headers):
    """The headers that JavaScript can read.  Raises ``KeyError`` with the reason for others."""

    def __getitem__(self, key: Any, **more: Any) -> Any:
        """Return a value by its header's name, or headers by their numbers.  *more*: an argument of Werkzeug 2.2."""
        try:
            return super().__getitem__(key, **more)
        except KeyError:  # Werkzeug's is an HTTP error, too
            reason = "the response does not have it, or expose_headers does not list it"
            raise KeyError(f"JavaScript cannot read {key}: {reason}") from None


class Response:
    """What JavaScript can read of a response. *headers* has only those; an opaque response has only its *type*."""

    def __init__(self, outcome: Outcome) -> None:
        self.type = outcome.type
        self.status = outcome.status
        self.url = outcome.url
        self.redirected = outcome.redirected
        self.headers = ReadableHeaders(list(outcome.headers))
        self.body = outcome.body

    @property
    def ok(self) -> bool:
        """Whether the status is 200 to 299."""
        return 200 <= self.status <= 299

    @property
    def text(self) -> str:
        """The body decoded as UTF-8, as ``Response.text()`` of browsers does."""
        return self.body.decode("utf-8", "replace")

    def json(self) -> Any:
        """Return the body parsed as JSON.  Raises ``ValueError``."""
        return json_module.loads(self.body)

    def __repr__(self) -> str:
        return f"<Response {self.type} {self.status} {self.url}>"


class Browser:
    """A browser with a page of *origin* open. Requests to every host reach *app*.

    *app*: any WSGI application. *profile*: whose rules and texts it follows: ``standard``, ``chrome``, ``firefox`` or
    ``safari``. *base_url*: the base of paths; by default ``https://`` and Flask's ``SERVER_NAME``, or
    ``https://localhost``. *third_party_cookies*: whether cookies of other sites are
    stored: Safari blocks them by default, and users of the others can.
    Cookies and the preflight cache are kept between calls. *exchanges* lists
    everything that went over the wire. An exception of *app* is raised.
    """

    def __init__(
        self,
        app: WSGIApplication,
        origin: str,
        *,
        profile: str = "standard",
        base_url: str | None = None,
        third_party_cookies: bool = True,
    ) -> None:
        if not callable(app):
            raise TypeError(f"app: {app!r} is not a WSGI application")
        base = base_of(app) if base_url is None else parse(base_url)
        if base is None or not base.is_http:
            raise ValueError(f"base_url: {base_url!r} is not a URL: write it as in 'https://api.example'")
        self._client = Client(
            wsgi_transport(app), origin, profile=profile, base=base, third_party_cookies=third_party_cookies
        )

    @property
    def origin(self) -> str:
        """The page's origin."""
        return self._client.browser.origin

    @property
    def exchanges(self) -> list[Exchange]:
        """Everything that went over the wire, in order; ``exchanges.clear()`` empties the list."""
        return self._client.exchanges

    @property
    def cookies(self) -> dict[str, str]:
        """The names and values of all stored cookies."""
        return {cookie.name: cookie.value for cookie in self._client.browser.jar}

    def fetch(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | Iterable[tuple[str, str]] | None = None,
        body: str | bytes | None = None,
        json: Any = None,
        credentials: Credentials = "same-origin",
        mode: Mode = "cors",
        redirect: str = "follow",
        upload_listeners: bool = False,
        initiator: str = "fetch",
        cache: Cache = "default",
        keepalive: bool = False,
    ) -> Response:
        """Do what ``fetch()`` does, and return what JavaScript can read.

        *url*: a path or an absolute URL. *json*: any value, sent as ``application/json``. Raises ``CORSBlocked``, and
        ``FetchError`` for what fails before CORS: a forbidden method, ``mode="same-origin"``, mixed content.
        """
        pairs = [*(headers.items() if isinstance(headers, Mapping) else headers or ())]
        if body is not None and json is not None:
            raise TypeError("body and json are both given: write only one of them")
        if json is not None:
            body = json_module.dumps(json).encode()
            pairs = _with_type(pairs, "application/json")
        elif isinstance(body, str):
            body = body.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()  # as JavaScript does
            pairs = _with_type(pairs, "text/plain;charset=UTF-8")
        elif body is not None and not isinstance(body, bytes | bytearray | memoryview):
            raise TypeError(f"body: {body!r} is neither str nor bytes: write json={body!r} for JSON")
        request = Request(
            url=url,
            method=method,
            headers=tuple(pairs),
            body=bytes(body) if body is not None else None,
            credentials=credentials,
            mode=mode,
            redirect=redirect,  # type: ignore[arg-type] # checked there
            upload_listeners=upload_listeners,
            initiator=initiator,
            cache=cache,
            keepalive=keepalive,
        )
        return self._response(request)

    def navigate(self, url: str, *, method: str = "GET", data: Mapping[str, str] | None = None) -> Response:
        """Open *url* as a user who clicks a link, or sends a form of the page with the fields *data*.

        CORS does not apply: every site can send a form, with the user's cookies as far as SameSite allows it. *method*:
        ``GET`` or ``POST``; with *data* and GET, the fields are the query. The response is what the user sees, and not
        what the page can read. Raises ``FetchError`` if a redirect leads nowhere.
        """
        target, fields = parse(url, self._client.browser.base), urlencode(data or {})
        if target is None or not target.is_http:
            raise ValueError(f"url: {url!r} is not a URL: write a path, or https://api.example/items")
        if method not in ("GET", "POST"):
            raise ValueError(f"method: {method!r} is none that a form can send: write GET or POST")
        if method == "GET" and data:
            target = target._replace(query=fields)
        body = fields.encode() if method == "POST" else None
        return self._answered(self._client.navigate(method, target, body, "application/x-www-form-urlencoded"))

    def _answered(self, outcome: Outcome) -> Response:
        if outcome.failures:
            raise FetchError(
                diagnose(self._client.browser, Request(url=outcome.url), outcome, (), Server(where="process"))
            )
        return Response(outcome)

    def _response(self, request: Request) -> Response:
        start = len(self.exchanges)
        outcome = self._client.fetch(request)
        if not outcome.failures:
            return Response(outcome)
        exchanges = tuple(self.exchanges[start:])
        report = diagnose(self._client.browser, request, outcome, exchanges, Server(where="process"))
        raise (CORSBlocked if FAILURES[outcome.failures[0].kind].cors else FetchError)(report)


def _with_type(headers: list[tuple[str, str]], kind: str) -> list[tuple[str, str]]:
    given = any(name.lower() == "content-type" for name, _ in headers)
    return headers if given else [*headers, ("Content-Type", kind)]


__all__ = ["Browser", "CORSBlocked", "Exchange", "FetchError", "Response"]
