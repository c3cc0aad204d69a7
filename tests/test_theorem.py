"""The two halves against each other: the browser's model, run on this library's own answers."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flask_crossorigin import CORSMiddleware, CORSPolicy
from flask_crossorigin.standard.headers import is_token_list
from flask_crossorigin.testing import Browser, CORSBlocked

LISTED = ["https://app.example", "https://admin.example:8443", "http://localhost:3000"]
STRANGERS = [
    "https://evil.example",
    "https://app.example.evil.example",
    "http://app.example",
    "https://app.example:444",
    "null",
    "https://xapp.example",
]
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "patch", "REPORT"]
NAMES = ["Content-Type", "Authorization", "X-One", "X-Two"]

policies = st.fixed_dictionaries(
    {
        "origins": st.sampled_from(["*", LISTED, LISTED[:1], ["https://*.example"], []]),
        "methods": st.sampled_from(
            ["*", ("GET", "PUT"), ("PATCH",), ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")]
        ),
        "allow_headers": st.sampled_from(["*", (), ("Content-Type",), ("Authorization", "X-One")]),
        "supports_credentials": st.booleans(),
        "max_age": st.sampled_from([0, 600, None]),
    }
)
requests = st.fixed_dictionaries(
    {
        "method": st.sampled_from(METHODS),
        "headers": st.lists(st.sampled_from(NAMES), unique=True).map(
            lambda names: [(name, "application/json") for name in names]
        ),
        "credentials": st.sampled_from(["omit", "same-origin", "include"]),
    }
)


def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
    return [b"ok"]


def wildcard_covers(origin: str) -> bool:
    return origin.startswith("https://") and origin.endswith(".example") and origin != "https://example"


def may_read(options: dict[str, Any], origin: str, request: dict[str, Any]) -> bool:
    """What the options say in words, apart from any code of the library."""
    origins, include = options["origins"], request["credentials"] == "include"
    allowed = origins == "*" or origin in origins or ("https://*.example" in origins and wildcard_covers(origin))
    if not allowed or (include and not options["supports_credentials"]):
        return False
    method = request["method"]
    is_simple = method in ("GET", "HEAD", "POST") and not request["headers"]
    if not is_simple and options["methods"] != "*" and method not in options["methods"]:
        return False
    listed = options["allow_headers"]
    return listed == "*" or all(name in listed for name, _ in request["headers"])


@given(
    policies,
    requests,
    st.sampled_from([*LISTED, *STRANGERS]),
    st.sampled_from(["standard", "chrome", "firefox", "safari"]),
)
def test_script_reads_exactly_what_the_policy_allows(
    options: dict[str, Any], request: dict[str, Any], origin: str, profile: str
) -> None:
    if options["supports_credentials"] and (options["origins"] in ("*", ["https://*.example"])):
        options = options | {"supports_credentials": False}  # refused when the policy is made
    browser = Browser(CORSMiddleware(app, CORSPolicy(**options)), origin, profile=profile)
    try:
        response = browser.fetch("/", **request)
    except CORSBlocked:
        readable = False
    else:
        readable = response.status == 200
    assert readable is may_read(options, origin, request)


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_wrong_origin_ever_reads(prefix: str, suffix: str) -> None:
    wrapped = CORSMiddleware(app, origins=LISTED, supports_credentials=True)
    sent = f"{prefix}https://app.example{suffix}".encode("utf-8", "ignore").decode("latin-1")
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/", "HTTP_ORIGIN": sent}
    seen: list[tuple[str, str]] = []
    wrapped(environ, lambda status, headers, exc_info=None: seen.extend(headers))  # type: ignore[arg-type]
    allowed = [value for name, value in seen if name == "Access-Control-Allow-Origin"]
    assert allowed == (["https://app.example"] if sent == "https://app.example" else [])


@pytest.mark.parametrize("names", ["x-one", "x-one,x-two"])
def test_the_lists_that_the_model_asks_with_are_ones_that_the_server_echoes(names: str) -> None:
    assert is_token_list(names)
