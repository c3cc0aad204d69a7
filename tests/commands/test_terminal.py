"""What a server, a page or a message chooses never reaches the terminal raw, nor a shell unquoted."""

from __future__ import annotations

import shlex
import subprocess
from typing import Any

import pytest
from click.testing import CliRunner

from flask_crossorigin.commands.group import cors
from flask_crossorigin.doctor.explain import explain
from flask_crossorigin.doctor.meanings import check_command

from ..helpers.commands import run

NASTY = "\x1b[31mred\x07\x9b2J\u202e\u2066\x00"


def answering(*headers: tuple[str, str]) -> Any:
    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain"), *headers])
        return [b"x"]

    return app


def crashing(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    raise RuntimeError(NASTY)


def is_plain(text: str) -> bool:
    return all(character == "\n" or character.isprintable() for character in text)


@pytest.mark.parametrize(
    ("app", "arguments"),
    [
        (answering(("Access-Control-Allow-Origin", f"https://a.example{NASTY}")), ["check", "/", "--origin", "https://app.example"]),
        (answering(("Server", NASTY), ("Vary", NASTY)), ["check", "/", "--origin", "https://app.example"]),
        (answering(("Access-Control-Allow-Origin", f"https://a.example{NASTY}")), ["audit", "--trusted", "https://app.example"]),
        (crashing, ["check", "/", "--origin", "https://app.example"]),
        (answering(), ["check", NASTY, "--origin", "https://app.example"]),
        (answering(), ["explain", f"Access to fetch at 'https://a.example/{NASTY}' from origin 'https://{NASTY}' has been blocked by CORS policy: Method {NASTY} is not allowed by Access-Control-Allow-Methods in preflight response."]),
    ],
)  # fmt: skip
def test_nothing_raw_reaches_the_terminal(app: Any, arguments: list[str]) -> None:
    result = run(app, *arguments)
    assert is_plain(result.stdout)
    assert is_plain(result.stderr)


@pytest.mark.parametrize("name", ["$(id)", "`id`", "';id;'", '"', "&&id"])
def test_a_printed_command_is_quoted(name: str) -> None:
    text = (
        f"Access to fetch at 'https://api.example/{name}' from origin 'https://app.example{name}' has been blocked by CORS "
        f"policy: Request header field {name} is not allowed by Access-Control-Allow-Headers in preflight response."
    )
    found = explain(text)
    assert found is not None
    command = check_command(found)
    shown = subprocess.run(["sh", "-c", f"printf '%s\\n' {command}"], capture_output=True, text=True, check=True).stdout
    assert shown.split("\n")[:2] == ["flask-crossorigin", "check"]
    assert "uid=" not in shown
    assert shlex.split(command)[0] == "flask-crossorigin"


def test_the_method_of_the_curl_line_is_quoted() -> None:
    result = CliRunner().invoke(
        cors, ["check", "x';id;'", "/", "--origin", "https://app.example", "--app", "tests.helpers.commands:plain"]
    )
    assert "curl -i -X x';id" not in result.stdout
