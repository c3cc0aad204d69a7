"""``snapshot``: what pages can read, and what has changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response, jsonify

from flask_crossorigin import CORS
from flask_crossorigin.doctor.snapshot import differences

from ..helpers.cases import APP, OTHER
from ..helpers.commands import run


def application(setup: Any) -> Flask:
    app = Flask("api")
    setup(app)

    @app.get("/items")
    def items() -> Any:
        return jsonify([1]), {"X-Total": "1"}

    @app.route("/items/<int:number>", methods=["POST", "DELETE"])
    def change(number: int) -> str:
        app.config["CHANGED"] = number
        return "changed"

    return app


def by_hand(app: Flask) -> None:
    @app.after_request
    def allow(response: Response) -> Response:
        response.headers["Access-Control-Allow-Origin"] = APP
        response.headers["Access-Control-Allow-Headers"] = "Content-Type"
        response.headers["Access-Control-Allow-Methods"] = "DELETE"
        return response


def taken(tmp_path: Path, app: Flask, *arguments: str) -> dict[str, Any]:
    file = tmp_path / "cors.json"
    result = run(app, "snapshot", str(file), *arguments)
    assert result.exit_code == 0, result.output
    content: dict[str, Any] = json.loads(file.read_text())
    return content


def test_every_route_is_tried_from_the_listed_a_foreign_and_the_null_origin(tmp_path: Path) -> None:
    found = taken(tmp_path, application(lambda app: CORS(app, origins=[APP, "https://*.pages.example"])))
    assert [*found["requests"]] == ["GET /items", "DELETE /items/1", "POST /items/1", "GET /static/x"]
    assert found["origins"] == ["https://a.pages.example", APP]
    answers = found["requests"]["GET /items"]
    assert {origin: answer["simple"] for origin, answer in answers.items()} == {
        APP: "readable",
        "https://a.pages.example": "readable",
        "https://not-listed.example": "blocked",
        "null": "blocked",
    }
    assert answers[APP]["simple, with credentials"] == "blocked"


def test_nothing_that_changes_data_is_sent(tmp_path: Path) -> None:
    app = application(lambda app: CORS(app, origins=[APP]))
    found = taken(tmp_path, app)["requests"]
    assert "CHANGED" not in app.config
    assert found["POST /items/1"][APP]["simple"] == "sent without a preflight, response not tried"
    assert found["POST /items/1"][APP]["JSON"] == "allowed by the preflight"
    assert found["DELETE /items/1"]["null"]["simple"] == "blocked"


def test_all_methods_are_sent_on_request(tmp_path: Path) -> None:
    app = application(lambda app: CORS(app, origins=[APP]))
    found = taken(tmp_path, app, "--all-methods")["requests"]
    assert app.config["CHANGED"] == 1
    assert found["DELETE /items/1"][APP]["simple"] == "readable"


def test_a_move_from_headers_written_by_hand_is_shown(tmp_path: Path) -> None:
    taken(tmp_path, application(by_hand), "--origin", APP)
    file = str(tmp_path / "cors.json")
    assert run(application(by_hand), "snapshot", "--check", file).output == "Nothing has changed.\n"
    result = run(
        application(lambda app: CORS(app, origins=[APP], expose_headers=["X-Total"], methods=["GET"])),
        "snapshot",
        "--check",
        file,
    )
    assert result.exit_code == 1
    lines = result.output.splitlines()
    assert lines[:3] == [
        f"WIDER: GET /items from {APP} (simple)",
        "  before: readable",
        "  now:    readable, with x-total",
    ]
    assert f"NARROWER: DELETE /items/1 from {APP} (JSON)" in lines
    assert lines[-1] == "5 differences"


def test_an_origin_that_is_added_later_is_a_difference(tmp_path: Path) -> None:
    taken(tmp_path, application(lambda app: CORS(app, origins=[APP])))
    result = run(
        application(lambda app: CORS(app, origins=[APP, OTHER])), "snapshot", "--check", str(tmp_path / "cors.json")
    )
    assert f"WIDER: GET /items from {OTHER} (simple)\n  before: blocked\n  now:    readable\n" in result.output


def test_paths_of_another_application_are_named(tmp_path: Path) -> None:
    file = tmp_path / "cors.json"
    plain = ("--app", "tests.helpers.commands:plain")
    assert "name them, as in --path /api/items" in run(None, "snapshot", str(file), *plain).stderr
    assert run(None, "snapshot", str(file), *plain, "--path", "/").exit_code == 0
    assert run(None, "snapshot", "--check", str(file), *plain).output == "Nothing has changed.\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "does not exist: write it first, without --check"),
        ("{", "is not a snapshot"),
        ("[]", "is not a snapshot"),
        ('{"version": 2}', "version 2 is not 1"),
        ('{"version": 1}', "is not a snapshot"),
    ],
    ids=["a missing file", "no JSON", "no object", "a later version", "an incomplete one"],
)
def test_a_file_that_cannot_be_compared_is_a_usage_error(tmp_path: Path, content: str | None, message: str) -> None:
    file = tmp_path / "cors.json"
    if content is not None:
        file.write_text(content)
    result = run(application(lambda app: CORS(app, origins=[APP])), "snapshot", "--check", str(file))
    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("blocked", "readable", "wider"),
        ("blocked", "allowed by the preflight", "wider"),
        ("allowed by the preflight", "readable, with x-total", "wider"),
        ("readable", "readable, with x-total", "wider"),
        ("readable, with x-total", "readable, with x-page", "wider"),
        ("readable, with x-total", "readable", "narrower"),
        ("readable", "blocked", "narrower"),
        ("readable", "sent without a preflight, response not tried", "changed"),
        ("blocked", "sent without a preflight, response not tried", None),
    ],
)
def test_what_is_wider(before: str, after: str, kind: str | None) -> None:
    first, second = ({"GET /": {APP: {"simple": answer}}} for answer in (before, after))
    assert [each.kind for each in differences(first, second)] == ([] if kind is None else [kind])
