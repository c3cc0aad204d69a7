"""Flask's side at its edges: errors that have to reach the server, functions that look at the request."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, current_app
from werkzeug.test import Client

from flask_crossorigin import CORS

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
