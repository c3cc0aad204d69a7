"""``csrf_protection``: which writes reach the application, and how refused requests are reported."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import flask
import pytest
from flask import Flask
from werkzeug.test import Client

from flask_crossorigin import CORS, CORSConfigError, CORSMiddleware, CORSPolicy, CORSWarning, cross_origin
from flask_crossorigin.server.rules import refuses_write
from flask_crossorigin.signals import cors_refused

from ..helpers.adapters import ADAPTERS
from ..helpers.cases import APP, OTHER
from ..helpers.wsgi import call, write_from

HOST = "api.example"
POLICY = CORSPolicy(origins=[APP, "https://*.team.example"], csrf_protection=True)
PASSES, REFUSED = True, False
# Sec-Fetch-Site, Origin, and whether a write passes: section 4.4, row by row.
ROWS = [
    pytest.param("same-origin", None, PASSES, id="a page of this origin, without Origin"),
    pytest.param("same-origin", f"https://{HOST}", PASSES, id="a page of this origin"),
    pytest.param("same-origin", "https://evil.example", PASSES, id="a page of this origin, whatever Origin says"),
    pytest.param("none", None, PASSES, id="the user typed it"),
    pytest.param("none", "null", PASSES, id="the user opened a bookmark"),
    pytest.param("same-site", APP, PASSES, id="a listed page of this site"),
    pytest.param("cross-site", APP, PASSES, id="a listed page of another site"),
    pytest.param("cross-site", "https://a.team.example", PASSES, id="a page that a pattern lists"),
    pytest.param("same-site", "https://blog.api.example", REFUSED, id="another subdomain of this site"),
    pytest.param("same-site", None, REFUSED, id="this site, without Origin"),
    pytest.param("cross-site", "https://evil.example", REFUSED, id="a foreign page"),
    pytest.param("cross-site", "null", REFUSED, id="a sandboxed frame"),
    pytest.param("cross-site", None, REFUSED, id="another site, without Origin"),
    pytest.param("cross-site", f"https://{HOST}", REFUSED, id="another site that names this host"),
    pytest.param("", None, REFUSED, id="an empty value"),
    pytest.param("Same-Origin", None, REFUSED, id="a value in capitals"),
    pytest.param("same-origin, cross-site", None, REFUSED, id="two values"),
    pytest.param("anything", APP, PASSES, id="a value that nobody knows, and a listed page"),
    pytest.param("anything", OTHER, REFUSED, id="a value that nobody knows"),
    pytest.param(None, None, PASSES, id="a webhook or curl"),
    pytest.param(None, f"https://{HOST}", PASSES, id="an old browser on a page of this host"),
    pytest.param(None, f"http://{HOST}", PASSES, id="an old browser, with the other scheme"),
    pytest.param(None, f"https://{HOST}:444", REFUSED, id="an old browser on another port"),
    pytest.param(None, APP, PASSES, id="an old browser on a listed page"),
    pytest.param(None, "https://evil.example", REFUSED, id="an old browser on a foreign page"),
    pytest.param(None, "null", REFUSED, id="an old browser in a sandboxed frame"),
    pytest.param(None, "", REFUSED, id="an empty Origin"),
]


@pytest.mark.parametrize(("site", "origin", "passes"), ROWS)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "PURGE", "post"])
def test_the_table_is_kept(site: str | None, origin: str | None, passes: bool, method: str) -> None:
    assert (refuses_write(POLICY, write_from(method, site, origin, HOST)) is None) is passes


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_what_changes_nothing_passes(method: str) -> None:
    assert refuses_write(POLICY, write_from(method, "cross-site", "https://evil.example", HOST)) is None


@pytest.mark.parametrize(
    ("origin", "host", "passes"),
    [
        ("https://api.example", "api.example:443", True),
        ("http://api.example", "api.example:80", True),
        ("http://api.example:8080", "api.example:8080", True),
        ("https://API.example", "api.EXAMPLE", True),
        ("http://[::1]:5000", "[::1]:5000", True),
        ("https://api.example", "api.example:80", False),
        ("https://api.example.evil.test", "api.example", False),
        ("https://", "", False),
        ("null", "", False),
    ],
)
def test_host_and_port_are_compared(origin: str, host: str, passes: bool) -> None:
    assert (refuses_write(POLICY, write_from("POST", None, origin, host)) is None) is passes


def test_null_may_not_write_even_where_it_may_read() -> None:
    policy = CORSPolicy(origins=["null"], allow_null_origin=True, csrf_protection=True)
    assert refuses_write(policy, write_from("POST", "cross-site", "null", HOST)) is policy


PLAIN = "/ok"


@pytest.mark.parametrize(("site", "origin", "passes"), ROWS)
@pytest.mark.parametrize("adapter", [name for name in ADAPTERS if name != "the pure functions"])  # which write nothing
def test_every_adapter_keeps_the_table(adapter: str, site: str | None, origin: str | None, passes: bool) -> None:
    app, _ = ADAPTERS[adapter]({"origins": [APP, "https://*.team.example"], "csrf_protection": True})
    result = call(app, write_from("PUT", site, origin, HOST))
    if passes:
        assert result.code == 200
    else:
        assert (result.code, result.body) == (403, b"Origin not allowed")
        assert ("vary", "Origin, Sec-Fetch-Site") in result.all
        assert ("content-type", "text/plain; charset=utf-8") in result.all


def test_everybody_and_protection_is_an_error() -> None:
    with pytest.raises(CORSConfigError, match=r"origins: '\*' is prohibited with csrf_protection .* list the origins"):
        CORSPolicy(origins="*", csrf_protection=True)
    with pytest.raises(CORSConfigError, match="because no origins are given, and is prohibited with csrf_protection"):
        CORS(Flask("x"), csrf_protection=True)


# --- which policy decides, under Flask -----------------------------------------------------------------------


def count(
    app: Flask, path: str = "/items", methods: Any = ("GET", "POST"), decorate: Any = lambda view: view
) -> list[str]:
    ran: list[str] = []

    @decorate
    def view(**_: Any) -> str:
        ran.append(flask.request.method)
        return "done"

    app.add_url_rule(path, path, view, methods=list(methods))
    return ran


def post(app: Any, path: str = "/items", origin: str | None = "https://evil.example", **headers: str) -> int:
    sent = {"Sec-Fetch-Site": "cross-site", **({"Origin": origin} if origin is not None else {}), **headers}
    return Client(app).post(path, headers=sent, data={"a": "1"}).status_code


@pytest.mark.parametrize(
    "how",
    [
        pytest.param(lambda app: CORS(app, origins=[APP], csrf_protection=True), id="CORS(app)"),
        pytest.param(
            lambda app: CORS(app, resources={"/items": {"origins": [APP], "csrf_protection": True}}), id="resources"
        ),
        pytest.param(
            lambda app: (app.config.update(CORS_CSRF_PROTECTION="true"), CORS(app, origins=[APP])), id="the config"
        ),
    ],
)
def test_the_application_does_not_run(how: Callable[[Flask], Any]) -> None:
    app = Flask("shop")
    how(app)
    ran = count(app)
    assert (post(app), post(app, origin="null"), post(app, origin=None), ran) == (403, 403, 403, [])
    assert (post(app, origin=APP), ran) == (200, ["POST"])


@pytest.mark.parametrize("with_app", [False, True], ids=["alone", "under CORS(app)"])
def test_the_policy_is_that_of_the_view(with_app: bool) -> None:
    app = Flask("shop")
    if with_app:
        CORS(app, origins=["https://evil.example"])
    guarded = count(app, "/guarded", decorate=cross_origin(origins=[APP], csrf_protection=True))
    free = count(app, "/free")
    assert (post(app, "/guarded"), guarded) == (403, [])
    assert (post(app, "/guarded", APP), guarded) == (200, ["POST"])
    assert (post(app, "/free"), free) == (200, ["POST"])


@pytest.mark.filterwarnings("ignore::flask_crossorigin.CORSWarning")
@pytest.mark.parametrize("with_app", [False, True], ids=["alone", "under CORS(app)"])
def test_a_view_that_hides_its_decorator_does_not_run(with_app: bool) -> None:
    app = Flask("shop")
    if with_app:
        CORS(app, origins=[OTHER])
    ran: list[str] = []

    def hiding(function: Callable[[], str]) -> Callable[[], str]:
        def outer() -> str:
            return function()

        return outer

    def view() -> str:
        ran.append("view")
        return "done"

    hidden = hiding(cross_origin(origins=[APP], csrf_protection=True)(view))
    app.add_url_rule("/items", "items", hidden, methods=["POST"])
    assert (post(app), post(app), ran) == (403, 403, [])
    assert (post(app, origin=APP), ran) == (200, ["view"])


def test_the_blueprint_decides_for_its_paths() -> None:
    app = Flask("shop")
    blueprint = flask.Blueprint("api", "api", url_prefix="/api")
    CORS(blueprint, origins=[APP], csrf_protection=True)
    blueprint.add_url_rule("/items", "items", lambda: "done", methods=["POST"])
    app.register_blueprint(blueprint)
    CORS(app, origins=[OTHER])
    other = count(app, "/other")
    assert [post(app, "/api/items"), post(app, "/api/items", APP), post(app, "/api/items", OTHER)] == [403, 200, 403]
    assert [post(app, "/other"), other] == [200, ["POST"]]


def test_routes_are_matched_only_for_writes_of_foreign_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Flask("shop")
    CORS(app, origins=[APP])
    count(app, decorate=cross_origin(origins=[APP], csrf_protection=True))
    client = Client(app)
    client.get("/items")
    matched: list[str] = []
    routes = app.extensions["flask_crossorigin"].routes
    found = type(routes)._of_request

    def noted(*args: Any) -> Any:
        matched.append("matched")
        return found(*args)

    monkeypatch.setattr(type(routes), "_of_request", noted)
    for headers in ({}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}):
        client.post("/items", headers=headers)
    client.get("/items", headers={"Sec-Fetch-Site": "cross-site"})
    assert matched == []
    client.post("/items", headers={"Sec-Fetch-Site": "cross-site"})
    assert matched == ["matched"]


def test_a_policy_by_path_and_a_policy_by_function() -> None:
    ran: list[str] = []

    def inner(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        ran.append(environ["PATH_INFO"])
        start_response("200 OK", [])
        return [b""]

    by_path = CORSMiddleware(inner, {"/api/*": POLICY, "/open": CORSPolicy(origins="*"), "/none": None})
    assert [post(by_path, path) for path in ("/api/x", "/open", "/none", "/else")] == [403, 200, 200, 200]
    by_function = CORSMiddleware(inner, lambda environ: POLICY if environ["PATH_INFO"] == "/a" else None)
    assert [post(by_function, path) for path in ("/a", "/b")] == [403, 200]
    swapped = CORSMiddleware(inner, CORSPolicy(origins=[APP]))
    before = post(swapped)
    swapped.policy = POLICY
    assert (before, post(swapped)) == (200, 403)


# --- who is told ---------------------------------------------------------------------------------------------


def test_on_refused_gets_every_refusal(caplog: pytest.LogCaptureFixture) -> None:
    told: list[tuple[Any, ...]] = []
    app = CORSMiddleware(
        lambda environ, start_response: (start_response("200 OK", []), [b""])[1],
        CORSPolicy(origins=[APP], methods=["PUT"], csrf_protection=True),
        on_refused=lambda *, origin, reason, method, path: told.append((origin, reason, method, path)),
    )
    client = Client(app)
    for _ in range(2):
        client.get("/a", headers={"Origin": OTHER})
    client.get("/b", headers={"Origin": "http://b@d"})
    client.get("/c", headers={"Origin": "http://localhost"})  # of this host
    client.get("/d", headers={"Origin": APP})
    client.options("/e", headers={"Origin": OTHER, "Access-Control-Request-Method": "PUT"})
    client.options("/f", headers={"Origin": APP, "Access-Control-Request-Method": "GET"})
    post(app, "/g")
    post(app, "/h", None)
    assert told == [
        (OTHER, "origin-not-allowed", "GET", "/a"),
        (OTHER, "origin-not-allowed", "GET", "/a"),
        ("http://b@d", "origin-invalid", "GET", "/b"),
        (OTHER, "origin-not-allowed", "OPTIONS", "/e"),
        (APP, "method-not-allowed", "OPTIONS", "/f"),
        ("https://evil.example", "write-not-allowed", "POST", "/g"),
        (None, "write-not-allowed", "POST", "/h"),
    ]
    assert "may not write; first seen on 'POST' '/g'. The application did not run." in caplog.text


def test_an_error_in_on_refused_is_logged_and_changes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def failing(**_: Any) -> None:
        raise RuntimeError("counter")

    app = CORSMiddleware(
        lambda environ, start_response: (start_response("200 OK", []), [b""])[1], POLICY, on_refused=failing
    )
    assert post(app) == 403
    assert Client(app).get("/", headers={"Origin": OTHER}).status_code == 200
    assert caplog.text.count("RuntimeError: counter") == 2
    assert {record.levelno for record in caplog.records} == {logging.ERROR, logging.WARNING}


@pytest.mark.parametrize("alone", [False, True], ids=["under CORS(app)", "decorated views alone"])
def test_the_signal_is_sent_with_its_application(alone: bool) -> None:
    app, other = Flask("shop"), Flask("other")
    options: dict[str, Any] = {"origins": [APP], "csrf_protection": True}
    for each in (app, other):
        if not alone:
            CORS(each, **options)
        count(each, decorate=cross_origin(**options) if alone else lambda view: view)
    told: list[tuple[Any, ...]] = []

    def receive(sender: Flask, *, origin: str | None, reason: str, method: str, path: str) -> None:
        told.append((sender, origin, reason, method, path))

    with cors_refused.connected_to(receive, app):
        post(other)
        post(app)
        Client(app).get("/items", headers={"Origin": OTHER})
        Client(app).options("/items", headers={"Origin": OTHER, "Access-Control-Request-Method": "PUT"})
    assert told == [
        (app, "https://evil.example", "write-not-allowed", "POST", "/items"),
        (app, OTHER, "origin-not-allowed", "GET", "/items"),
        (app, OTHER, "origin-not-allowed", "OPTIONS", "/items"),
    ]


class HTTPMethodOverrideMiddleware:
    """As Flask's documentation shows it."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        environ["REQUEST_METHOD"] = environ.get("HTTP_X_HTTP_METHOD_OVERRIDE", environ["REQUEST_METHOD"])
        return self.app(environ, start_response)


def test_a_method_override_below_the_edge_is_warned_of() -> None:
    with pytest.warns(CORSWarning, match="csrf_protection does not see the method that .*HTTPMethodOverride"):
        CORSMiddleware(HTTPMethodOverrideMiddleware(Flask("x")), POLICY)
    app = Flask("shop")
    app.wsgi_app = HTTPMethodOverrideMiddleware(app.wsgi_app)  # type: ignore[method-assign]
    CORS(app, origins=[APP], csrf_protection=True)
    with pytest.warns(CORSWarning, match="csrf_protection does not see the method"):
        Client(app).get("/")


def test_a_method_override_outside_of_the_edge_is_seen() -> None:
    app = Flask("shop")
    CORS(app, origins=[APP], csrf_protection=True)
    ran = count(app)
    headers = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site", "X-HTTP-Method-Override": "POST"}
    assert Client(HTTPMethodOverrideMiddleware(app)).get("/items", headers=headers).status_code == 403
    assert ran == []
