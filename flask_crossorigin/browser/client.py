"""Runs the browser model against a WSGI application or, over the network, against a URL.

Records what goes over the wire. Over the network, time and size are limited, and TLS is verified.
"""

from __future__ import annotations

import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias
from urllib.parse import unquote_to_bytes

from ..standard.headers import Header
from .fetch import BrowserModel, Steps
from .navigation import navigation
from .urls import URL, parse
from .values import NoAnswerError, Outcome, Request, WireRequest, WireResponse

if TYPE_CHECKING:
    import httpx
    from _typeshed.wsgi import WSGIApplication


TIMEOUT = 10.0  # seconds for one exchange


MAX_BODY = 10 * 1024 * 1024  # bytes of a response that are read
MAX_HEADERS = 500  # lines of a response


Transport: TypeAlias = "Callable[[WireRequest], WireResponse]"


class Exchange(NamedTuple):
    """A request and its response as they went over the wire; *status* is 0 where there was no response."""

    kind: str
    method: str
    url: str
    headers: list[Header]
    status: int
    reason: str
    response_headers: list[Header]
    body: bytes = b""

    @property
    def request_line(self) -> str:
        """The first line of the request."""
        target = self.url.partition("://")[2].partition("/")[2]
        return f"{self.method} /{target} HTTP/1.1"


class Client:
    """The browser model with a connection.

    *transport* sends a request and returns its response, or raises ``NoAnswerError``.
    """

    def __init__(
        self, transport: Transport, origin: str, *, profile: str, base: URL, third_party_cookies: bool = True
    ) -> None:
        self.browser = BrowserModel(
            origin, profile=profile, base=base, clock=time.time, third_party_cookies=third_party_cookies
        )
        self.exchanges: list[Exchange] = []
        self.transport = transport

    def fetch(self, request: Request) -> Outcome:
        """Run *request* as the browser does, preflight and redirects included, and return the outcome."""
        return self._run(self.browser.fetch(request))

    def navigate(self, method: str, url: URL, body: bytes | None, content_type: str) -> Outcome:
        """Open *url* as a user who follows a link or sends a form, and return the page at the end."""
        return self._run(navigation(self.browser, method, url, body, content_type))

    def _run(self, steps: Steps) -> Outcome:
        try:
            wire = next(steps)
            while True:
                try:
                    answer = self._exchange(wire)
                except NoAnswerError as error:
                    wire = steps.throw(error)
                else:
                    wire = steps.send(answer)
        except StopIteration as done:
            outcome: Outcome = done.value
            return outcome

    def _exchange(self, wire: WireRequest) -> WireResponse:
        wire = wire._replace(headers=[*wire.headers, *wire.metadata])
        line = (wire.kind, wire.method, str(wire.url._replace(userinfo="")), wire.headers)
        try:
            answer = self.transport(wire)
        except NoAnswerError as error:
            self.exchanges.append(Exchange(*line, 0, error.text, []))
            raise
        self.exchanges.append(Exchange(*line, *answer))
        return answer


def wsgi_transport(app: WSGIApplication) -> Transport:
    """Return a transport to *app* for every host; an exception of the application is raised."""
    from werkzeug.test import run_wsgi_app

    def send(wire: WireRequest) -> WireResponse:
        body, status, headers = run_wsgi_app(app, _environ(wire), buffered=True)
        code, _, reason = status.partition(" ")
        return WireResponse(int(code), reason, list(headers), b"".join(body))

    return send


def base_of(app: object) -> URL:
    """Return the base URL of paths of *app*: https and Flask's ``SERVER_NAME``, or else ``https://localhost``."""
    config = getattr(app, "config", None)
    name = config.get("SERVER_NAME") if isinstance(config, Mapping) else None
    base = parse(f"https://{name or 'localhost'}")
    if base is None:
        raise ValueError(f"SERVER_NAME: {name!r} is not a host")
    return base


def _environ(wire: WireRequest) -> dict[str, Any]:
    from werkzeug.test import EnvironBuilder

    url = wire.url
    builder = EnvironBuilder(base_url=f"{url.scheme}://{url.netloc}/", headers=list(wire.headers), data=wire.body)
    environ = builder.get_environ()
    builder.close()
    environ["REQUEST_METHOD"] = wire.method  # byte for byte, as servers pass it on
    environ["PATH_INFO"] = unquote_to_bytes(url.path).decode("latin-1")
    environ["QUERY_STRING"] = url.query or ""
    environ["REQUEST_URI"] = environ["RAW_URI"] = url.target
    return environ


def network_transport(timeout: float = TIMEOUT, *, authorities: str | None = None, verify: bool = True) -> Transport:
    """Return a transport over HTTP, with *timeout* seconds for each whole exchange.

    Certificates are checked against the authorities of certifi, of this machine, and those in the file *authorities*.
        Raises ``ImportError`` without the extra ``check``.
    """
    try:
        import httpx
    except ImportError as error:
        raise ImportError("a URL needs httpx: pip install 'flask-crossorigin[check]'") from error

    context = httpx.create_ssl_context(verify=verify)  # once: to read the authorities takes longer than most requests
    if verify:
        context.load_default_certs()
    if authorities is not None:
        context.load_verify_locations(authorities)

    def send(wire: WireRequest) -> WireResponse:
        # A new client for each request: without cookies and open connections.
        client = httpx.Client(
            verify=context, timeout=timeout, trust_env=False, headers={"User-Agent": "flask-crossorigin"}
        )
        exchange = _NetworkExchange(client, wire)
        exchange.start()
        exchange.join(timeout)
        client.close()  # ends an exchange that is still under way
        return exchange.result()

    return send


class _NetworkExchange(threading.Thread):
    """One exchange in a thread of its own.

    The time-outs of httpx are for each read, and a server may send drop by drop.
    """

    def __init__(self, client: httpx.Client, wire: WireRequest) -> None:
        super().__init__(daemon=True)
        self._client = client
        self._wire = wire
        self._error: NoAnswerError | None = None
        self._head: WireResponse | None = None
        self._body = b""

    def run(self) -> None:
        """Send the request, and keep what comes back."""
        import httpx

        wire = self._wire
        url = str(wire.url._replace(userinfo=""))
        try:
            with self._client.stream(wire.method, url, headers=wire.headers, content=wire.body) as response:
                lines = response.headers.raw
                if len(lines) > MAX_HEADERS:
                    self._error = NoAnswerError("failed", f"the response has more than {MAX_HEADERS} header lines")
                    return
                headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in lines]
                self._head = WireResponse(response.status_code, response.reason_phrase, headers)
                for part in response.iter_bytes():
                    self._body += part[: MAX_BODY - len(self._body)]
                    if len(self._body) >= MAX_BODY:
                        return  # status and headers are all that the checks need
        except httpx.InvalidURL as error:
            self._error = NoAnswerError("failed", str(error))
        except httpx.HTTPError as error:
            self._error = NoAnswerError(_cause(error), str(error) or type(error).__name__)
        except Exception as error:  # a connection that was closed under way, bytes that cannot be sent
            self._error = NoAnswerError("failed", f"{type(error).__name__}: {error}")

    def result(self) -> WireResponse:
        """Return the response as far as it came.  Raises ``NoAnswerError`` if not even its headers came."""
        if self._head is not None:
            return self._head._replace(body=self._body)
        raise self._error or NoAnswerError("timeout", "the server did not answer in time")


def _cause(error: BaseException) -> str:
    """Return why there is no response: dns, tls, plain, refused, timeout, closed or failed."""
    import httpx

    if isinstance(error, httpx.TimeoutException):
        return "timeout"
    if isinstance(error, httpx.RemoteProtocolError | httpx.ReadError):
        return "closed"
    inner: BaseException | None = error
    while inner is not None:
        for kind, cause in ((ssl.SSLError, "tls"), (socket.gaierror, "dns"), (ConnectionRefusedError, "refused")):
            if isinstance(inner, kind):
                # OpenSSL got the beginning of an HTTP response where it expected TLS.
                is_plain = cause == "tls" and re.search(
                    "WRONG_VERSION_NUMBER|RECORD_LAYER_FAILURE|HTTP_REQUEST", str(inner), re.I
                )
                return "plain" if is_plain else cause
        inner = inner.__cause__ or inner.__context__
    return "failed"
