"""Which declaration a view carries, wherever it is written, and which one came too late."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.views import MethodView, View

from flask_crossorigin import CORS, cross_origin
from flask_crossorigin.extension.cors import routes_of
from flask_crossorigin.extension.marks import declaration_of, handler_of, mark_of, marked_in_place_of

from ..helpers.cases import APP, OTHER

FIRST, SECOND, THIRD = (f"https://{name}.example" for name in ("first", "second", "third"))
first, second, third = (cross_origin(origins=origin) for origin in (FIRST, SECOND, THIRD))


@first
def decorated() -> str:
    return "decorated"


def plain() -> str:
    return "plain"


@functools.wraps(decorated)
def wrapping() -> str:
    return decorated()


class Methods(MethodView):
    @second
    def get(self) -> str:
        return "get"

    def post(self) -> str:
        return "post"


class Whole(MethodView):
    decorators = [first]  # noqa: RUF012

    def get(self) -> str:
        return "get"

    @second
    def put(self) -> str:
        return "put"


class Listed(View):
    """As a resource of Flask-RESTful: the decorators of every method."""

    method_decorators: Any = (plain, second, third)

    def get(self) -> str:
        return "get"

    @first
    def put(self) -> str:
        return "put"


class Mapped(View):
    """As a resource of Flask-RESTX: the decorators of each method."""

    method_decorators = {"get": [third], "post": [cross_origin]}  # noqa: RUF012

    def get(self) -> str:
        return "get"


def origins_of(view: Any, method: str) -> Any:
    declaration = declaration_of(view, method)
    return None if declaration is None else declaration.options.get("origins", "inherited")


@pytest.mark.parametrize(
    ("view", "method", "origins"),
    [
        pytest.param(decorated, "GET", FIRST, id="a function"),
        pytest.param(plain, "GET", None, id="a function without a decorator"),
        pytest.param(wrapping, "GET", FIRST, id="a wrapper that passes the mark on"),
        pytest.param(functools.partial(decorated), "GET", FIRST, id="a partial"),
        pytest.param(functools.partial(functools.partial(wrapping)), "GET", FIRST, id="a partial of a partial"),
        pytest.param(second(decorated), "GET", FIRST, id="two decorators: the nearest to the function"),
        pytest.param(None, "GET", None, id="no view"),
        pytest.param(Methods.as_view("a"), "GET", SECOND, id="a method"),
        pytest.param(Methods.as_view("a"), "HEAD", SECOND, id="HEAD, which the method for GET answers"),
        pytest.param(Methods.as_view("a"), "POST", None, id="another method"),
        pytest.param(Methods.as_view("a"), "PUT", None, id="a method that the class does not have"),
        pytest.param(Whole.as_view("b"), "GET", FIRST, id="a class"),
        pytest.param(Whole.as_view("b"), "PUT", SECOND, id="a method of a class: the nearest"),
        pytest.param(Listed.as_view("c"), "GET", SECOND, id="decorators of every method: the first that declares"),
        pytest.param(Listed.as_view("c"), "PUT", FIRST, id="a method below the decorators of every method"),
        pytest.param(Mapped.as_view("d"), "GET", THIRD, id="decorators of one method"),
        pytest.param(Mapped.as_view("d"), "POST", "inherited", id="a bare decorator of one method"),
        pytest.param(Mapped.as_view("d"), "PUT", None, id="a method without decorators"),
        pytest.param(third(Mapped.as_view("d")), "PUT", THIRD, id="the view of a class, decorated"),
    ],
)
def test_what_a_view_declares(view: Any, method: str, origins: str | None) -> None:
    assert origins_of(view, method) == origins


def test_the_function_that_answers_a_method() -> None:
    class Own(MethodView):
        def get(self) -> str:
            return "get"

        def head(self) -> str:
            return ""

    assert [handler_of(Own, method) for method in ("GET", "HEAD", "PUT")] == [Own.get, Own.head, None]
    assert handler_of(Methods, "HEAD") is Methods.get


# --- decorators above @app.route ---------------------------------------------------------------------------

registered: dict[str, Any] = {}


def route(function: Callable[[], str]) -> Callable[[], str]:
    """Keep the function, as ``@app.route`` does, and return it."""
    registered[function.__name__] = function
    return function


@first
@route
def above() -> str:
    return "above"


@route
@first
def below() -> str:
    return "below"


@route
def bare() -> str:
    return "bare"


def local() -> Any:
    @first
    @route
    def above() -> str:
        return "local"

    return registered.pop("above")


LOCAL_ABOVE, registered["above"] = local(), mark_of(above).function  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("view", "is_found"),
    [
        pytest.param(registered["above"], True, id="above @app.route"),
        pytest.param(registered["below"], False, id="below it"),
        pytest.param(registered["bare"], False, id="nowhere"),
        pytest.param(LOCAL_ABOVE, False, id="a function of a function, with the name of another"),
        pytest.param(Methods.as_view("a"), False, id="a class"),
        pytest.param(functools.partial(plain), False, id="a partial"),
    ],
)
def test_a_decorator_above_the_route_is_seen_in_the_module(view: Any, is_found: bool) -> None:
    mark = marked_in_place_of(view)
    assert (mark is not None) is is_found
    assert mark is None or mark.function is view


def test_views_that_were_decorated_too_late_are_named() -> None:
    app = Flask("late")
    CORS(app, origins=APP)
    for name in ("above", "below", "bare"):
        app.add_url_rule(f"/{name}", name, registered[name])
    marks = routes_of(app).owners.hidden_marks
    assert marks.without_effect() == [f"{__name__}.above"]

    def view() -> str:
        return "view"

    app.add_url_rule("/view", "view", view)
    second(view)  # which nobody keeps
    kept = second(registered["bare"])  # which somebody registers elsewhere
    assert marks.without_effect() == [f"{__name__}.above", f"{__name__}.{view.__qualname__}"]
    assert callable(kept)


# --- what is declared, by name ------------------------------------------------------------------------------


def test_every_declaration_has_the_name_of_its_place() -> None:
    app = Flask("named")
    CORS(app, origins=OTHER)
    for name, view in (("a", decorated), ("b", plain), ("c", Methods.as_view("c")), ("d", Whole.as_view("d"))):
        app.add_url_rule(f"/{name}", name, view)
    found = {(where, each.options["origins"]) for where, each in routes_of(app).owners.declared()}
    assert found == {
        (f"@cross_origin on {__name__}.decorated: ", FIRST),
        (f"@cross_origin on {__name__}.Methods: ", SECOND),
        (f"@cross_origin on {__name__}.Whole: ", FIRST),
        (f"@cross_origin on {__name__}.Whole: ", SECOND),
    }


@pytest.mark.parametrize(
    ("config", "view", "expected"),
    [
        ({}, plain, False),
        ({"CORS_CSRF_PROTECTION": True, "CORS_ORIGINS": APP}, plain, True),
        ({}, cross_origin(origins=APP, csrf_protection=True)(plain), True),
        ({"CORS_RESOURCES": "/api/*", "CORS_ORIGINS": APP}, decorated, False),
    ],
    ids=["nowhere", "in the configuration", "at a view", "with patterns in the configuration"],
)
def test_where_writes_may_be_refused(config: dict[str, Any], view: Any, expected: bool) -> None:
    app = Flask("writes")
    app.config.update(config)
    app.config.setdefault("CORS_ORIGINS", OTHER)
    CORS(app)
    app.add_url_rule("/", "view", view)
    routes = routes_of(app)
    routes.has_own_policies()
    assert routes.policies.may_protect is expected
