"""Each example, run as its first lines say: by waitress, from the root of the project, and asked with a real request."""

from __future__ import annotations

import importlib
import re
import shlex
from pathlib import Path

import pytest
from django.test import override_settings
from webtest import TestApp

ROOT = Path(__file__).parent.parent
EXAMPLES = sorted(path.stem for path in (ROOT / "examples").glob("*_app.py"))
APP = "https://app.example"


@pytest.mark.parametrize("name", EXAMPLES)
@override_settings(ROOT_URLCONF="examples.django_app")  # the suite's Django is configured already
def test_an_example_answers_a_public_and_a_credentialed_path(name: str) -> None:
    app = TestApp(importlib.import_module(f"examples.{name}").app)
    public = app.get("/public", headers={"Origin": "https://any.example"})
    assert public.json == {"greeting": "hello"}
    assert public.headers["Access-Control-Allow-Origin"] == "*"

    account = app.get("/account", headers={"Origin": APP, "Cookie": "user=Ada"})
    assert account.json == {"cookie": "user=Ada"}
    assert account.headers["Access-Control-Allow-Origin"] == APP
    assert account.headers["Access-Control-Allow-Credentials"] == "true"

    refused = app.options(
        "/account", headers={"Origin": "https://any.example", "Access-Control-Request-Method": "PUT"}, status=403
    )
    assert refused.body == b"Origin not allowed"
    assert app.get("/missing", headers={"Origin": APP}, status=404).headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_opens_with_commands_that_are_right(name: str) -> None:
    source = (ROOT / "examples" / f"{name}.py").read_text()
    install, serve, ask = (
        shlex.split(line) for line in re.findall(r"^    (\w.*)$", source.partition('"""\n\n')[0], re.MULTILINE)
    )
    assert install[:2] == ["pip", "install"]
    assert serve == ["waitress-serve", "--listen=127.0.0.1:8000", f"examples.{name}:app"]
    assert ask[-1] == "http://127.0.0.1:8000/account"
