"""The doctor at work on applications of this process: every fault by its finding, its layer and its remedy."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ..helpers.cases import APP
from ..helpers.commands import ALLOW, flask_app, report, run, wsgi_app

METHODS = ("Access-Control-Allow-Methods", "PUT")


@pytest.mark.parametrize(
    ("app", "arguments", "kind", "layer", "remedy"),
    [
        pytest.param(flask_app(), ["/api/items", "--origin", "https://app.exmple"], "response-acao-missing", "application", "the nearest that is listed is 'https://app.example'", id="an origin that is not listed, and the one that is meant"),
        pytest.param(flask_app(), ["PUT", "/api/items", "--origin", "http://app.example"], "preflight-acao-missing", "application", "add 'http://app.example' to origins in resources of CORS(app)", id="another scheme, in the preflight"),
        pytest.param(flask_app(), ["/bare", "--origin", APP], "response-acao-missing", "application", "add '/bare': {'origins': ['https://app.example']} to resources", id="a path without a policy"),
        pytest.param(flask_app(), ["DELETE", "/api/items", "--origin", APP], "preflight-method", "application", "add 'DELETE' to methods in resources of CORS(app)", id="a method that is not listed"),
        pytest.param(flask_app(), ["/api/items", "--origin", APP, "-H", "X-Api-Key: 1"], "preflight-header", "application", "add 'X-Api-Key' to allow_headers in resources of CORS(app)", id="a header that is not listed"),
        pytest.param(flask_app(), ["/api/items", "--origin", APP, "-H", "Access-Control-Allow-Origin: *"], "preflight-header", "client", "remove Access-Control-Allow-Origin from the request", id="a response header in the request"),
        pytest.param(flask_app(), ["patch", "/api/items", "--origin", APP], "preflight-method", "client", "write method: 'PATCH' in the page", id="patch in lower case"),
        pytest.param(flask_app(), ["/public/1", "--origin", APP, "--credentials"], "response-acao-wildcard-credentials", "application", "supports_credentials=True in @cross_origin", id="a wildcard with credentials"),
        pytest.param(flask_app(), ["/shop/", "--origin", "https://shop.example", "--credentials"], "response-acac", "application", "supports_credentials=True in CORS(blueprint), of shop", id="credentials that are not supported"),
        pytest.param(wsgi_app("401 Unauthorized", ("WWW-Authenticate", "Basic")), ["PUT", "/", "--origin", APP], "preflight-acao-missing", "application", "answer preflights before authentication and routing:\n  # Below the line that makes the WSGI application, with its name:", id="401 to a preflight"),
        pytest.param(wsgi_app("401 Unauthorized", ALLOW), ["PUT", "/", "--origin", APP], "preflight-status", "application", "answer preflights before authentication and routing:", id="401 with the header"),
        pytest.param(wsgi_app("308 Permanent Redirect", ALLOW, ("Location", "/x/")), ["PUT", "/x", "--origin", APP, "--browser", "firefox"], "preflight-redirect", "application", "call https://localhost/x/ with the slash", id="a slash redirect"),
        pytest.param(wsgi_app("308 Permanent Redirect", ALLOW, ("Location", "/x")), ["PUT", "/x/", "--origin", APP], "preflight-redirect", "application", "call https://localhost/x without the slash", id="a redirect away from the slash"),
        pytest.param(wsgi_app("200 OK", ("Access-Control-Allow-Origin", "http://app.example")), ["/", "--origin", APP], "response-acao-mismatch", "application", "scheme and port are part of an origin", id="another scheme in the header"),
        pytest.param(wsgi_app("200 OK", ("Access-Control-Allow-Origin", "https://other.example")), ["/", "--origin", APP], "response-acao-mismatch", "application", "a cache sent another origin's response", id="another origin in the header"),
        pytest.param(wsgi_app("200 OK", ("Access-Control-Allow-Origin", "*")), ["/", "--origin", APP, "--credentials"], "response-acao-wildcard-credentials", "application", "supports_credentials=True", id="a wildcard that nobody of ours wrote"),
        pytest.param(wsgi_app("302 Found", ("Location", "/x")), ["/", "--origin", APP], "redirect-hop-check", "application", "application = CORSMiddleware(application, origins=['https://app.example'])", id="a redirect without the header"),
        pytest.param(wsgi_app("302 Found", ALLOW, ("Location", "data:,x")), ["/", "--origin", APP], "redirect-scheme", "application", "redirect to http or https", id="a redirect to another scheme"),
        pytest.param(wsgi_app("302 Found", ALLOW, ("Location", "/")), ["/", "--origin", APP], "redirect-limit", "application", "look for a loop", id="a redirect loop"),
        pytest.param(wsgi_app("302 Found", ALLOW, ("Location", "http://[")), ["/", "--origin", APP], "redirect-invalid", "application", "send a valid URL in Location", id="a redirect to no URL"),
        pytest.param(wsgi_app("200 OK"), ["/", "--origin", APP, "--mode", "same-origin"], "mode-same-origin", "client", "write mode: 'cors'", id="mode same-origin"),
        pytest.param(wsgi_app("500 Internal Server Error"), ["/", "--origin", APP], "response-acao-missing", "application", "look for the error in the server's log. To let the page read such errors", id="an error page without headers"),
        pytest.param(wsgi_app("200 OK", ALLOW, ALLOW), ["/", "--origin", APP], "response-acao-multiple", "application", "CORS headers are written twice, by two layers", id="two lines"),
        pytest.param(wsgi_app("200 OK", ("Access-Control-Allow-Origin", f"{APP}/")), ["/", "--origin", APP], "response-acao-mismatch", "application", "without the slash at the end", id="a slash at the end"),
        pytest.param(wsgi_app("200 OK", ("Access-Control-Allow-Origin", "http://localhost:3000")), ["/", "--origin", "http://127.0.0.1:3000"], "response-acao-mismatch", "application", "localhost and 127.0.0.1 are two origins", id="localhost and 127.0.0.1"),
        pytest.param(wsgi_app("200 OK", ("Access-Control-Allow-Origin", "app.example")), ["/", "--origin", APP], "response-acao-invalid", "application", "write the origin with scheme, host and port", id="no origin"),
        pytest.param(wsgi_app("200 OK", ALLOW, ("Access-Control-Allow-Methods", "PUT;GET")), ["PUT", "/", "--origin", APP], "preflight-acam-unparsable", "application", "write methods with commas between them", id="methods with semicolons"),
        pytest.param(wsgi_app("302 Found", ALLOW, METHODS, ("Location", "https://u:p@b.example/")), ["/", "--origin", APP], "redirect-credentials", "application", "remove user:password@", id="a redirect with a password"),
        pytest.param(wsgi_app("200 OK", ALLOW), ["/", "--origin", APP, "--mode", "no-cors"], "opaque", "client", "remove mode: 'no-cors'", id="no-cors"),
        pytest.param(wsgi_app("200 OK", ALLOW), ["TRACE", "/", "--origin", APP], "request-invalid", "client", "change the request", id="a forbidden method"),
    ],
)  # fmt: skip
def test_a_fault_is_named(app: Any, arguments: list[str], kind: str, layer: str, remedy: str) -> None:
    found = report(app, *arguments)
    assert found["verdict"] == "blocked"
    first = found["findings"][0]
    assert (first["kind"], first["layer"]) == (kind, layer)
    assert remedy in first["remedy"]


def reflecting(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Access-Control-Allow-Origin", environ.get("HTTP_ORIGIN", "none"))])
    return [b""]


@pytest.mark.parametrize(
    ("app", "arguments", "kind", "title"),
    [
        pytest.param(flask_app(), ["/api/items", "--origin", APP], "not-exposed", "JavaScript cannot read the response header X-Total-Count", id="a header that is not exposed"),
        pytest.param(flask_app(), ["/api/items", "--origin", APP, "--credentials"], "cookie", "no SameSite, which means Lax", id="a cookie that is dropped"),
        pytest.param(flask_app(), ["POST", "/api/items", "--origin", APP], "cookie", "to a request without credentials", id="a cookie without credentials"),
        pytest.param(reflecting, ["/", "--origin", APP], "vary", "Vary does not name Origin", id="no Vary"),
        pytest.param(wsgi_app("200 OK", ALLOW, ("Access-Control-Max-Age", "10 minutes"), METHODS), ["PUT", "/", "--origin", APP], "max-age", "is not a number of seconds: '10 minutes'", id="a lifetime that is no number"),
        pytest.param(wsgi_app("200 OK", ALLOW, ("Access-Control-Allow-Headers", "*")), ["/", "--origin", APP, "-H", "Authorization: x"], "standard", "works in today's browsers, but not by the standard", id="Authorization and a wildcard"),
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
  JavaScript gets TypeError: Failed to fetch

1. the response (200) has no Access-Control-Allow-Origin header
   fix: resources of CORS(app) (FILE) do not cover /bare: add '/bare':
     {'origins': ['https://app.example']} to resources
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
"""


def test_the_report_for_a_person() -> None:
    output = run(flask_app(), "check", "/bare", "--origin", APP).output
    file = re.search(r"\((\S+commands\.py:\d+)\)", output)
    assert file is not None
    assert " ".join(output.split()) == " ".join(GOLDEN.replace("FILE", file[1]).split())
    assert max(map(len, output.splitlines()[:8])) <= 80


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
        "ALLOWED: PUT /api/items from https://app.example (200)\n  JavaScript can read: the body, and the headers content-length, content-type"
    )


def test_an_application_that_raises_is_a_500_without_headers() -> None:
    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        raise RuntimeError("boom")

    result = run(app, "check", "/", "--origin", APP)
    assert result.exit_code == 1
    output = " ".join(result.stdout.split())
    assert "is an error page (500: RuntimeError: boom (" in output
    assert "fix: correct the error RuntimeError: boom" in output
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["check", "/"], "Missing option '--origin'"),
        (["check", "/", "--origin", "app.example"], "has no scheme: write https://app.example"),
        (["check", "/", "--origin", "localhost:5173"], "has no scheme: write http://localhost:5173"),
        (["check", "/", "--origin", "://"], "write scheme and host"),
        (["check", "api", "--origin", APP], "neither a path nor a URL"),
        (["check", "GET", "--origin", APP], "write the path or URL after it"),
        (["check", "GET", "/", "x", "--origin", APP], "too many parts"),
        (["check", "/", "--origin", APP, "-H", "x"], "is not a header"),
        (["check", "/", "--origin", APP, "--app", "nothing:app"], "No module named"),
        (["check", "/", "--origin", APP, "--app", "nothing"], "names no WSGI application"),
        (["check", "/", "--origin", APP, "--against", "x"], "is not a URL"),
        (["audit", "x"], "is not a URL"),
        (["audit", "http://127.0.0.1:1/", "--trusted", "x"], "has no scheme: write https://x"),
    ],
)
def test_wrong_usage_has_status_2(arguments: list[str], text: str) -> None:
    result = run(flask_app(), *arguments)
    assert result.exit_code == 2
    assert text in " ".join(result.stderr.split())


# --- explain -------------------------------------------------------------------------------------------------


# --- routes --------------------------------------------------------------------------------------------------


# --- audit ---------------------------------------------------------------------------------------------------
