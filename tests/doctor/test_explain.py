"""Console texts as users paste them: old and new wording, curly quotes, line breaks, noise around them."""

from __future__ import annotations

import pytest

from flask_crossorigin.doctor.explain import explain
from flask_crossorigin.doctor.meanings import check_command, meanings

CHROME = "Access to fetch at 'https://api.example/items' from origin 'http://localhost:3000' has been blocked by CORS policy: "
FIREFOX = "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at https://api.example/items. (Reason: "
HERE = {"url": "https://api.example/items", "origin": "http://localhost:3000"}


@pytest.mark.parametrize(
    ("text", "engine", "kinds", "found"),
    [
        pytest.param(CHROME + "No 'Access-Control-Allow-Origin' header is present on the requested resource.", "chrome", ("response-acao-missing",), HERE, id="Chrome: no header"),
        pytest.param(CHROME + "No 'Access-Control-Allow-Origin' header is present on the requested resource. If an opaque response serves your needs, set the request's mode to 'no-cors' to fetch the resource with CORS disabled.", "chrome", ("response-acao-missing",), HERE, id="the wording until 2024"),
        pytest.param(CHROME + "Response to preflight request doesn't pass access control check: No 'Access-Control-Allow-Origin' header is present on the requested resource.", "chrome", ("preflight-acao-missing",), HERE, id="of the preflight"),
        pytest.param(CHROME.replace("'", "’") + "Response to preflight request doesn’t pass access\ncontrol check: It does not have HTTP ok status.", "chrome", ("preflight-status",), HERE, id="curly quotes and a line break"),
        pytest.param("App.js:12 Uncaught (in promise) AxiosError\n" + CHROME + "Response to preflight request doesn't pass access control check: Redirect is not allowed for a preflight request.\nGET https://api.example/items net::ERR_FAILED", "chrome", ("preflight-redirect",), {**HERE, "method": "GET"}, id="with the noise of axios"),
        pytest.param(CHROME + "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the request's credentials mode is 'include'. The credentials mode of requests initiated by the XMLHttpRequest is controlled by the withCredentials attribute.", "chrome", ("response-acao-wildcard-credentials",), HERE, id="wildcard with credentials"),
        pytest.param(CHROME + "The 'Access-Control-Allow-Origin' header contains multiple values 'http://localhost:3000, *', but only one is allowed.", "chrome", ("response-acao-multiple",), {**HERE, "value": "http://localhost:3000, *"}, id="two values"),
        pytest.param(CHROME + "The 'Access-Control-Allow-Origin' header has a value 'http://localhost:3000/' that is not equal to the supplied origin.", "chrome", ("response-acao-mismatch",), {**HERE, "value": "http://localhost:3000/"}, id="another value"),
        pytest.param(CHROME + "Method PATCH is not allowed by Access-Control-Allow-Methods in preflight response.", "chrome", ("preflight-method",), {**HERE, "method": "PATCH"}, id="a method"),
        pytest.param(CHROME + "Request header field x-api-key is not allowed by Access-Control-Allow-Headers in preflight response.", "chrome", ("preflight-header",), {**HERE, "header": "x-api-key"}, id="a header"),
        pytest.param(CHROME + "The value of the 'Access-Control-Allow-Credentials' header in the response is '' which must be 'true' when the request's credentials mode is 'include'.", "chrome", ("response-acac",), HERE, id="no Allow-Credentials"),
        pytest.param(CHROME + "Permission was denied for this request to access the `loopback` address space.", "chrome", ("lna-permission",), {**HERE, "value": "loopback"}, id="Local Network Access"),
        pytest.param("Access to XMLHttpRequest at 'https://api.example/items' from origin 'null' has been blocked by CORS policy: Cross origin requests are only supported for protocol schemes: chrome, data, http, https.", "chrome", ("redirect-scheme",), {"url": "https://api.example/items", "origin": "null"}, id="a scheme"),
        pytest.param(FIREFOX + "CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 404.", "firefox", ("response-acao-missing", "preflight-acao-missing"), {"url": "https://api.example/items", "status": "404"}, id="Firefox: no header"),
        pytest.param(FIREFOX + "CORS preflight response did not succeed). Status code: 401.\n" + FIREFOX + "CORS request did not succeed). Status code: (null).", "firefox", ("preflight-status",), {"url": "https://api.example/items", "status": "401"}, id="Firefox: its second line says nothing"),
        pytest.param(FIREFOX + "CORS request did not succeed). Status code: (null).", "firefox", ("network",), {"url": "https://api.example/items"}, id="Firefox: the network"),
        pytest.param(FIREFOX + "Did not find method in CORS header ‘Access-Control-Allow-Methods’).", "firefox", ("preflight-method",), {"url": "https://api.example/items"}, id="Firefox: a method"),
        pytest.param(FIREFOX + "missing token ‘x-api-key’ in CORS header ‘Access-Control-Allow-Headers’ from CORS preflight channel).", "firefox", ("preflight-header",), {"url": "https://api.example/items", "header": "x-api-key"}, id="Firefox: a header, in old wording"),
        pytest.param(FIREFOX.replace("https://api.example/items", "‘https://api.example/items’") + "Credential is not supported if the CORS header ‘Access-Control-Allow-Origin’ is ‘*’).", "firefox", ("response-acao-wildcard-credentials", "preflight-acao-wildcard-credentials"), {"url": "https://api.example/items"}, id="Firefox: wildcard"),
        pytest.param("[Error] Origin http://localhost:3000 is not allowed by Access-Control-Allow-Origin. Status code: 200\n[Error] Fetch API cannot load https://api.example/items due to access control checks.", "safari", ("response-acao-missing", "response-acao-mismatch"), {**HERE, "status": "200"}, id="Safari: the origin"),
        pytest.param("Preflight response is not successful. Status code: 308\nFetch API cannot load https://api.example/items due to access control checks.", "safari", ("preflight-redirect",), {"url": "https://api.example/items", "status": "308"}, id="Safari: a redirect"),
        pytest.param("Preflight response is not successful. Status code: 401", "safari", ("preflight-status",), {"status": "401"}, id="Safari: a status"),
        pytest.param("TypeError: Failed to fetch", "chrome", ("unknown",), {}, id="what script sees in Chrome"),
        pytest.param("AxiosError: Network Error code: 'ERR_NETWORK'", "chrome", ("unknown",), {}, id="what axios says"),
        pytest.param("GET http://localhost:5000/ net::ERR_CONNECTION_REFUSED\nTypeError: Failed to fetch", "chrome", ("network",), {"url": "http://localhost:5000/", "method": "GET", "error": "ERR_CONNECTION_REFUSED"}, id="nothing listens"),
        pytest.param("curl: (7) Failed to connect to localhost port 5000", "curl", ("network",), {}, id="curl"),
        pytest.param("Mixed Content: The page at 'https://app.example/' was loaded over HTTPS, but requested an insecure resource 'http://api.example/'.", "chrome", ("mixed-content",), {}, id="mixed content"),
    ],
)  # fmt: skip
def test_a_text_is_recognised(text: str, engine: str, kinds: tuple[str, ...], found: dict[str, str]) -> None:
    explanation = explain(text)
    assert explanation is not None
    assert (explanation.engine, explanation.kinds, explanation.found) == (engine, kinds, found)
    for meaning in meanings(explanation):
        assert meaning.cause
        assert meaning.fix
    assert bool(explanation.how_to_tell) is (len(kinds) > 1 or kinds == ("unknown",))
    assert check_command(explanation).startswith("flask-crossorigin check ")


@pytest.mark.parametrize("text", ["", "hello", "Uncaught ReferenceError: x is not defined", "x" * 100_000])
def test_another_text_is_none(text: str) -> None:
    assert explain(text) is None


def test_secrets_are_hidden() -> None:
    text = (
        CHROME.replace("items'", "items?token=s3cret&page=2'").replace("https://api", "https://u:pw@api")
        + "Redirect is not allowed for a preflight request."
    )
    explanation = explain(text)
    assert explanation is not None
    assert explanation.found["url"] == "https://api.example/items?token=***&page=***"


def test_the_command_for_a_preflight_s_failure_sends_one() -> None:
    explanation = explain(
        CHROME + "Response to preflight request doesn't pass access control check: It does not have HTTP ok status."
    )
    assert explanation is not None
    assert (
        check_command(explanation)
        == "flask-crossorigin check https://api.example/items --origin http://localhost:3000 -H 'Content-Type: application/json'"
    )


def test_the_command_has_what_the_text_names() -> None:
    explanation = explain(
        CHROME + "Request header field x-api-key is not allowed by Access-Control-Allow-Headers in preflight response."
    )
    assert explanation is not None
    assert (
        check_command(explanation)
        == "flask-crossorigin check https://api.example/items --origin http://localhost:3000 -H 'x-api-key: x'"
    )
