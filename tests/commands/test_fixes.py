"""What the doctor tells someone to write in an application of this process: the file, the line, the option."""

from __future__ import annotations

import itertools
import json
import re
from typing import Any

import flask
import flask_cors
import pytest
from flask import Flask

from flask_crossorigin import CORS, CORSMiddleware, CORSPolicy, cross_origin
from flask_crossorigin.browser.client import Client, wsgi_transport
from flask_crossorigin.browser.urls import parse
from flask_crossorigin.browser.values import Request
from flask_crossorigin.doctor.cases import Server
from flask_crossorigin.doctor.examine import examine

from ..helpers.cases import APP, OTHER
from ..helpers.commands import run

HERE = r"tests/commands/test_fixes\.py:\d+"


def shop(cors: Any = None, *, view: Any = lambda function: function) -> Flask:
    app = Flask("shop")
    if cors is not None:
        cors(app)

    @app.route("/items", methods=["GET", "PUT"])
    @view
    def items() -> str:
        return "items"

    return app


def by_hand(app: Flask) -> None:
    @app.after_request
    def add_headers(response: flask.Response) -> flask.Response:
        response.headers["Access-Control-Allow-Origin"] = OTHER
        return response


def with_login(app: Flask) -> None:
    flask_cors.CORS(app, origins=[APP])

    @app.before_request
    def login() -> Any:
        return None if "Authorization" in flask.request.headers else ("no", 401)


def with_blueprint(app: Flask) -> None:
    blueprint = flask.Blueprint("api", "api")
    CORS(blueprint, origins=[OTHER])
    blueprint.add_url_rule("/api/items", "items", lambda: "items")
    app.register_blueprint(blueprint)
    CORS(app, origins=[])


def blueprint_only(app: Flask) -> None:
    blueprint = flask.Blueprint("api", "api", url_prefix="/api")
    CORS(blueprint, origins=[OTHER])
    app.register_blueprint(blueprint)


def plain(_: Any, start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"hello"]


def failing(app: Flask) -> None:
    CORS(app, resources={"/elsewhere": {"origins": [APP]}})
    app.add_url_rule("/error", "error", lambda: str(1 / 0))


@pytest.mark.parametrize(
    ("app", "arguments", "fix"),
    [
        pytest.param(lambda: shop(lambda app: CORS(app, origins=[OTHER])), ["/items"], rf"add 'https://app\.example' to origins in CORS\(app\) \({HERE}\)", id="an origin, in CORS(app)"),
        pytest.param(lambda: shop(lambda app: CORS(app, resources={"/api/*": {"origins": [APP]}})), ["/items"], rf"resources of CORS\(app\) \({HERE}\) do not cover /items: add '/items': \{{'origins': \['https://app\.example'\]\}}", id="a path that resources leave out"),
        pytest.param(lambda: shop(lambda app: CORS(app, resources={"/items": {"origins": [OTHER]}})), ["/items"], rf"add 'https://app\.example' to origins in resources of CORS\(app\) \({HERE}\)", id="an origin, in resources"),
        pytest.param(lambda: shop(lambda app: CORS(app, origins=[APP]), view=cross_origin(origins=[OTHER])), ["/items"], rf"to origins in @cross_origin \({HERE}\)", id="an origin, in a decorator"),
        pytest.param(lambda: shop(with_blueprint), ["/api/items"], rf"to origins in CORS\(blueprint\), of api \({HERE}\)", id="an origin, in a blueprint"),
        pytest.param(lambda: shop(lambda app: CORS(app, resources={})), ["/items"], r"add '/items': \{'origins': \['https://app\.example'\]\} to resources", id="resources that cover nothing"),
        pytest.param(lambda: shop(lambda app: app.add_url_rule("/o", "o", cross_origin(origins=[APP])(lambda: "o"))), ["/items"], rf"no policy covers /items: write @cross_origin\(origins=\['https://app\.example'\]\) below @app\.route of items \({HERE}\)", id="a view without a decorator"),
        pytest.param(lambda: shop(view=cross_origin(origins=[OTHER])), ["/items"], rf"to origins in @cross_origin \({HERE}\)", id="an origin, in a decorator without CORS(app)"),
        pytest.param(lambda: shop(lambda app: CORS(app, origins=[APP], methods=["GET"])), ["PUT", "/items"], rf"add 'PUT' to methods in CORS\(app\) \({HERE}\)", id="a method"),
        pytest.param(lambda: shop(lambda app: CORS(app, origins=[APP], allow_headers=["X-A"])), ["/items", "-H", "X-B: 1"], rf"add 'X-B' to allow_headers in CORS\(app\) \({HERE}\)", id="a header"),
        pytest.param(lambda: shop(lambda app: CORS(app, origins=[APP])), ["/items", "--credentials"], rf"supports_credentials=True in CORS\(app\) \({HERE}\)", id="credentials"),
        pytest.param(lambda: shop(blueprint_only), ["/items"], rf"no policy covers /items: write @cross_origin\(origins=\['https://app\.example'\]\) below @app\.route of items \({HERE}\)", id="a view that no policy covers"),
        pytest.param(lambda: shop(blueprint_only), ["/nothing"], r"correct the URL: no view serves /nothing", id="a path that no policy covers"),
        pytest.param(shop, ["/items"], r"write this: CORS\(app, origins=\['https://app\.example'\]\)", id="nothing at all"),
        pytest.param(lambda: shop(by_hand), ["/items"], r"if you trust this page, add 'https://app\.example' to origins in CORS\(app", id="headers by hand"),
        pytest.param(lambda: shop(lambda app: flask_cors.CORS(app, origins=[OTHER])), ["/items"], r"CORS\(app, .*'https://app\.example'", id="Flask-CORS, another origin"),
        pytest.param(lambda: shop(with_login), ["/items", "-H", "Authorization: x"], r"answer preflights before authentication and routing", id="Flask-CORS, a login before preflights"),
        pytest.param(lambda: CORSMiddleware(plain, {"/api/*": CORSPolicy(origins=[APP])}), ["/items"], r"add '/items': CORSPolicy\(origins=\['https://app\.example'\]\) to the mapping", id="a path that a mapping leaves out"),
        pytest.param(lambda: CORSMiddleware(plain, CORSPolicy(origins=[OTHER])), ["/items"], r"add 'https://app\.example' to origins in CORSMiddleware", id="an origin, in CORSMiddleware"),
        pytest.param(lambda: plain, ["/items"], r"application = CORSMiddleware\(application, origins=\['https://app\.example'\]\)", id="another WSGI application"),
    ],
)  # fmt: skip
def test_the_line_is_named(app: Any, arguments: list[str], fix: str) -> None:
    found = json.loads(run(app(), "check", "--json", *arguments, "--origin", APP).stdout)
    assert found["verdict"] == "blocked"
    assert re.search(fix, found["findings"][0]["remedy"], re.DOTALL), found["findings"][0]["remedy"]


def test_an_exception_is_named_with_its_line() -> None:
    found = json.loads(run(shop(failing), "check", "--json", "/error", "--origin", APP).stdout)
    first = found["findings"][0]
    assert re.search(rf"500: ZeroDivisionError: division by zero \({HERE}\)", first["title"])


def test_a_path_that_no_route_serves_has_the_nearest_one() -> None:
    result = run(shop(lambda app: CORS(app, origins=[APP])), "check", "/item", "--origin", APP)
    assert "no route of the application serves /item" in result.stdout
    assert "call /items, the route that is most like it" in result.stdout


@pytest.mark.parametrize(
    ("origin", "credentials", "headers"),
    [
        *itertools.product(
            [APP, "http://localhost:5173", "http://shop.example", "http://192.168.1.9:8080", "null", "capacitor://localhost"],
            [False, True],
            [[], [("Access-Control-Allow-Origin", "*")], [("Access-Control-Allow-Origin", OTHER)], [("Access-Control-Allow-Origin", f"{OTHER}, {APP}")],
             [("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Methods", "*"), ("Access-Control-Allow-Headers", "*")],
             [("Access-Control-Allow-Origin", "null"), ("Access-Control-Allow-Credentials", "True")]],
        )
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "PUT", "PROPFIND"])
def test_whatever_the_doctor_writes_for_this_library_starts(
    origin: str, credentials: bool, headers: list[tuple[str, str]], method: str
) -> None:
    def app(_: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", headers)
        return [b"{}"]

    base = parse("https://api.example")
    assert base is not None
    client = Client(wsgi_transport(app), origin, profile="chrome", base=base)
    mode: Any = "include" if credentials else "same-origin"
    request = Request(url="/", method=method, headers=(("X-Token", "1"),), credentials=mode)
    report = examine(client, request, Server(where="process"))
    for finding in report.findings:
        assert "add 'null'" not in finding.remedy
        assert "origins=['null'" not in finding.remedy
        for call in re.findall(r"CORS\(app, .*\)$", finding.remedy, re.MULTILINE):
            if "..." not in call:
                exec(call, {"CORS": CORS, "app": Flask("made")})
