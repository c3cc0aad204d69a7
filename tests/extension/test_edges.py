"""Flask's side at its edges: errors that have to reach the server, functions that look at the request."""

from __future__ import annotations

import functools
from typing import Any

import pytest
from flask import Flask, current_app
from werkzeug.test import Client

from flask_crossorigin import CORS, cross_origin
from flask_crossorigin.extension.cors import _module_of

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


class Tracer:
    __module__ = "ddtrace.contrib.flask"

    def method(self) -> None:
        """Stand for ``wsgi_app``."""


class Nameless:
    __module__ = "wrapt.wrappers"

    def __init__(self) -> None:
        self.__module__ = None  # type: ignore[assignment]


def traced() -> None:
    """Stand for a wrapper that a package made."""


@pytest.mark.parametrize(
    ("wrapper", "package"),
    [
        pytest.param(Tracer(), "ddtrace", id="an object"),
        pytest.param(Tracer().method, "tests", id="a method, by where it is defined"),
        pytest.param(traced, "tests", id="a function"),
        pytest.param(functools.partial(traced), "functools", id="a partial, by its class"),
        pytest.param(Nameless(), "wrapt", id="an object without a module, by its class"),
        pytest.param(len, "builtins", id="a function of Python"),
    ],
)
def test_the_package_that_a_wrapper_comes_from(wrapper: object, package: str) -> None:
    assert _module_of(wrapper) == package


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
