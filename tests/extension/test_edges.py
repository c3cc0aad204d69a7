"""Flask's side at its edges: errors that have to reach the server, functions that look at the request."""

from __future__ import annotations

import functools
import re
import warnings
from collections.abc import Callable
from typing import Any

import pytest
from flask import Blueprint, Flask, current_app
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.test import Client

from flask_crossorigin import CORS, CORSConfigError, cross_origin
from flask_crossorigin.extension.cors import EXTENSION_KEY, routes_of
from flask_crossorigin.extension.marks import name_of

from ..helpers.cases import APP, OTHER


def failing(**config: Any) -> Client:
    app = Flask("failing")
    app.config.update(DEBUG=True, **config)
    CORS(app, origins=[APP])
    app.add_url_rule("/", "index", lambda: str(1 / 0))
    return Client(app)


FETCH = {"Origin": APP, "Sec-Fetch-Mode": "cors"}


def test_in_debug_mode_a_page_can_read_the_error() -> None:
    response = failing().get("/", headers=FETCH)
    assert response.status_code == 500
    assert response.headers["Access-Control-Allow-Origin"] == APP
    assert "ZeroDivisionError" in response.text


@pytest.mark.parametrize(
    "config", [{"TESTING": True}, {"PROPAGATE_EXCEPTIONS": True}], ids=["while testing", "where exceptions propagate"]
)
def test_an_error_that_has_to_reach_the_server_does(config: dict[str, Any]) -> None:
    with pytest.raises(ZeroDivisionError):
        failing(**config).get("/", headers=FETCH)


def test_a_function_in_origins_gets_the_origin_the_request_and_the_application() -> None:
    seen: list[Any] = []

    def allowed(origin: str, environ: dict[str, Any]) -> bool:
        seen.append((origin, environ["HTTP_X_TENANT"], current_app.name))
        return environ["HTTP_X_TENANT"] == "a"

    app = Flask("tenants")
    CORS(app, origins=[allowed])
    app.add_url_rule("/", "index", lambda: "index")
    client = Client(app)
    responses = [client.get("/", headers={"Origin": OTHER, "X-Tenant": tenant}) for tenant in ("a", "b")]
    assert [response.headers.get("Access-Control-Allow-Origin") for response in responses] == [OTHER, None]
    assert seen == [(OTHER, "a", "tenants"), (OTHER, "b", "tenants")]


def traced() -> str:
    """Stand for a view."""
    return ""


# --- without CORS(app) ------------------------------------------------------------------------------------


def by_tenant(origin: str, environ: dict[str, Any]) -> bool:
    return environ["HTTP_X_TENANT"] == "a" and origin == OTHER


def alone() -> Client:
    app = Flask("alone")
    app.add_url_rule("/", "read", cross_origin(origins=[by_tenant])(lambda: "read"), methods=["GET"])
    app.add_url_rule("/", "write", lambda: "written", methods=["PUT"])
    return Client(app)


@pytest.mark.parametrize(("tenant", "allowed"), [("a", OTHER), ("b", None)])
@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_a_decorated_view_alone_asks_a_function_in_origins(method: str, tenant: str, allowed: str | None) -> None:
    headers = {"Origin": OTHER, "X-Tenant": tenant} | (
        {"Access-Control-Request-Method": "GET"} if method == "OPTIONS" else {}
    )
    response = alone().open("/", method=method, headers=headers)
    assert response.headers.get("Access-Control-Allow-Origin") == allowed


def test_a_preflight_of_a_method_whose_view_is_not_decorated_has_flask_s_answer() -> None:
    response = alone().options("/", headers={"Origin": OTHER, "Access-Control-Request-Method": "PUT", "X-Tenant": "a"})
    assert response.status_code == 200
    assert sorted(response.headers["Allow"].split(", ")) == ["GET", "HEAD", "OPTIONS", "PUT"]
    assert not [name for name in response.headers.keys() if name.startswith("Access-Control-")]  # noqa: SIM118


# --- what is said and kept at the first request -----------------------------------------------------------


class Wrapper:
    """Wraps an application, as any package might."""

    def __init__(self, app: Any) -> None:
        self.app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        return self.app(environ, start_response)

    def __repr__(self) -> str:
        return "<the wrapper>"


class Tracer(Wrapper):
    __module__ = "ddtrace.contrib"

    def method(self, environ: dict[str, Any], start_response: Any) -> Any:
        return self.app(environ, start_response)


class Nameless(Wrapper):
    __module__ = "wrapt.wrappers"

    def __init__(self, app: Any) -> None:
        super().__init__(app)
        self.__module__ = None  # type: ignore[assignment]


def tracing(app: Any) -> Any:
    def wrapper(environ: dict[str, Any], start_response: Any) -> Any:
        return app(environ, start_response)

    wrapper.__module__ = "opentelemetry"
    return wrapper


class MethodOverride(Wrapper):
    pass


def wrapped(wrapper: Any, *, own: bool = True, **options: Any) -> Flask:
    app = Flask("wrapped")
    app.wsgi_app = wrapper(app.wsgi_app)  # type: ignore[method-assign]
    CORS(app, **{"origins": APP} | options)
    app.add_url_rule("/", "view", cross_origin(origins=OTHER)(traced) if own else traced)
    return app


OPAQUE = (
    "<the wrapper> wraps app.wsgi_app below CORS(app) and may change the host or path by which views are found: "
    "call CORS(app) before anything else wraps app.wsgi_app"
)
OVERRIDES = (
    "csrf_protection does not see the method that <the wrapper> sets: wrap it around CORS, so that the method is known "
    "before, or accept overrides in POST alone"
)


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        pytest.param(lambda: wrapped(Wrapper), [OPAQUE], id="a wrapper, where views have policies of their own"),
        pytest.param(lambda: wrapped(Wrapper, own=False), [], id="a wrapper, where they have none"),
        pytest.param(lambda: wrapped(Tracer), [], id="an object of a package that traces requests"),
        pytest.param(lambda: wrapped(tracing), [], id="a function of such a package"),
        pytest.param(lambda: wrapped(Nameless), [], id="an object without a module, whose class is of such a package"),
        pytest.param(lambda: wrapped(lambda app: functools.partial(tracing(app))), [OPAQUE], id="a partial, whose class is Python's"),
        pytest.param(lambda: wrapped(lambda app: Tracer(app).method), [OPAQUE], id="a method, which is defined elsewhere"),
        pytest.param(lambda: wrapped(ProxyFix), [], id="ProxyFix"),
        pytest.param(lambda: wrapped(lambda app: ProxyFix(ProxyFix(app))), [], id="ProxyFix twice"),
        pytest.param(lambda: wrapped(MethodOverride, own=False, csrf_protection=True), [OVERRIDES], id="a wrapper that changes methods"),
        pytest.param(lambda: wrapped(MethodOverride, own=False), [], id="such a wrapper, where writes are not protected"),
    ],
)  # fmt: skip
def test_what_is_said_at_the_first_request(make: Callable[[], Flask], expected: list[str]) -> None:
    app = make()
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        for _ in range(2):
            Client(app).get("/", headers={"Origin": APP})
    said = [
        re.sub(r"^(<bound method|functools\.partial).*? wraps", "<the wrapper> wraps", str(each.message))
        for each in given
    ]
    assert said == expected


def test_after_the_first_request_the_middleware_has_the_policy_itself() -> None:
    app = Flask("plain")
    CORS(app, origins=APP)
    extension = app.extensions[EXTENSION_KEY]
    assert extension.middleware.policy == extension.find
    Client(app).get("/", headers={"Origin": APP})
    Client(app).get("/", headers={"Origin": APP})
    assert extension.middleware.policy is extension.routes.policies.of_application("/")


def test_where_the_path_decides_each_request_is_looked_at() -> None:
    app = Flask("paths")
    CORS(app, resources={"/": {"origins": APP}, "/x": {"origins": OTHER}})
    extension = app.extensions[EXTENSION_KEY]
    for _ in range(2):
        Client(app).get("/", headers={"Origin": APP})
    assert extension.middleware.policy == extension.find
    assert extension.find({"PATH_INFO": "/x"}).origins == (OTHER,)
    assert extension.find({}).origins == (APP,)  # PEP 3333 allows to leave out what is empty
    assert extension.find({"PATH_INFO": "/y"}) is None


def test_a_decorated_view_that_is_known_is_not_looked_at_again(monkeypatch: pytest.MonkeyPatch) -> None:
    app = Flask("known")
    CORS(app, origins=APP)
    app.add_url_rule("/", "view", cross_origin(origins=OTHER)(lambda: "view"))
    calls: list[Any] = []
    real = routes_of(app).report

    def report(*args: Any) -> Any:
        calls.append(args)
        return real(*args)

    monkeypatch.setattr(routes_of(app), "report", report)
    for _ in range(3):
        assert Client(app).get("/", headers={"Origin": OTHER}).headers["Access-Control-Allow-Origin"] == OTHER
    assert len(calls) == 1


@cross_origin(origins=OTHER, csrf_protection=True)
def saved() -> str:
    return "saved"


def without_wraps(function: Any) -> Any:
    return lambda: function()


@pytest.mark.filterwarnings("ignore::flask_crossorigin.CORSWarning")
@pytest.mark.parametrize("covered", [True, False], ids=["with CORS(app)", "alone"])
def test_a_view_that_hides_its_mark_refuses_a_write_when_it_runs(covered: bool) -> None:
    app = Flask("hidden")
    if covered:
        CORS(app, origins=APP)
    app.add_url_rule("/", "view", without_wraps(saved), methods=["POST"])
    response = Client(app).post("/", headers={"Origin": APP, "Sec-Fetch-Site": "cross-site"})
    assert (response.status_code, response.text) == (403, "Origin not allowed")
    allowed = Client(app).post("/", headers={"Origin": OTHER, "Sec-Fetch-Site": "cross-site"})
    assert (allowed.status_code, allowed.text) == (200, "saved")
    assert allowed.headers["Access-Control-Allow-Origin"] == OTHER


@cross_origin(csrf_protection=True)
def bare() -> str:
    return "saved"


@pytest.mark.filterwarnings("ignore::flask_crossorigin.CORSWarning")
def test_a_bare_view_that_hides_its_mark_has_the_origins_of_its_path() -> None:
    app = Flask("paths")
    CORS(app, resources={"/api/*": {"origins": APP}, "/other/*": {"origins": OTHER}})
    app.add_url_rule("/api/x", "x", without_wraps(bare), methods=["POST"])
    app.add_url_rule("/other/x", "y", without_wraps(bare), methods=["POST"])
    seen = []
    for path in ("/api/x", "/other/x"):
        for origin in (APP, OTHER):
            response = Client(app).post(path, headers={"Origin": origin, "Sec-Fetch-Site": "cross-site"})
            seen.append((response.status_code, response.headers.get("Access-Control-Allow-Origin")))
    assert seen == [(200, APP), (403, None), (403, None), (200, OTHER)]


def test_a_url_with_one_method_alone_has_one_policy() -> None:
    app = Flask("one")
    CORS(app, origins=APP)
    app.add_url_rule("/own", "own", cross_origin(origins=OTHER)(traced))
    app.add_url_rule("/only/", "only", traced, methods=["PUT"], provide_automatic_options=False)
    response = Client(app).options("/only", headers={"Origin": APP, "Access-Control-Request-Method": "PUT"})
    assert (response.status_code, response.headers["Access-Control-Max-Age"]) == (200, "600")


def test_options_is_answered_where_flask_has_no_setting_for_it() -> None:
    app = Flask("old")
    app.config.pop("PROVIDE_AUTOMATIC_OPTIONS", None)  # as before Flask 3.1
    app.add_url_rule("/", "view", cross_origin(origins=OTHER)(traced))
    assert Client(app).options("/").status_code == 200


# --- what is wrong, and where -----------------------------------------------------------------------------


def test_a_wrong_pattern_of_a_blueprint_is_said_when_it_is_written() -> None:
    with pytest.raises(CORSConfigError, match=r"^resources: 'x' is not a path pattern: write '/x'$"):
        CORS(Blueprint("shop", "shop"), resources={"x": {"origins": APP}})


def test_what_is_wrong_with_a_blueprint_in_its_application_names_the_blueprint() -> None:
    app, blueprint = Flask("site"), Blueprint("shop", "shop")
    CORS(blueprint, supports_credentials=True)
    app.register_blueprint(blueprint)
    with pytest.raises(CORSConfigError, match=r"^CORS\(blueprint 'shop'\): origins: '\*' is the default"):
        Client(app).get("/")


@pytest.mark.filterwarnings("ignore::flask_crossorigin.CORSWarning")
def test_what_is_wrong_with_a_view_that_hides_its_mark_is_said_when_it_runs() -> None:
    app = Flask("hidden")
    CORS(app, resources={"/api/*": {"origins": APP}})
    app.config["TESTING"] = True
    app.add_url_rule("/", "view", without_wraps(cross_origin(supports_credentials=True)(traced)))
    with pytest.raises(CORSConfigError, match=r"^@cross_origin: origins: '\*' is the default"):
        Client(app).get("/", headers={"Origin": APP})


# --- what a view carries ----------------------------------------------------------------------------------


def test_a_bare_view_of_an_application_without_origins_is_public() -> None:
    app = Flask("public")
    CORS(app)
    app.add_url_rule("/", "view", cross_origin(lambda: "view"))
    assert Client(app).get("/", headers={"Origin": OTHER}).headers["Access-Control-Allow-Origin"] == "*"


def test_the_methods_that_a_view_requires_stay() -> None:
    def view() -> str:
        return "view"

    view.required_methods = {"PUT"}  # type: ignore[attr-defined]
    app = Flask("required")
    app.add_url_rule("/", "view", cross_origin(origins=OTHER)(view), methods=["GET"])
    (rule,) = (rule for rule in app.url_map.iter_rules() if rule.endpoint == "view")
    assert rule.methods == {"GET", "HEAD", "PUT", "OPTIONS"}


@pytest.mark.parametrize(
    ("function", "name"),
    [
        (traced, f"{__name__}.traced"),
        (functools.partial(traced), ".partial"),
        (len, "builtins.len"),
        (None, ".NoneType"),
    ],
    ids=["a function", "a partial", "a function of Python", "nothing"],
)
def test_the_name_of_a_view_in_messages(function: object, name: str) -> None:
    assert name_of(function).endswith(name)
