"""What a page may send without a preflight, and what it may not send at all.

https://fetch.spec.whatwg.org/#cors-safelisted-request-header
https://fetch.spec.whatwg.org/#forbidden-request-header
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from ..standard.headers import FORBIDDEN_METHODS, NORMALIZED_METHODS, Header, is_forbidden_request_header, is_token

MAX_VALUE = 128  # bytes of one value


MAX_VALUES = 1024  # bytes of all values that are safe each by itself


_FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data", "text/plain"})


_METHOD_OVERRIDES = frozenset({"x-http-method", "x-http-method-override", "x-method-override"})


_NO_CORS_NAMES = frozenset({"accept", "accept-language", "content-language", "content-type"})


# https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte
_UNSAFE = re.compile(r'[\x00-\x08\x0a-\x1f"():<>?@\[\\\]{}\x7f]')


_LANGUAGE = re.compile(r"[0-9A-Za-z *,\-.;=]*")


_RANGE = re.compile(r"bytes=(\d+)-(\d*)", re.ASCII)


# Client hints that Chromium, beyond the standard, lets pages set without a preflight.
CLIENT_HINTS = frozenset({"device-memory", "downlink", "dpr", "ect", "rtt", "save-data", "viewport-width", "width"})


class Safelist(NamedTuple):
    """What an engine takes for safe, otherwise than the standard.

    *also*: names. *ascii_only*: no character beyond ASCII in Accept and Content-Type. *largest*: number in Range.
    *any_case*: of ``bytes`` in Range. *limits_sum*: of the lengths of all safe values.
    """

    also: frozenset[str] = frozenset()
    ascii_only: bool = False
    largest: int | None = None
    any_case: bool = False
    limits_sum: bool = True


STANDARD = Safelist()


def normalize_method(method: str) -> str:
    """Return *method* as the browser sends it: six names in capitals, and ``patch`` as it is.

    https://fetch.spec.whatwg.org/#concept-method-normalize
    """
    return method.upper() if method.upper() in NORMALIZED_METHODS else method


def is_forbidden_method(method: str) -> bool:
    """Report whether pages may not use *method*.  https://fetch.spec.whatwg.org/#forbidden-method"""
    return method.upper() in FORBIDDEN_METHODS


def is_forbidden_header(name: str, value: str) -> bool:
    """Report whether browsers silently drop the request header when a page sets it.

    https://fetch.spec.whatwg.org/#forbidden-request-header
    """
    if name.lower() in _METHOD_OVERRIDES:
        return any(is_forbidden_method(part.strip(" \t")) for part in value.split(","))
    return is_forbidden_request_header(name)


def is_safelisted_header(name: str, value: str, safelist: Safelist = STANDARD) -> bool:
    """Report whether a page may send the request header without a preflight.

    https://fetch.spec.whatwg.org/#cors-safelisted-request-header
    """
    value = value.strip(" \t")
    if len(value.encode("latin-1", "replace")) > MAX_VALUE:
        return False
    match name.lower():
        case "accept":
            return _has_safe_bytes(value, safelist)
        case "accept-language" | "content-language":
            return _LANGUAGE.fullmatch(value) is not None
        case "content-type":
            return _has_safe_bytes(value, safelist) and essence(value) in _FORM_TYPES
        case "range":
            return _is_simple_range(value.lower() if safelist.any_case else value, safelist.largest)
    return False


def _has_safe_bytes(value: str, safelist: Safelist) -> bool:
    return _UNSAFE.search(value) is None and (value.isascii() or not safelist.ascii_only)


def _is_simple_range(value: str, largest: int | None) -> bool:
    """https://fetch.spec.whatwg.org/#simple-range-header-value"""
    found = _RANGE.fullmatch(value)
    if found is None:
        return False
    numbers = [int(each) for each in found.groups() if each]
    return numbers == sorted(numbers) and (largest is None or max(numbers) <= largest)


def essence(content_type: str) -> str | None:
    """Return type and subtype of a MIME type in lower case.  https://mimesniff.spec.whatwg.org/#parse-a-mime-type"""
    kind, slash, rest = content_type.strip(" \t\r\n").partition("/")
    subtype = rest.partition(";")[0].rstrip(" \t\r\n")
    return f"{kind}/{subtype}".lower() if slash and is_token(kind) and is_token(subtype) else None


def unsafe_names(headers: Iterable[Header], safelist: Safelist = STANDARD) -> list[str]:
    """Return the names of *headers* that need a preflight: in lower case, each once, sorted.

    https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
    """
    unsafe, safe, size = set(), set(), 0
    for name, value in headers:
        lower, value = name.lower(), value.strip(" \t")
        if lower in safelist.also:
            continue
        if is_safelisted_header(name, value, safelist):
            safe.add(lower)
            size += len(value.encode("latin-1", "replace"))
        else:
            unsafe.add(lower)
    return sorted(unsafe | safe if size > MAX_VALUES and safelist.limits_sum else unsafe)


def combined(headers: Iterable[Header]) -> list[Header]:
    """Return *headers* as the browser sends them: the values of one name in one line."""
    found: dict[str, Header] = {}
    for name, value in headers:
        value = value.strip(" \t\r\n")
        lower = name.lower()
        found[lower] = (found[lower][0], f"{found[lower][1]}, {value}") if lower in found else (name, value)
    return list(found.values())


def settable(headers: Iterable[Header], mode: str) -> list[Header]:
    """Return those of *headers* that a page can set; browsers drop the others silently.

    https://fetch.spec.whatwg.org/#headers-guard
    """
    plain = [(name, value.strip(" \t\r\n")) for name, value in headers]
    kept = [header for header in plain if not is_forbidden_header(*header)]
    if mode == "no-cors":
        kept = [
            (name, value)
            for name, value in kept
            if name.lower() in _NO_CORS_NAMES and is_safelisted_header(name, value)
        ]
    return kept
