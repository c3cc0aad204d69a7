"""What answers in an application of this process, and what its policies explain of a failure."""

from __future__ import annotations

import re
import types
from collections.abc import Callable
from typing import Any

import flask_cors
import pytest
from django.core.handlers.wsgi import WSGIHandler
from flask import Flask

from flask_crossorigin import CORS, CORSMiddleware, CORSPolicy
from flask_crossorigin.browser.console import Place
from flask_crossorigin.browser.failures import Failure, Kind
from flask_crossorigin.browser.values import Blocked
from flask_crossorigin.commands.application import Covered, covered, middleware_of
from flask_crossorigin.commands.remedies import nearest_route, remedies, software_of
from flask_crossorigin.doctor.cases import OURS
from flask_crossorigin.doctor.servers import Layer, Software

from ..helpers.cases import APP, OTHER
from ..helpers.commands import wsgi_app


def shop(cover: Callable[[Flask], object] = lambda app: None) -> Flask:
    app = Flask("shop")
    cover(app)
    app.add_url_rule("/items", "items", lambda: "items")
    return app


def by_hand(app: Flask) -> None:
    @app.after_request
    def add_headers(response: Any) -> Any:
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response


SOFTWARE: dict[str, tuple[Callable[[], Any], Layer]] = {
    "this library, in Flask": (lambda: shop(lambda app: CORS(app, origins=[APP])), OURS),
    "this library, as middleware": (lambda: CORSMiddleware(wsgi_app("200 OK"), CORSPolicy(origins=[APP])), OURS),
    "Flask alone": (shop, OURS),
    "another application": (lambda: wsgi_app("200 OK"), Layer("wsgi", "the application", True, "")),
    "Flask-CORS": (
        lambda: shop(lambda app: flask_cors.CORS(app)),
        Layer("flask-cors", "Flask-CORS", True, ""),
    ),
    "headers by hand": (
        lambda: shop(by_hand),
        Layer("flask", "the function add_headers (FILE), which writes CORS headers by hand", True, ""),
    ),
}


@pytest.mark.parametrize(
    ("configured", "middleware", "expected"),
    [
        pytest.param(True, ["x.Y", "corsheaders.middleware.CorsMiddleware"], "django", id="django-cors-headers"),
        pytest.param(True, ["x.corsheaders"], "wsgi", id="without django-cors-headers"),
        pytest.param(False, ["corsheaders.middleware.CorsMiddleware"], "wsgi", id="without settings"),
    ],
)
def test_django_is_told_by_its_middleware(
    monkeypatch: pytest.MonkeyPatch, configured: bool, middleware: list[str], expected: Software
) -> None:
    settings = types.SimpleNamespace(configured=configured, MIDDLEWARE=middleware)
    monkeypatch.setattr("django.conf.settings", settings)
    name = "Django" if expected == "django" else "the application"
    assert software_of(WSGIHandler.__new__(WSGIHandler)) == Layer(expected, name, True, "")


@pytest.mark.parametrize(("make", "expected"), SOFTWARE.values(), ids=SOFTWARE)
def test_what_answers(make: Callable[[], Any], expected: Layer) -> None:
    found = software_of(make())
    assert found._replace(name=re.sub(r"\(\S+:\d+\)", "(FILE)", found.name)) == expected


def blocked(kind: Kind, value: str = "", header: str = "", origin: str = APP) -> Blocked:
    return Blocked(Failure(kind, value, header), Place("https://localhost/items", origin), "")


LISTED = Covered(CORSPolicy(origins=[OTHER, "https://app.exampel"]), "CORS(app)", "shop.py:3")
WITHOUT_SITE = Covered(CORSPolicy(origins=[]), "CORSMiddleware")
OPEN = Covered(CORSPolicy(origins=[APP]), "CORS(app)", "shop.py:3")
NONE = Covered(None, "")
ADD = "if you trust this page, add 'https://app.example' to origins in CORS(app) (shop.py:3); the nearest that is listed is 'https://app.exampel'"
CREDENTIALS = "add supports_credentials=True in CORS(app) (shop.py:3), or send no credentials"
UNCOVERED = (
    "resources of CORS(app) (FILE) do not cover /items: add '/items': {'origins': ['https://app.example']} to resources"
)
ADVICE: dict[str, tuple[Covered, Blocked, str | None]] = {
    "no header, not listed": (LISTED, blocked("response-acao-missing"), ADD),
    "another origin, not listed": (LISTED, blocked("response-acao-mismatch"), ADD),
    "a refused preflight, not listed": (LISTED, blocked("preflight-status"), ADD),
    "no header, nothing listed": (
        WITHOUT_SITE,
        blocked("response-acao-missing"),
        "if you trust this page, add 'https://app.example' to origins in CORSMiddleware",
    ),
    "no header, listed": (OPEN, blocked("response-acao-missing"), None),
    "another origin, listed": (OPEN, blocked("response-acao-mismatch"), None),
    "a refused preflight, listed": (OPEN, blocked("preflight-status"), None),
    "a redirect, not listed": (LISTED, blocked("preflight-redirect"), None),
    "no credentials": (OPEN, blocked("response-acac"), CREDENTIALS),
    "a wildcard with credentials": (OPEN, blocked("response-acao-wildcard-credentials", "*"), CREDENTIALS),
    "a method": (OPEN, blocked("preflight-method", "BREW"), "add 'BREW' to methods in CORS(app) (shop.py:3)"),
    "a method in small letters": (OPEN, blocked("preflight-method", "patch"), None),
    "a header": (OPEN, blocked("preflight-header", "x-a", "X-A"), "add 'X-A' to allow_headers in CORS(app) (shop.py:3)"),
    "a header of responses": (OPEN, blocked("preflight-header", "", "Access-Control-Max-Age"), None),
    "another failure": (OPEN, blocked("redirect-limit"), None),
    "no policy, no header": (NONE, blocked("response-acao-missing"), UNCOVERED),
    "no policy, a status": (NONE, blocked("preflight-status"), UNCOVERED),
    "no policy, a redirect": (NONE, blocked("preflight-redirect"), UNCOVERED),
    "no policy, another origin": (NONE, blocked("response-acao-mismatch"), None),
    "no policy, a method": (NONE, blocked("preflight-method", "BREW"), None),
}  # fmt: skip


@pytest.mark.parametrize(("found", "failure", "advice"), ADVICE.values(), ids=ADVICE)
def test_what_the_policy_explains(found: Covered, failure: Blocked, advice: str | None) -> None:
    app = shop(lambda app: CORS(app, resources={"/api/*": {"origins": [APP]}}))
    said = remedies(app, found, "/items", "GET", APP)(failure)
    assert (said if said is None else re.sub(r"\(\S*(?<!shop)\.py:\d+\)", "(FILE)", said)) == advice


def test_a_view_is_found_by_its_method_and_the_nearest_route_by_its_path() -> None:
    app = shop(lambda app: CORS(app, origins=[APP]))
    assert nearest_route(app, "/itemz") == "/items"
    assert nearest_route(app, "/items") == ""
    assert nearest_route(app, "/nothing-like-it-at-all") == ""
    assert nearest_route(wsgi_app("404 Not Found"), "/items") == ""


def test_a_policy_is_found_by_the_path() -> None:
    app = CORSMiddleware(wsgi_app("200 OK"), {"/api/*": CORSPolicy(origins=[APP])})
    assert covered(app, "/api/x", "GET").source == "CORSMiddleware"
    assert covered(app, "/", "GET") == NONE


def test_a_wrapper_that_leads_back_to_itself_has_no_middleware() -> None:
    wrapper = types.SimpleNamespace()
    wrapper.app = wrapper
    assert middleware_of(wrapper) is None
    assert middleware_of(types.SimpleNamespace(app=types.SimpleNamespace(application=None))) is None


@pytest.mark.parametrize("name", ["app", "application"])
def test_middleware_is_found_below_other_wrappers(name: str) -> None:
    middleware = CORSMiddleware(wsgi_app("200 OK"), CORSPolicy(origins=[APP]))
    wrapper = types.SimpleNamespace(**{name: types.SimpleNamespace(**{name: middleware})})
    assert middleware_of(wrapper) is middleware
