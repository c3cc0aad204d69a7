"""``explain``: what a pasted message of the console means."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from flask import Flask

from flask_crossorigin import CORS
from flask_crossorigin.commands.group import cors

from ..helpers.commands import flask_app, run

PASTED = "Access to fetch at 'http://localhost:5000/bare' from origin 'https://app.example' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource."


def test_explain_from_an_argument_and_from_standard_input() -> None:
    by_argument, by_input = (CliRunner().invoke(cors, ["explain", *more], input=PASTED) for more in ([PASTED], []))
    assert by_argument.output == by_input.output
    assert by_argument.output.startswith(
        "the response has no Access-Control-Allow-Origin header\n"
        "  fix: if this page may read the response, write this:\n"
    )
    assert "flask-crossorigin check http://localhost:5000/bare --origin https://app.example" in by_argument.output


def test_with_the_application_there_is_one_fix_and_it_is_for_this_application() -> None:
    output = run(flask_app(), "explain", PASTED).output
    assert output.count("fix:") == 1
    assert "fix: resources of CORS(app)" in output
    assert "To see what happens" not in output


def test_if_the_application_allows_the_request_the_server_that_runs_is_to_be_compared() -> None:
    output = run(flask_app(), "explain", PASTED.replace("/bare", "/public/1")).output
    assert "fix:" not in output
    assert "ALLOWED: GET /public/1 from https://app.example" in output
    assert output.endswith(
        "The application allows this request. Does the server run an older version, or is a proxy in front?\n"
        "To see what it answers:\n"
        "  flask-crossorigin check /public/1 --origin https://app.example --against http://localhost:5000/public/1\n"
    )


@pytest.mark.parametrize(
    ("reason", "line"),
    [
        pytest.param("The value of the 'Access-Control-Allow-Credentials' header in the response is '' which must be 'true' when the request's credentials mode is 'include'.", "BLOCKED: GET /items", id="the credentials"),
        pytest.param("Request header field x-token is not allowed by Access-Control-Allow-Headers in preflight response.", "BLOCKED: GET /items", id="the header"),
        pytest.param("Response to preflight request doesn't pass access control check: It does not have HTTP ok status.", "BLOCKED: GET /items", id="the preflight"),
    ],
)  # fmt: skip
def test_the_application_gets_the_request_of_the_message(reason: str, line: str) -> None:
    app = Flask("shop")
    CORS(app, origins=["https://app.example"], allow_headers=["X-A"])
    app.add_url_rule("/items", "items", lambda: "items")
    start = "Access to fetch at 'http://localhost:5000/items' from origin 'https://app.example' has been blocked by CORS policy: "
    assert line in run(app, "explain", start + reason).output


def test_explain_checks_an_application_at_hand() -> None:
    result = run(None, "explain", PASTED, "--app", "tests.helpers.commands:bare_app")
    assert "BLOCKED: GET /bare from https://app.example" in result.output


def test_the_cause_is_bold() -> None:
    result = CliRunner().invoke(cors, ["explain", PASTED], color=True)
    assert result.output.startswith("\x1b[1mthe response has no Access-Control-Allow-Origin header\x1b[0m\n")


def test_explain_as_json_and_of_another_text() -> None:
    value = json.loads(run(flask_app(), "explain", "--json", PASTED).stdout)
    assert [meaning["kind"] for meaning in value["meanings"]] == ["response-acao-missing"]
    assert run(flask_app(), "explain", "hello").exit_code == 2
