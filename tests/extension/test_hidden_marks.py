"""Views that hide the mark of ``@cross_origin``: wrappers without functools.wraps, loaders, dispatchers; and views that do not."""

from __future__ import annotations

import gc
import tracemalloc
import warnings
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import pytest
from flask import Blueprint, Flask, abort, request
from flask.views import MethodView
from werkzeug.routing import Rule
from werkzeug.test import Client

from flask_crossorigin import CORS, CORSConfigError, CORSWarning, cross_origin
from flask_crossorigin.extension.hidden_marks import HiddenMarks
from flask_crossorigin.extension.marks import mark_of

from ..helpers.cases import APP, OTHER
from ..helpers.flask import allowed, preflighted

THIRD = "https://third.example"


def make(**options: Any) -> Flask:
    app = Flask(__name__)
    CORS(app, **({"origins": THIRD} | options))
    return app


@contextmanager
def hidden() -> Iterator[None]:
    with pytest.warns(CORSWarning, match="is hidden by a decorator above it"):
        yield


@cross_origin(origins=APP)
def save() -> str:
    return "saved"


@cross_origin(origins=OTHER)
def load() -> str:
    return "loaded"


def forgetful(function: Callable[..., Any]) -> Callable[..., Any]:
    def inner(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return inner


class Slotted:
    """A wrapper that has its function in a slot."""

    __slots__ = ("__name__", "function")

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function, self.__name__ = function, "slotted"

    def __call__(self) -> Any:
        return self.function()


class Lazy:
    """A view that is loaded with its first request, as Flask's documentation has it."""

    __name__ = "lazy"

    @cached_property
    def view(self) -> Any:
        return save

    def __call__(self) -> Any:
        return self.view()


class Forgetting(Lazy):
    """A view that is loaded with every request, and kept nowhere."""

    def __call__(self) -> Any:
        return globals()["save"]()


@pytest.mark.parametrize(
    "view",
    [
        pytest.param(lambda: forgetful(save), id="a decorator without functools.wraps"),
        pytest.param(lambda: forgetful(forgetful(save)), id="two of them"),
        pytest.param(lambda: Slotted(save), id="a wrapper with slots"),
        pytest.param(Lazy, id="a view that is loaded with its first request"),
        pytest.param(Forgetting, id="a view that is loaded with every request"),
    ],
)
def test_every_response_of_a_view_that_hides_its_mark_has_the_view_s_policy(view: Any) -> None:
    app = make()
    app.add_url_rule("/x", "x", view(), methods=["GET", "PUT"])
    with hidden():
        assert allowed(app, "/x") == APP  # the first one
    assert [allowed(app, "/x"), allowed(app, "/x", THIRD), allowed(app, "/x", OTHER)] == [APP, None, None]
    assert [preflighted(app, "/x"), preflighted(app, "/x", THIRD)] == [APP, None]


def test_the_warning_of_a_hidden_mark_is_given_once() -> None:
    app = make()
    app.add_url_rule("/", "view", forgetful(save))
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        for _ in range(3):
            allowed(app)
    assert [str(each.message) for each in given] == [
        f"@cross_origin on {__name__}.save is hidden by a decorator above it, so its policy is not used for preflights "
        "until the view has run once: use functools.wraps in that decorator"
    ]


def test_a_mark_is_news_only_once() -> None:
    rule, mark = Rule("/", endpoint="view"), mark_of(save)
    assert mark is not None
    marks = HiddenMarks({"view": forgetful(save)})
    assert not marks
    with hidden():
        assert marks.remember(rule, "", mark)
    assert not marks.remember(rule, "", mark)
    assert marks
    assert marks.of(rule, "GET") == (mark.declaration,)


def test_a_wrapper_that_answers_itself_keeps_what_it_has_reported() -> None:
    def guarded(function: Callable[..., Any]) -> Callable[..., Any]:
        def inner() -> Any:
            if "deny" in request.args:
                abort(403)
            return function()

        return inner

    app = make()
    app.add_url_rule("/x", "x", guarded(save))
    with hidden():
        assert allowed(app, "/x") == APP
    assert [allowed(app, "/x?deny"), allowed(app, "/x?deny", THIRD)] == [APP, None]


def by_closure() -> Callable[..., Any]:
    views = {"save": save, "load": load}

    def dispatch() -> Any:
        return views[request.args["do"]]() if "do" in request.args else "nothing"

    return dispatch


VIEWS = {"save": save, "load": load}


def by_global() -> Any:
    return VIEWS[request.args["do"]]() if "do" in request.args else "nothing"


class ByAttribute:
    __name__ = "by_attribute"

    def __init__(self) -> None:
        self.views = [save, load]

    def __call__(self) -> Any:
        return self.views[request.args["do"] == "load"]() if "do" in request.args else "nothing"


@pytest.mark.parametrize("dispatcher", [by_closure, lambda: by_global, ByAttribute])
def test_each_response_of_a_dispatcher_falls_under_the_function_that_ran(dispatcher: Any) -> None:
    app = make()
    app.add_url_rule("/x", "x", dispatcher(), methods=["GET", "PUT"])
    with hidden():
        for _ in range(2):
            assert [allowed(app, "/x?do=save"), allowed(app, "/x?do=save", OTHER)] == [APP, None]
            assert [allowed(app, "/x?do=load"), allowed(app, "/x?do=load", OTHER)] == [None, OTHER]
    # A dispatcher that ran none of them: nobody knows.
    assert [allowed(app, "/x", origin) for origin in (APP, OTHER, THIRD)] == [None, None, None]
    # Its preflights allow only what every function allows, and are never kept.
    assert [preflighted(app, "/x", origin) for origin in (APP, OTHER, THIRD)] == [None, None, None]


def test_a_preflight_to_a_dispatcher_is_never_kept() -> None:
    one, two = (cross_origin(origins=APP, methods=[method, "GET"])(lambda: "x") for method in ("PUT", "DELETE"))
    views = {"one": one, "two": two}
    app = make()
    app.add_url_rule("/x", "x", forgetful(lambda: views[request.args["do"]]()), methods=["GET", "PUT", "DELETE"])
    app.add_url_rule("/y", "y", dispatching(views), methods=["GET", "PUT", "DELETE"])
    with hidden():
        allowed(app, "/y?do=one"), allowed(app, "/y?do=two")
    headers = {"Origin": APP, "Access-Control-Request-Method": "PUT"}
    assert Client(app).options("/y", headers=headers).headers["Access-Control-Max-Age"] == "0"


def dispatching(views: dict[str, Any]) -> Callable[..., Any]:
    def dispatch() -> Any:
        return views[request.args["do"]]()

    return dispatch


def test_a_view_that_calls_a_decorated_one_keeps_its_own_policy() -> None:
    app = make()

    @app.route("/by-name")
    def by_name() -> Any:
        return save()

    class Item(MethodView):
        def get(self) -> Any:
            return save()

    def helper() -> Any:
        return save()

    app.add_url_rule("/indirectly", "indirectly", lambda: helper())
    app.add_url_rule("/class", view_func=Item.as_view("item"))
    app.add_url_rule("/decorated", "decorated", cross_origin(origins=OTHER)(by_name))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for path in ("/by-name", "/class", "/indirectly"):
            assert app.test_client().get(path).status_code == 200, path  # no warning became an error
            assert [allowed(app, path), allowed(app, path, THIRD)] == [None, THIRD], path
        assert [allowed(app, "/decorated"), allowed(app, "/decorated", OTHER)] == [None, OTHER]


def test_where_it_cannot_be_known_no_origin_is_allowed() -> None:
    app = make()

    @app.route("/x")
    def view() -> Any:
        return __import__("importlib").import_module(__name__).__dict__["sa" + "ve"]()

    place = f"{__name__}.test_where_it_cannot_be_known_no_origin_is_allowed.<locals>.view"
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        assert [allowed(app, "/x", origin) for origin in (APP, OTHER, THIRD)] == [None, None, None]
    assert {str(each.message) for each in given} == {
        f"{place} runs {__name__}.save, which has @cross_origin, and the library cannot find out which policy applies: "
        "the responses allow no origin. Decorate the registered view itself"
    }


def test_the_same_function_bare_in_another_application_is_another_view() -> None:
    def function() -> str:
        return "x"

    first, second = make(), make(origins=OTHER)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        first.add_url_rule("/x", "x", cross_origin(origins=APP)(function))
        second.add_url_rule("/x", "x", function)
        assert [allowed(second, "/x"), allowed(second, "/x", OTHER)] == [None, OTHER]
        assert allowed(first, "/x") == APP


def test_a_rule_without_methods_is_a_mixed_url() -> None:
    app = make()

    class Item(MethodView):
        @cross_origin(origins=APP)
        def put(self) -> str:
            return "put"

        @cross_origin(origins=[APP, OTHER])
        def delete(self) -> str:
            return "delete"

    app.view_functions["item"] = Item.as_view("item")
    app.url_map.add(Rule("/item", endpoint="item"))
    headers = {"Origin": OTHER, "Access-Control-Request-Method": "DELETE"}
    assert Client(app).options("/item", headers=headers).headers["Access-Control-Max-Age"] == "0"


def test_an_untrusted_host_is_the_application_s_business() -> None:
    app = Flask(__name__, subdomain_matching=True)
    app.config |= {"SERVER_NAME": "site.example", "TRUSTED_HOSTS": ["site.example"]}
    CORS(app, origins=THIRD)
    app.add_url_rule("/x", "x", cross_origin(origins=APP)(lambda: "x"))
    response = Client(app).get("/x", base_url="http://evil.example", headers={"Origin": APP})
    assert response.status_code in (400, 404)  # 400 since Flask 3.1, which knows TRUSTED_HOSTS
    preflight = {"Origin": THIRD, "Access-Control-Request-Method": "GET"}
    assert Client(app).options("/x", base_url="http://evil.example", headers=preflight).status_code == 200


@pytest.mark.parametrize("decorated", [False, True])
def test_the_application_is_freed_with_its_last_reference(decorated: bool) -> None:
    gc.collect()
    gc.disable()
    try:
        app = make()
        view = cross_origin(origins=APP)(lambda: "x") if decorated else (lambda: "x")
        app.add_url_rule("/x", "x", view)
        assert allowed(app, "/x") == (APP if decorated else None)
        preflighted(app, "/x")
        gone = weakref.ref(app)
        del app
        assert gone() is None
    finally:
        gc.enable()


# --- options that a decorator does not give ------------------------------------------------------------------


def test_options_that_are_not_given_come_from_the_config() -> None:
    app = Flask(__name__)
    app.config |= {"CORS_ORIGINS": APP, "CORS_EXPOSE_HEADERS": "X-Total"}
    app.add_url_rule("/alone", "alone", cross_origin(max_age=5)(lambda: "x"))
    headers = Client(app).get("/alone", headers={"Origin": APP}).headers
    assert (headers["Access-Control-Allow-Origin"], headers["Access-Control-Expose-Headers"]) == (APP, "X-Total")
    assert allowed(app, "/alone", OTHER) is None


def test_keywords_of_the_application_are_its_own() -> None:
    app = make(methods=["GET"], supports_credentials=True)
    app.add_url_rule("/x", "x", cross_origin(lambda: "x"), methods=["GET", "PUT"])
    headers = Client(app).get("/x", headers={"Origin": THIRD}).headers
    assert headers["Access-Control-Allow-Origin"] == THIRD
    assert "Access-Control-Allow-Credentials" not in headers
    assert preflighted(app, "/x", THIRD) == THIRD


def test_resources_decide_for_the_paths_that_they_cover() -> None:
    app = Flask(__name__)
    CORS(app, resources={"/a/*": {"origins": APP}, "/b/*": {"origins": OTHER}})
    app.add_url_rule("/<which>/x", "x", cross_origin(lambda which: which))
    assert [allowed(app, "/a/x"), allowed(app, "/a/x", OTHER)] == [APP, None]
    assert [allowed(app, "/b/x"), allowed(app, "/b/x", OTHER)] == [None, OTHER]
    assert allowed(app, "/c/x") == "*"


def test_a_mistake_that_the_config_makes_names_the_view() -> None:
    app = Flask(__name__)
    app.config |= {"CORS_ORIGINS": "*", "TESTING": True}
    app.add_url_rule("/x", "x", cross_origin(supports_credentials=True)(save.__wrapped__))  # type: ignore[attr-defined]
    message = r"@cross_origin on tests\.extension\.test_hidden_marks\.save: origins: '\*' is prohibited"
    with pytest.raises(CORSConfigError, match=message):
        app.test_client().get("/x", headers={"Origin": APP})


def test_credentials_without_origins_anywhere() -> None:
    app = Flask(__name__)
    app.testing = True
    app.add_url_rule("/x", "x", cross_origin(supports_credentials=True)(lambda: "x"))
    with pytest.raises(CORSConfigError, match="is the default, because no origins are given"):
        app.test_client().get("/x", headers={"Origin": APP})


def test_a_blueprint_inherits_the_application_s_origins_whenever_they_are_given() -> None:
    app, blueprint = Flask(__name__), Blueprint("api", __name__)
    CORS(blueprint, methods="GET")
    blueprint.add_url_rule("/x", "x", lambda: "x")
    app.register_blueprint(blueprint)
    CORS(app, origins=APP)
    assert [allowed(app, "/x"), allowed(app, "/x", OTHER)] == [APP, None]


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_an_unusual_path_does_not_make_an_inherited_policy_looser(method: str) -> None:
    app = Flask(__name__)
    CORS(app, resources={"/api/*": {"origins": APP}})
    app.add_url_rule("/api/items", "items", cross_origin(lambda: "items"), methods=["GET", "PUT"])
    for path in ("//api/items", "///api/items", "/api/items"):
        assert preflighted(app, path, OTHER, method) is None
        assert allowed(app, path, OTHER) is None


class Purging(MethodView):
    methods = frozenset({"GET", "PURGE"})

    def get(self) -> str:
        return "get"

    @cross_origin(origins=OTHER)
    def purge(self) -> str:
        return "purged"


@pytest.mark.parametrize(
    ("rules", "path"),
    [
        ([Rule("/a", endpoint="class")], "/a"),
        (
            [
                Rule("/a", endpoint="any", methods=["GET"], redirect_to="/b"),
                Rule("/b", endpoint="any"),
                Rule("/a", endpoint="own", methods=["PUT"]),
            ],
            "/a",
        ),
        (
            [
                Rule("/a/", endpoint="any", methods=["GET"], defaults={"page": 1}),
                Rule("/a/<int:page>", endpoint="any", methods=["GET"]),
                Rule("/a/<int:page>", endpoint="own", methods=["PUT"]),
            ],
            "/a/1",
        ),
    ],
    ids=["a class has a method of its own", "one method is redirected", "one method is redirected to defaults"],
)
def test_preflights_of_a_url_with_several_policies_are_not_cached(rules: list[Rule], path: str) -> None:
    app = make(origins=APP)
    for rule in rules:
        app.url_map.add(rule.empty())  # a rule belongs to one map
    app.view_functions |= {"any": lambda **_: "any", "own": cross_origin(origins=OTHER)(lambda **_: "own")}
    app.view_functions["class"] = Purging.as_view("class")
    headers = {"Origin": APP, "Access-Control-Request-Method": "GET"}
    assert Client(app).options(path, headers=headers).headers["Access-Control-Max-Age"] == "0"


@pytest.mark.parametrize("rule", ['/<any("a>",b):name>', "/<any(b):name>"])
def test_every_argument_of_a_converter_is_read(rule: str) -> None:
    app = make()
    app.add_url_rule(rule, "view", cross_origin(origins=APP)(lambda name: name), methods=["GET", "PUT"])
    assert preflighted(app, "/b", APP, "PUT") == APP


def test_methods_that_clients_make_up_are_not_kept() -> None:
    app = make()
    app.url_map.add(Rule("/a", endpoint="any"))
    app.view_functions["any"] = cross_origin(origins=APP)(lambda: "any")
    Client(app).get("/a")
    tracemalloc.start()
    try:
        for number in range(50):
            preflighted(app, "/a", APP, f"{number}" + "X" * 100_000)
        gc.collect()
        kept, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert kept < 1_000_000
