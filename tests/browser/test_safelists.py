"""What needs a preflight: both sides of every bound."""

from __future__ import annotations

import pytest

from flask_crossorigin.browser.profiles import PROFILES
from flask_crossorigin.browser.safelists import is_safelisted_header, normalize_method, settable, unsafe_names


@pytest.mark.parametrize(
    ("name", "value", "safe"),
    [
        pytest.param("Accept", "a" * 128, True, id="128 bytes"),
        pytest.param("Accept", "a" * 129, False, id="129 bytes"),
        pytest.param("Accept", " " + "a" * 128 + "\t", True, id="blanks around it do not count"),
        pytest.param("Accept", 'text/html;q="1"', False, id="a quotation mark in Accept"),
        pytest.param("ACCEPT", "\u00e9", True, id="a byte above 127 in Accept"),
        pytest.param("Accept", "a\tb", True, id="a tab in Accept"),
        pytest.param("Accept", "a\x01", False, id="a control character in Accept"),
        pytest.param("Accept-Language", "de, en;q=0.5", True, id="a language"),
        pytest.param("Accept-Language", "de_DE", False, id="an underscore in a language"),
        pytest.param("Content-Language", "\u00e9", False, id="a byte above 127 in a language"),
        pytest.param("Content-Type", "text/plain;charset=utf-8", True, id="plain text"),
        pytest.param("Content-Type", "TEXT/PLAIN", True, id="in capitals"),
        pytest.param("Content-Type", "multipart/form-data; boundary=x", True, id="a form with files"),
        pytest.param("Content-Type", "application/x-www-form-urlencoded", True, id="a form"),
        pytest.param("Content-Type", "application/json", False, id="JSON"),
        pytest.param("Content-Type", "text/plain, text/plain", False, id="two types"),
        pytest.param("Content-Type", "text/plain,", False, id="a comma behind the type"),
        pytest.param("Content-Type", "", False, id="no type"),
        pytest.param("Content-Type", "text/plain; (", False, id="an unsafe byte in a parameter"),
        pytest.param("Range", "bytes=0-9", True, id="a range"),
        pytest.param("Range", "bytes=5-", True, id="a range without an end"),
        pytest.param("Range", "bytes=-500", False, id="the last bytes"),
        pytest.param("Range", "bytes=9-0", False, id="a range backwards"),
        pytest.param("Range", "bytes=0-1,3-4", False, id="two ranges"),
        pytest.param("Range", "BYTES=0-9", False, id="a range in capitals"),
        pytest.param("Range", "bytes= 0-9", False, id="a blank in a range"),
        pytest.param("Authorization", "x", False, id="Authorization"),
        pytest.param("X-Requested-With", "x", False, id="any other name"),
    ],
)  # fmt: skip
def test_a_request_header_is_safe(name: str, value: str, safe: bool) -> None:
    assert is_safelisted_header(name, value) is safe


LARGEST = 2**63 - 1  # as Chromium, Firefox and WebKit read the numbers of a range


@pytest.mark.parametrize(
    ("profile", "name", "value", "safe"),
    [
        pytest.param("standard", "Range", f"bytes={2**70}-", True, id="a large number in the standard"),
        pytest.param("chrome", "Range", f"bytes=0-{LARGEST}", True, id="the largest number in Chrome"),
        pytest.param("chrome", "Range", f"bytes={LARGEST}-{LARGEST}", True, id="the largest number twice in Chrome"),
        pytest.param("chrome", "Range", f"bytes=0-{LARGEST + 1}", False, id="a larger number in Chrome"),
        pytest.param("firefox", "Range", f"bytes=0-{LARGEST + 1}", False, id="a larger number in Firefox"),
        pytest.param("safari", "Range", f"bytes={LARGEST + 1}-", False, id="a larger number in Safari"),
        pytest.param("safari", "Range", "BYTES=0-9", True, id="a range in capitals in Safari"),
        pytest.param("chrome", "Range", "BYTES=0-9", False, id="a range in capitals in Chrome"),
        pytest.param("firefox", "Accept", "\u00e9", False, id="a byte above 127 in Accept in Firefox"),
        pytest.param("safari", "Accept", "\u00e9", True, id="a byte above 127 in Accept in Safari"),
        pytest.param("chrome", "User-Agent", "mine", True, id="User-Agent in Chrome"),
        pytest.param("firefox", "User-Agent", "mine", False, id="User-Agent in Firefox"),
        pytest.param("chrome", "DPR", "2", True, id="a client hint in Chrome"),
        pytest.param("safari", "DPR", "2", False, id="a client hint in Safari"),
    ],
)  # fmt: skip
def test_engines_differ_in_what_is_safe(profile: str, name: str, value: str, safe: bool) -> None:
    safelist = PROFILES[profile].safelist
    assert (unsafe_names([(name, value)], safelist) == []) is safe


def test_safari_has_no_limit_for_all_values_together() -> None:
    lines = [("Accept", "a" * 128)] * 9
    assert unsafe_names(lines, PROFILES["safari"].safelist) == []
    assert unsafe_names(lines, PROFILES["chrome"].safelist) == ["accept"]


def test_unsafe_names_are_sorted_lower_case_and_unique() -> None:
    assert unsafe_names([("X-B", "1"), ("x-a", "1"), ("X-b", "2"), ("Accept", "*/*")]) == ["x-a", "x-b"]


def test_safe_values_together_have_1024_bytes() -> None:
    lines = [("Accept", "a" * 128)] * 8
    assert unsafe_names(lines) == []
    assert unsafe_names([*lines, ("Accept-Language", "a")]) == ["accept", "accept-language"]


@pytest.mark.parametrize(
    ("given", "sent"),
    [("get", "GET"), ("Put", "PUT"), ("options", "OPTIONS"), ("patch", "patch"), ("PATCH", "PATCH"), ("x", "x")],
)
def test_six_methods_are_put_in_capitals(given: str, sent: str) -> None:
    assert normalize_method(given) == sent


def test_forbidden_headers_are_left_out_silently() -> None:
    headers = [
        ("Origin", "x"),
        ("Sec-Foo", "x"),
        ("Proxy-X", "x"),
        ("X-Method-Override", "GET, TRACE"),
        ("X-Method-Override2", "a"),
        ("A", " b "),
    ]
    assert settable(headers, "cors") == [("X-Method-Override2", "a"), ("A", "b")]


def test_no_cors_keeps_what_is_safelisted() -> None:
    headers = [("Content-Type", "application/json"), ("Accept", "a/b"), ("Range", "bytes=0-1"), ("X-A", "1")]
    assert settable(headers, "no-cors") == [("Accept", "a/b")]
