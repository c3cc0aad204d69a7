"""Pasted consoles: several lines, three browsers, lines that were cut, network errors, pages opened as files."""

from __future__ import annotations

import pytest

from flask_crossorigin.browser.console import TEXTS
from flask_crossorigin.doctor.explain import explain, explain_all
from flask_crossorigin.doctor.meanings import meanings

URL = "http://localhost:5000/api"
CHROME = (
    f"Access to fetch at '{URL}' from origin 'http://localhost:3000' has been blocked by CORS policy: No "
    "'Access-Control-Allow-Origin' header is present on the requested resource."
)
FIREFOX = (
    "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at "
    f"{URL}. (Reason: CORS header \u2018Access-Control-Allow-Origin\u2019 missing). Status code: 200."
)
SAFARI = "Origin http://localhost:3000 is not allowed by Access-Control-Allow-Origin. Status code: 200"
LOAD = f"Fetch API cannot load {URL} due to access control checks."
HEADER = (
    "Access to fetch at 'http://localhost:5000/items' from origin 'http://localhost:3000' has been blocked by CORS policy: "
    "Request header field x-a is not allowed by Access-Control-Allow-Headers in preflight response."
)


def checks(text: str) -> list[str]:
    return [each.check for each in explain_all(text)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param(CHROME, ["acao-missing"], id="one line"),
        pytest.param(f"{CHROME}\n{CHROME}\n{CHROME}", ["acao-missing"], id="one line three times"),
        pytest.param(f"{CHROME}\n{FIREFOX}", ["acao-missing"], id="one failure in two browsers"),
        pytest.param(f"{CHROME}\n{HEADER}", ["acao-missing", "header"], id="two failures"),
        pytest.param(
            f"{CHROME}\nGET {URL} net::ERR_FAILED 200 (OK)\nUncaught (in promise) TypeError: Failed to fetch",
            ["acao-missing"],
            id="the reason and the lines that follow it",
        ),
        pytest.param(f"{SAFARI}\n{LOAD}", ["acao-missing"], id="Safari's two lines"),
        pytest.param("GET http://localhost:5000/a net::ERR_CONNECTION_REFUSED", ["network"], id="a network error"),
        pytest.param(
            "GET http://localhost:5000/a net::ERR_CONNECTION_REFUSED\nGET http://nope.example/ net::ERR_NAME_NOT_RESOLVED",
            ["network", "network"],
            id="two network errors",
        ),
        pytest.param("Uncaught (in promise) TypeError: Failed to fetch", ["unknown"], id="no reason at all"),
        pytest.param("hello", [], id="no message"),
    ],
)
def test_each_failure_is_explained_once(text: str, found: list[str]) -> None:
    assert checks(text) == found


@pytest.mark.parametrize("length", range(24, 70, 5))
@pytest.mark.parametrize("check", [check for check, texts in TEXTS.items() if check.startswith("ac") and texts.chrome])
def test_a_line_that_was_cut_is_recognised_or_called_cut(check: str, length: int) -> None:
    text = TEXTS[check].chrome.partition("{")[0][:length]  # type: ignore[index]
    found = explain(
        f"Access to fetch at '{URL}' from origin 'http://localhost:3000' has been blocked by CORS policy: {text}"
    )
    assert found is not None
    assert found.found["url"] == URL
    assert found.check in {"unknown"} | {
        other
        for other, texts in TEXTS.items()
        if texts.chrome.replace("`", "'").startswith(text.strip().replace("`", "'"))
    }


@pytest.mark.parametrize(
    ("error", "cause", "fix"),
    [
        ("CONNECTION_REFUSED", "no server listens", "start the server"),
        ("NAME_NOT_RESOLVED", "the host name does not exist", "correct the host name"),
        ("CERT_AUTHORITY_INVALID", "the certificate is not trusted", "install a certificate"),
        ("SSL_PROTOCOL_ERROR", "the server speaks plain http", "write http:// in the URL"),
        ("TIMED_OUT", "did not answer in time", "look at the server's log"),
        ("CONNECTION_TIMED_OUT", "did not answer in time", "look at the server's log"),
        ("EMPTY_RESPONSE", "closed the connection", "look at the server's log"),
        ("CONNECTION_RESET", "closed the connection", "look at the server's log"),
        ("BLOCKED_BY_CLIENT", "an extension of the browser", "switch the extension off"),
        (
            "BLOCKED_BY_RESPONSE.NotSameOrigin",
            "may not embed this response",
            "Cross-Origin-Resource-Policy: cross-origin",
        ),
        ("UNSAFE_PORT", "do not connect to this port", "on another port"),
        ("INTERNET_DISCONNECTED", "not connected", "connect it"),
        ("TOO_MANY_REDIRECTS", "do not end", "look for a loop"),
        ("ABORTED", "the page ended the request", "AbortController"),
        ("FILE_NOT_FOUND", "opened as a file", "python -m http.server"),
    ],
)
def test_each_network_error_has_its_cause_and_its_fix(error: str, cause: str, fix: str) -> None:
    (found,) = explain_all(f"GET https://api.example/x net::ERR_{error}")
    (meaning,) = meanings(found)
    assert cause in meaning.cause
    assert fix in meaning.fix


@pytest.mark.parametrize(
    "text",
    [
        "Access to script at 'file:///home/me/app.js' from origin 'null' has been blocked by CORS policy: Cross origin "
        "requests are only supported for protocol schemes: http, data, chrome, chrome-extension, https.",
        "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at file:///a/app.js. "
        "(Reason: CORS request not http).",
        CHROME.replace("'http://localhost:3000'", "'null'"),
    ],
    ids=["Chrome", "Firefox", "a page that asks a server"],
)
def test_a_page_that_is_opened_as_a_file_is_told_to_use_a_server(text: str) -> None:
    (found,) = explain_all(text)
    (meaning,) = meanings(found)
    assert "python -m http.server 8000" in meaning.fix
    assert "add 'null'" not in meaning.fix


@pytest.mark.parametrize(
    ("server", "words"),
    [
        ("nginx", "map $http_origin"),
        ("apache", "Header always set"),
        ("express", "app.use(cors({"),
        ("fastapi", "app.add_middleware("),
        ("django", "CORS_ALLOWED_ORIGINS"),
        ("php", "header("),
        ("flask-crossorigin", "CORS(app, origins=['http://localhost:3000'])"),
    ],
)
def test_the_fix_is_in_the_words_of_the_server_that_is_named(server: str, words: str) -> None:
    (found,) = explain_all(CHROME)
    (meaning,) = meanings(found, server)  # type: ignore[arg-type]
    assert words in meaning.fix


def test_without_a_server_all_of_them_are_named_in_short() -> None:
    (found,) = explain_all(CHROME)
    (meaning,) = meanings(found)
    for words in ("Flask: add 'http://localhost:3000' to origins", "nginx: add", "CORS_ALLOWED_ORIGINS", "--server"):
        assert words in meaning.fix
