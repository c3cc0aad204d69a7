"""Applications of other projects behind this library: what a listed page and a foreign one get of each."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from typing import Any

import pytest

from .conftest import ROOT, missing

READ, WRITE = "response-acao-missing", "preflight-acao-missing"


@pytest.mark.parametrize(
    ("name", "package", "listed", "foreign"),
    [
        pytest.param("dash", "dash", [200, 200], [READ, WRITE], id="Dash: its layout, and a callback"),
        pytest.param(
            "drf",
            "rest_framework",
            [200, 200, 403],
            [READ, WRITE, WRITE],
            id="Django REST framework: a list, a POST of JSON, a refusal that the page can read",
        ),
        pytest.param("wagtail", "wagtail", [200, 200, 400], [READ, WRITE, READ], id="Wagtail: its API, and an error"),
        pytest.param("radicale", "radicale", [201, 201, 207, 207], [WRITE] * 4, id="Radicale: a calendar and an event"),
        pytest.param(
            "wsgidav",
            "wsgidav",
            [201, 207, 200, 204],
            [WRITE, WRITE, READ, WRITE],
            id="WsgiDAV: a file, from PUT to DELETE",
        ),
        pytest.param(
            "security",
            "flask_security",
            [401, 200, 200],
            [READ, WRITE, READ],
            id="Flask-Security: a login, and its session",
        ),
    ],
)
def test_a_listed_page_can_use_it_and_a_foreign_one_can_not(
    name: str, package: str, listed: list[Any], foreign: list[Any]
) -> None:
    if importlib.util.find_spec(package) is None:
        missing(package)
    command = [sys.executable, "-W", "ignore", "-m", "tests.e2e.applications", name]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout.splitlines()[-1]) == [listed, foreign]
