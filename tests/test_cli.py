"""The doctor at work on applications of this process: every fault by its finding, its layer and its remedy."""

from __future__ import annotations

import json
import runpy
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result
from flask import Blueprint, Flask, request
from flask.cli import ScriptInfo

from flask_crossorigin import CORS, CORSMiddleware, CORSPolicy, cross_origin
from flask_crossorigin.cli import cors
from flask_crossorigin.client import Client, base_of, wsgi_transport
from flask_crossorigin.doctor import Server, examine
from flask_crossorigin.fetches import Request
from flask_crossorigin.layers import compare

APP = "https://app.example"
SCHEMA = json.loads((Path(__file__).parents[1] / "docs" / "check.schema.json").read_text())


def flask_app() -> Flask:
    app = Flask("api")
    blueprint = Blueprint("shop", __name__, url_prefix="/shop")
    CORS(
        app,
        resources={
            "/api/*": {
                "origins": [APP],
                "supports_credentials": True,
                "allow_headers": ["Content-Type"],
                "methods": ["GET", "PUT"],
            }
        },
    )
    CORS(blueprint, origins=["https://shop.example"])

    @app.route("/api/items", methods=["GET", "PUT", "DELETE"])
    def items() -> Any:
        return {"method": request.method}, {"X-Total-Count": "3", "Set-Cookie": "s=1"}

    @app.get("/api/slash/")
    def slash() -> str:
        return "slash"

    @app.get("/bare")
    def bare() -> str:
        return "bare"

    @app.get("/public/<int:number>")
    @cross_origin
    def public(number: int) -> str:
        return str(number)

    @blueprint.get("/")
    def shop() -> str:
        return "shop"

    app.register_blueprint(blueprint)
    return app


def wsgi_app(status: str, *headers: tuple[str, str], body: bytes = b"x") -> Any:
    """An application that answers everything alike."""

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response(status, [*headers, ("Content-Length", str(len(body)))])
        return [body]

    return app


def run(app: Any, *arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(cors, list(arguments), obj=ScriptInfo(create_app=lambda: app), input=text)


def report(app: Any, *arguments: str) -> dict[str, Any]:
    result = run(app, "check", "--json", *arguments)
    assert result.exit_code in (0, 1), result.output
    value: dict[str, Any] = json.loads(result.stdout)
    jsonschema.validate(value, SCHEMA)
    assert result.exit_code == (1 if value["verdict"] == "blocked" else 0)
    return value


ALLOW = ("Access-Control-Allow-Origin", APP)
METHODS = ("Access-Control-Allow-Methods", "PUT")


@pytest.mark.parametrize(
    ("app", "arguments", "kind", "layer", "remedy"),
    [
        pytest.param(flask_app(), ["/api/items", "--origin", "https://app.exmple"], "response-acao-missing", "application", "the nearest that is listed is 'https://app.example'", id="an origin that is not listed, and the one that is meant"),
        pytest.param(flask_app(), ["PUT", "/api/items", "--origin", "http://app.example"], "preflight-acao-missing", "application", "add 'http://app.example' to origins in resources of CORS(app)", id="another scheme, in the preflight"),
        pytest.param(flask_app(), ["/bare", "--origin", APP], "response-acao-missing", "application", "no policy covers /bare: write CORS(app, origins=['https://app.example'])", id="a path without a policy"),
        pytest.param(flask_app(), ["DELETE", "/api/items", "--origin", APP], "preflight-method", "application", "add 'DELETE' to methods in resources of CORS(app)", id="a method that is not listed"),
        pytest.param(flask_app(), ["/api/items", "--origin", APP, "-H", "X-Api-Key: 1"], "preflight-header", "application", "add 'X-Api-Key' to allow_headers in resources of CORS(app)", id="a header that is not listed"),
        pytest.param(flask_app(), ["/api/items", "--origin", APP, "-H", "Access-Control-Allow-Origin: *"], "preflight-header", "client", "remove Access-Control-Allow-Origin from the request", id="a response header in the request"),
        pytest.param(flask_app(), ["patch", "/api/items", "--origin", APP], "preflight-method", "client", "write method: 'PATCH' in the page", id="patch in lower case"),
        pytest.param(flask_app(), ["/public/1", "--origin", APP, "--credentials"], "response-acao-wildcard-credentials", "application", "supports_credentials=True in @cross_origin", id="a wildcard with credentials"),
        pytest.param(flask_app(), ["/shop/", "--origin", "https://shop.example", "--credentials"], "response-acac", "application", "supports_credentials=True in CORS(blueprint), of shop", id="credentials that are not supported"),
        pytest.param(wsgi_app("401 Unauthorized", ("WWW-Authenticate", "Basic")), ["PUT", "/", "--origin", APP], "preflight-acao-missing", "application", "no policy covers /", id="401 to a preflight"),
        pytest.param(wsgi_app("401 Unauthorized", ALLOW), ["PUT", "/", "--origin", APP], "preflight-status", "application", "no policy covers /", id="401 with the header"),
        pytest.param(wsgi_app("308 Permanent Redirect", ALLOW, ("Location", "/x/")), ["PUT", "/x", "--origin", APP, "--browser", "firefox"], "preflight-redirect", "application", "no policy covers /x", id="a slash redirect"),
        pytest.param(wsgi_app("308 Permanent Redirect", ALLOW, ("Location", "/x")), ["PUT", "/x/", "--origin", APP], "preflight-redirect", "application", "no policy covers /x/", id="a redirect away from the slash"),
        pytest.param(wsgi_app("200 OK", ("Access-Control-Allow-Origin", "http://app.example")), ["/", "--origin", APP], "response-acao-mismatch", "application", "scheme and port belong to an origin", id="another scheme in the header"),
        pytest.param(wsgi_app("200 OK", ("Access-Control-Allow-Origin", "https://other.example")), ["/", "--origin", APP], "response-acao-mismatch", "application", "a cache keeps another origin's answer", id="another origin in the header"),
        pytest.param(wsgi_app("200 OK", ("Access-Control-Allow-Origin", "*")), ["/", "--origin", APP, "--credentials"], "response-acao-wildcard-credentials", "application", "supports_credentials=True", id="a wildcard that nobody of ours wrote"),
        pytest.param(wsgi_app("302 Found", ("Location", "/x")), ["/", "--origin", APP], "redirect-hop-check", "application", "no policy covers /", id="a redirect without the header"),
        pytest.param(wsgi_app("302 Found", ALLOW, ("Location", "data:,x")), ["/", "--origin", APP], "redirect-scheme", "application", "redirect to http or https", id="a redirect to another scheme"),
        pytest.param(wsgi_app("302 Found", ALLOW, ("Location", "/")), ["/", "--origin", APP], "redirect-limit", "application", "look for a loop", id="a redirect loop"),
        pytest.param(wsgi_app("302 Found", ALLOW, ("Location", "http://[")), ["/", "--origin", APP], "redirect-invalid", "application", "send a valid URL in Location", id="a redirect to no URL"),
        pytest.param(wsgi_app("200 OK"), ["/", "--origin", APP, "--mode", "same-origin"], "mode-same-origin", "client", "write mode: 'cors'", id="mode same-origin"),
        pytest.param(wsgi_app("500 Internal Server Error"), ["/", "--origin", APP], "response-acao-missing", "application", "no policy covers /", id="an error page without headers"),
        pytest.param(wsgi_app("200 OK", ALLOW, ALLOW), ["/", "--origin", APP], "response-acao-multiple", "application", "let one layer write CORS headers", id="two lines"),
        pytest.param(wsgi_app("200 OK", ("Access-Control-Allow-Origin", f"{APP}/")), ["/", "--origin", APP], "response-acao-mismatch", "application", "no slash at the end", id="a slash at the end"),
        pytest.param(wsgi_app("200 OK", ("Access-Control-Allow-Origin", "http://localhost:3000")), ["/", "--origin", "http://127.0.0.1:3000"], "response-acao-mismatch", "application", "localhost and 127.0.0.1 are two origins", id="localhost and 127.0.0.1"),
        pytest.param(wsgi_app("200 OK", ("Access-Control-Allow-Origin", "app.example")), ["/", "--origin", APP], "response-acao-invalid", "application", "write the origin as scheme, host and port", id="no origin"),
        pytest.param(wsgi_app("200 OK", ALLOW, ("Access-Control-Allow-Methods", "PUT;GET")), ["PUT", "/", "--origin", APP], "preflight-acam-unparsable", "application", "write a list with commas", id="methods with semicolons"),
        pytest.param(wsgi_app("302 Found", ALLOW, METHODS, ("Location", "https://u:p@b.example/")), ["/", "--origin", APP], "redirect-credentials", "application", "leave user:password@ out", id="a redirect with a password"),
        pytest.param(wsgi_app("200 OK", ALLOW), ["/", "--origin", APP, "--mode", "no-cors"], "opaque", "client", "leave mode 'no-cors' out", id="no-cors"),
        pytest.param(wsgi_app("200 OK", ALLOW), ["TRACE", "/", "--origin", APP], "request-invalid", "client", "change the request", id="a forbidden method"),
    ],
)  # fmt: skip
def test_a_fault_is_named(app: Any, arguments: list[str], kind: str, layer: str, remedy: str) -> None:
    found = report(app, *arguments)
    assert found["verdict"] == "blocked"
    first = found["findings"][0]
    assert (first["kind"], first["layer"]) == (kind, layer)
    assert remedy in first["remedy"]


@pytest.mark.parametrize(
    ("app", "arguments", "kind", "title"),
    [
        pytest.param(flask_app(), ["/api/items", "--origin", APP], "not-exposed", "script cannot read X-Total-Count", id="a header that is not exposed"),
        pytest.param(flask_app(), ["/api/items", "--origin", APP, "--credentials"], "cookie", "no SameSite, which means Lax", id="a cookie that is dropped"),
        pytest.param(flask_app(), ["/api/items", "--origin", APP], "cookie", "drop without credentials", id="a cookie without credentials"),
        pytest.param(wsgi_app("200 OK", ALLOW), ["/", "--origin", APP], "vary", "Vary does not name Origin", id="no Vary"),
        pytest.param(wsgi_app("200 OK", ALLOW, ("Access-Control-Allow-Headers", "*")), ["/", "--origin", APP, "-H", "Authorization: x"], "standard", "works today, fails by the standard", id="Authorization and a wildcard"),
    ],
)  # fmt: skip
def test_what_will_surprise_is_a_warning(app: Any, arguments: list[str], kind: str, title: str) -> None:
    found = report(app, *arguments)
    assert found["verdict"] == "allowed"
    assert any(each["kind"] == kind and title in each["title"] and not each["blocks"] for each in found["findings"])


def test_all_findings_are_reported_in_the_browser_s_order() -> None:
    app = wsgi_app(
        "200 OK",
        ("Access-Control-Allow-Origin", "*"),
        ("Access-Control-Allow-Methods", "*"),
        ("Access-Control-Allow-Headers", "*"),
    )
    found = report(app, "PUT", "/", "--origin", APP, "--credentials", "-H", "X-A: 1", "-H", "X-B: 1")
    assert [each["kind"] for each in found["findings"] if each["blocks"]] == [
        "preflight-acao-wildcard-credentials",
        "preflight-acac",
        "preflight-method",
        "preflight-header",
        "preflight-header",
    ]


def test_behind_a_failed_preflight_a_get_is_looked_at_too() -> None:
    found = report(wsgi_app("200 OK", ALLOW), "/", "--origin", APP, "-H", "X-A: 1", "--credentials")
    assert [each["kind"] for each in found["findings"] if each["blocks"]] == [
        "preflight-acac",
        "preflight-header",
        "response-acac",
    ]


def test_each_browser_is_quoted() -> None:
    (first, *_) = report(flask_app(), "/bare", "--origin", APP)["findings"]
    assert set(first["console"]) == {"chrome", "firefox", "safari"}
    assert first["link"] == "https://fetch.spec.whatwg.org/#concept-cors-check"


def test_secrets_are_masked() -> None:
    result = run(flask_app(), "check", "--json", "/api/items", "--origin", APP, "-H", "Authorization: Bearer s3cret")
    assert "s3cret" not in result.stdout


GOLDEN = """\
BLOCKED: GET /bare from https://app.example
  script sees TypeError: Failed to fetch

1. the response (200) has no Access-Control-Allow-Origin
   fix: no policy covers /bare: write CORS(app, origins=['https://app.example'])
   layer: application
   sent: GET https://localhost/bare; Origin: https://app.example
   received: 200 OK
   rule: CORS check: there is no Access-Control-Allow-Origin
   https://fetch.spec.whatwg.org/#concept-cors-check
   https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS/Errors/CORSMissingAllowOrigin
   Chrome writes: Access to fetch at 'https://localhost/bare' from origin
     'https://app.example' has been blocked by CORS policy: No
     'Access-Control-Allow-Origin' header is present on the requested resource.
   Firefox writes: Cross-Origin Request Blocked: The Same Origin Policy
     disallows reading the remote resource at https://localhost/bare. (Reason:
     CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 200.
   Safari writes: Origin https://app.example is not allowed by
     Access-Control-Allow-Origin. Status code: 200

Try it without a browser:
  curl -i -X GET https://localhost/bare -H 'Origin: https://app.example'
"""


def test_the_report_for_a_person() -> None:
    assert run(flask_app(), "check", "/bare", "--origin", APP).output == GOLDEN


def test_an_allowed_request() -> None:
    result = run(
        flask_app(),
        "check",
        "PUT",
        "/api/items",
        "--origin",
        f"{APP}/page",
        "-H",
        "Content-Type: application/json",
        "--data",
        "{}",
    )
    assert result.exit_code == 0
    assert result.output.startswith(
        "ALLOWED: PUT /api/items from https://app.example (200)\n   script reads: the body, and the headers content-length, content-type"
    )


def test_an_application_that_raises_is_a_500_without_headers() -> None:
    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        raise RuntimeError("boom")

    result = run(app, "check", "/", "--origin", APP)
    assert result.exit_code == 1
    assert "an error page (500) without CORS headers" in result.stdout
    assert "the application raised RuntimeError: boom" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["check", "/"], "Missing option '--origin'"),
        (["check", "/", "--origin", "app.example"], "write scheme and host"),
        (["check", "api", "--origin", APP], "neither a path nor a URL"),
        (["check", "GET", "--origin", APP], "write the path or URL behind it"),
        (["check", "GET", "/", "x", "--origin", APP], "too much"),
        (["check", "/", "--origin", APP, "-H", "x"], "is not a header"),
        (["check", "/", "--origin", APP, "--app", "nothing:app"], "No module named"),
        (["check", "/", "--origin", APP, "--app", "nothing"], "names no WSGI application"),
        (["check", "/", "--origin", APP, "--against", "x"], "is not a URL"),
        (["audit", "x"], "is not a URL"),
        (["audit", "http://127.0.0.1:1/", "--trusted", "x"], "write scheme and host"),
    ],
)
def test_wrong_usage_has_status_2(arguments: list[str], text: str) -> None:
    result = run(flask_app(), *arguments)
    assert result.exit_code == 2
    assert text in " ".join(result.stderr.split())


# --- explain -------------------------------------------------------------------------------------------------

PASTED = "Access to fetch at 'http://localhost:5000/bare' from origin 'https://app.example' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource."


def test_explain_from_an_argument_and_from_standard_input() -> None:
    by_argument, by_input = run(flask_app(), "explain", PASTED), run(flask_app(), "explain", text=PASTED)
    assert by_argument.output == by_input.output
    assert by_argument.output.startswith(
        "the response has no Access-Control-Allow-Origin\n  fix: write CORS(app, origins=['https://app.example'])"
    )
    assert (
        "python -m flask_crossorigin check http://localhost:5000/bare --origin https://app.example"
        in by_argument.output
    )


def test_explain_checks_an_application_at_hand() -> None:
    result = run(None, "explain", PASTED, "--app", "tests.test_cli:bare_app")
    assert "BLOCKED: GET /bare from https://app.example" in result.output


bare_app = flask_app()


def test_explain_as_json_and_of_another_text() -> None:
    value = json.loads(run(flask_app(), "explain", "--json", PASTED).stdout)
    assert [meaning["kind"] for meaning in value["meanings"]] == ["response-acao-missing"]
    assert run(flask_app(), "explain", "hello").exit_code == 2


# --- routes --------------------------------------------------------------------------------------------------


def test_routes_with_their_policies() -> None:
    rows = json.loads(run(flask_app(), "routes", "--json").stdout)
    sources = {(row["rule"], row["method"]): (row["source"], row["policy"]) for row in rows}
    assert sources["/api/items", "PUT"] == ("resources of CORS(app)", "https://app.example; with credentials; GET PUT")
    assert sources["/bare", "GET"] == ("none", "")
    assert sources["/public/<int:number>", "GET"] == ("@cross_origin", "*; GET HEAD POST PUT PATCH DELETE")
    assert sources["/shop/", "GET"][0] == "CORS(blueprint), of shop"


def test_routes_as_tables() -> None:
    assert run(flask_app(), "routes").output.splitlines()[0].split() == ["rule", "method", "from", "policy"]
    assert run(flask_app(), "routes", "--markdown").output.splitlines()[:2] == [
        "| rule | method | from | policy |",
        "|---|---|---|---|",
    ]
    assert "no Flask application" in run(None, "routes", "--app", "tests.test_cli:plain").stderr


def plain(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [])
    return [b""]


# --- audit ---------------------------------------------------------------------------------------------------


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
        pytest.param("two_writers", ["LOW: two writers", "LOW: credentials not true"], 0, id="two lines"),
        pytest.param("starred", ["LOW: wildcard with credentials"], 0, id="a wildcard with credentials"),
        pytest.param("refusing", ["LOW: preflight refused to the trusted origin"], 0, id="a preflight that is refused"),
        pytest.param(
            "trusting_everybody",
            ["MEDIUM: any origin is reflected", "though without cookies"],
            1,
            id="reflection without credentials",
        ),
        pytest.param("constant", ["Nothing found."], 0, id="one origin, whoever asks"),
        pytest.param("covered", ["Nothing found."], 0, id="this library"),
    ],
)
def test_the_audit_of_an_application(name: str, attacks: list[str], status: int) -> None:
    result = run(None, "audit", "--app", f"tests.test_cli:{name}", "--trusted", "https://www.example.com")
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


def test_an_audit_of_a_url_that_does_not_answer_finds_nothing() -> None:
    assert run(None, "audit", "http://127.0.0.1:1/").output == "Nothing found.\n"


def test_python_m_runs_the_same_commands(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["flask_crossorigin", "check", "/", "--origin", APP])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("flask_crossorigin", run_name="__main__")
    assert ended.value.code == 2
    assert "a path needs --app package.module:app" in capsys.readouterr().err


def test_the_layers_between_are_told_apart() -> None:
    def report_of(*headers: tuple[str, str]) -> Any:
        base = base_of(None)
        client = Client(wsgi_transport(wsgi_app("200 OK", *headers)), APP, profile="chrome", base=base)
        return examine(client, Request(url="/"), Server())

    inside = report_of(ALLOW, ("Vary", "Origin"))
    for headers, title in (
        (
            [("Access-Control-Allow-Origin", "https://b.example"), ("Vary", "Origin")],
            "changes Access-Control-Allow-Origin from 'https://app.example' to",
        ),
        (
            [ALLOW, ("Vary", "Origin"), ("Access-Control-Allow-Credentials", "true"), ("Via", "1.1 x")],
            "a proxy adds Access-Control-Allow-Credentials: 'true'",
        ),
        ([("Vary", "Origin"), ("CF-Ray", "1")], "Cloudflare removes Access-Control-Allow-Origin"),
        ([ALLOW], "removes Vary: Origin"),
    ):
        (finding, *_) = compare(report_of(*headers), inside)
        assert title in finding.title


def test_the_commands_hang_in_flask() -> None:
    from importlib.metadata import entry_points

    (entry,) = (each for each in entry_points(group="flask.commands") if each.name == "cors")
    assert entry.load() is cors
