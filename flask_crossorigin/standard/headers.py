"""Header and method names: tokens, lists of tokens, and the names that the standards reserve.

https://www.rfc-editor.org/rfc/rfc9110#name-tokens
https://fetch.spec.whatwg.org/#forbidden-request-header
"""

from __future__ import annotations

import functools
import re

# Strings: re compiles them on first use, so that importing this module costs nothing.
_TOKEN = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"


# Deterministic at every byte, so that no value can make it backtrack.
_TOKEN_LIST = rf"[ \t]*(?:{_TOKEN}[ \t]*)?(?:,[ \t]*(?:{_TOKEN}[ \t]*)?)*"


# https://fetch.spec.whatwg.org/#concept-method-normalize
NORMALIZED_METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"})


# https://fetch.spec.whatwg.org/#forbidden-method
FORBIDDEN_METHODS = frozenset({"CONNECT", "TRACE", "TRACK"})


# https://fetch.spec.whatwg.org/#forbidden-request-header
FORBIDDEN_REQUEST_HEADERS = frozenset(
    {
        "accept-charset",
        "accept-encoding",
        "access-control-request-headers",
        "access-control-request-method",
        "connection",
        "content-length",
        "cookie",
        "cookie2",
        "date",
        "dnt",
        "expect",
        "host",
        "keep-alive",
        "origin",
        "referer",
        "set-cookie",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
    }
)


FORBIDDEN_REQUEST_PREFIXES = ("proxy-", "sec-")


# https://fetch.spec.whatwg.org/#forbidden-response-header-name
FORBIDDEN_RESPONSE_HEADERS = frozenset({"set-cookie", "set-cookie2"})


RESPONSE_PREFIX = "access-control-"  # every CORS header, request or response, begins so


# Response headers that are usually set for JavaScript, which cannot read them unless they are exposed.
_WORTH_EXPOSING = frozenset(
    {
        "content-disposition",
        "link",
        "x-pagination",
        "x-total-count",
    }
)


_WORTH_EXPOSING_PREFIXES = ("ratelimit-", "x-ratelimit-")


def is_token(value: str) -> bool:
    """Report whether *value* is a token, as every method and header name must be."""
    return re.fullmatch(_TOKEN, value) is not None


# Pages send the same few lists; 64 of them are at most 64 times MAX_ECHO bytes.
@functools.lru_cache(64)
def is_token_list(value: str) -> bool:
    """Report whether *value* is a comma-separated list of at least one token; empty elements are ignored.

    https://www.rfc-editor.org/rfc/rfc9110#name-lists-rule-abnf-extension
    """
    return re.fullmatch(_TOKEN_LIST, value) is not None and value.strip(" \t,") != ""


def is_forbidden_request_header(name: str) -> bool:
    """Report whether browsers do not let pages set the request header *name*."""
    lower = name.lower()
    return lower in FORBIDDEN_REQUEST_HEADERS or lower.startswith(FORBIDDEN_REQUEST_PREFIXES)


def is_worth_exposing(name: str) -> bool:
    """Report whether the response header *name*, in lower case, is usually meant for JavaScript."""
    return name in _WORTH_EXPOSING or name.startswith(_WORTH_EXPOSING_PREFIXES)


def list_elements(value: str) -> list[str]:
    """Return the elements of a comma-separated header value, without blanks and empty elements."""
    return [element for part in value.split(",") if (element := part.strip(" \t"))]


Header = tuple[str, str]


# https://fetch.spec.whatwg.org/#cors-safelisted-method
SAFELISTED_METHODS = frozenset({"GET", "HEAD", "POST"})


def is_safelisted_method(method: str) -> bool:
    """Report whether *method* is a CORS-safelisted method.

    https://fetch.spec.whatwg.org/#cors-safelisted-method
    """
    return method in SAFELISTED_METHODS
