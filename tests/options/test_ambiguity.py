"""Which regular expressions a stranger's Origin can keep busy; time is not asserted, only what is said of them."""

from __future__ import annotations

import re

import pytest

from flask_crossorigin import CORSConfigError, CORSPolicy
from flask_crossorigin.options.ambiguity import is_exponential


@pytest.mark.parametrize(
    "expression",
    [
        pytest.param(r"https://(?:[a-z]+)+\.example\.com", id="a repetition of a repetition"),
        pytest.param(r"https://(?:[a-z]*)*\.example\.com", id="a repetition of what may be empty"),
        pytest.param(r"https://(?:[a-z]{1,63}){1,9}\.example\.com", id="bounded repetitions"),
        pytest.param(r"https://(?:[a-z0-9-]+\.?)+\.example\.com", id="a separator that may be missing"),
        pytest.param(r"https://(?:a|a)+\.example\.com", id="two alternatives that accept the same"),
        pytest.param(r"https://(?:[a-z]|[a-z0-9]x?)+\.example\.com", id="two alternatives that overlap"),
        pytest.param(r"https://(?:a|aa)+\.example\.com", id="an alternative that is another one twice"),
        pytest.param(r"https://(?:ab|a|b)+\.example\.com", id="an alternative made of two others"),
        pytest.param(r"https://(?:a?b?)*\.example\.com", id="two that may be missing"),
        pytest.param(r"https://(?:\w+-?)+\.example\.com", id="a class by its category"),
        pytest.param(r"https://(?:.+)+\.example\.com", id="any character"),
        pytest.param(r"https://(?:[^/]+)+\.example\.com", id="a class by what it excludes"),
        pytest.param(r"(?i)https://(?:ab|A|B)+\.example\.com", id="alternatives that differ in case, which is ignored"),
    ],
)
def test_what_can_be_read_in_many_ways_is_prohibited(expression: str) -> None:
    assert is_exponential(re.compile(expression))
    with pytest.raises(CORSConfigError, match="has a repetition within a repetition") as caught:
        CORSPolicy(origins=re.compile(expression))
    assert [problem.reason for problem in caught.value.problems] == ["prohibited"]


@pytest.mark.parametrize(
    "expression",
    [
        pytest.param(r"https://[a-z0-9-]+\.example\.com", id="one repetition"),
        pytest.param(r"https://(?:[a-z0-9-]+\.)+example\.com", id="labels that end in a dot"),
        pytest.param(r"https://(?:[a-z0-9-]{1,63}\.){1,5}example\.com", id="bounded labels that end in a dot"),
        pytest.param(r"https://([a-z]+(-[a-z]+)*\.)*example\.com", id="labels with single hyphens"),
        pytest.param(r"https://(?:.*\.)?example\.com", id="a repetition that may be missing"),
        pytest.param(r"https://(?:[a-z]{2})+\.example\.com", id="a repetition of a fixed number"),
        pytest.param(r"https://(?:a|b|c)+\.example\.com", id="alternatives that begin differently"),
        pytest.param(r"https://(?:ab|ac)+\.example\.com", id="alternatives that end differently"),
        pytest.param(r"https://pr-\d+--site\.example\.com(?::\d+)?", id="a preview deployment"),
        pytest.param(r"https://(?!evil)[a-z]+\.example\.com", id="a look-ahead"),
        pytest.param(r"(?P<scheme>https?)://(?:www\.)?example\.(?:com|org)", id="groups"),
    ],
)
def test_what_can_be_read_in_one_way_is_not(expression: str) -> None:
    assert not is_exponential(re.compile(expression))
