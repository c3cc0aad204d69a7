"""``CORS(app)`` and ``CORS(blueprint)``: options, errors, and every kind of response that Flask can give."""

from __future__ import annotations

import gc
import logging
import re
import types
import weakref
from collections.abc import Iterator
from typing import Any

import flask
import pytest
from flask import Blueprint, Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.test import Client

from flask_crossorigin import CORS, CORSConfigError, CORSMiddleware, CORSPolicy, CORSWarning, cross_origin

from ..helpers.cases import APP, OTHER, PREFLIGHT_VARY
from ..helpers.flask import allowed, preflighted

ASK = {"Origin": APP, "Access-Control-Request-Method": "PUT"}


def make(**options: Any) -> Flask:
    app = Flask(__name__)
    app.secret_key = "of the tests"
    if options:
        CORS(app, **options)

    @app.route("/")
    def index() -> str:
        return "index"

    return app


A, B = "https://a.example", "https://b.example"


C = "https://c.example"
ONE_CALL: dict[str, tuple[dict[str, Any], dict[str, Any], str, list[str]]] = {
    "two lists of origins": (
        {"origins": [A]}, {"origins": [B, A], "max_age": 5},
        f"origins=['{A}', '{B}'], max_age=5", ["/ a", "/ b", "/api a", "/api b"],
    ),
    "two strings": ({"origins": A}, {"origins": B}, f"origins=['{A}', '{B}']", ["/ a", "/ b", "/api a", "/api b"]),
    "a set and a list": (
        {"origins": {C, A}}, {"origins": [B]}, f"origins=['{A}', '{C}', '{B}']", ["/ a", "/ b", "/api a", "/api b"],
    ),
    "a string with a comma, and a tuple": (
        {"origins": f"{C}, {A}"}, {"origins": (B,)}, f"origins=['{C}', '{A}', '{B}']", ["/ a", "/ b", "/api a", "/api b"],
    ),
    "everything, and a part of it": (
        {"origins": [A]}, {"resources": {"/api/*": {"origins": [B]}}},
        f"resources={{'/*': {{'origins': ['{A}']}}, '/api/*': {{'origins': ['{A}', '{B}']}}}}", ["/ a", "/api a", "/api b"],
    ),
    "a part, and everything": (
        {"resources": ["/api/*"], "origins": [A]}, {"origins": [B]},
        f"resources={{'/api/*': {{'origins': ['{A}', '{B}']}}, '/*': {{'origins': ['{B}']}}}}", ["/ b", "/api a", "/api b"],
    ),
    "two parts": (
        {"resources": ["/api/*"], "origins": [A]}, {"resources": {"/": {"origins": B}}, "max_age": 5},
        f"resources={{'/api/*': {{'origins': ['{A}']}}, '/': {{'origins': '{B}', 'max_age': 5}}}}", ["/ b", "/api a"],
    ),
    "the same part": (
        {"resources": {"/api/*": {"origins": A}}}, {"resources": {"/api/*": {"origins": B}}},
        f"resources={{'/api/*': {{'origins': ['{A}', '{B}']}}}}", ["/api a", "/api b"],
    ),
    "parts in a string": (
        {"resources": "/api/*, /x/*", "origins": [A]}, {"resources": {"/": {"origins": [B]}}},
        f"resources={{'/api/*': {{'origins': ['{A}']}}, '/x/*': {{'origins': ['{A}']}}, '/': {{'origins': ['{B}']}}}}",
        ["/ b", "/api a"],
    ),
    "a part, and nothing": (
        {"resources": "/api/*", "origins": [A]}, {"resources": {}}, f"resources={{'/api/*': {{'origins': ['{A}']}}}}", ["/api a"],
    ),
    "one option each": (
        {"origins": [A]}, {"supports_credentials": True}, f"origins=['{A}'], supports_credentials=True", ["/ a", "/api a"],
    ),
    "the same options twice": (
        {"origins": A, "methods": "GET"}, {"origins": A, "methods": "GET"}, f"origins='{A}', methods='GET'", ["/ a", "/api a"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("first", "second", "options", "readable"), ONE_CALL.values(), ids=ONE_CALL)
def test_two_calls_are_one(first: Any, second: Any, options: str, readable: list[str]) -> None:
    with pytest.raises(CORSConfigError) as raised:
        CORS(make(**first), **second)
    assert raised.value.problems[0].hint == f"write one call: CORS(app, {options})"
    app = Flask("one")
    for path in ("/", "/api"):
        app.add_url_rule(path, path, lambda: "x")
    exec(f"CORS(app, {options})", {"CORS": CORS, "app": app})
    allowed = [
        f"{path} {origin[8]}"
        for path in ("/", "/api")
        for origin in (A, B)
        if app.test_client().get(path, headers={"Origin": origin}).headers.get("Access-Control-Allow-Origin") == origin
    ]
    assert sorted(allowed) == readable


APART: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "everybody, and a list": ({"origins": "*"}, {"origins": [B]}),
    "a function": ({"origins": lambda origin, environ: True}, {"origins": [B]}),
    "credentials for one of them": ({"origins": [A], "supports_credentials": True}, {"origins": [B]}),
    "other methods": ({"origins": [A]}, {"origins": [B], "methods": ["GET"]}),
    "two lists of methods": ({"methods": "GET,POST"}, {"methods": ["PUT"]}),
    "JSON": ({"resources": '{"/api/*": {"origins": "https://a.example"}}'}, {"resources": {"/": {"origins": [B]}}}),
    "a part with other options": (
        {"origins": [A], "supports_credentials": True},
        {"resources": {"/x": {"origins": [B]}}},
    ),
    "a bad pattern": ({"origins": [A]}, {"resources": {"x": {"origins": [B]}}}),
    "a bad value": ({"origins": [A], "max_age": 5}, {"origins": [B], "max_age": "five"}),
}


@pytest.mark.parametrize(("first", "second"), APART.values(), ids=APART)
def test_what_one_call_cannot_say_is_left_to_the_author(first: Any, second: Any) -> None:
    with pytest.raises(CORSConfigError) as raised:
        CORS(make(**first), **second)
    assert raised.value.problems[0].hint == (
        "keep the call that you mean, or write one with what both allow; paths with other options are patterns in "
        "resources={'/api/*': {...}}"
    )


def test_the_configuration_is_part_of_both_calls() -> None:
    app = Flask("configured")
    app.config.update(CORS_ORIGINS=A, CORS_MAX_AGE="5")
    CORS(app, methods=["GET"])
    with pytest.raises(CORSConfigError) as raised:
        CORS(app, origins=[B], methods=["GET"])
    call = f"CORS(app, origins=['{A}', '{B}'], max_age=5, methods=['GET'])"
    assert raised.value.problems[0].hint == f"write one call: {call}"


def test_what_has_only_a_part_of_a_blueprint_is_none() -> None:
    for names in (("record",), ("deferred_functions",)):
        with pytest.raises(TypeError, match="is not a Flask application or blueprint"):
            CORS(types.SimpleNamespace(**dict.fromkeys(names)))  # type: ignore[arg-type]


class TestOptions:
    def test_bare_is_public(self) -> None:
        app = make()
        CORS(app)
        assert allowed(app, origin="null") == "*"

    def test_a_factory_covers_several_applications_with_one_object(self) -> None:
        cors = CORS(origins=(origin for origin in [APP]), max_age=5)
        for app in (make(), make()):
            cors.init_app(app)
            assert allowed(app) == APP
            assert Client(app).options("/", headers=ASK).headers["Access-Control-Max-Age"] == "5"

    def test_call_keywords_go_before_config_and_config_before_defaults(self) -> None:
        app = make()
        app.config |= {"CORS_ORIGINS": OTHER, "CORS_MAX_AGE": "7", "CORS_SUPPORTS_CREDENTIALS": "true", "OTHER": 1}
        CORS(max_age=9, supports_credentials=False).init_app(app, max_age=11)
        response = Client(app).options("/", headers=ASK | {"Origin": OTHER})
        assert response.headers["Access-Control-Max-Age"] == "11"
        assert response.headers["Access-Control-Allow-Origin"] == OTHER
        assert "Access-Control-Allow-Credentials" not in response.headers

    def test_config_may_come_from_prefixed_environment_variables(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("FLASK_CORS_ORIGINS", f"{APP} {OTHER}")
        monkeypatch.setenv("FLASK_CORS_SUPPORTS_CREDENTIALS", "true")
        monkeypatch.setenv("FLASK_CORS_RESOURCES", '{"/api/*": {"methods": ["GET"]}}')
        app = make()
        app.config.from_prefixed_env()
        CORS(app)
        assert (preflighted(app, "/api/x"), preflighted(app, "/")) == (APP, None)

    @pytest.mark.parametrize(
        ("resources", "covered"),
        [
            pytest.param({"/api/*": {"origins": APP}}, {"/api/x": APP, "/": None}, id="a mapping"),
            pytest.param({"/api/*": {}, "/api/v2/*": {"origins": APP}}, {"/api/x": "*", "/api/v2/x": APP}, id="common options below special ones"),
            pytest.param("/api/*", {"/api/x": "*", "/": None}, id="one pattern"),
            pytest.param("/api/*, /x", {"/api/x": "*", "/x": "*", "/": None}, id="patterns in one string"),
            pytest.param(["/api/*", "/x"], {"/api": "*", "/x": "*", "/x/y": None}, id="a list of patterns"),
            pytest.param(lambda: (p for p in ["/api/*"]), {"/api": "*", "/x": None}, id="a generator of patterns"),
            pytest.param('{"/api/*": {"origins": "https://app.example"}}', {"/api": APP, "/x": None}, id="JSON"),
            pytest.param({}, {"/": None}, id="nothing"),
        ],
    )  # fmt: skip
    def test_resources(self, resources: Any, covered: dict[str, str | None]) -> None:
        app = make()
        CORS(app, resources=resources() if callable(resources) else resources)
        assert {path: preflighted(app, path) for path in covered} == covered

    def test_everything_wrong_is_said_at_once(self) -> None:
        app = make()
        app.config["CORS_MAX_AGE"] = "soon"
        with pytest.raises(CORSConfigError) as raised:
            CORS(app, resources={"api": {"origins": "a.example"}, "/x/*": {"method": "GET"}, "/y": 5})  # type: ignore[dict-item, typeddict-unknown-key]
        assert str(raised.value).splitlines() == [
            "resources: 5 is not a mapping of options: write {'/y': {'origins': [...]}}",
            "resources: 'api' is not a path pattern: write '/api'",
            "resources['api'].origins: 'a.example' is not an origin: write 'https://a.example'",
            "resources['api'].max_age: 'soon' is not a number of seconds: write whole seconds (0: browsers do not cache preflights), a timedelta, or None to send nothing",
            "resources['/x/*'].method: 'method' is not an option: did you mean 'methods'? (Flask-CORS ignored 'method': under its right name the option takes effect)",
            "resources['/x/*'].max_age: 'soon' is not a number of seconds: write whole seconds (0: browsers do not cache preflights), a timedelta, or None to send nothing",
        ]

    @pytest.mark.parametrize(
        ("wrong", "message"),
        [
            pytest.param(lambda: CORS(make(), origin=APP), "origin: 'origin' is not an option: did you mean 'origins'?", id="a misspelt option"),  # type: ignore[call-arg]
            pytest.param(lambda: CORS(orgins=APP), "orgins: 'orgins' is not an option: did you mean 'origins'?", id="a misspelt option before any app"),  # type: ignore[call-arg]
            pytest.param(lambda: CORS(make(), supports_credentials=True), "origins: '*' is the default, because no origins are given, and is prohibited with supports_credentials: write the origin of the page, as in origins=['http://localhost:3000']", id="credentials without origins"),
            pytest.param(lambda: CORS(make(), resources="{"), "resources: '{' is not JSON", id="resources that are no JSON"),
            pytest.param(lambda: CORS(make(), resources=re.compile("/api/.*")), "resources: re.compile('/api/.*') is not a path pattern: write '/api/*'", id="an expression as resources"),  # type: ignore[arg-type]
            pytest.param(lambda: CORS(make(origins=APP), origins=APP), "has CORS already: write one call: CORS(app, origins='https://app.example')", id="CORS twice"),
            pytest.param(lambda: CORS(Blueprint("b", "b"), origins="x.example"), "origins: 'x.example' is not an origin: write 'https://x.example'", id="a blueprint with a bad origin"),
        ],
    )  # fmt: skip
    def test_a_mistake_is_an_error_at_start_up(self, wrong: Any, message: str) -> None:
        with pytest.raises(CORSConfigError) as raised:
            wrong()
        assert message in str(raised.value)

    def test_a_retired_option_gives_a_warning_and_is_ignored(self) -> None:
        app = make()
        with pytest.warns(CORSWarning, match="send_wildcard has no effect"):
            CORS(app, origins=APP, send_wildcard=True)  # type: ignore[call-arg]
        assert allowed(app) == APP

    def test_a_retired_key_of_the_config_gives_a_warning(self) -> None:
        app = make()
        app.config["CORS_HEADERS"] = "Content-Type"
        with pytest.warns(CORSWarning, match="CORS_HEADERS has no effect"):
            CORS(app)

    def test_after_the_first_request_it_is_too_late(self) -> None:
        app = make()
        app.test_client().get("/")
        with pytest.raises(
            CORSConfigError, match="has answered requests already: call CORS\\(app\\) where the app is made"
        ):
            CORS(app)

    def test_what_is_no_application_is_refused(self) -> None:
        with pytest.raises(
            TypeError, match=r"app: 'https://a.example' is not a Flask application or blueprint: write CORS\(app"
        ):
            CORS("https://a.example")  # type: ignore[arg-type]

    def test_the_state_is_in_the_extensions(self) -> None:
        app = make(origins=APP)
        assert isinstance(app.extensions["flask_crossorigin"].middleware, CORSMiddleware)
        assert app.wsgi_app is app.extensions["flask_crossorigin"].middleware


class TestBlueprints:
    def blueprint(self, name: str = "api", **options: Any) -> Blueprint:
        blueprint = Blueprint(name, __name__)
        if options:
            CORS(blueprint, **options)
        blueprint.add_url_rule("/item", "item", lambda: "item", methods=["GET", "PUT"])
        blueprint.add_url_rule("/slash/", "slash", lambda: "slash")
        return blueprint

    def test_alone_it_covers_itself(self) -> None:
        app = make()
        app.register_blueprint(self.blueprint(origins=APP), url_prefix="/api")
        assert (allowed(app, "/api/item"), preflighted(app, "/api/item"), allowed(app, "/")) == (APP, APP, None)

    @pytest.mark.parametrize("order", [1, -1])
    def test_with_the_application_in_any_order(self, order: int) -> None:
        app = make()
        steps = [
            lambda: CORS(app, origins=OTHER),
            lambda: app.register_blueprint(self.blueprint(origins=APP), url_prefix="/api"),
        ]
        for step in steps[::order]:
            step()
        assert (allowed(app, "/api/item"), allowed(app, "/", OTHER), allowed(app, "/api/item", OTHER)) == (
            APP,
            OTHER,
            None,
        )

    def test_nested_the_innermost_decides(self) -> None:
        app, outer = make(), self.blueprint("outer", origins=OTHER)
        outer.register_blueprint(self.blueprint("inner", origins=APP), url_prefix="/inner")
        outer.register_blueprint(self.blueprint("silent"), url_prefix="/silent")
        app.register_blueprint(outer, url_prefix="/outer")
        assert (allowed(app, "/outer/inner/item"), allowed(app, "/outer/item", OTHER)) == (APP, OTHER)
        assert (allowed(app, "/outer/inner/item", OTHER), allowed(app, "/outer/silent/item", OTHER)) == (None, OTHER)
        assert (allowed(app, "/outer/inner/none"), allowed(app, "/outer/none", OTHER), allowed(app, "/none")) == (
            APP,
            OTHER,
            None,
        )

    def test_registered_twice_under_two_names(self) -> None:
        app, blueprint = make(), self.blueprint(origins=APP)
        app.register_blueprint(blueprint, url_prefix="/one")
        app.register_blueprint(blueprint, url_prefix="/two", name="second")
        assert [allowed(app, path) for path in ("/one/item", "/two/item", "/two/none")] == [APP, APP, APP]

    def test_on_two_applications(self) -> None:
        blueprint = self.blueprint(origins=APP)
        for app in (make(), make(origins=OTHER)):
            app.register_blueprint(blueprint)
            assert allowed(app, "/item") == APP

    def test_a_prefix_with_converters_covers_its_404s(self) -> None:
        app = make(origins=OTHER)
        app.register_blueprint(self.blueprint(origins=APP), url_prefix="/tenant/<int:tenant>")
        app.view_functions["api.item"] = lambda tenant: "item"
        assert [
            allowed(app, path)
            for path in ("/tenant/1/item", "/tenant/1/none", "/tenant/1", "/tenant/x/none", "/tenants/1")
        ] == [APP, APP, APP, None, None]
        assert preflighted(app, "/tenant/1/none") == APP

    def test_without_a_prefix_it_covers_no_404(self) -> None:
        app = make(origins=OTHER)
        app.register_blueprint(self.blueprint(origins=APP))
        assert (allowed(app, "/item"), allowed(app, "/none"), allowed(app, "/none", OTHER)) == (APP, None, OTHER)

    def test_its_resources_are_whole_paths_and_the_rest_falls_to_the_next(self) -> None:
        app = make(origins=OTHER)
        app.register_blueprint(self.blueprint(resources={"/api/item": {"origins": APP}}), url_prefix="/api")
        assert (allowed(app, "/api/item"), allowed(app, "/api/slash/", OTHER)) == (APP, OTHER)
        assert (allowed(app, "/api/none", OTHER), preflighted(app, "/api/item", OTHER)) == (OTHER, None)

    def test_options_that_it_does_not_give_come_from_the_config(self) -> None:
        app = make()
        app.config["CORS_ORIGINS"] = OTHER
        app.register_blueprint(self.blueprint(methods="GET"), url_prefix="/api")
        assert (allowed(app, "/api/item"), allowed(app, "/api/item", OTHER)) == (None, OTHER)

    def test_origins_that_it_does_not_give_are_the_application_s(self) -> None:
        app = make(origins=APP, methods="PUT")
        app.register_blueprint(self.blueprint(methods="DELETE"), url_prefix="/api")
        assert (allowed(app, "/api/item"), allowed(app, "/api/item", OTHER)) == (APP, None)

    def test_a_subdomain(self) -> None:
        app = Flask(__name__, subdomain_matching=True)
        app.config["SERVER_NAME"] = "site.example"
        app.register_blueprint(self.blueprint(origins=APP), subdomain="api", url_prefix="/v1")
        app.add_url_rule("/v1/item", "item", lambda: "item")
        CORS(app, origins=OTHER)
        for path in ("/v1/item", "/v1/none"):
            assert (allowed(app, path, Host="api.site.example"), allowed(app, path, Host="site.example")) == (APP, None)
            assert (
                preflighted(app, path, Host="api.site.example"),
                preflighted(app, path, OTHER, Host="site.example"),
            ) == (APP, OTHER)

    def test_too_late_or_twice_is_an_error(self) -> None:
        blueprint = self.blueprint()
        make().register_blueprint(blueprint)
        with pytest.raises(
            CORSConfigError, match=r"is registered already: move CORS\(blueprint\) above app.register_blueprint"
        ):
            CORS(blueprint, origins=APP)
        with pytest.raises(CORSConfigError, match="has CORS already"):
            CORS(self.blueprint("twice", origins=APP), origins=APP)


class TestResponses:
    def test_an_error_of_every_kind(self) -> None:
        app = make(origins=APP)
        app.add_url_rule("/abort", "abort", lambda: flask.abort(403))
        app.add_url_rule("/raise", "raise", lambda: 1 / 0)  # type: ignore[arg-type]
        app.add_url_rule("/handled", "handled", lambda: {}["x"])  # type: ignore[index]
        app.register_error_handler(KeyError, lambda error: ("handled", 418))
        app.logger.disabled = True
        for path, status in {"/abort": 403, "/raise": 500, "/handled": 418, "/none": 404}.items():
            response = Client(app).get(path, headers={"Origin": APP})
            assert (response.status_code, response.headers["Access-Control-Allow-Origin"]) == (status, APP)
        assert allowed(app, "/", method="DELETE") == APP

    def test_before_request_may_abort_or_answer(self) -> None:
        app = make(origins=APP)

        @app.before_request
        def guard() -> Any:
            if flask.request.path == "/":
                flask.abort(401)
            return "answered"

        assert (Client(app).get("/").status_code, allowed(app, "/"), allowed(app, "/other")) == (401, APP, APP)
        assert preflighted(app) == APP

    def test_after_request_may_replace_the_response(self) -> None:
        app = make(origins=APP)
        app.after_request(
            lambda response: flask.Response("replaced", headers={"Access-Control-Allow-Origin": "*", "Vary": "Accept"})
        )
        response = Client(app).get("/", headers={"Origin": APP})
        assert response.headers.getlist("Access-Control-Allow-Origin") == [APP]
        assert response.headers.getlist("Vary") == ["Accept, Origin"]

    def test_a_session_that_varies_by_cookie(self) -> None:
        app = make(origins=APP, supports_credentials=True)
        app.add_url_rule("/login", "login", lambda: flask.session.update(user="Ada") or "in")
        response = Client(app).get("/login", headers={"Origin": APP})
        assert response.headers["Vary"] == "Cookie, Origin"

    def test_a_streamed_response(self) -> None:
        app = make(origins=APP)

        @app.route("/stream")
        def stream() -> Any:
            @flask.stream_with_context
            def parts() -> Iterator[str]:
                yield flask.request.path
                yield " end"

            return flask.Response(parts())  # type: ignore[call-arg]

        response = Client(app).get("/stream", headers={"Origin": APP})
        assert (response.text, response.headers["Access-Control-Allow-Origin"]) == ("/stream end", APP)

    def test_files_conditions_and_ranges(self, tmp_path: Any) -> None:
        (tmp_path / "file.txt").write_text("0123456789")
        app = Flask(__name__, static_folder=str(tmp_path), static_url_path="/static")
        CORS(app, origins=APP)
        client = Client(app)
        first = client.get("/static/file.txt", headers={"Origin": APP})
        again = client.get("/static/file.txt", headers={"Origin": APP, "If-None-Match": first.headers["ETag"]})
        part = client.get("/static/file.txt", headers={"Origin": APP, "Range": "bytes=2-4"})
        assert [
            (answer.status_code, answer.headers["Access-Control-Allow-Origin"], answer.headers["Vary"])
            for answer in (first, again, part)
        ] == [
            (200, APP, "Origin"),
            (304, APP, "Origin"),
            (206, APP, "Origin"),
        ]
        for answer in (first, again, part):
            answer.close()

    def test_a_websocket_upgrade_passes(self) -> None:
        app = make(origins=APP)
        seen: list[Any] = []

        def socket(environ: dict[str, Any], start_response: Any) -> list[bytes]:
            seen.append(start_response)
            return []

        app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {"/socket": socket})  # type: ignore[method-assign]
        environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/socket", "HTTP_UPGRADE": "websocket", "HTTP_ORIGIN": OTHER}
        start_response = object()
        app.wsgi_app(environ, start_response)  # type: ignore[arg-type]
        assert seen == [start_response]

    def test_a_slash_redirect_on_a_preflight_is_not_met(self) -> None:
        app = make(origins=APP)
        app.add_url_rule("/slash/", "slash", lambda: "slash")
        assert Client(app).options("/slash", headers=ASK).status_code == 200
        assert allowed(app, "/slash") == APP

    @pytest.mark.parametrize("automatic", [True, False])
    def test_preflights_do_not_depend_on_automatic_options(self, automatic: bool) -> None:
        app = make()
        app.config["PROVIDE_AUTOMATIC_OPTIONS"] = automatic
        CORS(app, origins=APP)
        app.add_url_rule("/late", "late", cross_origin(origins=OTHER)(lambda: "late"))
        assert (preflighted(app), preflighted(app, "/late", OTHER, "GET")) == (APP, OTHER)

    def test_an_explicit_options_view_gets_every_options_that_is_no_preflight(self) -> None:
        app = make(origins=APP)
        app.add_url_rule("/o", "o", cross_origin(origins=APP)(lambda: "mine"), methods=["GET", "OPTIONS"])
        assert Client(app).options("/o").text == "mine"
        assert Client(app).options("/o", headers={"Origin": APP}).headers["Access-Control-Allow-Origin"] == APP
        assert Client(app).options("/o", headers=ASK).text == ""


class TestPlaces:
    def test_mounted_below_a_dispatcher(self) -> None:
        main, mounted = make(origins=OTHER), make(origins=APP)
        mounted.add_url_rule("/view", "view", cross_origin(origins=OTHER)(lambda: "view"))
        site = DispatcherMiddleware(main.wsgi_app, {"/mounted": mounted})
        assert (allowed(site, "/", OTHER), allowed(site, "/mounted/"), allowed(site, "/mounted/view", OTHER)) == (
            OTHER,
            APP,
            OTHER,
        )
        assert (preflighted(site, "/mounted/"), preflighted(site, "/mounted/view", OTHER, "GET")) == (APP, OTHER)

    def test_an_application_mounted_inside_a_covered_one_has_the_outer_policy(self) -> None:
        main, mounted = Flask(__name__), make(origins=OTHER)
        main.add_url_rule("/view", "view", cross_origin(origins=OTHER)(lambda: "view"))
        main.wsgi_app = DispatcherMiddleware(main.wsgi_app, {"/mounted": mounted})  # type: ignore[method-assign]
        main.debug = True
        CORS(main, origins=APP)
        with pytest.warns(CORSWarning, match="wraps app.wsgi_app below CORS"):
            assert allowed(main, "/mounted/", OTHER) is None
        assert allowed(main, "/mounted/") == APP
        assert allowed(main, "/view", OTHER) == OTHER

    def test_proxy_fix_on_both_sides(self) -> None:
        inside = make()
        inside.wsgi_app = ProxyFix(inside.wsgi_app, x_prefix=1)  # type: ignore[method-assign]
        CORS(inside, origins=APP)
        outside = make(origins=APP)
        outside.wsgi_app = ProxyFix(outside.wsgi_app, x_prefix=1)  # type: ignore[method-assign]
        for app in (inside, outside):
            app.add_url_rule("/view", "view", cross_origin(origins=OTHER)(lambda: "view"))
            assert (allowed(app, "/view", OTHER), preflighted(app, "/view", OTHER, "GET")) == (OTHER, OTHER)

    def test_host_matching(self) -> None:
        app = Flask(__name__, host_matching=True, static_host="a.example")
        app.add_url_rule("/", "a", cross_origin(origins=APP)(lambda: "a"), host="a.example")
        app.add_url_rule("/", "b", cross_origin(origins=OTHER)(lambda: "b"), host="b.example")
        CORS(app, resources={})
        for host, origin in (("a.example", APP), ("b.example", OTHER)):
            assert (allowed(app, "/", origin, Host=host), preflighted(app, "/", origin, "GET", Host=host)) == (
                origin,
                origin,
            )
        assert (allowed(app, "/", APP, Host="b.example"), preflighted(app, "/", APP, "GET", Host="b.example")) == (
            None,
            None,
        )

    def test_a_script_name(self) -> None:
        app = make(origins=APP)
        app.add_url_rule("/slash/", "slash", cross_origin(origins=OTHER)(lambda: "slash"))
        response = Client(app).open("/slash", base_url="http://localhost/root", headers={"Origin": OTHER})
        assert (response.status_code, response.headers["Access-Control-Allow-Origin"]) == (308, OTHER)


class TestCallables:
    def test_they_run_in_an_application_context(self) -> None:
        app = make()
        app.config["TENANTS"] = {APP}

        def tenant(origin: str, environ: dict[str, Any]) -> bool:
            return origin in flask.current_app.config["TENANTS"]

        CORS(app, origins=tenant)
        for path in ("/", "/view"):
            assert (preflighted(app, path, method="GET"), allowed(app, path), allowed(app, path, OTHER)) == (
                APP,
                APP,
                None,
            )
            app = make(origins=OTHER)
            app.config["TENANTS"] = {APP}
            app.add_url_rule("/view", "view", cross_origin(origins=tenant)(lambda: "view"))

    def test_if_one_raises_the_origin_is_refused_and_the_view_answers(self, caplog: pytest.LogCaptureFixture) -> None:
        app = make(origins=lambda origin, environ: 1 / 0)
        for _ in range(3):
            response = Client(app).get("/", headers={"Origin": APP})
            assert (response.text, response.headers.get("Access-Control-Allow-Origin")) == ("index", None)
        errors = [record for record in caplog.records if record.levelno == logging.ERROR]
        assert len(errors) == 1
        assert errors[0].exc_info is not None


def test_a_refused_preflight_is_refused_at_the_edge() -> None:
    response = Client(make(origins=APP)).options("/", headers=ASK | {"Origin": OTHER})
    assert (response.status_code, response.text, response.headers["Vary"]) == (
        403,
        "Origin not allowed",
        PREFLIGHT_VARY,
    )


def test_an_application_can_be_collected() -> None:
    app = make(origins=APP)
    app.add_url_rule("/view", "view", cross_origin(origins=OTHER)(lambda: "view"))
    assert allowed(app, "/view", OTHER) == OTHER
    alive = weakref.ref(app)
    del app
    gc.collect()
    assert alive() is None


def test_the_policy_of_the_middleware_can_be_swapped_for_flask_too() -> None:
    app = make()
    middleware = CORSMiddleware(app.wsgi_app, CORSPolicy(origins=APP))
    app.wsgi_app = middleware  # type: ignore[method-assign]
    middleware.policy = CORSPolicy(origins=OTHER)
    assert allowed(app, origin=OTHER) == OTHER


def test_resources_without_their_name_are_shown_with_it() -> None:
    with pytest.raises(TypeError) as raised:
        CORS(make(), {"/api/*": {"origins": APP}})  # type: ignore[arg-type]
    call = "CORS(app, resources={'/api/*': {'origins': 'https://app.example'}})"
    assert str(raised.value) == f"CORS takes its options as keywords: write {call}"


@pytest.mark.parametrize("is_first", [True, False], ids=["in the first call", "in the second call"])
def test_origins_that_one_call_for_a_blueprint_inherits_are_not_known(is_first: bool) -> None:
    api = Blueprint("api", __name__)
    calls: list[dict[str, Any]] = [{"methods": "GET", "origins": A}, {"methods": "GET"}]
    first, second = calls if is_first else reversed(calls)
    CORS(api, **first)
    with pytest.raises(CORSConfigError, match="keep the call that you mean"):
        CORS(api, **second)


def test_a_view_is_not_told_to_have_resources() -> None:
    with pytest.raises(TypeError) as raised:
        cross_origin({"/api/*": {"origins": APP}})  # type: ignore[call-overload]
    assert "resources=" not in str(raised.value)
    assert "write @cross_origin(origins=['https://app.example']) with the address of the page" in str(raised.value)
