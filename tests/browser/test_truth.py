"""The model against what real engines did: recorded in tests/engines/truth, so that no browser is needed here."""

from __future__ import annotations

import functools
import json
from typing import Any

import pytest

from flask_crossorigin.browser.failures import FAILURES
from flask_crossorigin.browser.profiles import PROFILES

from ..engines.cases import NUMBER, SEED, generated
from ..engines.known import KNOWN, NEVER
from ..engines.model import ORIGINS, TRUTH, differences, failed_kinds, observed
from ..engines.rules import RULES

ENGINES = ("chrome", "firefox", "safari")
CASES = [*RULES, *generated(SEED, NUMBER)]


@functools.cache
def truth(profile: str) -> list[dict[str, Any]]:
    recorded: list[dict[str, Any]] = json.loads((TRUTH / f"{profile}.json").read_text(encoding="utf-8"))
    return recorded


@pytest.mark.parametrize("profile", ENGINES)
@pytest.mark.parametrize("number", range(len(RULES)), ids=[case.name for case in RULES])
def test_the_model_follows_the_rule_as_the_engine_does(number: int, profile: str) -> None:
    found = differences(CASES[number], number, profile, truth(profile)[number])
    assert {kind for kind, _, _ in found} == KNOWN[profile].get(CASES[number].name, set()), found


@pytest.mark.parametrize("profile", ENGINES)
def test_the_model_does_what_the_engine_did_in_generated_cases(profile: str) -> None:
    recorded = truth(profile)
    assert [each["name"] for each in recorded] == [case.name for case in CASES]
    wrong = {}
    for number in range(len(RULES), len(CASES)):
        name = CASES[number].name
        found = differences(CASES[number], number, profile, recorded[number])
        if {kind for kind, _, _ in found} != KNOWN[profile].get(name, set()):
            wrong[name] = found
    assert wrong == {}


def test_every_kind_of_failure_occurs_in_an_engine_or_says_why_not() -> None:
    seen = {
        kind for number, case in enumerate(CASES) for profile in ENGINES for kind in failed_kinds(case, number, profile)
    }
    assert {kind for kind in FAILURES if kind not in seen} == set(NEVER)
    assert all(NEVER.values())


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("a 307 for a PUT, back to the page's own origin", [("OPTIONS", "{page}"), ("OPTIONS", "null"), ("PUT", "null"), ("PUT", "{page}")]),
        ("X-One, X-Two, X-One: all listed", [("OPTIONS", "{page}"), *[("GET", "{page}")] * 3]),
        ("a kept preflight whose response then fails", [("OPTIONS", "{page}"), ("OPTIONS", "{page}"), ("PUT", "{page}"), ("PUT", "{page}")]),
        ("the request header User-Agent: x (1)", [("GET", "{page}"), ("OPTIONS", "{page}")]),
        ("two Location lines that are the same", [("GET", "{page}")]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_the_standard_s_own_rule_where_engines_differ(name: str, sent: list[tuple[str, str]]) -> None:
    number = next(index for index, case in enumerate(RULES) if case.name == name)
    wire = observed(RULES[number], number, "standard")["wire"]
    assert sorted((method, headers["origin"]) for method, _, _, headers in wire) == sorted(sent)


def test_the_profiles_are_those_of_the_recorded_engines() -> None:
    assert {*ENGINES, "standard"} == set(PROFILES)
    assert {path.stem for path in TRUTH.glob("*.json")} == set(ENGINES)
    assert len(ORIGINS) == 6
