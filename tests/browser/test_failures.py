"""The catalogue of failures: a new kind is one row, and these tests show what it still lacks."""

from __future__ import annotations

from typing import get_args

import pytest

from flask_crossorigin.browser.console import TEXTS, Place, console_text, mdn_page
from flask_crossorigin.browser.failures import FAILURES, Check, Failure, Kind, kind_of, kinds_of
from flask_crossorigin.browser.values import Blocked
from flask_crossorigin.doctor.advice import remedy
from flask_crossorigin.doctor.cases import Case
from flask_crossorigin.doctor.explain import explain
from flask_crossorigin.doctor.titles import title

PLACE = Place("https://api.example/items", "https://app.example", 200, initiator="fetch")
# Failures without CORS: browsers have no text in common for them, or none at all.
WITHOUT_TEXT = {
    "request-invalid", "mixed-content", "bad-port", "no-cors-redirect", "redirect-stream",
    "redirect-hop-check",  # in the words of the check that the redirect's response failed
}  # fmt: skip


def test_every_kind_has_its_row_and_every_row_its_kind() -> None:
    assert list(get_args(Kind)) == sorted(FAILURES, key=get_args(Kind).index)
    assert {row.check for row in FAILURES.values()} == {*get_args(Check)}


@pytest.mark.parametrize("kind", FAILURES)
def test_a_kind_has_a_rule_its_link_and_advice(kind: Kind) -> None:
    row = FAILURES[kind]
    assert row.rule
    assert row.link.startswith(("https://fetch.spec.whatwg.org/#", "https://w"))
    case = Case(blocked=Blocked(Failure(kind, "VALUE", "X-Header"), PLACE, ""), origin="https://app.example")
    assert title(case)
    assert remedy(case)


@pytest.mark.parametrize("kind", FAILURES)
def test_a_kind_has_the_texts_of_the_browsers_or_is_known_to_have_none(kind: Kind) -> None:
    assert (FAILURES[kind].check not in TEXTS) == (kind in WITHOUT_TEXT)


@pytest.mark.parametrize("engine", ["chrome", "firefox", "safari"])
@pytest.mark.parametrize("kind", [kind for kind in FAILURES if kind not in WITHOUT_TEXT])
def test_a_text_is_recognised_when_it_is_pasted(kind: Kind, engine: str) -> None:
    place = PLACE._replace(to="https://u:p@other.example/") if FAILURES[kind].stage == "redirect" else PLACE
    value = "local" if kind.startswith("lna-") else "https://other.example"
    text = console_text(engine, Failure(kind, value, "X-Header", lines=2), place)
    found = explain(text) if text else None
    assert found is not None or not text
    assert found is None or FAILURES[kind].check in {
        FAILURES[each].check for each in found.kinds if each in FAILURES
    } | (
        # The two engines write the same for these.
        {
            "acao-invalid",
            "acao-mismatch",
            "acao-missing",
            "acao-multiple",
            "redirect",
            "status",
            "credentials",
            "scheme",
            "network",
            "limit",
            "invalid",
            "mode",
        }
        if engine != "chrome"
        else set()
    )


def test_the_cors_check_is_of_two_stages() -> None:
    assert kind_of("preflight", "acac") == "preflight-acac"
    assert kinds_of("acac") == ("response-acac", "preflight-acac")
    assert kinds_of("bad-port") == ("bad-port",)


def test_a_page_of_mozilla_is_a_whole_address() -> None:
    assert mdn_page("acac") == (
        "https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS/Errors/CORSMissingAllowCredentials"
    )
    assert mdn_page("bad-port") == ""
