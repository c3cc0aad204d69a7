"""The server's answers, compared whole: every byte of status, names, values and bodies."""

from __future__ import annotations

from typing import Any

import pytest

from flask_crossorigin import CORSPolicy
from flask_crossorigin.server.protocol import MAX_ECHO, actual, is_foreign_write, preflight, trusts, write_refusal
from flask_crossorigin.standard.origins import MAX_LENGTH

APP = "https://app.example"
TYPE = ("Content-Type", "text/plain; charset=utf-8")
VARY = ("Vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers")
ORIGIN = ("Access-Control-Allow-Origin", APP)
AGE = ("Access-Control-Max-Age", "600")
DEFAULTS = ("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE")


def refused(body: bytes, vary: tuple[str, str] = VARY) -> tuple[str, list[tuple[str, str]], bytes]:
    return "403 Forbidden", [vary, TYPE, ("Content-Length", str(len(body)))], body


@pytest.mark.parametrize(
    ("options", "method", "names", "private", "answer"),
    [
        pytest.param({}, "PUT", None, False, ("200 OK", {ORIGIN, AGE, DEFAULTS}, b""), id="no header is asked for"),
        pytest.param({}, "PUT", "x-a", False, ("200 OK", {ORIGIN, AGE, DEFAULTS, ("Access-Control-Allow-Headers", "x-a")}, b""), id="a header is repeated"),
        pytest.param({"methods": "*"}, "BREW", None, False, ("200 OK", {ORIGIN, AGE, ("Access-Control-Allow-Methods", "BREW")}, b""), id="a method is repeated"),
        pytest.param({"methods": "*"}, "B" * MAX_ECHO, None, False, ("200 OK", {ORIGIN, AGE, ("Access-Control-Allow-Methods", "B" * MAX_ECHO)}, b""), id="the longest method is repeated"),
        pytest.param({"methods": "*"}, "B" * (MAX_ECHO + 1), None, False, ("200 OK", {ORIGIN, AGE}, b""), id="a longer one is not"),
        pytest.param({}, "GET", "x" * MAX_ECHO, False, ("200 OK", {ORIGIN, AGE, DEFAULTS, ("Access-Control-Allow-Headers", "x" * MAX_ECHO)}, b""), id="the longest list is repeated"),
        pytest.param({}, "GET", "x" * (MAX_ECHO + 1), False, ("200 OK", {ORIGIN, AGE, DEFAULTS}, b""), id="a longer list is not"),
        pytest.param({"allow_private_network": True}, "PUT", None, True, ("200 OK", {ORIGIN, AGE, DEFAULTS, ("Access-Control-Allow-Private-Network", "true")}, b""), id="a private network"),
        pytest.param({}, "PUT", None, True, ("200 OK", {ORIGIN, AGE, DEFAULTS}, b""), id="a private network without the option"),
        pytest.param({"origins": "https://other.example"}, "PUT", None, False, refused(b"Origin not allowed"), id="another origin"),
        pytest.param({"methods": ["PUT"]}, "GET", None, False, refused(b"Method not allowed"), id="a method without a preflight that is not listed"),
    ],
)  # fmt: skip
def test_a_preflight_is_answered_to_the_letter(options: dict[str, Any], method: str, names: str | None, private: bool, answer: Any) -> None:  # fmt: skip
    status, headers, body = preflight(CORSPolicy(**{"origins": APP, **options}), APP, method, names, {}, private)
    kept = (
        [header for header in headers if header[0] not in ("Vary", "Content-Type", "Content-Length")]
        if status == "200 OK"
        else headers
    )
    assert (status, set(kept) if status == "200 OK" else kept, body) == answer
    assert VARY in headers


def test_a_preflight_is_not_for_a_private_network_unless_it_says_so() -> None:
    policy = CORSPolicy(origins=APP, allow_private_network=True)
    assert "Access-Control-Allow-Private-Network" not in dict(preflight(policy, APP, "PUT", None, {})[1])


def test_a_refused_write_is_answered_to_the_letter() -> None:
    assert write_refusal() == refused(b"Origin not allowed", ("Vary", "Origin, Sec-Fetch-Site"))


def test_a_function_gets_the_context_of_the_request() -> None:
    seen: list[Any] = []
    policy = CORSPolicy(origins=lambda origin, environ: seen.append(environ) or True)  # type: ignore[func-returns-value]
    context = {"PATH_INFO": "/x"}
    preflight(policy, APP, "PUT", None, context)
    actual(policy, APP, context)
    assert trusts(policy, APP, context)
    assert seen == [context] * 3


def test_the_longest_origin_is_allowed_and_a_longer_one_is_not() -> None:
    for length, allowed in ((MAX_LENGTH, True), (MAX_LENGTH + 1, False)):
        origin = "x" * length
        policy = CORSPolicy(origins=APP)
        object.__setattr__(policy, "exact_origins", frozenset({origin}))  # no host has so long a name
        assert actual(policy, origin, {})[0][0] == (
            ("Access-Control-Allow-Origin", origin) if allowed else ("Vary", "Origin")
        )


@pytest.mark.parametrize(
    ("origin", "host", "allowed"),
    [
        ("https://api.example", "api.example", True),
        ("https://api.example", "api.example:443", True),
        ("http://api.example", "api.example:443", False),
        ("HTTPS://API.example", "api.EXAMPLE", True),
        ("https://x://api.example", "api.example", False),
        ("api.example", "api.example", False),
        ("https://", "", False),
    ],
)
def test_an_old_browser_on_the_server_s_own_page_may_write(origin: str, host: str, allowed: bool) -> None:
    assert is_foreign_write("POST", None, origin, host) is not allowed
