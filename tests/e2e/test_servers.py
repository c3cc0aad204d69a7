"""Real servers: a preflight leaves a kept-alive connection open, and an application nobody may edit is wrapped."""

from __future__ import annotations

import http.client
import re
import shlex
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import ROOT, Start, free_port, gunicorn, waitress

APP = "https://app.example"
ASK = {"Origin": APP, "Access-Control-Request-Method": "PUT"}
EXAMPLES = sorted(path.stem for path in (ROOT / "examples").glob("*_app.py"))

KEEPING: dict[str, Callable[[int], list[str]]] = {
    "gunicorn's threads": lambda port: gunicorn(port, "--threads", "2", "examples.wsgi_app:app"),
    "waitress": lambda port: waitress(port, "examples.wsgi_app:app"),
}


@pytest.mark.parametrize("server", KEEPING)
def test_a_preflight_does_not_close_a_kept_alive_connection(start: Start, server: str) -> None:
    port = free_port()
    start(*KEEPING[server](port), port=port)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.connect()
    socket = connection.sock
    for origin, status in ((APP, 200), ("https://other.example", 403), (APP, 200)):
        connection.request("OPTIONS", "/account", headers=ASK | {"Origin": origin})
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (status, b"" if status == 200 else b"Origin not allowed")
    connection.request("GET", "/account", headers={"Origin": APP})
    answer = connection.getresponse()
    answer.read()
    assert answer.headers["Access-Control-Allow-Origin"] == APP
    assert connection.sock is socket, "the server closed the connection"
    connection.close()


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_runs_as_its_first_lines_say(start: Start, name: str) -> None:
    lines = re.findall(r"^    (\w.*)$", Path(ROOT, "examples", f"{name}.py").read_text(), re.MULTILINE)
    command = next(shlex.split(line) for line in lines if line.startswith("waitress-serve"))
    port = free_port()
    start(*waitress(port, command[2]), port=port)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/account", headers={"Origin": APP, "Cookie": "user=Ada"})
    answer = connection.getresponse()
    assert b"user=Ada" in answer.read()
    assert answer.headers["Access-Control-Allow-Credentials"] == "true"
    connection.close()


def test_the_flask_factory_runs_as_its_first_lines_say(start: Start) -> None:
    command = re.search(
        r"^    CORS_MAX_AGE=60 (waitress-serve .*)$",
        Path(ROOT, "examples", "flask_factory.py").read_text(),
        re.MULTILINE,
    )
    assert command is not None
    port = free_port()
    start(*waitress(port, *shlex.split(command[1])[2:]), port=port, CORS_MAX_AGE="60")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("OPTIONS", "/orders", headers=ASK | {"Origin": "https://acme.example"})
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Access-Control-Max-Age"]) == (200, "60")
    connection.close()


def test_an_application_is_wrapped_from_the_command_line(start: Start) -> None:
    port = free_port()
    start(
        *gunicorn(port, 'flask_crossorigin:wrap("examples.wsgi_app:api")'),
        port=port,
        CORS_ORIGINS=APP,
        CORS_MAX_AGE="60",
    )
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("OPTIONS", "/public", headers=ASK)
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Access-Control-Max-Age"]) == (200, "60")
    connection.close()
