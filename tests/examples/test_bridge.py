"""The bridge refuses to become an open proxy; its upstream is a real server on loopback."""

from __future__ import annotations

import http.client
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from flask_crossorigin import CORS
from flask_crossorigin.testing import Browser, CORSBlocked

sys.path.insert(0, str(Path(__file__).parents[2] / "examples"))
from bridge import Upstream, add_bridge, create_app

APP = "https://app.example"


class Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


class World:
    """What stands behind the bridge; remembers what it was asked."""

    def __init__(self) -> None:
        self.seen: list[dict[str, Any]] = []
        self.stop = threading.Event()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        self.seen.append(
            {
                key: value
                for key, value in environ.items()
                if key.startswith(("HTTP_", "PATH", "QUERY", "REQUEST_M", "CONTENT"))
            }
        )
        path = environ["PATH_INFO"]
        if path == "/redirect":
            start_response("302 Found", [("Location", "http://169.254.169.254/latest/meta-data")])
            return [b""]
        if path == "/huge":
            start_response("200 OK", [("Content-Length", "999999999")])
            return [b"x"]
        if path == "/endless":
            start_response("200 OK", [("Content-Type", "text/plain")])
            return self.endless()
        if path == "/dripping":
            start_response("200 OK", [("Content-Type", "text/plain")])
            return self.dripping()
        if path == "/same":
            start_response("304 Not Modified", [("ETag", '"a"'), ("Vary", "Accept-Language")])
            return []
        if path == "/document":
            kind = environ["HTTP_ACCEPT"]
            start_response("200 OK", [("Content-Type", kind)] if kind != "none" else [])
            return [b"<script>alert(1)</script>"]
        if path == "/slow":
            self.stop.wait(5)
        if path == "/fails":
            start_response("503 Service Unavailable", [("Content-Type", "text/plain"), ("Retry-After", "5")])
            return [b"later"]
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(length) or b"rain"
        start_response(
            "200 OK",
            [
                ("Content-Type", "text/plain"),
                ("Set-Cookie", "spy=1"),
                ("Access-Control-Allow-Origin", "*"),
                ("X-Internal", "1"),
                ("ETag", '"a"'),
            ],
        )
        return [body]

    def dripping(self) -> Iterator[bytes]:
        while not self.stop.wait(0.05):
            yield b"x"

    def endless(self) -> Iterator[bytes]:
        while not self.stop.is_set():
            yield b"x" * 1000


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[World, int]]:
    made = World()
    server = make_server("127.0.0.1", 0, made, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield made, server.port
    made.stop.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def world(served: tuple[World, int]) -> tuple[World, int]:
    served[0].seen.clear()
    return served


@pytest.fixture
def app(world: tuple[World, int]) -> Flask:
    made = Flask("bridge")
    CORS(made, origins=[APP], supports_credentials=True)
    base = f"http://127.0.0.1:{world[1]}"
    add_bridge(
        made,
        {
            "weather": Upstream(base, r"(city|redirect|huge|endless|fails|same|document)(/[a-z.-]+)?", frozenset({"GET", "POST"}), {"Authorization": "Bearer ours"}, size=100_000, request_size=100),
            "slow": Upstream(base, "slow", seconds=0.3),
            "drops": Upstream(base, "dripping", seconds=0.5),
            "nowhere": Upstream("http://127.0.0.1:1", "x", seconds=0.5),
        },
    )  # fmt: skip
    return made


def test_script_reads_the_answer_with_our_policy_and_nothing_of_theirs(app: Flask) -> None:
    response = Browser(app, origin=APP).fetch("/bridge/weather/city?q=1", credentials="include")
    assert (response.status, response.text, response.headers["Content-Type"]) == (200, "rain", "text/plain")
    raw = app.test_client().get("/bridge/weather/city", headers={"Origin": APP})
    assert raw.headers.getlist("Access-Control-Allow-Origin") == [APP]
    assert raw.headers["ETag"] == '"a"'
    assert "Set-Cookie" not in raw.headers
    assert "X-Internal" not in raw.headers
    with pytest.raises(CORSBlocked):
        Browser(app, origin="https://evil.example").fetch("/bridge/weather/city")


def test_what_is_the_user_s_stays_here_and_the_secret_goes_there(app: Flask, world: tuple[World, int]) -> None:
    headers = {
        "Cookie": "session=1",
        "Authorization": "Bearer users",
        "X-Forwarded-For": "1.2.3.4",
        "Accept": "text/plain",
        "Host": "evil.example",
    }
    app.test_client().post("/bridge/weather/city?q=a%20b", data="hi", headers=headers, content_type="text/plain")
    (seen,) = world[0].seen
    assert seen["HTTP_AUTHORIZATION"] == "Bearer ours"
    assert (seen["REQUEST_METHOD"], seen["PATH_INFO"], seen["QUERY_STRING"]) == ("POST", "/city", "q=a%20b")
    assert (seen["HTTP_ACCEPT"], seen["CONTENT_TYPE"], seen["CONTENT_LENGTH"]) == ("text/plain", "text/plain", "2")
    assert not {"HTTP_COOKIE", "HTTP_X_FORWARDED_FOR", "HTTP_ORIGIN"} & set(seen)
    assert seen["HTTP_HOST"] == f"127.0.0.1:{world[1]}"


@pytest.mark.parametrize(
    "path",
    [
        "/bridge/weather/http://evil.example/",
        "/bridge/weather//evil.example/",
        "/bridge/weather/%2f%2fevil.example/",
        "/bridge/weather/city/..",
        "/bridge/weather/city/%2e%2e/admin",
        "/bridge/weather/city/..%2fadmin",
        "/bridge/weather/city/%252e%252e",
        "/bridge/weather/city%5c..",
        "/bridge/weather/city/@evil.example",
        "/bridge/weather/@evil.example/city",
        "/bridge/weather/user:pass@evil.example",
        "/bridge/weather/city:8080",
        "/bridge/weather/city%00",
        "/bridge/weather/city%0d%0aX: 1",
        "/bridge/weather/city%23",
        "/bridge/weather/city%3fq=1",
        "/bridge/weather/admin",
        "/bridge/weather/.hidden",
        "/bridge/weather/",
        "/bridge/other/city",
        "/bridge/127.0.0.1/city",
    ],
)
def test_no_other_place_is_reached(app: Flask, world: tuple[World, int], path: str) -> None:
    response = app.test_client().get(path)
    assert response.status_code in (404, 308)
    assert world[0].seen == []


def test_an_absolute_request_line_reaches_nothing_else(app: Flask, world: tuple[World, int]) -> None:
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
        connection.putrequest("GET", f"http://127.0.0.1:{world[1]}/city", skip_host=True)
        connection.putheader("Host", "evil.example")
        connection.endheaders()
        assert connection.getresponse().status == 404
        connection.close()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert world[0].seen == []


@pytest.mark.parametrize(
    ("method", "path", "status", "error"),
    [
        ("DELETE", "/bridge/weather/city", 405, "DELETE is not allowed here"),
        ("GET", "/bridge/weather/redirect", 502, "redirects, which the bridge does not follow"),
        ("GET", "/bridge/weather/huge", 502, "too large"),
        ("GET", "/bridge/slow/slow", 504, "did not answer in time"),
        ("GET", "/bridge/nowhere/x", 502, "cannot be reached"),
    ],
)
def test_what_goes_wrong_is_json_that_script_can_read(
    app: Flask, method: str, path: str, status: int, error: str
) -> None:
    response = Browser(app, origin=APP).fetch(path, method=method)
    assert response.status == status
    assert error in response.json()["error"]


def test_cookies_of_the_upstream_are_kept_for_nobody(app: Flask, world: tuple[World, int]) -> None:
    for _ in range(2):
        app.test_client().get("/bridge/weather/city")
    assert ["HTTP_COOKIE" in seen for seen in world[0].seen] == [False, False]


def test_errors_of_the_upstream_come_through(app: Flask) -> None:
    response = Browser(app, origin=APP).fetch("/bridge/weather/fails")
    assert (response.status, response.text) == (503, "later")


def read_all(parts: Iterator[bytes]) -> None:
    seen = 0
    for part in parts:
        seen += len(part)
        assert seen <= 100_000


@pytest.mark.parametrize("path", ["weather/endless", "drops/dripping"])
def test_an_answer_that_does_not_end_is_an_error_in_time(app: Flask, path: str) -> None:
    start = time.monotonic()
    response = app.test_client().get(f"/bridge/{path}")
    assert response.status_code in (502, 504)
    assert set(response.get_json()) == {"error"}
    assert time.monotonic() - start < 3


def test_an_answer_that_has_not_changed_passes(app: Flask) -> None:
    response = app.test_client().get("/bridge/weather/same", headers={"If-None-Match": '"a"'})
    assert (response.status_code, response.data, response.headers["ETag"]) == (304, b"", '"a"')
    assert "Accept-Language" in response.headers["Vary"]


@pytest.mark.parametrize("kind", ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", ""])
def test_no_document_passes(app: Flask, kind: str) -> None:
    response = app.test_client().get("/bridge/weather/document", headers={"Accept": kind or "none"})
    assert (response.status_code, response.get_json()) == (502, {"error": "the upstream's content type does not pass"})


def test_what_passes_cannot_run_as_a_page(app: Flask) -> None:
    headers = app.test_client().get("/bridge/weather/city").headers
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("PROPFIND", "/bridge/weather/city", {}),
        ("GET", "/bridge/", {}),
        ("GET", "/bridge/weather/city", {"Accept": "caf\xe9"}),
        ("GET", "/bridge/weather/city?%00%0a\xff", {}),
        ("POST", "/bridge/weather/city", {"Content-Length": "abc"}),
    ],
)
def test_whatever_comes_in_an_error_is_json(app: Flask, method: str, path: str, headers: dict[str, str]) -> None:
    response = app.test_client().open(path, method=method, headers=headers)
    assert response.status_code < 500
    assert response.status_code == 200 or set(response.get_json()) == {"error"}


def test_oversized_requests_are_refused_before_they_are_read(app: Flask, world: tuple[World, int]) -> None:
    assert app.test_client().post("/bridge/weather/city", data="x" * 101).status_code == 413
    assert app.test_client().post("/bridge/weather/city", headers={"Transfer-Encoding": "chunked"}).status_code == 413
    assert world[0].seen == []


@pytest.mark.parametrize(
    "base",
    ["api.example", "https://api.example/path", "file:///etc", "https://u:p@api.example", "https://api.example/"],
)
def test_a_base_is_scheme_host_and_port(base: str) -> None:
    with pytest.raises(ValueError, match="is not scheme, host and port"):
        Upstream(base, "x")


def test_the_example_itself_starts() -> None:
    assert Browser(create_app(), origin="http://localhost:3000").fetch("/bridge/weather/..").status == 404
