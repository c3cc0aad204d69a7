"""The nginx examples with the real nginx: CORS in the application only, and in nginx only."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from flask_crossorigin.browser.client import Client, network_transport
from flask_crossorigin.browser.urls import parse
from flask_crossorigin.browser.values import Request
from flask_crossorigin.commands.group import cors

from .conftest import ROOT, Start, free_port, gunicorn, nginx_of

APP = "https://app.example"


def configured(name: str, folder: Path, port: int, backend: int) -> str:
    """Return an example with the ports and the folders of a test."""
    text = (ROOT / "examples" / "nginx" / name).read_text()
    assert text.count("127.0.0.1:8080") == 1
    assert text.count("127.0.0.1:5000") == 1
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    text = text.replace("127.0.0.1:8080", f"127.0.0.1:{port}").replace("127.0.0.1:5000", f"127.0.0.1:{backend}")
    return f"daemon off;\npid {folder}/pid;\nerror_log {folder}/error.log;\n" + text.replace(
        "http {", f"http {{\naccess_log off;\n{places}", 1
    )


@pytest.fixture(params=["app-only.conf", "nginx-only.conf"])
def port(request: pytest.FixtureRequest, tmp_path: Path, start: Start) -> Iterator[int]:
    backend, number = free_port(), free_port()
    module = "tests.e2e.behind:app" if request.param == "app-only.conf" else "tests.e2e.behind:silent"
    start(*gunicorn(backend, module), port=backend)
    with nginx_of(tmp_path, number, configured(request.param, tmp_path, number, backend)):
        yield number


def fetch(port: int, origin: str, path: str = "/items", **options: Any) -> Any:
    base = parse(f"http://127.0.0.1:{port}/")
    assert base is not None
    client = Client(network_transport(), origin, profile="chrome", base=base)
    return client.fetch(Request(url=path, **options)), client.exchanges


def test_a_browser_reads_what_it_may(port: int) -> None:
    for options in ({}, {"method": "PUT", "headers": [("Content-Type", "application/json")], "body": b"{}"}):
        outcome, exchanges = fetch(port, APP, **options)  # type: ignore[arg-type]
        assert (outcome.type, outcome.status) == ("cors", 200), outcome.failures
        for exchange in exchanges:
            values = [
                value for name, value in exchange.response_headers if name.lower() == "access-control-allow-origin"
            ]
            assert values == [APP]
            assert "Origin" in str([value for name, value in exchange.response_headers if name.lower() == "vary"])
    for origin in ("https://evil.example", "https://app.example.evil.example", "null"):
        outcome, _ = fetch(port, origin)
        assert outcome.type == "error"


def test_errors_are_readable_too(port: int) -> None:
    assert fetch(port, APP, "/missing")[0].status == 404
    assert fetch(port, APP, "/fails")[0].status == 500


def test_vary_is_there_without_origin(port: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", "/items")
    answer = connection.getresponse()
    answer.read()
    connection.close()
    assert answer.headers["Vary"] == "Origin"
    assert answer.headers["Access-Control-Allow-Origin"] is None


def test_the_doctor_names_the_layer_of_the_wrong_one(tmp_path: Path, start: Start) -> None:
    backend, port = free_port(), free_port()
    start(*gunicorn(backend, "tests.e2e.behind:app"), port=backend)
    with nginx_of(tmp_path, port, configured("wrong.conf", tmp_path, port, backend)):
        url = f"http://127.0.0.1:{port}"
        arguments = ["check", "/items", "--app", "tests.e2e.behind:app", "--origin", APP, "--against", url]
        shown = CliRunner().invoke(cors, arguments).stdout
    documented = (
        (ROOT / "docs" / "guides" / "nginx.md").read_text().partition("    BLOCKED:")[2].partition("    ...")[0]
    )
    expected = "BLOCKED:" + documented.replace("\n    ", "\n").replace("http://127.0.0.1:8080", url)
    assert shown.startswith(expected.rstrip())
