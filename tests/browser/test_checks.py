"""The CORS check and what it exposes, as the standard and the engines have them: each row is a rule, and names it."""

from __future__ import annotations

from typing import Any

import pytest

from flask_crossorigin.browser.checks import cors_check, exposed_names, tainted_origin

from ..helpers.cases import APP
from ..helpers.headers import TRUE, Pairs, acao


@pytest.mark.parametrize(
    ("headers", "credentials", "kinds"),
    [
        pytest.param([], "omit", ["response-acao-missing"], id="no header"),
        pytest.param([], "include", ["response-acao-missing", "response-acac"], id="no header with credentials fails twice"),
        pytest.param(acao("*"), "omit", [], id="a wildcard"),
        pytest.param(acao(" * "), "omit", [], id="blanks around it"),
        pytest.param(acao("*"), "same-origin", [], id="a wildcard for credentials 'same-origin'"),
        pytest.param(acao("*", TRUE), "include", ["response-acao-wildcard-credentials"], id="a wildcard with credentials"),
        pytest.param(acao(APP), "omit", [], id="the origin"),
        pytest.param(acao(APP, TRUE), "include", [], id="the origin with credentials"),
        pytest.param(acao(APP), "include", ["response-acac"], id="the origin without the second header"),
        pytest.param(acao(APP, ("Access-Control-Allow-Credentials", "True")), "include", ["response-acac"], id="True is not true"),
        pytest.param(acao(APP, TRUE, TRUE), "include", ["response-acac"], id="true twice"),
        pytest.param(acao(APP, *acao(APP)), "omit", ["response-acao-multiple"], id="the origin twice"),
        pytest.param(acao("*", *acao("*")), "omit", ["response-acao-multiple"], id="the wildcard twice"),
        pytest.param(acao(f"{APP}, https://b.example"), "omit", ["response-acao-multiple"], id="a list"),
        pytest.param(acao(f"{APP} https://b.example"), "omit", ["response-acao-multiple"], id="a list with a blank"),
        pytest.param(acao(f"{APP}/"), "omit", ["response-acao-mismatch"], id="a slash at the end"),
        pytest.param(acao(f"{APP}:443"), "omit", ["response-acao-mismatch"], id="the default port"),
        pytest.param(acao("HTTPS://APP.EXAMPLE"), "omit", ["response-acao-mismatch"], id="capitals"),
        pytest.param(acao("null"), "omit", ["response-acao-mismatch"], id="null is another origin"),
        pytest.param(acao("app.example"), "omit", ["response-acao-invalid"], id="no scheme"),
        pytest.param(acao("//app.example"), "omit", ["response-acao-invalid"], id="slashes without a scheme"),
        pytest.param(acao(""), "omit", ["response-acao-invalid"], id="nothing in it"),
        pytest.param(acao("localhost:3000"), "omit", ["response-acao-mismatch"], id="a host and port, which parse as a URL"),
    ],
)  # fmt: skip
def test_the_cors_check(headers: Pairs, credentials: Any, kinds: list[str]) -> None:
    assert [failure.kind for failure in cors_check(headers, APP, credentials)] == kinds


def test_null_matches_null() -> None:
    assert cors_check(acao("null"), "null", "omit") == []


@pytest.mark.parametrize(
    ("exposed", "credentials", "names"),
    [
        pytest.param(None, "omit", ["content-type"], id="the safelist"),
        pytest.param("x-a", "omit", ["content-type", "x-a"], id="a listed name"),
        pytest.param(
            "*",
            "omit",
            ["content-type", "x-a", "x-b", "access-control-expose-headers"],
            id="a wildcard, but no cookies",
        ),
        pytest.param("*", "include", ["content-type"], id="a wildcard is literal with credentials"),
        pytest.param("x-a, b@d", "omit", ["content-type"], id="a bad name spoils the list"),
        pytest.param("set-cookie", "omit", ["content-type"], id="cookies are never exposed"),
    ],
)
def test_exposed_headers(exposed: str | None, credentials: Any, names: list[str]) -> None:
    headers = [("Content-Type", "x"), ("X-A", "1"), ("X-B", "2"), ("Set-Cookie", "a=b")]
    headers += [("Access-Control-Expose-Headers", exposed)] if exposed is not None else []
    assert exposed_names(headers, credentials) == names


@pytest.mark.parametrize(
    ("chain", "origin"),
    [
        pytest.param(["P", "P", "A"], "P", id="from home to another"),
        pytest.param(["A", "A"], "P", id="within another"),
        pytest.param(["A", "B"], "null", id="from another to a third"),
        pytest.param(["A", "P"], "null", id="from another back home"),
        pytest.param(["P", "A", "A", "B"], "null", id="later"),
    ],
)
def test_redirects_taint_the_origin(chain: list[str], origin: str) -> None:
    assert tainted_origin("P", chain) == origin
