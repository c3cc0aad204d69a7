"""The names that the standards reserve, as they list them."""

from __future__ import annotations

import pytest

from flask_crossorigin.standard import headers

# https://fetch.spec.whatwg.org/#forbidden-request-header
FORBIDDEN = [
    "Accept-Charset",
    "Accept-Encoding",
    "Access-Control-Request-Headers",
    "Access-Control-Request-Method",
    "Connection",
    "Content-Length",
    "Cookie",
    "Cookie2",
    "Date",
    "DNT",
    "Expect",
    "Host",
    "Keep-Alive",
    "Origin",
    "Referer",
    "Set-Cookie",
    "TE",
    "Trailer",
    "Transfer-Encoding",
    "Upgrade",
    "Via",
    "Proxy-",
    "Proxy-Authorization",
    "Sec-",
    "Sec-Fetch-Site",
    "sec-ch-ua-mobile",
]
PERMITTED = [
    "Accept",
    "Accept-Language",
    "Access-Control-Allow-Origin",
    "Access-Control-Request-Private-Network",
    "Authorization",
    "Cache-Control",
    "Content-Encoding",
    "Content-Language",
    "Content-Location",
    "Content-Type",
    "Cookies",
    "Dates",
    "DNT2",
    "Forwarded",
    "From",
    "If-Match",
    "Pragma",
    "Proxy",
    "Range",
    "Sec",
    "Set-Cookie2",
    "TE2",
    "User-Agent",
    "Viable",
    "X-Cookie",
    "X-Requested-With",
]


@pytest.mark.parametrize(("name", "is_forbidden"), [*((n, True) for n in FORBIDDEN), *((n, False) for n in PERMITTED)])
def test_which_request_headers_pages_cannot_set(name: str, is_forbidden: bool) -> None:
    for written in (name, name.lower(), name.upper()):
        assert headers.is_forbidden_request_header(written) is is_forbidden


def test_the_short_lists_of_the_standard() -> None:
    assert {"CONNECT", "TRACE", "TRACK"} == headers.FORBIDDEN_METHODS
    assert {"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"} == headers.NORMALIZED_METHODS
    assert {"GET", "HEAD", "POST"} == headers.SAFELISTED_METHODS
    assert {"set-cookie", "set-cookie2"} == headers.FORBIDDEN_RESPONSE_HEADERS


EXPOSED = [
    "content-disposition",
    "link",
    "x-pagination",
    "x-total-count",
    "ratelimit-limit",
    "x-ratelimit-reset",
    "ratelimit-",
    "x-ratelimit-",
]
NOT_EXPOSED = [
    "content-type",
    "etag",
    "x-request-id",
    "server",
    "ratelimit",
    "x-ratelimit",
    "x-total",
    "links",
    "x-content-disposition",
]


@pytest.mark.parametrize(("name", "is_worth"), [*((n, True) for n in EXPOSED), *((n, False) for n in NOT_EXPOSED)])
def test_which_response_headers_are_meant_for_javascript(name: str, is_worth: bool) -> None:
    assert headers.is_worth_exposing(name) is is_worth


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a, b", True), ("a", True), (",a", True), ("a,", True), (" a\t,\tb ", True), ("a,,b", True), ("", False), (",", False),
        (" \t,", False), ("a b", False), ("a;b", False), ("ä", False), ("a,\nb", False), ("!#$%&'*+-.^_`|~09AZaz", True),
    ],
)  # fmt: skip
def test_a_list_of_tokens(value: str, expected: bool) -> None:
    assert headers.is_token_list(value) is expected


@pytest.mark.parametrize("sign", list('()<>@,;:\\"/[]?={} \t\n\x7fä'))
def test_what_is_not_in_a_token(sign: str) -> None:
    assert not headers.is_token(f"a{sign}b")
    assert not headers.is_token(sign)


def test_a_token_has_at_least_one_character() -> None:
    assert not headers.is_token("")
    assert headers.list_elements(" a ,,\tb\t, c d") == ["a", "b", "c d"]
