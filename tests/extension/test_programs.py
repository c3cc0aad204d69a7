"""Whole programs as people write them for Flask-CORS: each starts, or starts when the line of its message is written.

``/x`` is a view of the application or of the blueprint ``api``. What is allowed there is compared, so that no program
allows more than it says.
"""

from __future__ import annotations

import warnings
from typing import Any

import flask
import pytest

from flask_crossorigin import CORS, CORSConfigError, CORSWarning, cross_origin

from ..helpers.cases import APP, OTHER
from ..helpers.flask import allowed

FOREIGN = ("https://foreign.example", "null", "http://app.example")
START = """
app = Flask("shop")
api = Blueprint("api", "api")
"""
VIEW = """
app.add_url_rule("/x", "x", lambda: "x")
"""
NESTED = """
api.add_url_rule("/x", "x", lambda: "x")
app.register_blueprint(api)
"""


def run(program: str) -> flask.Flask:
    names: dict[str, Any] = {"Flask": flask.Flask, "Blueprint": flask.Blueprint, "flask": flask}
    exec(START + program, names | {"CORS": CORS, "cross_origin": cross_origin}, names)
    app: flask.Flask = names["app"]
    app.test_client().get("/x")  # what is checked at the first request, too
    return app


@pytest.mark.parametrize(
    ("program", "origins"),
    [
        pytest.param("CORS(app)" + VIEW, "*", id="the application alone"),
        pytest.param("CORS(app, origins='https://app.example')" + VIEW, {APP}, id="one origin"),
        pytest.param(VIEW + "CORS(app, origins='https://app.example')", {APP}, id="after the views"),
        pytest.param("cors = CORS(origins='https://app.example')\ncors.init_app(app)" + VIEW, {APP}, id="init_app"),
        pytest.param(
            "cors = CORS()\ncors.init_app(app, origins='https://app.example')" + VIEW, {APP}, id="late options"
        ),
        pytest.param(
            "app.config['CORS_ORIGINS'] = 'https://app.example'\nCORS(app)" + VIEW, {APP}, id="from the config"
        ),
        pytest.param(
            "app.config['CORS_RESOURCES'] = {'/x': {'origins': 'https://app.example'}}\nCORS(app)" + VIEW,
            {APP},
            id="resources from the config",
        ),
        pytest.param(
            "CORS(app, resources={r'/x/*': {'origins': 'https://app.example'}}, origins='*')" + VIEW,
            {APP},
            id="resources",
        ),
        pytest.param("CORS(app, resources=r'/y', origins='https://app.example')" + VIEW, set(), id="another resource"),
        pytest.param(
            "CORS(app, resources=['/x', '/y'], origins='https://app.example')" + VIEW, {APP}, id="a list of resources"
        ),
        pytest.param("CORS(api, origins='https://app.example')" + NESTED, {APP}, id="a blueprint alone"),
        pytest.param(
            "CORS(api, origins='https://app.example')" + NESTED + "CORS(app, origins='https://other.example')",
            {APP},
            id="a blueprint, then the application",
        ),
        pytest.param(
            "CORS(app, origins='https://other.example')\nCORS(api, origins='https://app.example')" + NESTED,
            {APP},
            id="the application, then a blueprint",
        ),
        pytest.param(
            "CORS(api, origins='https://app.example')"
            + NESTED
            + "app.register_blueprint(api, url_prefix='/v2', name='v2')",
            {APP},
            id="a blueprint that is registered twice",
        ),
        pytest.param(
            "app.config['CORS_ORIGINS'] = 'https://app.example'\n"
            "app.add_url_rule('/x', 'x', cross_origin()(lambda: 'x'))",
            {APP},
            id="a bare decorator, and the config",
        ),
        pytest.param(
            "CORS(app, origins='https://app.example')\n"
            "app.add_url_rule('/x', 'x', cross_origin(supports_credentials=True)(lambda: 'x'))",
            {APP},
            id="a decorator that adds credentials",
        ),
        pytest.param("app.add_url_rule('/x', 'x', cross_origin(lambda: 'x'))", "*", id="a decorator without a call"),
        pytest.param(
            "CORS(app, resources={'/*': {'origins': 'https://app.example'}})\n"
            "app.add_url_rule('/x', 'x', cross_origin(supports_credentials=True)(lambda: 'x'))",
            {APP},
            id="a decorator that adds credentials, under a pattern for every path",
        ),
        pytest.param(
            "@app.route('/x')\n@cross_origin(origins='https://app.example')\ndef x():\n    return 'x'",
            {APP},
            id="a decorator below the route",
        ),
    ],
)
def test_it_starts_and_allows_what_it_says(program: str, origins: Any) -> None:
    app = run(program)
    granted = {origin for origin in (APP, OTHER, *FOREIGN) if allowed(app, "/x", origin)}
    assert granted == ({APP, OTHER, *FOREIGN} if origins == "*" else origins)


@pytest.mark.parametrize(
    ("program", "line", "followed"),
    [
        pytest.param(
            "CORS(app, origins='https://app.example')\nCORS(app, supports_credentials=True)" + VIEW,
            "CORS(app, origins='https://app.example', supports_credentials=True)",
            "{line}" + VIEW,
            id="the application twice",
        ),
        pytest.param(
            "CORS(app, resources={'/x': {'origins': 'https://app.example'}})\n"
            "CORS(app, resources={'/y': {'origins': 'https://other.example'}})" + VIEW,
            "CORS(app, resources={'/x': {'origins': 'https://app.example'}, '/y': {'origins': 'https://other.example'}})",
            "{line}" + VIEW,
            id="the application twice, with resources",
        ),
        pytest.param(
            NESTED + "CORS(api, origins='https://app.example')",
            "CORS(blueprint) above app.register_blueprint",
            "CORS(api, origins='https://app.example')" + NESTED,
            id="a blueprint after it is registered",
        ),
        pytest.param(
            "CORS(api, origins='https://app.example')\nCORS(api, max_age=5)" + NESTED,
            "CORS(blueprint, origins='https://app.example', max_age=5)",
            "blueprint = api\n{line}" + NESTED,
            id="a blueprint twice",
        ),
        pytest.param(
            "CORS(app, ['https://app.example'])" + VIEW,
            "CORS(app, origins=['https://app.example'])",
            "{line}" + VIEW,
            id="a positional list",
        ),
        pytest.param(
            "app.add_url_rule('/x', 'x', cross_origin('https://app.example')(lambda: 'x'))",
            "@cross_origin(origins='https://app.example')",
            "{line}\ndef x():\n    return 'x'\napp.add_url_rule('/x', 'x', x)",
            id="a decorator with a positional origin",
        ),
        pytest.param(
            VIEW + "app.test_client().get('/x')\nCORS(app, origins='https://app.example')",
            "call CORS(app) where the app is made",
            "CORS(app, origins='https://app.example')" + VIEW,
            id="after the first request",
        ),
        pytest.param(
            "app.config['CORS_SUPPORTS_CREDENTIALS'] = True\nCORS(app)" + VIEW,
            "origins=['http://localhost:3000']",
            "app.config['CORS_SUPPORTS_CREDENTIALS'] = True\nCORS(app, origins=['https://app.example'])" + VIEW,
            id="credentials from the config, and no origins",
        ),
    ],
)
def test_its_message_names_the_line_with_which_it_starts(program: str, line: str, followed: str) -> None:
    with pytest.raises((CORSConfigError, TypeError)) as raised:
        run(program)
    assert line in str(raised.value)
    app = run(followed.format(line=line) if "{line}" in followed else followed)
    assert [origin for origin in (APP, OTHER, *FOREIGN) if allowed(app, "/x", origin)] == [APP]


@pytest.mark.parametrize(
    ("option", "value"),
    [("send_wildcard", True), ("automatic_options", False), ("vary_header", True), ("intercept_exceptions", False)],
)
def test_an_option_that_does_nothing_here_is_named_and_can_be_removed(option: str, value: bool) -> None:
    with pytest.warns(CORSWarning, match=f"{option} has no effect"):
        before = run(f"CORS(app, origins='https://app.example', {option}={value})" + VIEW)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        after = run("CORS(app, origins='https://app.example')" + VIEW)
    assert allowed(before, "/x", APP) == allowed(after, "/x", APP) == APP
