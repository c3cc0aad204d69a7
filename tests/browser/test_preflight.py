"""What a preflight asks, and the checks of its answer."""

from __future__ import annotations

from typing import Any

import pytest

from flask_crossorigin.browser.preflight import Asked, check_preflight
from flask_crossorigin.browser.profiles import PROFILES

from ..helpers.cases import APP
from ..helpers.headers import Pairs, allow


@pytest.mark.parametrize(
    ("status", "headers", "asked", "kinds"),
    [
        pytest.param(200, allow("PUT"), {"method": "PUT"}, [], id="the method is listed"),
        pytest.param(299, allow("PUT"), {"method": "PUT"}, [], id="any ok status"),
        pytest.param(300, allow("PUT"), {"method": "PUT"}, ["preflight-status"], id="300 is no ok status"),
        pytest.param(199, allow("PUT"), {"method": "PUT"}, ["preflight-status"], id="199 is no ok status"),
        pytest.param(302, allow("PUT", None, ("Location", "/x")), {"method": "PUT"}, ["preflight-redirect"], id="a redirect"),
        pytest.param(302, allow("PUT"), {"method": "PUT"}, ["preflight-status"], id="a redirect without Location"),
        pytest.param(200, allow(), {"method": "PUT"}, ["preflight-method"], id="no list of methods"),
        pytest.param(200, allow(), {"method": "POST"}, [], id="a safelisted method needs no list"),
        pytest.param(200, allow(), {"method": "PUT", "flag": True}, [], id="with upload listeners no list allows the method"),
        pytest.param(200, allow("put"), {"method": "PUT"}, ["preflight-method"], id="methods are compared with their case"),
        pytest.param(200, allow("*"), {"method": "PUT"}, [], id="a wildcard for methods"),
        pytest.param(200, allow("*"), {"method": "PUT", "credentials": "include"}, ["preflight-method"], id="a wildcard is literal with credentials"),
        pytest.param(200, allow("*"), {"method": "*", "credentials": "include"}, [], id="the method * is listed literally"),
        pytest.param(200, allow("PUT", "X-A"), {"method": "PUT", "headers": [("x-a", "1")]}, [], id="names in any case"),
        pytest.param(200, allow("PUT", "X-B"), {"method": "PUT", "headers": [("X-A", "1")]}, ["preflight-header"], id="a name is missing"),
        pytest.param(200, allow("PUT", "*"), {"method": "PUT", "headers": [("X-A", "1")]}, [], id="a wildcard for names"),
        pytest.param(200, allow("PUT", "*"), {"headers": [("X-A", "1")], "credentials": "include"}, ["preflight-header"], id="literal with credentials, for names"),
        pytest.param(200, allow("PUT", "*"), {"headers": [("Authorization", "1")]}, ["preflight-header"], id="a wildcard does not cover Authorization"),
        pytest.param(200, allow("PUT", "*, authorization"), {"headers": [("Authorization", "1")]}, [], id="Authorization is listed"),
        pytest.param(200, allow("PUT, P@T"), {"method": "PUT"}, ["preflight-acam-unparsable"], id="a bad method spoils the list"),
        pytest.param(200, allow("PUT", "x a"), {"method": "PUT"}, ["preflight-acah-unparsable"], id="a bad name spoils the list, needed or not"),
        pytest.param(200, allow("PUT, , ,"), {"method": "PUT"}, [], id="empty elements"),
        pytest.param(200, allow("GET") + allow("PUT")[2:], {"method": "PUT"}, [], id="two lines are one list"),
        pytest.param(404, [], {"method": "PUT"}, ["preflight-acao-missing", "preflight-status", "preflight-method"], id="everything that is wrong is said"),
    ],
)  # fmt: skip
def test_the_answer_to_a_preflight(status: int, headers: Pairs, asked: dict[str, Any], kinds: list[str]) -> None:
    values = {"origin": APP, "method": "GET", "headers": [], "credentials": "omit"} | asked
    failures = check_preflight(status, headers, Asked(**values), PROFILES["standard"])
    assert [failure.kind for failure in failures] == kinds


@pytest.mark.parametrize(
    ("profile", "kinds"),
    [
        pytest.param(
            "standard",
            ["preflight-acao-missing", "preflight-redirect", "preflight-acam-unparsable", "preflight-header"],
            id="standard",
        ),
        pytest.param(
            "chrome",
            ["preflight-redirect", "preflight-acao-missing", "preflight-acam-unparsable", "preflight-header"],
            id="chrome looks at the redirect first",
        ),
        pytest.param(
            "firefox",
            ["preflight-acao-missing", "preflight-redirect", "preflight-acam-unparsable", "preflight-header"],
            id="firefox at the origin",
        ),
        pytest.param(
            "safari",
            ["preflight-redirect", "preflight-acao-missing", "preflight-acam-unparsable", "preflight-header"],
            id="safari at the status",
        ),
    ],
)
def test_engines_check_in_their_own_order(profile: str, kinds: list[str]) -> None:
    headers = [("Location", "/"), ("Access-Control-Allow-Methods", "@")]
    asked = Asked(APP, "PUT", [("X-A", "1")], "omit")
    assert [failure.kind for failure in check_preflight(301, headers, asked, PROFILES[profile])] == kinds


@pytest.mark.parametrize("profile", ["chrome", "firefox", "safari"])
def test_in_every_engine_a_wildcard_covers_authorization(profile: str) -> None:
    asked = Asked(APP, "GET", [("Authorization", "x")], "omit")
    assert check_preflight(200, allow("PUT", "*"), asked, PROFILES[profile]) == []
