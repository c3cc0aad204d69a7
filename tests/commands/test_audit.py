"""``audit``: the attacks that it tries, and what it says of them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask, request

from flask_crossorigin import CORS, CORSMiddleware, CORSPolicy

from ..helpers.cases import APP
from ..helpers.commands import flask_app, plain, run


def reflecting(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response(
        "200 OK",
        [
            ("Access-Control-Allow-Origin", environ.get("HTTP_ORIGIN", "*")),
            ("Access-Control-Allow-Credentials", "true"),
        ],
    )
    return [b""]


def by_suffix(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    origin = environ.get("HTTP_ORIGIN", "")
    start_response(
        "200 OK",
        [("Access-Control-Allow-Origin", origin), ("Vary", "Origin")]
        if origin.endswith("example.com")
        else [("Vary", "Origin")],
    )
    return [b""]


def two_writers(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    origin = ("Access-Control-Allow-Origin", "https://www.example.com")
    start_response("200 OK", [origin, origin, ("Access-Control-Allow-Credentials", "false")])
    return [b""]


def starred(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Credentials", "true")])
    return [b""]


def refusing(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    origin = environ.get("HTTP_ORIGIN")
    allowed = [("Access-Control-Allow-Origin", origin)] if origin == "https://www.example.com" else []
    status = "405 Method Not Allowed" if environ["REQUEST_METHOD"] == "OPTIONS" else "200 OK"
    start_response(status, [*allowed, ("Vary", "Origin")])
    return [b""]


def trusting_everybody(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Access-Control-Allow-Origin", environ.get("HTTP_ORIGIN", "x")), ("Vary", "Origin")])
    return [b""]


def constant(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Access-Control-Allow-Origin", "https://www.example.com")])
    return [b""]


def crashing(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    int(environ.get("HTTP_ORIGIN", "https://x:1").rpartition(":")[2].strip("/"))
    start_response("200 OK", [])
    return [b""]


covered = CORSMiddleware(plain, CORSPolicy(origins=["https://www.example.com"], supports_credentials=True))


@pytest.mark.parametrize(
    ("name", "attacks", "status"),
    [
        pytest.param(
            "reflecting", ["HIGH: any origin is reflected", "HIGH: null", "MEDIUM: cache poisoning"], 1, id="reflection"
        ),
        pytest.param(
            "by_suffix", ["MEDIUM: suffix without a dot", "MEDIUM: a subdomain of the trusted host"], 1, id="a suffix"
        ),
        pytest.param("crashing", ["an error of the server"], 1, id="a crash"),
        pytest.param("two_writers", ["LOW: two CORS layers", "LOW: credentials not true"], 0, id="two lines"),
        pytest.param("starred", ["LOW: wildcard with credentials"], 0, id="a wildcard with credentials"),
        pytest.param(
            "refusing", ["LOW: preflight from the trusted origin is refused"], 0, id="a preflight that is refused"
        ),
        pytest.param(
            "trusting_everybody",
            ["MEDIUM: any origin is reflected", "can read the response, without cookies"],
            1,
            id="reflection without credentials",
        ),
        pytest.param("constant", ["Nothing found."], 0, id="one origin, whoever asks"),
        pytest.param("covered", ["Nothing found."], 0, id="this library"),
    ],
)
def test_the_audit_of_an_application(name: str, attacks: list[str], status: int) -> None:
    result = run(None, "audit", "--app", f"tests.commands.test_audit:{name}", "--trusted", "https://www.example.com")
    for attack in attacks:
        assert attack in result.stdout
    assert result.exit_code == status


def test_the_audit_of_every_covered_route() -> None:
    result = run(flask_app(), "audit", "--json")
    assert result.exit_code == 0
    findings = json.loads(result.stdout)["findings"]
    assert {(each["harm"], each["attack"], each["url"]) for each in findings} == {
        ("low", "everyone may read", "https://localhost/public/1")
    }
    assert run(flask_app(), "audit").output.endswith("0 high, 0 medium, 1 low\n")


def test_a_url_that_does_not_answer_has_not_been_audited() -> None:
    result = run(None, "audit", "http://127.0.0.1:1/")
    assert result.exit_code == 2
    assert "http://127.0.0.1:1/ does not answer: " in result.output


def failing(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("500 Internal Server Error", [("Access-Control-Allow-Origin", environ.get("HTTP_ORIGIN", ""))])
    return [b""]


def test_a_url_that_always_fails_is_one_finding() -> None:
    found = json.loads(run(None, "audit", "--json", "--app", "tests.commands.test_audit:failing").stdout)["findings"]
    assert [(each["harm"], each["attack"]) for each in found] == [("low", "the URL always fails")]


by_path = CORSMiddleware(
    reflecting, {"/api/*": CORSPolicy(origins=[APP]), "/open": CORSPolicy(origins="*"), "/closed": None}
)


def test_every_pattern_of_a_mapping_is_tried() -> None:
    report = json.loads(run(None, "audit", "--json", "--app", "tests.commands.test_audit:by_path").stdout)
    assert report["tried"] == ["https://localhost/api", "https://localhost/open"]


def test_every_route_of_an_application_with_another_library_is_tried_and_one_cause_is_one_finding() -> None:
    app = Flask("other")
    app.add_url_rule("/a", "a", lambda: "a")
    app.add_url_rule("/b/<int:number>", "b", lambda number: "b")

    @app.after_request
    def reflect(response: Any) -> Any:
        response.headers["Access-Control-Allow-Origin"] = request.headers.get("Origin", "*")
        response.headers["Access-Control-Allow-Credentials"] = "true"
        return response

    report = json.loads(run(app, "audit", "--json").stdout)
    reflected = [each for each in report["findings"] if each["attack"] == "any origin is reflected"]
    assert len(reflected) == 1
    assert {reflected[0]["url"], *reflected[0]["also"]} == set(report["tried"])
    assert {"https://localhost/a", "https://localhost/b/1"} <= set(report["tried"])
    text = run(app, "audit").stdout
    assert "HIGH: any origin is reflected: GET" in text
    assert "Tried " in text


def test_where_nothing_is_covered_nothing_was_tried() -> None:
    app = Flask("bare")
    CORS(app, resources={})
    result = run(app, "audit")
    assert result.exit_code == 2
    assert "no policy covers any path of the application" in result.stderr


FORM_AND_TEXT = ["application/x-www-form-urlencoded", "text/plain"]


@pytest.mark.parametrize(
    ("protected", "found", "status", "executed"),
    [
        pytest.param(
            False,
            ["a form of a foreign page is executed", "a text/plain POST of a foreign page is executed"],
            1,
            FORM_AND_TEXT,
            id="without protection",
        ),
        pytest.param(True, [], 0, [], id="with csrf_protection"),
    ],
)
def test_writes_are_tried_only_when_they_may_be(
    protected: bool, found: list[str], status: int, executed: list[str]
) -> None:
    app, ran = Flask("shop"), list[str]()
    CORS(app, origins=[APP], supports_credentials=True, csrf_protection=protected)

    @app.post("/items")
    def items() -> str:
        ran.append(request.content_type or "")
        return "saved"

    result = run(app, "audit")
    assert (result.exit_code, ran) == (0, [])
    assert "Writes were not tried: --all-methods" in result.stdout
    result = run(app, "audit", "--json", "--all-methods")
    attacks = [each["attack"] for each in json.loads(result.stdout)["findings"]]
    assert (result.exit_code, attacks, ran) == (status, found, executed)


def test_a_write_that_was_refused_is_explained_and_routes_show_the_option() -> None:
    app = Flask("shop")
    CORS(app, origins=[APP], csrf_protection=True)
    app.add_url_rule("/items", "items", lambda: "saved", methods=["POST"])
    output = " ".join(run(app, "check", "POST", "/items", "--origin", "https://evil.example").stdout.split())
    assert "csrf_protection refused the request before the application ran" in output
    assert "if you trust this page, add 'https://evil.example' to origins in CORS(app)" in output
    assert "csrf protection" in run(app, "routes").stdout


def test_two_of_the_listed_origins_are_varied_and_none_is_an_attack() -> None:
    app, seen = Flask("shop"), set[str]()
    CORS(app, origins=["https://a.example", "https://b.example", "https://c.example", "null"], allow_null_origin=True)
    app.before_request(lambda: seen.add(request.headers.get("Origin", "")))
    app.add_url_rule("/items", "items", lambda: "items")
    result = run(app, "audit", "--json")
    assert (result.exit_code, json.loads(result.stdout)["findings"]) == (0, [])
    assert [any(f"{name}.example" in origin for origin in seen) for name in "abc"] == [True, True, False]
    assert "null" not in seen  # it is listed on purpose
