"""Real applications of the packages that people use with Flask."""

from __future__ import annotations

from typing import Any

import flask
import flask_httpauth
import flask_login
import flask_smorest
import flask_wtf
import pytest
from flask import Flask
from flask.views import MethodView
from flask_caching import Cache
from flask_compress import Compress
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from werkzeug.test import Client

from flask_crossorigin import CORS, cross_origin

from .helpers.cases import APP, OTHER
from .helpers.flask import allowed, preflighted

THIRD = "https://third.example"


def make(**options: Any) -> Flask:
    app = Flask(__name__)
    app.secret_key = "of the tests"
    app.config |= {"API_TITLE": "api", "API_VERSION": "1", "OPENAPI_VERSION": "3.0.3"}
    if options:
        CORS(app, **options)
    return app


# --- resource classes ----------------------------------------------------------------------------------------


@pytest.fixture(params=["flask_restful", "flask_restx"])
def restful(request: pytest.FixtureRequest) -> Any:
    """Flask-RESTful and Flask-RESTX, which is a fork of it."""
    return pytest.importorskip(request.param)


def test_resources_with_decorators_at_every_level(restful: Any) -> None:
    app = make(origins="https://never.example")
    api = restful.Api(app, decorators=[cross_origin(origins=OTHER)])

    class Plain(restful.Resource):  # type: ignore[misc, name-defined]
        def get(self) -> Any:
            return {"plain": True}

    class ByMethod(restful.Resource):  # type: ignore[misc, name-defined]
        method_decorators = (cross_origin(origins=APP),)

        def get(self) -> Any:
            return {"by": "method_decorators"}

        @cross_origin(origins=THIRD)
        def put(self) -> Any:
            return {"by": "method"}

    class ByMapping(restful.Resource):  # type: ignore[misc, name-defined]
        method_decorators = {"put": [cross_origin(origins=APP)]}  # noqa: RUF012

        def get(self) -> Any:
            return {}

        def put(self) -> Any:
            flask.abort(409)

    class Bare(restful.Resource):  # type: ignore[misc, name-defined]
        method_decorators = [cross_origin(origins="*")]  # noqa: RUF012

        def get(self) -> Any:
            return {}

    for resource in (Plain, ByMethod, ByMapping, Bare):
        api.add_resource(resource, f"/{resource.__name__}")

    def who(path: str, method: str) -> list[str | None]:
        answers = [
            (allowed(app, path, origin, method), preflighted(app, path, origin, method))
            for origin in (APP, OTHER, THIRD)
        ]
        assert all(actual == asked for actual, asked in answers)
        return [actual for actual, _ in answers]

    assert who("/Plain", "GET") == [None, OTHER, None]
    assert who("/ByMethod", "GET") == [APP, None, None]
    assert who("/ByMethod", "PUT") == [None, None, THIRD]
    assert who("/ByMapping", "PUT") == [APP, None, None]
    assert who("/ByMapping", "GET") == [None, OTHER, None]
    assert who("/Bare", "GET") == ["*", "*", "*"]


def test_resources_alone_have_their_headers(restful: Any) -> None:
    app = make()
    api = restful.Api(app)

    class Item(restful.Resource):  # type: ignore[misc, name-defined]
        method_decorators = (cross_origin(origins=APP),)

        def get(self) -> Any:
            return {"item": 1}

    api.add_resource(Item, "/item")
    response = Client(app).get("/item", headers={"Origin": APP})
    assert (response.json, response.headers["Access-Control-Allow-Origin"]) == ({"item": 1}, APP)


def test_a_namespace_of_restx() -> None:
    restx = pytest.importorskip("flask_restx")
    app = make(origins="https://never.example")
    api = restx.Api(app, decorators=[cross_origin(origins=OTHER)])
    namespace = restx.Namespace("things", decorators=[cross_origin(origins=APP)])
    api.add_namespace(namespace, path="/things")

    class Thing(restx.Resource):  # type: ignore[misc, name-defined]
        def get(self) -> Any:
            return {}

    namespace.add_resource(Thing, "/one")
    assert (
        allowed(app, "/things/one"),
        preflighted(app, "/things/one", method="GET"),
        allowed(app, "/things/one", OTHER),
    ) == (APP, APP, None)


def test_a_method_view_of_smorest() -> None:
    app = make(origins=OTHER)
    api, blueprint = flask_smorest.Api(app), flask_smorest.Blueprint("things", "things", url_prefix="/things")

    @blueprint.route("/one")
    class Thing(MethodView):
        decorators = (cross_origin(origins=APP),)  # type: ignore[assignment]

        @blueprint.response(200)
        def get(self) -> Any:
            return {}

        @blueprint.response(200)
        @cross_origin(origins=THIRD)
        def put(self) -> Any:
            return {}

    api.register_blueprint(blueprint)
    assert (allowed(app, "/things/one"), preflighted(app, "/things/one", method="GET")) == (APP, APP)
    assert (allowed(app, "/things/one", THIRD, "PUT"), preflighted(app, "/things/one", THIRD)) == (THIRD, THIRD)


# --- what would stop a preflight -----------------------------------------------------------------------------


def test_flask_login() -> None:
    app = make(origins=APP, supports_credentials=True)
    flask_login.LoginManager(app).user_loader(lambda name: None)

    @app.route("/x", methods=["GET", "PUT", "OPTIONS"])
    @flask_login.login_required
    def view() -> str:
        return "x"

    response = Client(app).get("/x", headers={"Origin": APP})
    assert (response.status_code, response.headers["Access-Control-Allow-Origin"]) == (401, APP)
    assert preflighted(app, "/x") == APP


@pytest.mark.parametrize("cross_origin_below", [True, False])
def test_flask_httpauth(cross_origin_below: bool) -> None:
    app = make(origins=OTHER)
    auth = flask_httpauth.HTTPTokenAuth()
    auth.verify_token(lambda token: token == "right")
    mine = cross_origin(origins=APP)

    def view() -> str:
        return "x"

    decorated = auth.login_required(mine(view)) if cross_origin_below else mine(auth.login_required(view))
    app.add_url_rule("/x", "x", decorated, methods=["GET", "PUT"])
    response = Client(app).get("/x", headers={"Origin": APP})
    assert (response.status_code, response.headers["Access-Control-Allow-Origin"]) == (401, APP)
    assert allowed(app, "/x", Authorization="Bearer right") == APP
    assert preflighted(app, "/x") == APP


def test_flask_limiter() -> None:
    app = make(origins=APP)
    Limiter(get_remote_address, app=app, default_limits=["2 per hour"], storage_uri="memory://")
    app.add_url_rule("/x", "x", lambda: "x", methods=["GET", "PUT"])
    for _ in range(5):
        assert preflighted(app, "/x") == APP
    answers = [Client(app).get("/x", headers={"Origin": APP}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert {answer.headers["Access-Control-Allow-Origin"] for answer in answers} == {APP}


def test_csrf_protection() -> None:
    app = make(origins=APP, supports_credentials=True)
    flask_wtf.CSRFProtect(app)
    app.add_url_rule("/x", "x", lambda: "x", methods=["POST"])
    assert preflighted(app, "/x", method="POST") == APP
    response = Client(app).post("/x", headers={"Origin": APP})
    assert (response.status_code, response.headers["Access-Control-Allow-Origin"]) == (400, APP)


# --- what changes the response afterwards --------------------------------------------------------------------


@pytest.mark.parametrize("order", [1, -1], ids=["CORS first", "CORS last"])
def test_compress_and_caching_and_a_session(order: int) -> None:
    app = make()
    cache = Cache(config={"CACHE_TYPE": "SimpleCache"})
    steps = [
        lambda: CORS(app, origins=[APP, OTHER], supports_credentials=True),
        lambda: Compress(app),
        lambda: cache.init_app(app),
    ]
    for step in steps[::order]:
        step()
    calls: list[str] = []

    @app.route("/x")
    @cache.cached(timeout=60)
    def view() -> str:
        calls.append("view")
        return "x" * 5000

    @app.route("/login")
    def login() -> str:
        flask.session["user"] = "Ada"
        return "x" * 5000

    for origin in (APP, OTHER, None):
        headers = {"Accept-Encoding": "gzip"} | ({"Origin": origin} if origin else {})
        response = Client(app).get("/x", headers=headers)
        assert response.headers.get("Access-Control-Allow-Origin") == origin
        assert response.headers["Content-Encoding"] == "gzip"
        assert {field.strip() for field in response.headers["Vary"].split(",")} == {"Accept-Encoding", "Origin"}
    assert calls == ["view"]
    varied = Client(app).get("/login", headers={"Accept-Encoding": "gzip", "Origin": APP}).headers.getlist("Vary")
    assert [sorted(field.strip() for field in line.split(",")) for line in varied] == [
        ["Accept-Encoding", "Cookie", "Origin"]
    ]


def test_a_cached_response_that_carries_headers_of_another_origin() -> None:
    """Flask-Caching below @cross_origin alone would keep them; the edge writes them anew."""
    app = make(resources={})
    cache = Cache(app, config={"CACHE_TYPE": "SimpleCache"})

    @app.route("/x")
    @cache.cached(timeout=60)
    @cross_origin(origins=[APP, OTHER])
    def view() -> str:
        return "x"

    assert [allowed(app, "/x", origin) for origin in (APP, OTHER, THIRD)] == [APP, OTHER, None]
