"""``explain``: what a pasted message of the console means."""

from __future__ import annotations

import json

from click.testing import CliRunner

from flask_crossorigin.commands.group import cors

from ..helpers.commands import flask_app, run

PASTED = "Access to fetch at 'http://localhost:5000/bare' from origin 'https://app.example' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource."


def test_explain_from_an_argument_and_from_standard_input() -> None:
    by_argument, by_input = run(flask_app(), "explain", PASTED), run(flask_app(), "explain", text=PASTED)
    assert by_argument.output == by_input.output
    assert by_argument.output.startswith(
        "the response has no Access-Control-Allow-Origin header\n"
        "  fix: if this page may read the response, write this in Flask:\n  # Below app = Flask(__name__)."
    )
    assert "flask-crossorigin check http://localhost:5000/bare --origin https://app.example" in by_argument.output


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
