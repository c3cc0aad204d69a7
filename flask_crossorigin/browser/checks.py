"""The checks by which a browser decides whether JavaScript may read a response, each as a function of plain values.

A check returns every failure, in the order of the engine's steps; a browser reports the first.

https://fetch.spec.whatwg.org/#concept-cors-check
https://fetch.spec.whatwg.org/#cors-preflight-fetch
https://fetch.spec.whatwg.org/#http-access-control-expose-headers
"""

from __future__ import annotations

import collections
import itertools
from collections.abc import Sequence
from typing import Literal, NamedTuple

from ..standard.headers import FORBIDDEN_RESPONSE_HEADERS, Header, is_token, list_elements
from .failures import Check, Failure, kind_of
from .urls import parse
from .values import Credentials

ORIGIN = "access-control-allow-origin"


CREDENTIALS = "access-control-allow-credentials"


METHODS = "access-control-allow-methods"


HEADERS = "access-control-allow-headers"


EXPOSED = "access-control-expose-headers"


MAX_AGE = "access-control-max-age"


# https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name
SAFELISTED_RESPONSE_HEADERS = frozenset(
    {"cache-control", "content-language", "content-length", "content-type", "expires", "last-modified", "pragma"}
)


# https://fetch.spec.whatwg.org/#redirect-status
REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})


def get(headers: Sequence[Header], name: str) -> str | None:
    """Return the values of all lines of a header in one, or ``None``.

    https://fetch.spec.whatwg.org/#concept-header-list-get
    """
    values = [value.strip(" \t") for each, value in headers if each.lower() == name]
    return ", ".join(values) if values else None


class Listed(NamedTuple):
    """The elements of a header, ``None`` if it is absent; *bad* is the first that is no token."""

    elements: list[str] | None
    bad: str | None = None


def extract(headers: Sequence[Header], name: str) -> Listed:
    """Return the list in a header.  https://fetch.spec.whatwg.org/#extract-header-list-values"""
    value = get(headers, name)
    if value is None:
        return Listed(None)
    elements = list_elements(value)
    return Listed(elements, next((element for element in elements if not is_token(element)), None))


def cors_check(
    headers: Sequence[Header],
    origin: str,
    credentials: Credentials,
    stage: Literal["preflight", "response"] = "response",
) -> list[Failure]:
    """Return why a page of *origin* may not read a response with *headers*; nothing if it may.

    https://fetch.spec.whatwg.org/#concept-cors-check
    """
    allowed = get(headers, ORIGIN)
    if credentials != "include" and allowed == "*":
        return []
    failures = []
    if allowed is None:
        failures.append(Failure(kind_of(stage, "acao-missing")))
    elif allowed != origin:
        # Firefox counts the lines of one spelling.
        lines = max(collections.Counter(name for name, _ in headers if name.lower() == ORIGIN).values())
        failures.append(Failure(kind_of(stage, _mismatch(allowed, lines)), allowed, lines=lines))
    if credentials == "include":
        value = get(headers, CREDENTIALS)
        if value != "true":
            failures.append(Failure(kind_of(stage, "acac"), value or ""))
    return failures


def _mismatch(allowed: str, lines: int) -> Check:
    """Return which check an ``Access-Control-Allow-Origin`` fails that is not the origin, as Chromium sorts them."""
    if allowed == "*":
        return "acao-wildcard-credentials"
    if lines > 1 or " " in allowed or "," in allowed:
        return "acao-multiple"
    is_url = allowed == "null" or (allowed.isascii() and parse(allowed) is not None)
    return "acao-mismatch" if is_url else "acao-invalid"


def is_redirect(status: int, headers: Sequence[Header]) -> bool:
    """Report whether a response redirects the browser.  https://fetch.spec.whatwg.org/#concept-response-location-url"""
    return status in REDIRECT_STATUSES and get(headers, "location") is not None


def exposed_names(headers: Sequence[Header], credentials: Credentials) -> list[str]:
    """Return the names, in lower case, of the *headers* of a CORS response that JavaScript can read.

    https://fetch.spec.whatwg.org/#cors-exposed-header-name
    """
    present = dict.fromkeys(name.lower() for name, _ in headers)
    listed, bad = extract(headers, EXPOSED)
    exposed = {name.lower() for name in listed or ()} if bad is None else set()
    anything = credentials != "include" and "*" in exposed
    return [
        name
        for name in present
        if (anything or name in SAFELISTED_RESPONSE_HEADERS or name in exposed)
        and name not in FORBIDDEN_RESPONSE_HEADERS
    ]


def tainted_origin(origin: str, origins: Sequence[str]) -> str:
    """Return the Origin that a page of *origin* sends after a chain of URLs with *origins*.

    ``null`` once it is tainted.

    https://fetch.spec.whatwg.org/#serializing-a-request-origin
    """
    for before, after in itertools.pairwise(origins):
        if before not in (after, origin):
            return "null"
    return origin
