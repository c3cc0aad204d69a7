"""``export``: which policy is written for another server, and what is said where there is none."""

from __future__ import annotations

import json

import pytest
from flask import Flask

from flask_crossorigin import CORS
from flask_crossorigin.doctor.export import TARGETS
from flask_crossorigin.doctor.export.grants import expression_of

from ..helpers.cases import APP, OTHER
from ..helpers.commands import flask_app, run


def shop() -> Flask:
    app = Flask("shop")
    CORS(
        app,
        resources={"/api/*": {"origins": [APP]}, "/open": {"origins": "*"}, "/own": {"origins": lambda o, e: False}},
    )
    for path in ("/api/items", "/open", "/own"):
        app.add_url_rule(path, path, lambda: "")
    return app


@pytest.mark.parametrize("target", TARGETS)
def test_the_policy_of_the_path_is_written(target: str) -> None:
    text = run(shop(), "export", "--to", target, "--path", "/api/items").stdout
    assert "app.example" in text.replace("\\", "")
    assert "This is the policy of /api/items. Other paths have other policies: --path chooses." in text


def test_what_cannot_be_said_is_a_comment() -> None:
    text = run(shop(), "export", "--to", "nginx", "--path", "/own").stdout
    assert "# Cannot be said here: the function <lambda> allows other origins as well." in text


def test_without_a_policy_it_is_a_usage_error(monkeypatch: pytest.MonkeyPatch) -> None:
    result = run(shop(), "export", "--to", "php", "--path", "/nothing")
    assert (result.exit_code, "no policy covers /nothing" in result.stderr) == (2, True)
    monkeypatch.delenv("CORS_ORIGINS", raising=False)
    result = run(None, "export", "--to", "php")
    assert (result.exit_code, "Set CORS_ORIGINS, or add --app" in " ".join(result.stderr.split())) == (2, True)


def test_the_environment_is_read_and_json_is_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORS_ORIGINS", OTHER)
    report = json.loads(run(None, "export", "--to", "express", "--json").stdout)
    assert (report["to"], report["whole"], report["left_out"]) == ("express", False, [])
    assert f"origin: ['{OTHER}']" in report["text"]


def test_several_policies_of_the_example_application() -> None:
    text = run(flask_app(), "export", "--to", "flask", "--path", "/shop/").stdout
    assert "CORS(app, origins=['https://shop.example'])" in text


@pytest.mark.parametrize(
    ("pattern", "expression"),
    [
        ("https://*.example.com", r"^https://(?:[a-z0-9_-]+\.)+example\.com$"),
        ("https://pr-*.example.com", r"^https://pr-[a-z0-9-]+\.example\.com$"),
        ("http://localhost:*", r"^http://localhost(?::[0-9]+)?$"),
        ("https://*.example.com:8443", r"^https://(?:[a-z0-9_-]+\.)+example\.com:8443$"),
        ("https://*.example.com:*", r"^https://(?:[a-z0-9_-]+\.)+example\.com(?::[0-9]+)?$"),
    ],
)
def test_a_pattern_as_a_regular_expression(pattern: str, expression: str) -> None:
    assert expression_of(pattern) == expression


@pytest.mark.parametrize("target", TARGETS)
def test_a_whole_file_is_printed(target: str) -> None:
    whole = run(
        shop(),
        "export",
        "--path",
        "/open",
        "--to",
        target,
        "--whole",
        "--listen",
        "8123",
        "--upstream",
        "http://127.0.0.1:9999",
    ).stdout
    assert whole.count("\n") > 12
    assert ("8123" in whole and "http://127.0.0.1:9999" in whole) == (target in ("nginx", "apache"))


@pytest.mark.parametrize("target", TARGETS)
def test_every_option_is_written(target: str) -> None:
    app = Flask("shop")
    CORS(
        app,
        origins=[APP, "https://*.team.example"],
        supports_credentials=True,
        methods=["GET", "PUT"],
        allow_headers=["X-Token"],
        expose_headers=["X-Total-Count"],
        max_age=None,
    )
    text = run(app, "export", "--to", target).stdout
    for word in ("team", "X-Token", "X-Total-Count", "PUT"):
        assert word in text
