"""Packages that trace requests, which replace the class of applications or its methods; and Flask-SocketIO."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from flask_crossorigin import CORS

from ..helpers.cases import APP, OTHER
from .conftest import missing

ROOT = Path(__file__).parents[2]
# Nothing is sent to anybody.
QUIET = {
    "DD_TRACE_AGENT_URL": "http://127.0.0.1:1",
    "DD_INSTRUMENTATION_TELEMETRY_ENABLED": "false",
    "DD_REMOTE_CONFIGURATION_ENABLED": "false",
    "NEW_RELIC_DEVELOPER_MODE": "true",
    "NEW_RELIC_LICENSE_KEY": "of the tests",
    "OTEL_SDK_DISABLED": "true",
}


@pytest.mark.parametrize(
    ("agent", "package", "start"),
    [
        ("opentelemetry", "opentelemetry.instrumentation.flask", []),
        ("opentelemetry-later", "opentelemetry.instrumentation.flask", []),
        ("newrelic", "newrelic", []),
        ("ddtrace", "ddtrace", ["-m", "ddtrace.commands.ddtrace_run", sys.executable]),
    ],
    ids=["OpenTelemetry, for all applications", "OpenTelemetry, for one application", "New Relic", "ddtrace"],
)
def test_every_policy_is_found_and_nothing_is_warned_of(agent: str, package: str, start: list[str]) -> None:
    if importlib.util.find_spec(package.partition(".")[0]) is None:
        missing(package)
    command = [sys.executable, *start, "-m", "tests.e2e.traced", agent]
    result = subprocess.run(
        command, cwd=ROOT, env=os.environ | QUIET, capture_output=True, text=True, timeout=60, check=False
    )
    assert result.returncode == 0, result.stderr
    answers = json.loads(result.stdout.strip().splitlines()[-1])
    owners = {"/": "app", "/own": "own", "/shop": "shop"}
    assert answers == {f"{path} {name}": [name == owners[path]] * 2 for path in owners for name in owners.values()}


@pytest.mark.filterwarnings("ignore::flask_crossorigin.CORSWarning")
@pytest.mark.parametrize(
    ("listed", "status"),
    [([APP], 200), ([OTHER], 400), ([], 200)],
    ids=["the same list", "another list refuses", "an empty list does not check"],
)
def test_flask_socketio_has_a_list_of_its_own(listed: list[str], status: int) -> None:
    if importlib.util.find_spec("flask_socketio") is None:
        missing("flask_socketio")
    import flask_socketio

    app = Flask(__name__)
    flask_socketio.SocketIO(app, cors_allowed_origins=listed, async_mode="threading")
    CORS(app, origins=APP)
    response = app.test_client().get("/socket.io/?EIO=4&transport=polling", headers={"Origin": APP})
    assert (response.status_code, response.headers.getlist("Access-Control-Allow-Origin")) == (status, [APP])
