"""What only looks like CORS, and what layers in front of an application do: each has its own words."""

from __future__ import annotations

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import trustme
from click.testing import CliRunner

from flask_crossorigin.commands.group import cors

from .test_broken import check

APP = "https://app.example"
ALLOW = ("Access-Control-Allow-Origin", APP)
Answer = Callable[[BaseHTTPRequestHandler], tuple[int, list[tuple[str, str]], bytes]]


@contextmanager
def server(answer: Answer, context: ssl.SSLContext | None = None) -> Iterator[int]:
    """Run a server that writes exactly these headers, and no Server or Date."""

    class Handler(BaseHTTPRequestHandler):
        def _respond(self) -> None:
            status, headers, body = answer(self)
            self.send_response_only(status)
            for name, value in [*headers, ("Content-Length", str(len(body)))]:
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_OPTIONS = _respond  # noqa: N815 (http.server's names)

        def log_message(self, *_: Any) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running_server:
        if context is not None:
            running_server.socket = context.wrap_socket(running_server.socket, server_side=True)
        thread = threading.Thread(target=running_server.serve_forever, daemon=True)
        thread.start()
        yield running_server.server_address[1]
        running_server.shutdown()


def fixed(status: int, *headers: tuple[str, str], body: bytes = b"[1]") -> Answer:
    return lambda _: (status, list(headers), body)


VITE = b'<!doctype html>\n<html><head><script type="module" src="/@vite/client"></script></head></html>'
LOGIN = b"<!doctype html>\n<html><title>Log in</title></html>"


@pytest.mark.parametrize(
    ("answer", "title", "fix", "layer"),
    [
        pytest.param(fixed(200, ("Content-Type", "text/html"), body=VITE), "is a page of a server of the front end", "correct the URL in the page", "a server of the front end", id="the front end's own server"),
        pytest.param(fixed(200, ("Age", "12"), ("X-Cache", "HIT")), "has no Access-Control-Allow-Origin", "a cache answered. Empty it, and send Vary: Origin", "a cache", id="an answer out of a cache"),
        pytest.param(fixed(200, ("CF-Ray", "1"), ("Age", "12"), ("Access-Control-Allow-Origin", "https://other.example")), "allows 'https://other.example'", "a cache sent the response for another origin", "Cloudflare", id="the response for another origin, out of a cache"),
        pytest.param(fixed(200, ("X-Cache-Status", "HIT")), "has no Access-Control-Allow-Origin", "a cache answered", "a cache", id="an answer out of nginx's cache"),
        pytest.param(fixed(504, ("Server", "nginx"), body=b"<hr><center>nginx/1.22.1</center>"), "is an error page (504)", "did not answer in time: find out why it is slow, or raise proxy_read_timeout in nginx", "proxy (nginx)", id="an application that is too slow"),
        pytest.param(fixed(403, ("Server", "Werkzeug/3.1"), body=b"<hr><center>nginx/1.22.1</center>"), "has no Access-Control-Allow-Origin", "add_header Access-Control-Allow-Origin", "nginx", id="a page that nginx wrote in front of Flask"),
        pytest.param(fixed(200, ("Access-Control-Allow-Origins", "*")), "has no Access-Control-Allow-Origin", "write Access-Control-Allow-Origin: the response has Access-Control-Allow-Origins, which is not the name of a header", "server", id="a misspelt header"),
        pytest.param(fixed(500, ("X-Powered-By", "Express"), body=b"<pre>Error: Not allowed by CORS<br></pre>"), "is an error page (500)", "the function origin of cors() refused 'https://app.example': if you trust this page, add it to", "Express", id="the function origin of Express's cors"),
        pytest.param(fixed(200, ("Server", "nginx"), body=b"<!doctype html><title>shop</title>"), "is an HTML page (200)", "look at the URL first: if the page expects JSON", "nginx", id="the front end's page in place of JSON"),
        pytest.param(fixed(200, ("Server", "SimpleHTTP/0.6 Python/3.11")), "has no Access-Control-Allow-Origin", "python -m http.server cannot send CORS headers", "python -m http.server", id="a server that cannot"),
        pytest.param(fixed(200, ("Server", "nginx"), ("X-Powered-By", "Express"), ("Access-Control-Allow-Origin", "https://other.example")), "allows 'https://other.example'", "Only one layer may write CORS headers. If nginx, which is in front of Express, writes them", "Express", id="a proxy and an application"),
        pytest.param(fixed(200, ALLOW, ALLOW), "in 2 lines", "CORS headers are written twice, by two layers", "server", id="two lines"),
        pytest.param(fixed(200, ("Access-Control-Allow-Origin", f"{APP}, {APP}")), "in one line with a list", "send one origin, the one that asks", "server", id="a list in one line"),
        pytest.param(fixed(200, ("Access-Control-Allow-Origin", "app.example")), "which is not an origin", "write the origin with scheme, host and port", "server", id="no scheme"),
        pytest.param(fixed(200, ("Vary", "Origin")), "has no Access-Control-Allow-Origin", f"add '{APP}' to the origins that the server allows", "server", id="a list that does not have this page"),
        pytest.param(fixed(200, ("X-CORS-Debug", "origin-not-allowed; nearest=https://www.app.example")), "has no Access-Control-Allow-Origin", "add 'https://app.example' to origins in CORS(app", "flask-crossorigin", id="this library, in debug mode"),
        pytest.param(fixed(200, ("X-Powered-By", "PHP/8.2"), body=b"<b>Warning</b>: Cannot modify header information - headers already sent by (output started at /a.php:1) in <b>/a.php</b> on line <b>2</b>"), "has no Access-Control-Allow-Origin", "send the header() lines before any output; the page says: headers already sent by (output started at /a.php:1)", "PHP", id="headers already sent"),
        pytest.param(fixed(503, ("Server", "awselb/2.0")), "is an error page (503)", "start the application behind an AWS load balancer", "AWS load balancer", id="a load balancer without an application"),
        pytest.param(fixed(200, ("X-Powered-By", "ASP.NET")), "has no Access-Control-Allow-Origin", "Access-Control-Allow-Origin: https://app.example", "ASP.NET", id="software that has no words here: the headers"),
    ],
)  # fmt: skip
def test_evidence_has_its_own_words(answer: Answer, title: str, fix: str, layer: str) -> None:
    with server(answer) as port:
        report = check(f"http://127.0.0.1:{port}/items", ("GET",), APP)
    first = report["findings"][0]
    assert title in first["title"]
    assert fix in first["remedy"]
    assert layer in first["layer"]


def test_a_redirect_to_a_login_page_of_another_origin_is_named() -> None:
    with server(fixed(200, ("Content-Type", "text/html"), body=LOGIN)) as login:
        away = fixed(
            302, ALLOW, ("Access-Control-Allow-Credentials", "true"), ("Location", f"http://127.0.0.1:{login}/in")
        )
        with server(away) as port:
            report = check(f"http://127.0.0.1:{port}/items", ("GET", "--credentials"), APP)
    first = report["findings"][0]
    assert f"after a redirect to another origin, http://127.0.0.1:{login}/in" in first["title"]
    assert "answer 401 to requests of JavaScript" in first["remedy"]


def test_a_post_that_becomes_a_get_is_named() -> None:
    def moved(request: BaseHTTPRequestHandler) -> tuple[int, list[tuple[str, str]], bytes]:
        return (200, [ALLOW], b"[1]") if request.path == "/items/" else (301, [ALLOW, ("Location", "/items/")], b"")

    with server(moved) as port:
        report = check(f"http://127.0.0.1:{port}/items", ("POST", "--data", "a=1"), APP)
    found = {each["kind"]: each for each in report["findings"]}
    assert "changes POST to GET, and the body is lost" in found["method-changed"]["title"]
    assert found["method-changed"]["remedy"] == f"call http://127.0.0.1:{port}/items/, where it leads"


def test_a_login_page_in_place_of_the_data_is_named() -> None:
    def guarded(request: BaseHTTPRequestHandler) -> tuple[int, list[tuple[str, str]], bytes]:
        return (200, [ALLOW], LOGIN) if request.path == "/login" else (302, [ALLOW, ("Location", "/login")], b"")

    with server(guarded) as port:
        report = check(f"http://127.0.0.1:{port}/items", ("GET",), APP)
    found = {each["kind"]: each for each in report["findings"]}
    assert report["verdict"] == "allowed"
    assert "JavaScript gets this login page, and not the data" in found["login-page"]["title"]


def test_a_host_that_django_does_not_serve_is_named() -> None:
    with server(fixed(400, body=b"<!doctype html><title>Bad Request (400)</title><h1>Bad Request (400)</h1>")) as port:
        report = check(f"http://127.0.0.1:{port}/items", ("GET",), APP)
    assert "ALLOWED_HOSTS in settings.py has to have the host" in report["findings"][0]["remedy"]


def test_django_s_own_refusal_is_named() -> None:
    page = b"<!DOCTYPE html><h1>Forbidden <span>(403)</span></h1><p>CSRF verification failed. Request aborted.</p>"
    with server(fixed(403, body=page)) as port:
        report = check(f"http://127.0.0.1:{port}/items", ("POST", "--data", "a=1"), APP)
    assert (
        "send the header X-CSRFToken, and write CSRF_TRUSTED_ORIGINS = ['https://app.example']"
        in report["findings"][0]["remedy"]
    )


def test_https_that_is_spoken_to_a_plain_port_is_named() -> None:
    with server(fixed(200)) as port:
        report = check(f"https://127.0.0.1:{port}/", ("GET",), APP)
    assert report["findings"][0]["title"] == "the URL says https, and the server speaks plain http at this port"
    assert report["findings"][0]["remedy"].startswith("write http:// in the URL")


def test_a_private_authority_can_be_trusted_or_looked_past(tmp_path: Path) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    bundle = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(bundle))
    with server(fixed(200, ALLOW), context) as port:
        url = f"https://127.0.0.1:{port}/"
        refused = check(url, ("GET",), APP)["findings"][0]
        assert refused["title"].startswith("TLS failed")
        assert "--cacert FILE" in refused["remedy"]
        assert check(url, ("GET", "--cacert", str(bundle)), APP)["verdict"] == "allowed"
        assert check(url, ("GET", "--insecure"), APP)["verdict"] == "allowed"
    missing = CliRunner().invoke(cors, ["check", url, "--origin", APP, "--cacert", str(tmp_path / "none.pem")])
    assert missing.exit_code == 2
    assert "is not a file with certificates" in missing.output


def test_a_cookie_of_a_login_between_two_ports_of_localhost_is_kept() -> None:
    headers = [("Access-Control-Allow-Origin", "http://localhost:5173"), ("Access-Control-Allow-Credentials", "true")]
    with server(fixed(200, *headers, ("Vary", "Origin"), ("Set-Cookie", "session=1; HttpOnly"))) as port:
        report = check(f"http://localhost:{port}/login", ("POST", "--credentials"), "http://localhost:5173")
    assert (report["verdict"], report["findings"]) == ("allowed", [])


def test_the_printed_curl_line_sends_the_same() -> None:
    with server(fixed(200, ALLOW)) as port:
        url = f"http://127.0.0.1:{port}/items"
        arguments = ["check", "-v", "POST", url, "--origin", APP, "--data", "a=1", "-H", "Accept-Language: de"]
        output = CliRunner().invoke(cors, arguments).output
    assert "--data-binary a=1" in output
    assert "-H 'Accept-Language: de'" in output
