"""The test client that behaves like a browser."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, redirect, request
from werkzeug.test import EnvironBuilder

from flask_crossorigin import CORS
from flask_crossorigin.testing import Browser, CORSBlocked, FetchError

APP = "https://app.example"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def app() -> Flask:
    made = Flask("api")
    CORS(made, origins=[APP], supports_credentials=True, allow_headers=["Content-Type"], expose_headers=["X-Total"])

    @made.route("/echo", methods=["GET", "PUT", "POST", "DELETE"])
    def echo() -> Any:
        seen = {
            "method": request.method,
            "body": request.get_data(as_text=True),
            "cookies": dict(request.cookies),
            "type": request.content_type,
        }
        return seen, {"X-Total": "3", "X-Secret": "1"}

    @made.get("/login")
    def login() -> Any:
        return "", {"Set-Cookie": request.args.get("cookie", "session=1; SameSite=None; Secure; Path=/")}

    @made.get("/away")
    def away() -> Any:
        return redirect("https://third.example/echo")

    @made.get("/boom")
    def boom() -> Any:
        raise RuntimeError("boom")

    return made


def test_json_is_sent_with_its_type_after_a_preflight(app: Flask) -> None:
    browser = Browser(app, origin=APP)
    response = browser.fetch("/echo", method="PUT", json={"a": 1}, credentials="include")
    assert (response.status, response.ok, response.type, response.url) == (200, True, "cors", "https://localhost/echo")
    assert response.json()["body"] == '{"a": 1}'
    assert response.json()["type"] == "application/json"
    assert [(each.kind, each.request_line, each.status) for each in browser.exchanges] == [
        ("preflight", "OPTIONS /echo HTTP/1.1", 200),
        ("actual", "PUT /echo HTTP/1.1", 200),
    ]


def test_only_exposed_headers_are_readable(app: Flask) -> None:
    headers = Browser(app, origin=APP).fetch("/echo").headers
    assert headers["X-Total"] == "3"
    assert "X-Secret" not in headers
    assert "content-type" in headers


def test_a_preflight_is_kept(app: Flask) -> None:
    browser = Browser(app, origin=APP)
    for _ in range(2):
        browser.fetch("/echo", method="DELETE")
    assert [each.method for each in browser.exchanges] == ["OPTIONS", "DELETE", "DELETE"]


def test_cookies_come_back_with_credentials_only(app: Flask) -> None:
    browser = Browser(app, origin=APP)
    browser.fetch("/login", credentials="include")
    assert browser.cookies == {"session": "1"}
    assert browser.fetch("/echo", credentials="include").json()["cookies"] == {"session": "1"}
    assert browser.fetch("/echo").json()["cookies"] == {}


@pytest.mark.parametrize(
    ("cookie", "origin", "base", "kept"),
    [
        pytest.param("s=1", APP, "https://api.example", False, id="Lax by default, from another site"),
        pytest.param("s=1; SameSite=Strict", "https://app.shop.example", "https://api.shop.example", True, id="from the same site"),
        pytest.param("s=1; SameSite=None", APP, "https://api.example", False, id="None without Secure"),
        pytest.param("s=1; SameSite=None; Secure", APP, "https://api.example", True, id="None with Secure"),
        pytest.param("s=1; SameSite=None; Secure", "http://app.example", "http://api.example", False, id="Secure over http"),
        pytest.param("s=1; Secure; SameSite=None", "http://localhost:3000", "http://localhost:5000", True, id="Secure on this machine"),
        pytest.param("s=1", "http://localhost:3000", "http://localhost:5000", True, id="ports do not make another site"),
        pytest.param("s=1", "http://localhost:3000", "http://127.0.0.1:5000", False, id="an address and a name are two sites"),
        pytest.param("s=1; Domain=shop.example", "https://app.shop.example", "https://api.shop.example", True, id="a domain above"),
        pytest.param("s=1; Domain=other.example", "https://app.shop.example", "https://api.shop.example", False, id="another domain"),
        pytest.param("s=1; Domain=co.uk", "https://a.x.co.uk", "https://b.x.co.uk", False, id="a public suffix"),
        pytest.param("__Host-s=1; Secure", "https://app.shop.example", "https://api.shop.example", False, id="__Host- without Path"),
        pytest.param("__Host-s=1; Secure; Path=/", "https://app.shop.example", "https://api.shop.example", True, id="__Host-"),
        pytest.param("s=1; Max-Age=0", "https://app.shop.example", "https://api.shop.example", False, id="expired"),
        pytest.param("s=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "https://app.shop.example", "https://api.shop.example", False, id="expired by date"),
        pytest.param("s=" + "x" * 5000, "https://app.shop.example", "https://api.shop.example", False, id="too long"),
        pytest.param("__Secure-s=1", "https://app.shop.example", "https://api.shop.example", False, id="__Secure- without Secure"),
        pytest.param("s=1; Expires=never", "https://app.shop.example", "https://api.shop.example", True, id="a date that is none"),
        pytest.param("s=1; Max-Age=60", "https://app.shop.example", "https://api.shop.example", True, id="kept for a minute"),
        pytest.param("s=1; Path=/other", "https://app.shop.example", "https://api.shop.example", False, id="another path"),
    ],
)  # fmt: skip
def test_cookies_by_their_rules(cookie: str, origin: str, base: str, kept: bool) -> None:
    app = Flask("cookies")
    CORS(app, origins=[origin], supports_credentials=True, allow_insecure_origins=True)

    @app.get("/")
    def index() -> Any:
        return dict(request.cookies), {"Set-Cookie": cookie}

    browser = Browser(app, origin=origin, base_url=base)
    browser.fetch("/", credentials="include")
    assert bool(browser.fetch("/", credentials="include").json()) is kept


def test_a_blocked_request_says_why(app: Flask) -> None:
    browser = Browser(app, origin="https://evil.example", profile="chrome")
    with pytest.raises(CORSBlocked) as caught:
        browser.fetch("/echo")
    assert caught.value.kind == "response-acao-missing"
    assert caught.value.console == (
        "Access to fetch at 'https://localhost/echo' from origin 'https://evil.example' has been blocked by CORS policy: "
        "No 'Access-Control-Allow-Origin' header is present on the requested resource."
    )
    assert caught.value.findings[0].kind == "response-acao-missing"
    assert str(caught.value).startswith("BLOCKED: GET /echo from https://evil.example")
    assert "add 'https://evil.example' to origins in CORS(app, origins=[...])" in " ".join(str(caught.value).split())


@pytest.mark.parametrize(
    ("given", "sent"),
    [
        ({"json": 1}, "application/json"),
        ({"json": 1, "headers": {"content-TYPE": "application/ld+json"}}, "application/ld+json"),
        ({"json": 1, "headers": [("X-A", "1")]}, "application/json"),
        ({"body": "text"}, "text/plain;charset=UTF-8"),
        ({"body": b"bytes"}, None),
    ],
    ids=["JSON", "JSON with a type of its own", "JSON with another header", "text", "bytes"],
)
def test_a_body_has_the_type_that_browsers_give_it(app: Flask, given: dict[str, Any], sent: str | None) -> None:
    browser = Browser(app, origin="https://localhost")
    assert browser.fetch("/echo", method="POST", **given).json()["type"] == sent
    assert [name for name, _ in browser.exchanges[0].headers if name == "Content-Type"] == ["Content-Type"] * (
        (sent is not None and "headers" not in given) or given.get("headers") == [("X-A", "1")]
    )


@pytest.mark.parametrize(
    ("method", "data", "line", "body"),
    [
        ("GET", None, "GET /echo?q HTTP/1.1", ("", None)),
        ("GET", {"a": "1 2", "b": "&"}, "GET /echo?a=1+2&b=%26 HTTP/1.1", ("", None)),
        ("POST", {"a": "1 2"}, "POST /echo?q HTTP/1.1", ("a=1+2", FORM)),
        ("POST", None, "POST /echo?q HTTP/1.1", ("", FORM)),
    ],
    ids=["a link", "a form with GET", "a form with POST", "a form without fields"],
)
def test_what_a_form_sends(app: Flask, method: str, data: dict[str, str] | None, line: str, body: Any) -> None:
    browser = Browser(app, origin=APP)
    seen = browser.navigate("/echo?q", method=method, data=data).json()
    (exchange,) = browser.exchanges
    assert (exchange.request_line, seen["body"], seen["type"]) == (line, *body)


def test_the_text_of_a_blocked_request_has_the_browser_s_own_line_alone(app: Flask) -> None:
    with pytest.raises(CORSBlocked) as caught:
        Browser(app, origin="https://evil.example", profile="safari").fetch("/echo")
    assert "Safari writes: " in str(caught.value)
    assert "Chrome writes: " not in str(caught.value)
    assert "curl" not in str(caught.value)


@pytest.mark.parametrize(("kept", "sent"), [(True, {"session": "1"}), (False, {})], ids=["stored", "not stored"])
def test_cookies_of_other_sites_are_stored_unless_the_user_has_said_no(app: Flask, kept: bool, sent: Any) -> None:
    browser = Browser(app, origin=APP, third_party_cookies=kept)
    browser.fetch("/login", credentials="include")
    assert browser.fetch("/echo", credentials="include").json()["cookies"] == sent


def test_the_options_of_fetch_reach_the_model(app: Flask) -> None:
    browser = Browser(app, origin=APP, profile="chrome")
    with pytest.raises(CORSBlocked) as caught:
        Browser(app, origin="https://evil.example", profile="chrome").fetch("/echo", initiator="font")
    assert caught.value.console.startswith("Access to font at ")
    for cache in ("default", "no-store"):
        browser.fetch("/echo", method="PUT", cache=cache)
    assert [each.kind for each in browser.exchanges] == ["preflight", "actual"] * 2
    with pytest.raises(FetchError, match="a request with keepalive cannot"):
        browser.fetch("/echo", method="POST", body="x" * 65_537, keepalive=True)
    assert browser.fetch("/echo", method="POST", body="x" * 65_537).ok


def test_text_is_sent_as_javascript_sends_it(app: Flask) -> None:
    sent = Browser(app, origin="https://localhost").fetch("/echo", method="POST", body="a\ud83d\ude00b\ud800c").json()
    assert sent["body"] == "a\U0001f600b\ufffdc"


def test_a_response_after_a_redirect_says_so() -> None:
    app = Flask("redirecting")
    app.add_url_rule("/", "index", lambda: redirect("/there"))
    app.add_url_rule("/there", "there", lambda: "there")
    browser = Browser(app, origin="https://localhost")
    assert [browser.fetch(path).redirected for path in ("/", "/there")] == [True, False]


def test_redirects_reach_the_same_application_under_any_host(app: Flask) -> None:
    with pytest.raises(CORSBlocked) as caught:
        Browser(app, origin=APP, profile="firefox").fetch("/away")
    assert "https://third.example/echo" in caught.value.console


def test_errors_of_the_application(app: Flask) -> None:
    assert Browser(app, origin=APP).fetch("/boom").status == 500
    app.testing = True
    with pytest.raises(RuntimeError, match="boom"):
        Browser(app, origin=APP).fetch("/boom")


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        ({"method": "TRACE"}, "request-invalid"),
        ({"mode": "same-origin"}, "mode-same-origin"),
        ({"mode": "navigate"}, "request-invalid"),
        ({"redirect": "x"}, "request-invalid"),
        ({"body": "x"}, "request-invalid"),
    ],
)
def test_what_fails_before_cors_is_no_cors_error(app: Flask, options: dict[str, Any], kind: str) -> None:
    with pytest.raises(FetchError) as caught:
        Browser(app, origin=APP).fetch("/echo", **options)
    assert caught.value.kind == kind
    assert not isinstance(caught.value, CORSBlocked)


def test_opaque_responses_show_nothing(app: Flask) -> None:
    response = Browser(app, origin="https://evil.example").fetch("/echo", mode="no-cors")
    assert (response.type, response.status, response.text, list(response.headers)) == ("opaque", 0, "", [])


def test_upload_listeners_need_a_preflight(app: Flask) -> None:
    browser = Browser(app, origin=APP)
    browser.fetch("/echo", method="POST", body="x", upload_listeners=True)
    assert [each.method for each in browser.exchanges] == ["OPTIONS", "POST"]


def test_the_method_reaches_the_application_byte_for_byte() -> None:
    seen = []

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen.append(environ["REQUEST_METHOD"])
        start_response("200 OK", [("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Methods", "*")])
        return [b""]

    Browser(app, origin=APP).fetch("/x", method="patch")
    assert seen == ["OPTIONS", "patch"]


def test_paths_and_queries_are_decoded_as_servers_do() -> None:
    seen: list[tuple[str, str]] = []

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        seen.append((environ["PATH_INFO"], environ["QUERY_STRING"]))
        start_response("200 OK", [("Access-Control-Allow-Origin", "*")])
        return [b""]

    Browser(app, origin=APP).fetch("/ü %2F?q=ü&r=a b")
    environ = EnvironBuilder("/ü %2F").get_environ()
    assert seen == [(environ["PATH_INFO"], "q=%C3%BC&r=a%20b")]


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda app: Browser(None, origin=APP), "not a WSGI application"),  # type: ignore[arg-type]
        (lambda app: Browser(app, origin="app.example"), "write scheme and host"),
        (lambda app: Browser(app, origin=APP, profile="opera"), "none of standard, chrome"),
        (lambda app: Browser(app, origin=APP, base_url="api"), "is not a URL"),
        (lambda app: Browser(app, origin=APP).fetch("/", body={"a": 1}, method="POST"), "write json="),  # type: ignore[arg-type]
        (lambda app: Browser(app, origin=APP).fetch("/", body="a", json=1, method="POST"), "only one of them"),
    ],
)
def test_mistakes_are_said(app: Flask, call: Any, text: str) -> None:
    with pytest.raises((TypeError, ValueError), match=text):
        call(app)


def test_a_server_name_is_the_base(app: Flask) -> None:
    app.config["SERVER_NAME"] = "api.example:8443"
    assert Browser(app, origin=APP).fetch("/echo").url == "https://api.example:8443/echo"


@pytest.mark.parametrize(
    ("url", "method", "message"),
    [
        ("http://[", "GET", "is not a URL"),
        ("mailto:a@b", "GET", "is not a URL"),
        ("/", "PUT", "none that a form can send"),
    ],
)
def test_a_navigation_that_no_page_can_make(app: Flask, url: str, method: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Browser(app, origin=APP).navigate(url, method=method)


@pytest.mark.parametrize("location", ["http://[", "data:,x", ""])
def test_a_navigation_that_leads_nowhere(location: str) -> None:
    def nowhere(_: Any, start_response: Any) -> list[bytes]:
        start_response("302 Found", [("Location", location)] if location else [("Location", "/")])
        return [b""]

    with pytest.raises(FetchError) as caught:
        Browser(nowhere, origin=APP).navigate("/")
    assert caught.value.kind == "redirect-invalid"
    assert "layer: application" in str(caught.value)


def test_a_header_that_javascript_cannot_read_is_a_key_error_that_says_why() -> None:
    app = Flask("headers")
    CORS(app, origins=[APP], expose_headers=["X-Shown"])
    app.add_url_rule("/", "index", lambda: ("x", {"X-Shown": "1", "X-Hidden": "2"}))
    headers = Browser(app, origin=APP).fetch("/").headers
    assert (headers["x-shown"], headers.get("X-Hidden"), headers[0]) == ("1", None, next(iter(headers)))
    with pytest.raises(KeyError) as raised:
        headers["X-Hidden"]
    reason = "JavaScript cannot read X-Hidden: the response does not have it, or expose_headers does not list it"
    assert raised.value.args == (reason,)
