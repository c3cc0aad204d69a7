"""The model's connections: to an application of this process, and over the network with limits."""

from __future__ import annotations

import contextlib
import socket
import ssl
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from flask_crossorigin.browser import client
from flask_crossorigin.browser.client import (
    Client,
    Exchange,
    base_of,
    network_transport,
    wsgi_transport,
)
from flask_crossorigin.browser.values import NoAnswerError, Request, WireRequest, WireResponse

from ..helpers.browser import at
from ..helpers.cases import APP


def wire(url: str, method: str = "GET", *headers: tuple[str, str], body: bytes | None = None) -> WireRequest:
    return WireRequest("actual", method, at(url), [*headers], body)


class Server:
    """Listens on a port of this machine, and does *serve* with each connection; notes what came."""

    def __init__(self, serve: Callable[[socket.socket], None]) -> None:
        self._serve = serve
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self.received: list[bytes] = []
        self.done = threading.Event()
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self) -> None:
        with contextlib.suppress(OSError):  # it was closed
            while True:
                connection, _ = self._listening.accept()
                with connection, contextlib.suppress(OSError):
                    connection.settimeout(5)
                    self.received.append(_request(connection))
                    self._serve(connection)

    def close(self) -> None:
        self.done.set()
        self._listening.close()


def _request(connection: socket.socket) -> bytes:
    """Return a request with its body, whose length is given."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = connection.recv(65536)
        data += part
        if not part or data.startswith(b"\x16"):  # the beginning of TLS
            return data
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [line.partition(b":")[2] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")]
    while lengths and len(body) < int(lengths[0]):
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@pytest.fixture
def serve() -> Iterator[Callable[[Callable[[socket.socket], None]], Server]]:
    servers: list[Server] = []

    def start(function: Callable[[socket.socket], None]) -> Server:
        servers.append(Server(function))
        return servers[-1]

    yield start
    for server in servers:
        server.close()


def sending(*parts: bytes) -> Callable[[socket.socket], None]:
    return lambda connection: connection.sendall(b"".join(parts))


HEAD = b"HTTP/1.1 201 Made\r\nContent-Type: text/plain\r\nX-A: 1\r\nx-a: \xe9\r\n"


def test_a_request_and_its_response_are_passed_on(serve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")  # which is not asked
    server = serve(sending(HEAD, b"Content-Length: 2\r\n\r\nhi"))
    request = wire(f"http://u:p@127.0.0.1:{server.port}/a?b=c", "PUT", ("Origin", APP), ("X-B", "2"), body=b"data")
    assert network_transport()(request) == WireResponse(
        201,
        "Made",
        [("Content-Type", "text/plain"), ("X-A", "1"), ("x-a", "\xe9"), ("Content-Length", "2")],
        b"hi",
    )
    head, _, body = server.received[0].partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "PUT /a?b=c HTTP/1.1"
    assert {"Origin: https://app.example", "X-B: 2", "Content-Length: 4", "User-Agent: flask-crossorigin"} <= {*lines}
    assert not [line for line in lines if line.startswith(("Authorization", "Cookie"))]
    assert body == b"data"


def test_a_redirect_is_not_followed_and_no_cookie_is_kept(serve: Any) -> None:
    server = serve(sending(b"HTTP/1.1 302 Found\r\nLocation: /b\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\n\r\n"))
    send = network_transport()
    for _ in range(2):
        assert send(wire(f"http://127.0.0.1:{server.port}/a")).status == 302
    assert len(server.received) == 2
    assert b"Cookie" not in server.received[1]


@pytest.mark.parametrize("lines", [499, 500], ids=["fewer lines than are read", "as many lines as are read"])
def test_a_response_with_many_headers(serve: Any, lines: int) -> None:
    server = serve(sending(b"HTTP/1.1 200 OK\r\n", b"X: 1\r\n" * (lines - 1), b"Content-Length: 0\r\n\r\n"))
    assert len(network_transport()(wire(f"http://127.0.0.1:{server.port}/")).headers) == lines


def test_a_response_with_too_many_headers_is_none(serve: Any) -> None:
    server = serve(sending(b"HTTP/1.1 200 OK\r\n", b"X: 1\r\n" * 500, b"Content-Length: 0\r\n\r\n"))
    with pytest.raises(NoAnswerError, match=r"^the response has more than 500 header lines$") as raised:
        network_transport()(wire(f"http://127.0.0.1:{server.port}/"))
    assert raised.value.cause == "failed"


@pytest.mark.parametrize(
    ("body", "read"),
    [(b"123456789", b"123456789"), (b"1234567890", b"1234567890"), (b"12345678901", b"1234567890")],
    ids=["shorter than what is read", "as long as what is read", "longer than what is read"],
)
def test_the_body_is_read_up_to_a_limit(serve: Any, monkeypatch: pytest.MonkeyPatch, body: bytes, read: bytes) -> None:
    monkeypatch.setattr(client, "MAX_BODY", 10)
    server = serve(sending(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body), body))
    assert network_transport()(wire(f"http://127.0.0.1:{server.port}/")).body == read


def test_a_body_without_an_end_is_read_up_to_the_limit(serve: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "MAX_BODY", 10)

    def flood(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 7)

    server = serve(flood)
    assert network_transport()(wire(f"http://127.0.0.1:{server.port}/")).body == b"x" * 10


@pytest.mark.parametrize(
    ("parts", "read"),
    [((b"ab", b"cd", b"ef"), b"abcdef"), ((b"abcdef", b"ghi"), b"abcdefgh"), ((b"abcd", b"efgh"), b"abcdefgh")],
    ids=["shorter than what is read", "longer than what is read", "as long as what is read, and then nothing more"],
)
def test_a_body_that_comes_in_parts(serve: Any, monkeypatch: pytest.MonkeyPatch, parts: Any, read: bytes) -> None:
    monkeypatch.setattr(client, "MAX_BODY", 8)

    def slowly(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        for part in parts:
            connection.sendall(part)
            server.done.wait(0.02)
        if len(read) == 8:
            server.done.wait(60)

    server = serve(slowly)
    # Long enough that nobody would wait for it to end.
    assert network_transport(60)(wire(f"http://127.0.0.1:{server.port}/")).body == read


def test_a_url_that_no_client_sends_is_no_answer() -> None:
    with pytest.raises(NoAnswerError, match=r"^URL too long$") as raised:
        network_transport()(wire(f"http://127.0.0.1:1/{'a' * 70_000}"))
    assert raised.value.cause == "failed"


def test_an_error_without_a_text_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    daemons: list[bool] = []

    class Failing:
        def __init__(self, **_: Any) -> None: ...

        def stream(self, *_: Any, **__: Any) -> Any:
            daemons.append(threading.current_thread().daemon)
            raise httpx.ReadError("")

        def close(self) -> None: ...

    send = network_transport()
    monkeypatch.setattr(httpx, "Client", Failing)
    with pytest.raises(NoAnswerError, match=r"^ReadError$") as raised:
        send(wire("http://127.0.0.1:1/"))
    assert raised.value.cause == "closed"
    assert daemons == [True]  # an exchange that hangs does not keep the process


def test_the_client_of_each_exchange_is_new_and_takes_nothing_from_the_environment(
    serve: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Any] = []
    context = httpx.create_ssl_context(verify=False)
    real = httpx.Client
    monkeypatch.setattr(httpx, "create_ssl_context", lambda **_: context)

    def make(**options: Any) -> httpx.Client:
        made.append(options)
        return real(**options)

    monkeypatch.setattr(httpx, "Client", make)
    server = serve(sending(HEAD, b"Content-Length: 0\r\n\r\n"))
    send = network_transport(5)
    for _ in range(2):
        send(wire(f"http://127.0.0.1:{server.port}/"))
    options = {"verify": context, "timeout": 5, "trust_env": False, "headers": {"User-Agent": "flask-crossorigin"}}
    assert made == [options] * 2


def test_a_silent_server_has_a_limited_time(serve: Any) -> None:
    server: Server = serve(lambda connection: server.done.wait(5))
    start = time.monotonic()
    with pytest.raises(NoAnswerError) as raised:
        network_transport(0.1)(wire(f"http://127.0.0.1:{server.port}/"))
    assert raised.value.cause == "timeout"
    assert time.monotonic() - start < 2


def test_a_server_that_sends_drop_by_drop_has_a_limited_time(serve: Any) -> None:
    def drip(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while not server.done.wait(0.02):
            connection.sendall(b"X: 1\r\n")

    server = serve(drip)
    with pytest.raises(NoAnswerError, match=r"^the server did not answer in time$") as raised:
        network_transport(0.2)(wire(f"http://127.0.0.1:{server.port}/"))
    assert raised.value.cause == "timeout"


def test_what_came_of_a_body_is_kept(serve: Any) -> None:
    def stop(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf")
        server.done.wait(5)

    server = serve(stop)
    answer = network_transport(0.2)(wire(f"http://127.0.0.1:{server.port}/"))
    assert (answer.status, answer.body) == (200, b"half")


def test_a_connection_that_is_closed(serve: Any) -> None:
    server = serve(lambda connection: None)
    with pytest.raises(NoAnswerError) as raised:
        network_transport()(wire(f"http://127.0.0.1:{server.port}/"))
    assert (raised.value.cause, str(raised.value)) == ("closed", "Server disconnected without sending a response.")


def test_a_port_at_which_nothing_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(NoAnswerError) as raised:
        network_transport()(wire(f"http://127.0.0.1:{port}/"))
    assert raised.value.cause == "refused"


def test_a_host_that_does_not_exist(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(NoAnswerError) as raised:
        network_transport()(wire("http://nothing.invalid/"))
    assert raised.value.cause == "dns"


def test_plain_http_at_a_port_of_https(serve: Any) -> None:
    server = serve(sending(HEAD, b"\r\n"))
    with pytest.raises(NoAnswerError) as raised:
        network_transport()(wire(f"https://127.0.0.1:{server.port}/"))
    assert raised.value.cause == "plain"


def test_what_cannot_be_sent_is_no_answer(serve: Any) -> None:
    server = serve(sending(HEAD, b"\r\n"))
    with pytest.raises(NoAnswerError, match=r"^UnicodeEncodeError: ") as raised:
        network_transport()(wire(f"http://127.0.0.1:{server.port}/", "GET", ("X", "\u20ac")))
    assert raised.value.cause == "failed"


def test_without_httpx_the_error_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "httpx", None)
    with pytest.raises(ImportError, match=r"^a URL needs httpx: pip install 'flask-crossorigin\[check\]'$"):
        network_transport()


@pytest.mark.parametrize("verify", [True, False])
def test_certificates_are_checked_unless_they_are_not_to_be(monkeypatch: pytest.MonkeyPatch, verify: bool) -> None:
    made: list[Any] = []
    loaded: list[str] = []

    class Context(ssl.SSLContext):
        def load_default_certs(self, *_: Any) -> None:
            loaded.append("of this machine")

        def load_verify_locations(self, cafile: Any = None, *_: Any) -> None:
            loaded.append(str(cafile))

    def create(**options: Any) -> Context:
        made.append(options)
        return Context(ssl.PROTOCOL_TLS_CLIENT)

    monkeypatch.setattr(httpx, "create_ssl_context", create)
    network_transport(authorities="ours.pem", verify=verify)
    send = network_transport() if verify else network_transport(verify=False)
    assert callable(send)
    assert made == [{"verify": verify}] * 2
    own = ["of this machine"] if verify else []
    assert loaded == [*own, "ours.pem", *own]


def caused(error: Exception, cause: BaseException | None, *, context: bool = False) -> Exception:
    """Return *error* with another exception behind it, and that behind a third."""
    middle = OSError("between")
    if context:
        error.__context__, middle.__context__ = middle, cause
    else:
        error.__cause__, middle.__cause__ = middle, cause
    return error


CAUSES: dict[str, tuple[Exception, str]] = {
    "a time-out": (httpx.ConnectTimeout("x"), "timeout"),
    "a time-out of a read": (httpx.ReadTimeout("x"), "timeout"),
    "a wrong answer": (httpx.RemoteProtocolError("x"), "closed"),
    "an end while reading": (httpx.ReadError("x"), "closed"),
    "nothing known": (httpx.ConnectError("x"), "failed"),
    "another cause": (caused(httpx.ConnectError("x"), ValueError()), "failed"),
    "TLS": (caused(httpx.ConnectError("x"), ssl.SSLError(1, "CERTIFICATE_VERIFY_FAILED")), "tls"),
    "TLS, in the context": (caused(httpx.ConnectError("x"), ssl.SSLError(1, "x"), context=True), "tls"),
    "plain http: a wrong version": (caused(httpx.ConnectError("x"), ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong")), "plain"),
    "plain http: a failed record": (caused(httpx.ConnectError("x"), ssl.SSLError(1, "[SSL] record_layer_failure")), "plain"),
    "plain http: a request": (caused(httpx.ConnectError("x"), ssl.SSLError(1, "http_request")), "plain"),
    "a name": (caused(httpx.ConnectError("x"), socket.gaierror(-2, "HTTP_REQUEST")), "dns"),
    "a refusal": (caused(httpx.ConnectError("x"), ConnectionRefusedError()), "refused"),
    "a refusal, in the context": (caused(httpx.ConnectError("x"), ConnectionRefusedError(), context=True), "refused"),
}  # fmt: skip


@pytest.mark.parametrize(("error", "cause"), CAUSES.values(), ids=CAUSES)
def test_why_there_is_no_response(error: Exception, cause: str) -> None:
    assert client._cause(error) == cause


def test_the_limits_are_those_of_the_documentation() -> None:
    assert (client.TIMEOUT, client.MAX_BODY, client.MAX_HEADERS) == (10.0, 10_485_760, 500)


# --- an application of this process --------------------------------------------------------------------------


def test_an_application_gets_the_request_as_a_server_passes_it_on() -> None:
    seen: dict[str, Any] = {}

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen.update(environ, body=environ["wsgi.input"].read())
        start_response("404 Not There", [("X-A", "1")])
        return [b"a", b"b"]

    request = wire("http://shop.example:8000/a%20b/%C3%A9?q=%20", "patch", ("Origin", APP), ("X-A", "1"), body=b"data")
    assert wsgi_transport(app)(request) == WireResponse(404, "Not There", [("X-A", "1")], b"ab")
    assert {name: seen[name] for name in ("REQUEST_METHOD", "PATH_INFO", "QUERY_STRING", "REQUEST_URI", "RAW_URI")} == {
        "REQUEST_METHOD": "patch",
        "PATH_INFO": "/a b/\xc3\xa9",
        "QUERY_STRING": "q=%20",
        "REQUEST_URI": "/a%20b/%C3%A9?q=%20",
        "RAW_URI": "/a%20b/%C3%A9?q=%20",
    }
    assert (seen["HTTP_HOST"], seen["wsgi.url_scheme"], seen["HTTP_ORIGIN"], seen["body"]) == (
        "shop.example:8000", "http", APP, b"data",
    )  # fmt: skip


def test_a_request_without_a_query_has_an_empty_one() -> None:
    seen: dict[str, Any] = {}

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen.update(environ)
        start_response("204 No Content", [])
        return []

    wsgi_transport(app)(wire("https://shop.example/"))
    assert (seen["QUERY_STRING"], seen["wsgi.url_scheme"], seen["HTTP_HOST"]) == ("", "https", "shop.example")


class Configured:
    """An application with Flask's configuration."""

    def __init__(self, config: Any) -> None:
        self.config = config


BASES = {
    "no configuration": (object(), "https://localhost/"),
    "a configuration that is no mapping": (Configured(5), "https://localhost/"),
    "no name": (Configured({}), "https://localhost/"),
    "a name that is None": (Configured({"SERVER_NAME": None}), "https://localhost/"),
    "a name": (Configured({"SERVER_NAME": "shop.example:8000"}), "https://shop.example:8000/"),
}


@pytest.mark.parametrize(("app", "base"), BASES.values(), ids=BASES)
def test_the_base_of_paths(app: object, base: str) -> None:
    assert str(base_of(app)) == base


def test_a_name_that_is_no_host() -> None:
    with pytest.raises(ValueError, match=r"^SERVER_NAME: 'a b' is not a host$"):
        base_of(Configured({"SERVER_NAME": "a b"}))


def test_the_first_line_of_a_request() -> None:
    exchange = Exchange("actual", "PUT", "https://api.example:8000/a/b?c=d", [], 200, "OK", [])
    assert exchange.request_line == "PUT /a/b?c=d HTTP/1.1"
    assert exchange._replace(url="https://api.example").request_line == "PUT / HTTP/1.1"


def test_a_client_notes_what_goes_over_the_wire() -> None:
    def send(request: WireRequest) -> WireResponse:
        if request.kind == "preflight":
            return WireResponse(204, "No Content", [("Access-Control-Allow-Origin", APP), ("Access-Control-Allow-Methods", "PUT")])  # fmt: skip
        raise NoAnswerError("refused", "nothing listens")

    model = Client(send, APP, profile="chrome", base=at("https://api.example"))
    outcome = model.fetch(Request(url="/a", method="PUT"))
    assert outcome.type == "error"
    first, second = model.exchanges
    assert first[:3] == ("preflight", "OPTIONS", "https://api.example/a")
    assert (first.status, first.reason, first.response_headers[1]) == (
        204,
        "No Content",
        ("Access-Control-Allow-Methods", "PUT"),
    )
    assert second[:3] == ("actual", "PUT", "https://api.example/a")
    assert second[4:] == (0, "nothing listens", [], b"")
    assert [name for name, _ in second.headers if name.startswith("Sec-Fetch")] != []
