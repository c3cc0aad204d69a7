"""Who calls a decorated function: a wrapper of it, a dispatcher, or a view of its own."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask, request
from flask.views import MethodView

from flask_crossorigin import CORS, CORSWarning, cross_origin

from ..helpers.cases import APP, OTHER
from ..helpers.flask import allowed, preflighted

FOREIGN = "https://foreign.example"


@cross_origin(origins=APP)
def first() -> str:
    return "first"


@cross_origin(origins=OTHER)
def second() -> str:
    return "second"


@cross_origin(origins=APP)
def path() -> str:
    return "path"


BY_NAME = {"first": first, "second": second}


def run(function: Callable[[], str]) -> str:
    return function()


def forgetful(function: Callable[..., Any]) -> Callable[..., Any]:
    def inner(*args: Any) -> Any:
        assert request.path  # an attribute with the name of a decorated function of this module
        return function(*args)

    return inner


def copying(function: Callable[..., Any]) -> Callable[..., Any]:
    def inner() -> Any:
        return function()

    for name in functools.WRAPPER_ASSIGNMENTS:
        setattr(inner, name, getattr(function, name))
    return inner


def made(view: Any, rule: str = "/", **options: Any) -> Flask:
    app = Flask(__name__)
    CORS(app, **({"origins": FOREIGN} | options))
    app.add_url_rule(rule, "view", view, methods=["GET", "PUT"])
    return app


def origins_of(app: Flask, target: str = "/") -> list[str | None]:
    """Return what the second response allows to each origin: the first has told what there is."""
    app.test_client().get(target)
    return [allowed(app, target, origin) for origin in (FOREIGN, APP, OTHER)]


# --- wrappers ---------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore::flask_crossorigin.CORSWarning")
@pytest.mark.parametrize("wrapper", [forgetful, copying], ids=["reads an attribute of that name", "copies the name"])
def test_a_wrapper_has_the_policy_of_its_function(wrapper: Any) -> None:
    assert origins_of(made(wrapper(path))) == [None, APP, None]


# --- views of their own -----------------------------------------------------------------------------------


def factory() -> Any:
    @cross_origin(origins=APP)
    def public() -> str:
        return "public"

    @forgetful
    def private(*_: Any) -> str:
        return "secret and " + public()

    return private


class Views:
    @cross_origin(origins=APP)
    def public(self) -> str:
        return "public"

    def private(self) -> str:
        return "secret and " + self.public()


class ByMethod(MethodView):
    @cross_origin(origins=APP)
    def get(self) -> str:
        return "public"

    def put(self) -> str:
        return "secret and " + self.get()


@pytest.mark.parametrize(
    "view",
    [factory(), functools.partial(factory(), 1), Views().private],
    ids=["a closure under a decorator", "a partial of a closure", "a bound method"],
)
def test_a_view_that_calls_a_decorated_function_keeps_its_own_policy(view: Any) -> None:
    app = made(view)
    assert origins_of(app) == [FOREIGN, None, None]
    assert preflighted(app, "/", APP, "PUT") is None


def test_a_method_that_calls_another_keeps_its_own_policy() -> None:
    client = made(ByMethod.as_view("view")).test_client()
    answers = [client.put("/", headers={"Origin": origin}) for origin in (FOREIGN, APP)]
    assert [answer.headers.get("Access-Control-Allow-Origin") for answer in answers] == [FOREIGN, None]


# --- dispatchers ------------------------------------------------------------------------------------------


def by_helper(name: str) -> str:
    return run(BY_NAME[name])


def batch(name: str) -> str:
    return "".join(BY_NAME[each]() for each in name.split(","))


class Dispatcher:
    def __init__(self) -> None:
        self.functions = dict(BY_NAME)

    def dispatch(self, name: str) -> str:
        return self.functions[name]()


@pytest.mark.filterwarnings("ignore::flask_crossorigin.CORSWarning")
@pytest.mark.parametrize(
    "view",
    [by_helper, batch, Dispatcher().dispatch],
    ids=["through a helper", "in a generator", "as a method"],
)
def test_a_dispatcher_has_the_policy_of_the_function_that_ran(view: Any) -> None:
    app = made(view, "/<name>", origins="*")
    assert origins_of(app, "/first") == [None, APP, None]
    assert origins_of(app, "/second") == [None, None, OTHER]


@pytest.mark.filterwarnings("ignore::flask_crossorigin.CORSWarning")
def test_a_response_of_two_functions_with_different_policies_allows_no_origin() -> None:
    assert origins_of(made(batch, "/<name>", origins="*"), "/first,second") == [None, None, None]


# --- what turns up later ----------------------------------------------------------------------------------


def test_a_view_that_hides_its_mark_is_found_after_other_requests() -> None:
    app = made(forgetful(first), "/hidden", origins=OTHER)
    app.add_url_rule("/plain", "plain", lambda: "plain")
    for _ in range(3):
        assert allowed(app, "/plain", OTHER) == OTHER
    with pytest.warns(CORSWarning, match="is hidden by a decorator above it"):
        assert allowed(app, "/hidden", APP) == APP
    assert (preflighted(app, "/hidden", APP, "PUT"), preflighted(app, "/hidden", OTHER, "PUT")) == (APP, None)


def test_a_view_that_is_replaced_has_the_new_policy() -> None:
    app = made(lambda: "old", origins=OTHER)
    for _ in range(3):
        assert allowed(app, "/", OTHER) == OTHER
    app.view_functions["view"] = first
    assert [allowed(app, "/", origin) for origin in (APP, OTHER)] == [APP, None]
    assert [preflighted(app, "/", origin, "PUT") for origin in (APP, OTHER)] == [APP, None]


def test_a_mark_is_found_under_a_wrapper_that_copies_the_environ() -> None:
    app = Flask(__name__)
    inner = app.wsgi_app
    app.wsgi_app = lambda environ, start: inner(dict(environ), start)  # type: ignore[assignment, method-assign]
    CORS(app, origins="*")
    app.add_url_rule("/", "view", forgetful(first))
    with pytest.warns(CORSWarning, match="is hidden by a decorator above it"):
        assert allowed(app, "/", OTHER) is None
    assert allowed(app, "/", APP) == APP


class Interrupting(dict[str, Any]):
    """View functions; the look-up number *at* is interrupted by another request."""

    at = 0

    def get(self, *args: Any) -> Any:
        self.at -= 1
        if self.at == 0:
            self.interrupt()
        return super().get(*args)

    def interrupt(self) -> None:
        raise NotImplementedError


@pytest.mark.filterwarnings("ignore::flask_crossorigin.CORSWarning")
@pytest.mark.parametrize("at", range(1, 8))
def test_what_is_worked_out_while_a_mark_is_found_is_not_kept(at: int) -> None:
    app = Flask(__name__, static_folder=None)
    views = app.view_functions = Interrupting()
    CORS(app, origins=OTHER)
    app.add_url_rule("/hidden", "view", forgetful(first), methods=["GET", "PUT"])
    app.add_url_rule("/own", "own", second)
    app.test_client().get("/own")
    views.interrupt = lambda: allowed(app, "/hidden", APP)  # type: ignore[assignment, method-assign, return-value]
    views.at = at
    preflighted(app, "/hidden", OTHER, "PUT")
    allowed(app, "/hidden", APP)
    assert [preflighted(app, "/hidden", origin, "PUT") for origin in (APP, OTHER)] == [APP, None]
