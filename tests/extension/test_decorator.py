"""``@cross_origin``: where it may stand, what it decides, and that nothing is ever widened."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import flask
import pytest
from flask import Blueprint, Flask
from flask.views import MethodView, View
from werkzeug.test import Client

from flask_crossorigin import CORS, CORSConfigError, CORSWarning, cross_origin

from ..helpers.cases import APP, OTHER
from ..helpers.flask import allowed, preflighted

THIRD = "https://third.example"
ALONE = pytest.mark.parametrize("covered", [True, False], ids=["under CORS(app)", "alone"])


def make(covered: bool = True, **options: Any) -> Flask:
    app = Flask(__name__)
    if covered:
        CORS(app, **{"origins": OTHER} | options)
    return app


def forgetful(function: Callable[..., Any]) -> Callable[..., Any]:
    """A decorator that forgets functools.wraps."""

    def inner(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return inner


def faithful(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def inner(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    return inner


class TestWhereItStands:
    @ALONE
    @pytest.mark.parametrize(
        "covered_by",
        [lambda f: f, faithful, lambda f: faithful(faithful(f))],
        ids=["at the top", "below one", "below two"],
    )
    def test_below_route_and_decorators(self, covered: bool, covered_by: Any) -> None:
        app = make(covered)

        @app.route("/x", methods=["GET", "PUT"])
        @covered_by
        @cross_origin(origins=APP)
        def view() -> str:
            return "x"

        assert (allowed(app, "/x"), preflighted(app, "/x"), allowed(app, "/x", OTHER)) == (APP, APP, None)

    @ALONE
    def test_above_other_decorators(self, covered: bool) -> None:
        app = make(covered)
        app.add_url_rule("/x", "x", cross_origin(origins=APP)(forgetful(lambda: "x")))
        assert (allowed(app, "/x"), preflighted(app, "/x")) == (APP, APP)

    @ALONE
    def test_bare_and_called_without_options_it_allows_what_the_application_does(self, covered: bool) -> None:
        app = make(covered)  # for an origin that is never sent, or without CORS(app)
        app.add_url_rule("/bare", "bare", cross_origin(lambda: "bare"))
        app.add_url_rule("/called", "called", cross_origin()(lambda: "called"))
        expected = None if covered else "*"
        assert [allowed(app, "/bare"), allowed(app, "/called"), preflighted(app, "/bare")] == [expected] * 3

    @ALONE
    def test_async_views(self, covered: bool) -> None:
        app = make(covered)

        @app.route("/x", methods=["GET", "PUT"])
        @cross_origin(origins=APP)
        async def view() -> str:
            return "async"

        assert Client(app).get("/x").text == "async"
        assert (allowed(app, "/x"), preflighted(app, "/x")) == (APP, APP)

    def test_methods_of_one_path(self) -> None:
        app = make()

        class Item(MethodView):
            @cross_origin(origins="*")
            def get(self) -> str:
                return "get"

            @cross_origin(origins=APP, supports_credentials=True)
            def put(self) -> str:
                return "put"

            def delete(self) -> str:
                return "delete"

        app.add_url_rule("/item", view_func=Item.as_view("item"))
        assert [allowed(app, "/item", APP, method) for method in ("GET", "HEAD", "PUT", "DELETE", "PATCH")] == [
            "*",
            "*",
            APP,
            None,
            "*",
        ]
        assert [preflighted(app, "/item", APP, method) for method in ("GET", "PUT", "DELETE", "PATCH")] == [
            "*",
            APP,
            None,
            "*",
        ]
        assert [preflighted(app, "/item", OTHER, method) for method in ("GET", "PUT", "DELETE")] == ["*", None, OTHER]

    @pytest.mark.parametrize("asked", ["put", "Put", "BREW"])
    def test_a_preflight_s_spelling_of_a_method_changes_no_other_method(self, asked: str) -> None:
        app = make()

        class Item(MethodView):
            @cross_origin(origins=APP)
            def get(self) -> str:
                return "get"

            @cross_origin(origins=THIRD)
            def put(self) -> str:
                return "put"

        app.add_url_rule("/item", view_func=Item.as_view("item"))
        app.test_client().get("/missing")
        preflighted(app, "/item", THIRD, asked)
        assert (allowed(app, "/item", APP), allowed(app, "/item", THIRD), preflighted(app, "/item", THIRD, "GET")) == (
            APP,
            None,
            None,
        )

    def test_methods_alone_have_their_headers_and_no_preflight(self) -> None:
        app = make(covered=False)

        class Item(MethodView):
            @cross_origin(origins=APP)
            def get(self) -> str:
                return "get"

        app.add_url_rule("/item", view_func=Item.as_view("item"))
        assert (allowed(app, "/item"), preflighted(app, "/item")) == (APP, None)

    def test_decorators_of_a_view_class(self) -> None:
        app = make()

        class Item(MethodView):
            decorators = (faithful, cross_origin(origins=APP), faithful)  # type: ignore[assignment]

            def get(self) -> str:
                return "get"

            @cross_origin(origins=THIRD)
            def put(self) -> str:
                return "put"

        class Old(View):
            decorators = (cross_origin(origins="*"),)  # type: ignore[assignment]

            def dispatch_request(self) -> str:
                return "old"

        app.add_url_rule("/item", view_func=Item.as_view("item"))
        app.add_url_rule("/old", view_func=Old.as_view("old"))
        assert (allowed(app, "/item"), preflighted(app, "/item", method="GET"), allowed(app, "/old")) == (APP, APP, "*")
        assert (allowed(app, "/item", THIRD, "PUT"), allowed(app, "/item", APP, "PUT")) == (THIRD, None)

    def test_one_function_under_several_routes_and_undecorated_under_another(self) -> None:
        def view() -> str:
            return "x"

        before = dict(vars(view))
        app = make()
        decorated = cross_origin(origins=APP)(view)
        app.add_url_rule("/a", "a", decorated)
        app.add_url_rule("/b", "b", decorated)
        app.add_url_rule("/plain", "plain", view)
        assert [allowed(app, path) for path in ("/a", "/b", "/plain")] == [APP, APP, None]
        assert allowed(app, "/plain", OTHER) == OTHER
        assert vars(view) == before

    @ALONE
    def test_a_view_that_calls_a_decorated_one_does_not_get_its_policy(self, covered: bool) -> None:
        app = make(covered)

        @app.route("/a")
        @cross_origin(origins=APP)
        def a() -> str:
            return "a"

        @app.route("/b")
        def b() -> str:
            return str(a()) + "b"

        @app.route("/c")
        @cross_origin(origins=THIRD)
        def c() -> str:
            return str(a())

        assert (allowed(app, "/a"), allowed(app, "/b"), allowed(app, "/c"), allowed(app, "/c", THIRD)) == (
            APP,
            None,
            None,
            THIRD,
        )
        assert allowed(app, "/b", OTHER) == (OTHER if covered else None)

    @ALONE
    def test_the_one_nearest_to_the_function_wins(self, covered: bool) -> None:
        app = make(covered)
        app.add_url_rule("/x", "x", cross_origin(origins=THIRD)(faithful(cross_origin(origins=APP)(lambda: "x"))))
        assert (allowed(app, "/x"), allowed(app, "/x", THIRD), preflighted(app, "/x", method="GET")) == (APP, None, APP)

    @pytest.mark.filterwarnings("default::flask_crossorigin.CORSWarning")
    @pytest.mark.parametrize(
        "hide",
        [forgetful, lambda f: forgetful(forgetful(f)), lambda f: functools.partial(forgetful(f))],
        ids=["one", "two", "a partial"],
    )
    def test_below_a_decorator_that_forgets_wraps(self, hide: Any) -> None:
        app = make()

        def view(number: int) -> str:
            return str(number)

        app.add_url_rule("/x/<int:number>", "x", hide(cross_origin(origins=APP)(view)), methods=["GET", "PUT"])
        app.add_url_rule("/y", "y", lambda: "y")
        assert preflighted(app, "/x/1") is None
        with pytest.warns(CORSWarning, match="is hidden by a decorator above it, so its policy"):
            assert allowed(app, "/x/1") == APP
        assert (preflighted(app, "/x/2"), preflighted(app, "/x/2", OTHER), allowed(app, "/x/1")) == (APP, None, APP)
        assert allowed(app, "/y", OTHER) == OTHER

    def test_below_an_object_that_decorates(self) -> None:
        class Decorator:
            def __init__(self, function: Any) -> None:
                self.function = function

            def __call__(self, *args: Any) -> Any:
                return self.function(*args)

        app = make()
        app.add_url_rule("/x", "x", Decorator(cross_origin(origins=APP)(lambda: "x")))
        with pytest.warns(CORSWarning, match="is hidden"):
            assert allowed(app, "/x") == APP

    def test_a_method_below_a_decorator_that_forgets_wraps(self) -> None:
        app = make()

        class Item(MethodView):
            @forgetful
            @cross_origin(origins=APP)
            def put(self) -> str:
                return "put"

            def get(self) -> str:
                return "get"

        app.add_url_rule("/item", view_func=Item.as_view("item"))
        with pytest.warns(CORSWarning, match="is hidden"):
            assert allowed(app, "/item", APP, "PUT") == APP
        assert (preflighted(app, "/item"), allowed(app, "/item"), allowed(app, "/item", OTHER)) == (APP, None, OTHER)

    def test_above_route_it_has_no_effect_and_says_so(self) -> None:
        app = make()

        @cross_origin(origins=APP)
        @app.route("/x")
        def view() -> str:
            return "x"

        del view
        with pytest.warns(
            CORSWarning,
            match=r"@cross_origin on tests.extension.test_decorator.*view has no effect above @app.route: write it below",
        ):
            assert allowed(app, "/x") is None
        assert allowed(app, "/x", OTHER) == OTHER


class TestMistakes:
    def test_a_positional_origin(self) -> None:
        with pytest.raises(
            TypeError,
            match=r"'https://a.example' is not a view, and options are keywords: write @cross_origin\(origins='https://a.example'\)",
        ):
            cross_origin("https://a.example")  # type: ignore[call-overload]

    def test_a_class(self) -> None:
        with pytest.raises(TypeError, match=r"Item is a class: put it into the class, as decorators = \[cross_origin"):

            @cross_origin()
            class Item(MethodView):
                pass

        with pytest.raises(TypeError, match="Item2 is a class"):

            @cross_origin
            class Item2(MethodView):
                pass

    def test_an_option_that_is_wrong(self) -> None:
        with pytest.raises(CORSConfigError, match="did you mean 'origins'"):
            cross_origin(origin=APP)  # type: ignore[call-overload]
        with pytest.raises(CORSConfigError, match=r"'\*' is prohibited with supports_credentials"):
            cross_origin(origins="*", supports_credentials=True)


class TestAlone:
    """What the decorator can do without CORS(app), and what it cannot."""

    def test_hooks_run_before_the_preflight(self) -> None:
        app = make(covered=False)
        app.add_url_rule("/x", "x", cross_origin(origins=APP)(lambda: "x"))
        app.before_request(lambda: flask.abort(401))
        assert (
            Client(app).options("/x", headers={"Origin": APP, "Access-Control-Request-Method": "PUT"}).status_code
            == 401
        )

    def test_there_are_no_headers_where_the_view_does_not_run(self) -> None:
        app = make(covered=False)
        app.add_url_rule("/x", "x", cross_origin(origins=APP)(lambda: "x"))
        assert (allowed(app, "/none"), allowed(app, "/x", method="DELETE")) == (None, None)

    def test_automatic_options_switched_off_are_honoured(self) -> None:
        app = make(covered=False)
        app.config["PROVIDE_AUTOMATIC_OPTIONS"] = False
        app.add_url_rule("/x", "x", cross_origin(origins=APP)(lambda: "x"))
        response = Client(app).options("/x", headers={"Origin": APP, "Access-Control-Request-Method": "PUT"})
        assert (response.status_code, response.headers["Allow"]) == (405, "GET, HEAD")

    def test_an_undecorated_view_of_the_same_url_that_came_first_takes_its_options(self) -> None:
        app = make(covered=False)
        app.add_url_rule("/x", "get", lambda: "get")
        app.add_url_rule("/x", "put", cross_origin(origins=APP)(lambda: "put"), methods=["PUT"])
        assert preflighted(app, "/x") is None

    def test_a_preflight_is_answered_by_the_view_that_serves_its_method(self) -> None:
        app = make(covered=False)
        app.add_url_rule("/x", "put", cross_origin(origins=APP)(lambda: "put"), methods=["PUT"])
        app.add_url_rule(
            "/x", "delete", cross_origin(origins=OTHER, max_age=None)(lambda: "delete"), methods=["DELETE"]
        )
        app.add_url_rule("/x", "post", lambda: "post", methods=["POST"])
        assert (
            preflighted(app, "/x", APP, "PUT"),
            preflighted(app, "/x", APP, "DELETE"),
            preflighted(app, "/x", APP, "POST"),
        ) == (APP, None, None)
        assert (preflighted(app, "/x", OTHER, "DELETE"), preflighted(app, "/x", OTHER, "PUT")) == (OTHER, None)
        response = Client(app).options("/x", headers={"Origin": OTHER, "Access-Control-Request-Method": "DELETE"})
        assert response.headers["Access-Control-Max-Age"] == "0"

    def test_options_that_is_no_preflight(self) -> None:
        app = make(covered=False)
        app.add_url_rule("/auto", "auto", cross_origin(origins=APP)(lambda: "auto"))
        app.add_url_rule("/own", "own", cross_origin(origins=APP)(lambda: "own"), methods=["GET", "OPTIONS"])
        automatic = Client(app).options("/auto", headers={"Origin": APP})
        assert set(automatic.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
        assert automatic.headers["Access-Control-Allow-Origin"] == APP
        assert Client(app).options("/own", headers={"Origin": APP}).text == "own"

    def test_errors_of_the_view_have_the_headers(self) -> None:
        app = make(covered=False)
        app.add_url_rule("/abort", "abort", cross_origin(origins=APP)(lambda: flask.abort(418)))
        app.add_url_rule("/raise", "raise", cross_origin(origins=APP)(lambda: 1 / 0))  # type: ignore[arg-type]
        app.logger.disabled = True
        assert (allowed(app, "/abort"), allowed(app, "/raise")) == (APP, APP)


# --- which policy: the order of the rules, and that none widens another -------------------------------------

VIEW, METHOD, INNER, OUTER, RESOURCE, WHOLE = (
    f"https://{name}.example" for name in ("view", "method", "inner", "outer", "resource", "whole")
)
EVERYONE = (VIEW, METHOD, INNER, OUTER, RESOURCE, WHOLE)


def site() -> Flask:
    """An application with a policy at every level, credentialed ones beside public ones."""
    app = Flask(__name__)
    CORS(app, origins=WHOLE, resources={"/*": {}, "/api/*": {"origins": RESOURCE, "supports_credentials": True}})
    inner, outer = Blueprint("inner", __name__), Blueprint("outer", __name__)
    CORS(inner, origins=INNER, supports_credentials=True)
    CORS(outer, origins=OUTER)

    class Item(MethodView):
        decorators = (cross_origin(origins=VIEW),)  # type: ignore[assignment]

        @cross_origin(origins=METHOD, supports_credentials=True)
        def put(self, **_: Any) -> str:
            return "put"

        def get(self, **_: Any) -> str:
            return "get"

    for place in (inner, outer, app):
        place.add_url_rule("/item", view_func=Item.as_view("item"))
        place.add_url_rule("/plain", "plain", lambda **_: "plain", methods=["GET", "POST"])
        place.add_url_rule("/slash/", "slash", lambda **_: "slash")
        place.add_url_rule("/view/", "view", cross_origin(origins=VIEW)(lambda **_: "view"))
    outer.register_blueprint(inner, url_prefix="/inner/<int:number>")
    app.register_blueprint(outer, url_prefix="/outer")
    app.add_url_rule("/api/item", view_func=Item.as_view("api_item"))
    app.add_url_rule("/api/plain", "api_plain", lambda: "plain")
    return app


RESOLUTION = [
    pytest.param("GET", "/item", VIEW, id="a view"),
    pytest.param("PUT", "/item", METHOD, id="a method of a view"),
    pytest.param("DELETE", "/item", VIEW, id="a method that a view does not serve: its GET"),
    pytest.param("GET", "/outer/item", VIEW, id="a view below a blueprint"),
    pytest.param("PUT", "/outer/inner/1/item", METHOD, id="a method below a nested blueprint"),
    pytest.param("GET", "/outer/plain", OUTER, id="a blueprint"),
    pytest.param("GET", "/outer/inner/1/plain", INNER, id="a nested blueprint"),
    pytest.param("DELETE", "/outer/inner/1/plain", INNER, id="405 below a nested blueprint"),
    pytest.param("GET", "/outer/inner/1/none", INNER, id="404 below a nested blueprint"),
    pytest.param("GET", "/outer/inner/x/none", OUTER, id="404 below a prefix that does not match"),
    pytest.param("GET", "/outer/none", OUTER, id="404 below a blueprint"),
    pytest.param("GET", "/outer/slash", OUTER, id="a slash redirect below a blueprint"),
    pytest.param("GET", "/outer/view", VIEW, id="a slash redirect to a view"),
    pytest.param("DELETE", "/outer/view", VIEW, id="an unserved method at a path that lacks its slash"),
    pytest.param("GET", "/outer/inner/1/slash", INNER, id="a slash redirect below a nested blueprint"),
    pytest.param("GET", "/api/item", VIEW, id="a view below a resource"),
    pytest.param("GET", "/api/plain", RESOURCE, id="a resource"),
    pytest.param("DELETE", "/api/plain", RESOURCE, id="405 below a resource"),
    pytest.param("GET", "/api/none", RESOURCE, id="404 below a resource"),
    pytest.param("GET", "/plain", WHOLE, id="the application"),
    pytest.param("DELETE", "/plain", WHOLE, id="405 of the application"),
    pytest.param("GET", "/none", WHOLE, id="404 of the application"),
    pytest.param("GET", "/slash", WHOLE, id="a slash redirect of the application"),
    pytest.param("GET", "/outer//item", VIEW, id="two slashes that are redirected to a view"),
    pytest.param("GET", "/outer//plain", OUTER, id="two slashes that are redirected below a blueprint"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "origin"), RESOLUTION)
def test_one_policy_applies_and_no_other(method: str, path: str, origin: str) -> None:
    app = site()
    for asking in EVERYONE:
        expected = asking if asking == origin else None
        assert preflighted(app, path, asking, method) == expected
        assert allowed(app, path, asking, method) == expected
        assert preflighted(app, path, asking, method) == expected


def test_the_browser_s_preflight_cache_never_widens() -> None:
    """What a browser may keep of one answer would let it send any method that the answer lists."""
    app = site()
    for path, uncached in {
        "/item": True,
        "/outer/item": True,
        "/plain": False,
        "/outer/plain": False,
        "/view/": False,
    }.items():
        for method in ("GET", "PUT", "POST", "DELETE"):
            for origin in EVERYONE:
                response = Client(app).options(
                    path, headers={"Origin": origin, "Access-Control-Request-Method": method}
                )
                if response.status_code == 200:
                    assert response.headers["Access-Control-Max-Age"] == ("0" if uncached else "600")


class TestMixedUrls:
    def max_age(self, app: Flask, path: str, method: str, origin: str = APP) -> str | None:
        response = Client(app).options(path, headers={"Origin": origin, "Access-Control-Request-Method": method})
        assert response.status_code == 200
        return response.headers.get("Access-Control-Max-Age")

    def test_put_and_delete_in_two_views(self) -> None:
        app = make(origins=APP, max_age=None)
        app.add_url_rule("/x", "put", cross_origin(origins=[APP, OTHER], max_age=None)(lambda: "put"), methods=["PUT"])
        app.add_url_rule("/x", "delete", cross_origin(origins=APP)(lambda: "delete"), methods=["DELETE"])
        assert (
            self.max_age(app, "/x", "PUT"),
            self.max_age(app, "/x", "DELETE"),
            self.max_age(app, "/x", "PUT", OTHER),
        ) == ("0", "0", "0")
        assert self.max_age(app, "/none", "PUT") is None

    def test_a_view_and_no_policy(self) -> None:
        app = make(resources={})
        app.add_url_rule("/x", "put", cross_origin(origins=APP)(lambda: "put"), methods=["PUT"])
        app.add_url_rule("/x", "post", lambda: "post", methods=["POST"])
        assert self.max_age(app, "/x", "PUT") == "0"

    def test_policies_are_compared_by_value(self) -> None:
        app = make(origins=APP)
        app.add_url_rule("/x", "put", cross_origin(origins=APP)(lambda: "put"), methods=["PUT"])
        app.add_url_rule("/x", "get", cross_origin(origins=APP)(lambda: "get"))
        app.add_url_rule("/x", "post", lambda: "post", methods=["POST"])
        assert self.max_age(app, "/x", "PUT") == "600"

    @pytest.mark.parametrize("special", ["/x/me", "/<other>/me", "/<path:all>"])
    def test_rules_that_match_the_same_url_in_different_words(self, special: str) -> None:
        app = make(origins=APP)
        app.add_url_rule(
            "/x/<name>", "put", cross_origin(origins=APP, methods="PUT")(lambda **_: "put"), methods=["PUT"]
        )
        app.add_url_rule(special, "get", lambda **_: "get")
        app.add_url_rule(
            "/y/<name>", "other", cross_origin(origins=APP, methods="PUT")(lambda **_: "put"), methods=["PUT"]
        )
        assert (self.max_age(app, "/x/me", "PUT"), self.max_age(app, "/x/me", "GET")) == ("0", "0")
        assert self.max_age(app, "/x/you", "PUT") == ("0" if special == "/<path:all>" else "600")

    def test_a_url_of_which_one_method_is_served_and_another_redirected(self) -> None:
        app = make(origins=OTHER)
        app.add_url_rule("/x", "get", cross_origin(origins=[APP, THIRD])(lambda: "get"))
        app.add_url_rule("/x/", "put", cross_origin(origins=APP)(lambda: "put"), methods=["PUT"])
        assert [self.max_age(app, path, method) for path, method in (("/x", "GET"), ("/x", "PUT"), ("/x/", "PUT"))] == [
            "0",
            "0",
            "600",
        ]

    def test_other_rules_do_not_spoil_the_cache_of_a_url(self) -> None:
        app = make(origins=OTHER)
        app.add_url_rule("/x/<name>", "x", cross_origin(origins=APP)(lambda **_: "x"), methods=["GET", "PUT"])
        for rule in ("/", "/x", "/y/<name>", "/x/<name>/more", "/z/<path:rest>", "/y/<any('a/b', c):odd>"):
            app.add_url_rule(rule, rule, lambda **_: "other")
        assert [self.max_age(app, "/x/me", method) for method in ("GET", "PUT")] == ["600", "600"]

    def test_a_converter_with_a_slash_in_its_arguments_may_match_anything(self) -> None:
        app = make(origins=OTHER)
        app.add_url_rule("/x", "x", cross_origin(origins=APP)(lambda: "x"), methods=["PUT"])
        app.add_url_rule("/<any('x', 'a/b'):odd>", "odd", lambda **_: "odd")
        assert self.max_age(app, "/x", "PUT") == "0"

    def test_a_route_that_is_added_after_a_preflight_is_noticed(self) -> None:
        app = make(origins=APP)
        app.add_url_rule("/x", "put", lambda: "put", methods=["PUT"])
        assert self.max_age(app, "/x", "PUT") == "600"
        app.add_url_rule("/x", "get", cross_origin(origins=OTHER)(lambda: "get"))
        assert self.max_age(app, "/x", "PUT") == "0"
        assert preflighted(app, "/x", OTHER, "GET") == OTHER

    def test_a_view_function_that_is_replaced_is_noticed(self) -> None:
        app = make()
        app.add_url_rule("/x", "x", cross_origin(origins=APP)(lambda: "x"))
        assert allowed(app, "/x") == APP
        app.view_functions["x"] = cross_origin(origins=THIRD)(lambda: "x")
        assert (allowed(app, "/x"), allowed(app, "/x", THIRD)) == (None, THIRD)


def test_a_copied_environ_is_routed_again() -> None:
    app = make()
    app.add_url_rule("/x", "x", cross_origin(origins=APP)(lambda: "x"))
    app.add_url_rule("/y/", "y", cross_origin(origins=APP)(lambda: "y"))
    inner = app.wsgi_app.app  # type: ignore[attr-defined]
    app.wsgi_app.app = lambda environ, start_response: inner(dict(environ), start_response)  # type: ignore[attr-defined]
    assert [allowed(app, path) for path in ("/x", "/y", "/none")] == [APP, APP, None]
    assert allowed(app, "/none", OTHER) == OTHER
