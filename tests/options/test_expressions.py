"""What is found in regular expressions before any request."""

from __future__ import annotations

import re
import sys

import pytest

from flask_crossorigin.options.expressions import accepted_stranger, has_unescaped_dot

SAFE = [
    r"https://example\.com",
    r"^https://example\.com$",
    r"https?://example\.com(:\d+)?",
    r"https://.*\.example\.com",
    r"https://[a-z-]+\.example\.com",
    r"https://[^.]+\.example\.com",
    r"https://[^a]\.example\.com",
    r"https://[^/\w]*\.example\.com",
    r"https://(?:[a-z0-9-]+\.)*example\.com",
    r"https://(.+\.)?example\.com",
    r"https://\w+\.example\.com",
    r"https://\S+\.example\.com",
    r"https://pr-\d+\.example\.com",
    r"https://app\.example\.(com|org)",
    r"https://[\d]{1,3}\.example\.com",
    r"https://[\W]\.example\.com",
    r"https://a(?=\.example\.com).*\.example\.com",
    r"(?i)https://EXAMPLE\.com",
    r"(?x) https://example \.com",
    r"chrome-extension://[a-p]{32}",
    r"http://localhost:\d+",
    r"(a+)+$",
    r"[^\x00-\xff]",
]

STRANGERS = [
    (r".*", "https://flask-crossorigin.invalid"),
    (r"https://.+", "https://flask-crossorigin.invalid"),
    (r"https://[^/]+", "https://flask-crossorigin.invalid"),
    (r"https://(?!evil).*", "https://flask-crossorigin.invalid"),
    (r"https://example\.com.*", "https://example.com.flask-crossorigin.invalid"),
    (r"https://example\.com\b.*", "https://example.com.flask-crossorigin.invalid"),
    (r"https://(app|admin)\.example\.com.*", "https://app.example.com.flask-crossorigin.invalid"),
    (r"https://[a-z]+\.example\.com.*", "https://a.example.com.flask-crossorigin.invalid"),
    (r"https://example\.com(\.[a-z]+)*", "https://example.com.crossorigin.invalid"),
    (r"https://.*example\.com", "https://flask-crossoriginexample.com"),
    (r"https://[a-z]+example\.com", "https://crossoriginexample.com"),
    (r"https://(.+)?example\.com", "https://flask-crossoriginexample.com"),
    (r".*example\.com", "https://flask-crossoriginexample.com"),
    (r"https://example\.com|https://.*x\.org:8443", "https://flask-crossoriginx.org:8443"),
    (r"http://[^a]*\.?example\.com", "http://crossoriginexample.com"),
]


@pytest.mark.parametrize("expression", SAFE)
def test_a_whole_expression_accepts_no_stranger(expression: str) -> None:
    assert accepted_stranger(re.compile(expression)) is None


@pytest.mark.parametrize(("expression", "stranger"), STRANGERS)
def test_an_open_expression_accepts_a_stranger(expression: str, stranger: str) -> None:
    assert accepted_stranger(re.compile(expression)) == stranger


@pytest.mark.parametrize(
    ("expression", "unescaped"),
    [
        (r"https://app.example\.com", True),
        (r"https://(?:app.x|b)\.example\.com", True),
        (r"https://(?:a.b)+\.example\.com", True),
        (r"https://.*\.example\.com", False),
        (r"https://.+?\.example\.com", False),
        (r"https://[.]\.example\.com", False),
        (r"https://example\.com", False),
    ],
)
def test_a_dot_that_stands_for_any_one_character_is_found(expression: str, unescaped: bool) -> None:
    assert has_unescaped_dot(re.compile(expression)) is unescaped


@pytest.mark.skipif(sys.version_info < (3, 11), reason="atomic groups came with Python 3.11")
def test_atomic_groups_and_possessive_repeats_are_read() -> None:
    assert (
        accepted_stranger(re.compile(r"https://(?>example)\.com.*+")) == "https://example.com.flask-crossorigin.invalid"
    )
    assert has_unescaped_dot(re.compile(r"https://(?>app.example)\.com"))
