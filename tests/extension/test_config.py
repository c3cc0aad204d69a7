"""What ``CORS(...)`` is given, read into declarations: for which paths, and what may come out."""

from __future__ import annotations

from typing import Any

import pytest

from flask_crossorigin.errors import Problems
from flask_crossorigin.extension.config import path_rules

A, B = "https://a.example", "https://b.example"
EVERYTHING = {"/*": {"origins": A}}


@pytest.mark.parametrize(
    ("given", "outcomes", "places"),
    [
        pytest.param({"origins": A}, [A], ["here: "], id="no patterns"),
        pytest.param({"origins": A, "resources": None}, [A], ["here: "], id="patterns that are None"),
        pytest.param({"origins": B, "resources": "/x"}, [B, None], ["here: resources['/x']."], id="a path"),
        pytest.param({"origins": B, "resources": ["/x", "/*"]}, [B, B], ["here: resources['/x'].", "here: resources['/*']."], id="a list with everything"),
        pytest.param({"origins": B, "resources": "*"}, [B], ["here: resources['*']."], id="everything, as a star"),
        pytest.param({"origins": B, "resources": EVERYTHING}, [A], ["here: resources['/*']."], id="options of a pattern over those of the call"),
        pytest.param({"resources": {"/x": {"origins": A}, "/y": {}}}, [A, "-", None], ["here: resources['/x'].", "here: resources['/y']."], id="options of some patterns"),
        pytest.param({"origins": A, "resources": []}, [None], [], id="no pattern at all"),
        pytest.param({"resources": ' {"/x": {"origins": "https://a.example"}}'}, [A, None], ["here: resources['/x']."], id="patterns in JSON"),
    ],
)  # fmt: skip
def test_what_may_be_declared_for_a_path(given: dict[str, Any], outcomes: list[str | None], places: list[str]) -> None:
    problems = Problems()
    rules = path_rules(given, "here: ", problems)
    assert not problems
    found = [None if each is None else each.options.get("origins", "-") for each in rules.outcomes()]
    assert found == outcomes
    assert [each.where for each in rules.declarations()] == places
    assert rules.depends_on_path is (given.get("resources") is not None)


def test_a_path_has_the_declaration_of_its_pattern() -> None:
    rules = path_rules({"resources": {"/x": {"origins": A}, "/y/*": {"origins": B}}}, "", Problems())
    found = [rules.find(path) for path in ("/x", "/x/z", "/y", "/y/z", "/")]
    assert [each and each.options["origins"] for each in found] == [A, None, B, B, None]


def test_a_path_without_patterns_has_the_only_declaration() -> None:
    rules = path_rules({"origins": A}, "", Problems())
    assert rules.find("/x") is rules.find("/y") is rules.declarations()[0]


def test_wrong_patterns_are_left_out_of_what_is_declared() -> None:
    problems = Problems()
    rules = path_rules({"resources": {"x": {}, "/y": 1}}, "", problems)
    with pytest.raises(ValueError, match="is not a path pattern") as raised:
        problems.raise_any()
    assert "resources: 1 is not a mapping of options: write {'/y': {'origins': [...]}}" in str(raised.value)
    assert rules.find("/y") is None
