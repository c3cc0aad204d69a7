"""What is read of Flask and Werkzeug that is not documented; tox runs this with the lowest and the newest versions."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import flask
import pytest
from flask import Blueprint, Flask
from werkzeug.test import Client

from flask_crossorigin.extension.flask_internals import (
    REQUEST_KEY,
    AddedOptions,
    converters_of,
    declares_options,
    has_answered,
    has_new_rules,
    is_registered,
    request_context,
    weak_wsgi_app,
)


def test_an_application_that_has_answered() -> None:
    app = Flask(__name__)
    assert not has_answered(app)
    app.test_client().get("/")
    assert has_answered(app)


def test_a_blueprint_that_is_registered() -> None:
    app, blueprint = Flask(__name__), Blueprint("b", __name__)
    assert not is_registered(blueprint)
    app.register_blueprint(blueprint)
    assert is_registered(blueprint)


def test_new_rules_are_seen_until_the_map_is_updated() -> None:
    app = Flask(__name__)
    app.url_map.update()
    assert not has_new_rules(app.url_map)
    app.add_url_rule("/x", "x", lambda: "x")
    assert has_new_rules(app.url_map)


def test_converters_by_name() -> None:
    app = Flask(__name__)
    app.add_url_rule("/<int:number>", "x", lambda number: "x")
    (rule,) = [rule for rule in app.url_map.iter_rules() if rule.endpoint == "x"]
    assert type(converters_of(rule)["number"]).__name__ == "IntegerConverter"


def test_the_request_is_in_the_environ_and_in_the_context() -> None:
    app, seen = Flask(__name__), []

    @app.route("/x")
    def view() -> str:
        current = flask.request._get_current_object()  # type: ignore[attr-defined]
        seen.append((request_context.get().request is current, current.environ[REQUEST_KEY] is current))
        assert current.environ[REQUEST_KEY].url_rule.endpoint == "view"
        return "x"

    assert Client(app).get("/x").text == "x"
    assert seen == [(True, True)]


def test_the_inner_application_does_not_keep_the_application() -> None:
    class Own(Flask):
        def wsgi_app(self, environ: dict[str, Any], start_response: Any) -> Any:
            environ["own"] = True
            return super().wsgi_app(environ, start_response)

    gc.collect()
    app = Own(__name__)
    app.add_url_rule("/x", "x", lambda: str(flask.request.environ.get("own")))
    inner, gone = weak_wsgi_app(app), weakref.ref(app)
    assert Client(inner).get("/x").text == "True"
    del app
    assert gone() is None


def test_another_wrapper_stays_as_it_is() -> None:
    app = Flask(__name__)
    wrapper: Any = lambda environ, start_response: []  # noqa: E731
    app.wsgi_app = wrapper  # type: ignore[method-assign]
    assert weak_wsgi_app(app) is wrapper


@pytest.mark.parametrize(("methods", "declared"), [(None, False), (["GET"], False), (["GET", "OPTIONS"], True)])
def test_options_that_the_route_declares_are_told_from_added_ones(methods: Any, declared: bool) -> None:
    app = Flask(__name__)

    def view() -> str:
        return "x"

    view.required_methods = {AddedOptions("OPTIONS")}  # type: ignore[attr-defined]
    app.add_url_rule("/x", "x", view, methods=methods)
    (rule,) = [rule for rule in app.url_map.iter_rules() if rule.endpoint == "x"]
    assert "OPTIONS" in (rule.methods or ())
    assert declares_options(rule.methods) is declared
