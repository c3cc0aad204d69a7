"""Which policy a preflight, a write and a response of a Flask application fall under, for each kind of route."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Blueprint, Flask, redirect
from flask.views import MethodView
from werkzeug.routing import Rule
from werkzeug.test import create_environ

from flask_crossorigin import CORS, CORSPolicy, cross_origin
from flask_crossorigin.extension.cors import routes_of
from flask_crossorigin.extension.routes import Routes

SITE, VIEW, OTHER, BLUEPRINT, INNER = (
    f"https://{name}.example" for name in ("site", "view", "other", "blueprint", "inner")
)
own, other = cross_origin(origins=VIEW, max_age=600), cross_origin(origins=OTHER, max_age=600)


class Item(MethodView):
    methods = ["GET", "PUT", "POST", "REPORT"]  # noqa: RUF012

    @own
    def get(self) -> str:
        return "get"

    def put(self) -> str:
        return "put"

    @other
    def post(self) -> str:
        return "post"

    @other
    def report(self) -> str:
        return "report"


class Head(MethodView):
    @own
    def get(self) -> str:
        return "get"

    @other
    def head(self) -> str:
        return ""


def view(**arguments: str) -> str:
    return "view"


def site(**options: Any) -> Flask:
    app = Flask("site", static_folder=None)
    CORS(app, origins=SITE, max_age=600, **options)
    app.config["CORS_MAX_AGE"] = 600
    for number, (rule, function, methods) in enumerate(
        [
            ("/", own(view), ["GET"]),
            ("/plain", view, ["GET", "PUT"]),
            ("/own", own(view), ["GET", "PUT"]),
            ("/mixed", view, ["GET"]),
            ("/mixed", own(view), ["PUT"]),
            ("/same", own(view), ["GET"]),
            ("/same", own(view), ["PUT"]),
            ("/items/<int:number>", own(view), ["GET"]),
            ("/items/<name>", view, ["PUT"]),
            ("/all/<path:rest>", own(view), ["GET"]),
            ("/folder/", own(view), ["GET"]),
            ("/double/<name>", own(view), ["GET"]),
            ("/lone/", own(view), ["PUT"]),
        ]
    ):
        app.add_url_rule(rule, f"view{number}", function, methods=methods)
    app.add_url_rule("/only/", "only", view, methods=["PUT"], provide_automatic_options=False)
    app.add_url_rule("/item", view_func=Item.as_view("item"))
    app.add_url_rule("/head", view_func=Head.as_view("head"))
    app.url_map.add(Rule("/old", endpoint="old", redirect_to="/own"))
    app.url_map.add(Rule("/any", endpoint="any"))
    app.view_functions["any"] = Item.as_view("any")
    app.add_url_rule("/moved", "moved", lambda: redirect("/own"))
    outer, inner = Blueprint("outer", "site"), Blueprint("inner", "site")
    CORS(outer, origins=BLUEPRINT)
    CORS(inner, origins=INNER)
    for blueprint in (outer, inner):
        blueprint.add_url_rule("/x", "x", view, methods=["GET", "PUT"])
        blueprint.add_url_rule("/own", "own", own(view), methods=["PUT"])
    extra = Blueprint("Xtra", "site")
    CORS(extra, origins=BLUEPRINT)
    outer.register_blueprint(inner, url_prefix="/inner")
    app.register_blueprint(extra, url_prefix="/extraX/")
    app.register_blueprint(outer, url_prefix="/outer/")
    return app


def routes(app: Flask) -> Routes:
    found = routes_of(app)
    found.has_own_policies()
    return found


def environ(path: str | None, method: str, **more: Any) -> dict[str, Any]:
    """Return the environ of a request; *path*: ``None`` leaves PATH_INFO out, as PEP 3333 allows where it is empty."""
    made = create_environ("/", method=method, headers={"Origin": SITE})
    if path is None:
        del made["PATH_INFO"]
    else:
        made["PATH_INFO"] = path
    return made | more


def said(policy: CORSPolicy | None) -> str:
    if policy is None:
        return "none"
    origins = " ".join(str(origin).removeprefix("https://").removesuffix(".example") for origin in policy.origins)
    return f"{origins or 'nobody'} {policy.max_age}"


def preflight(app: Flask, path: str | None, method: str, **more: Any) -> str:
    found = routes(app)
    asked = environ(path, "OPTIONS", HTTP_ACCESS_CONTROL_REQUEST_METHOD=method, **more)
    first, second = found.of_preflight(asked), found.of_preflight(asked)
    assert first == second  # from what is kept
    return said(second)


CASES = [
    # path, method, preflight, response
    (None, "GET", "view 600", "view 600"),
    ("", "GET", "view 600", "view 600"),
    ("/", "GET", "view 600", "view 600"),
    ("/", "PUT", "view 600", "view 600"),
    ("/plain", "GET", "site 600", "site 600"),
    ("/plain", "PUT", "site 600", "site 600"),
    ("/plain", "put", "site 600", "site 600"),
    ("/own", "PUT", "view 600", "view 600"),
    ("//own", "PUT", "view 600", "view 600"),
    ("/own", "DELETE", "view 600", "view 600"),
    ("/own", "MADE-UP", "view 600", "view 600"),
    ("/own/", "PUT", "site 600", "site 600"),
    ("/mixed", "GET", "site 0", "site 600"),
    ("/mixed", "PUT", "view 0", "view 600"),
    ("/mixed", "PATCH", "site 0", "site 600"),
    ("/same", "PUT", "view 600", "view 600"),
    ("/items/1", "GET", "view 0", "view 600"),
    ("/items/1", "PUT", "site 0", "site 600"),
    ("/items/a", "PUT", "site 600", "site 600"),
    ("/items/a", "GET", "site 600", "site 600"),
    ("/items/a/b", "GET", "site 600", "site 600"),
    ("/all/a/b", "GET", "view 600", "view 600"),
    ("/all/" + "a" * 2043, "GET", "view 600", "view 600"),
    ("/all/" + "a" * 2044, "GET", "view 0", "view 600"),
    ("/folder", "GET", "view 600", "view 600"),
    ("/folder/", "GET", "view 600", "view 600"),
    ("/folder", "PUT", "view 600", "view 600"),
    ("/double//a", "GET", "view 600", "view 600"),
    ("//double//a", "GET", "view 600", "view 600"),
    ("/lone", "PUT", "view 600", "view 600"),
    ("/lone", "GET", "view 600", "view 600"),
    ("/only", "PUT", "site 600", "site 600"),
    ("/only/", "GET", "site 600", "site 600"),
    ("/item", "GET", "view 0", "view 600"),
    ("/item", "HEAD", "view 0", "view 600"),
    ("/item", "PUT", "site 0", "site 600"),
    ("/item", "POST", "other 0", "other 600"),
    ("/item", "REPORT", "other 0", "other 600"),
    ("/item", "DELETE", "view 0", "view 600"),
    ("/any", "GET", "view 0", "view 600"),
    ("/any", "REPORT", "other 0", "other 600"),
    ("/any", "DELETE", "site 0", "site 600"),
    ("/head", "GET", "view 0", "view 600"),
    ("/head", "HEAD", "other 0", "other 600"),
    ("/old", "PUT", "view 600", "view 600"),
    ("/moved", "GET", "site 600", "site 600"),
    ("/missing", "GET", "site 600", "site 600"),
    ("/outer/x", "PUT", "blueprint 600", "blueprint 600"),
    ("/outer/own", "PUT", "view 600", "view 600"),
    ("/outer/missing", "PUT", "blueprint 600", "blueprint 600"),
    ("/outer", "PUT", "blueprint 600", "blueprint 600"),
    ("/outer/", "PUT", "blueprint 600", "blueprint 600"),
    ("/extraX/missing", "PUT", "blueprint 600", "blueprint 600"),
    ("/outermost", "PUT", "site 600", "site 600"),
    ("/outer/inner/x", "GET", "inner 600", "inner 600"),
    ("/outer/inner/own", "PUT", "view 600", "view 600"),
    ("/outer/inner/a/b", "GET", "inner 600", "inner 600"),
    ("/outer/inner", "DELETE", "inner 600", "inner 600"),
]
IDS = [f"{method} {path if path is None or len(path) < 99 else len(path)}" for path, method, *_ in CASES]


@pytest.mark.parametrize(("path", "method", "expected", "_"), CASES, ids=IDS)
def test_the_policy_of_a_preflight(path: str | None, method: str, expected: str, _: str) -> None:
    assert preflight(site(), path, method) == expected


@pytest.mark.parametrize(("path", "method", "_", "expected"), CASES, ids=IDS)
def test_the_policy_of_a_response_that_flask_has_not_routed(
    path: str | None, method: str, _: str, expected: str
) -> None:
    assert said(routes(site()).of_response(environ(path, method))) == expected


@pytest.mark.parametrize(("path", "method", "_", "expected"), CASES, ids=IDS)
def test_the_policy_of_a_write(path: str | None, method: str, _: str, expected: str) -> None:
    assert said(routes(site(csrf_protection=True)).of_write(environ(path, method))) == expected


def test_no_write_is_looked_at_where_no_policy_refuses_any() -> None:
    assert routes(site()).of_write(environ("/own", "PUT")) is None


# --- where the path decides ---------------------------------------------------------------------------------


def by_path() -> Flask:
    """Return an application that allows SITE below /api only, and whose blueprint has a rule for some of its paths."""
    app = Flask("paths", static_folder=None)
    CORS(app, resources={"/api/*": {"origins": SITE}, "/both/*": {"origins": [SITE, OTHER]}}, max_age=600)
    app.config["CORS_MAX_AGE"] = 600
    for prefix in ("/api", "/both", "/private"):
        app.add_url_rule(f"{prefix}/plain", f"{prefix}-plain", view)
        app.add_url_rule(f"{prefix}/own", f"{prefix}-own", own(view))
        app.add_url_rule(f"{prefix}/bare", f"{prefix}-bare", cross_origin(view))
    app.add_url_rule("/<place>/twice", "twice", cross_origin(view))
    blueprint = Blueprint("blueprint", "paths", url_prefix="/blueprint")
    CORS(blueprint, resources={"/blueprint/open": {"origins": BLUEPRINT}})
    blueprint.add_url_rule("/open", "open", view)
    blueprint.add_url_rule("/closed", "closed", view)
    app.register_blueprint(blueprint)
    bare = Blueprint("bare", "paths", url_prefix="/api/blueprint")
    CORS(bare, methods=["GET"])
    bare.add_url_rule("/x", "x", view)
    app.register_blueprint(bare)
    return app


PATHS = [
    ("/api/plain", "site 600"),
    ("/both/plain", "site other 600"),
    ("/private/plain", "none"),
    ("/api/own", "view 600"),
    ("/private/own", "view 600"),
    ("/api/bare", "site 600"),
    ("/both/bare", "site other 600"),
    ("/private/bare", "* 600"),
    ("/api/twice", "site 600"),
    ("/both/twice", "site other 600"),
    ("/api/missing", "site 600"),
    ("/private/missing", "none"),
    ("/blueprint/open", "blueprint 600"),
    ("/blueprint/closed", "none"),
    ("/blueprint/missing", "none"),
    ("/api/blueprint/x", "site 600"),
    ("/api/blueprint/missing", "site 600"),
    ("/api//bare", "site 600"),
    ("/private//bare", "nobody 600"),
]


@pytest.mark.parametrize(("path", "expected"), PATHS, ids=[path for path, _ in PATHS])
def test_the_policy_of_a_path(path: str, expected: str) -> None:
    app = by_path()
    assert preflight(app, path, "GET") == expected
    assert said(routes(app).of_response(environ(path, "GET"))) == expected
