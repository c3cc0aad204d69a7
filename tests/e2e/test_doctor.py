"""The doctor against real servers: gunicorn behind nginx, TLS that nobody trusts, a port where nothing listens."""

from __future__ import annotations

import json
import socket
import ssl
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import trustme
from click.testing import CliRunner
from werkzeug.serving import make_server

from flask_crossorigin.commands.group import cors

from .conftest import ROOT, Start, free_port, gunicorn, nginx

APP = "https://app.example"
SCHEMA = json.loads((ROOT / "docs" / "check.schema.json").read_text())


def check(*arguments: str) -> dict[str, Any]:
    done = CliRunner().invoke(cors, ["check", "--json", *arguments])
    assert done.exit_code in (0, 1), done.output
    report: dict[str, Any] = json.loads(done.stdout)
    jsonschema.validate(report, SCHEMA)
    return report


def proxied(backend: int, *lines: str) -> str:
    return f"location / {{ proxy_pass http://127.0.0.1:{backend}; {' '.join(lines)} }}"


@pytest.fixture
def backend(start: Start) -> int:
    port = free_port()
    start(*gunicorn(port, "tests.e2e.behind:app"), port=port)
    return port


@pytest.mark.parametrize(
    ("lines", "method", "kind", "title"),
    [
        pytest.param([f"add_header Access-Control-Allow-Origin {APP} always;"], "GET", "layer", "nginx adds a second Access-Control-Allow-Origin", id="a second header"),
        pytest.param(["proxy_hide_header Access-Control-Allow-Origin;"], "GET", "layer", "nginx removes Access-Control-Allow-Origin", id="a header that is hidden"),
        pytest.param(["if ($request_method = OPTIONS) { return 405; }"], "PUT", "layer", "status 405 over the network, and 200 in the process", id="preflights that it answers itself"),
        pytest.param(["client_max_body_size 1;"], "PUT", "layer", "status 413 over the network, and 200 in the process", id="a body that it refuses"),
        pytest.param(["proxy_hide_header Vary;"], "GET", "layer", "nginx removes Vary: Origin", id="a Vary that is hidden"),
    ],
)  # fmt: skip
def test_the_layer_that_differs_is_named(
    tmp_path: Path, backend: int, lines: list[str], method: str, kind: str, title: str
) -> None:
    port = free_port()
    with nginx(tmp_path, port, proxied(backend, *lines)):
        report = check(method, "/items", "--origin", APP, "--data", "xx", "--app", "tests.e2e.behind:app", "--against", f"http://127.0.0.1:{port}") if method == "PUT" else check(
            method, "/items", "--origin", APP, "--app", "tests.e2e.behind:app", "--against", f"http://127.0.0.1:{port}"
        )  # fmt: skip
    first = report["findings"][0]
    assert first["kind"] == kind
    assert title in first["title"]
    assert "nginx" in first["layer"]


def test_nothing_differs_behind_a_good_proxy(tmp_path: Path, backend: int) -> None:
    port = free_port()
    with nginx(tmp_path, port, proxied(backend)):
        report = check(
            "PUT", "/items", "--origin", APP, "--app", "tests.e2e.behind:app", "--against", f"http://127.0.0.1:{port}"
        )
    assert report["verdict"] == "allowed"
    assert [finding for finding in report["findings"] if finding["blocks"]] == []


def test_a_proxy_without_an_application_is_named(tmp_path: Path) -> None:
    port = free_port()
    with nginx(tmp_path, port, proxied(free_port())):
        report = check(f"http://127.0.0.1:{port}/", "--origin", APP)
    first = report["findings"][0]
    assert (first["kind"], first["layer"]) == ("response-acao-missing", "proxy (nginx)")
    assert "an error page (502) without CORS headers" in first["title"]


def test_a_port_where_nothing_listens() -> None:
    first = check(f"http://127.0.0.1:{free_port()}/", "--origin", "http://localhost:3000")["findings"][0]
    assert (first["kind"], first["layer"]) == ("network", "network")
    assert "the connection was refused" in first["title"]


def test_a_certificate_that_nobody_trusts() -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    server = make_server("localhost", 0, lambda environ, start_response: [b""], ssl_context=context)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        first = check(f"https://localhost:{server.port}/", "--origin", APP)["findings"][0]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert first["kind"] == "network"
    assert "TLS failed" in first["title"]


def test_a_name_that_does_not_exist() -> None:
    first = check("https://nowhere.invalid/", "--origin", APP)["findings"][0]
    assert "the host name does not exist" in first["title"]


def test_a_server_that_hangs_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def hang_up() -> None:
            connection, _ = listener.accept()
            connection.recv(1000)
            connection.close()

        thread = threading.Thread(target=hang_up)
        thread.start()
        first = check(f"http://127.0.0.1:{listener.getsockname()[1]}/", "--origin", "http://localhost:3000")[
            "findings"
        ][0]
        thread.join()
    assert "closed the connection without an answer" in first["title"]


def test_mixed_content_is_no_cors_error() -> None:
    report = check("http://api.example/", "--origin", APP)
    assert report["findings"][0]["kind"] == "mixed-content"
    assert report["exchanges"] == []


def test_local_network_access_is_told(backend: int) -> None:
    report = check(f"http://127.0.0.1:{backend}/items", "--origin", APP)
    assert report["verdict"] == "allowed"
    assert "local-network-access" in [finding["kind"] for finding in report["findings"]]


def test_the_airplay_receiver_is_recognised() -> None:
    def airplay(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("403 Forbidden", [("Content-Length", "0"), ("Server", "AirTunes/595.13.1")])
        return [b""]

    server = make_server("127.0.0.1", 0, airplay)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        first = check(f"http://127.0.0.1:{server.port}/", "--origin", "http://localhost:3000")["findings"][0]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert "AirPlay" in first["remedy"]


def test_an_audit_over_the_network(backend: int) -> None:
    command = [
        sys.executable,
        "-m",
        "flask_crossorigin",
        "audit",
        f"http://127.0.0.1:{backend}/items",
        "--trusted",
        APP,
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0
    assert done.stdout.startswith("Tried ")
    assert " origins with GET and OPTIONS on 1 URL: /items\n" in done.stdout
    assert done.stdout.endswith("\nNothing found.\n")
