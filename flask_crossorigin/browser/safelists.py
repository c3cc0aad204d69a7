"""What a page may send without a preflight, and what it may not send at all.

https://fetch.spec.whatwg.org/#cors-safelisted-request-header
https://fetch.spec.whatwg.org/#forbidden-request-header
"""

from __future__ import annotations

import re
from collections.abc import Iterable

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


def is_safelisted_header(name: str, value: str) -> bool:
    """Report whether a page may send the request header without a preflight.

    https://fetch.spec.whatwg.org/#cors-safelisted-request-header
    """
    value = value.strip(" \t")
    if len(value.encode("latin-1", "replace")) > MAX_VALUE:
        return False
    match name.lower():
        case "accept":
            return _UNSAFE.search(value) is None
        case "accept-language" | "content-language":
            return _LANGUAGE.fullmatch(value) is not None
        case "content-type":
            return _UNSAFE.search(value) is None and essence(value) in _FORM_TYPES
        case "range":
            found = _RANGE.fullmatch(value)
            return found is not None and (not found[2] or int(found[1]) <= int(found[2]))
    return False


def essence(content_type: str) -> str | None:
    """Return type and subtype of a MIME type in lower case.  https://mimesniff.spec.whatwg.org/#parse-a-mime-type"""
    kind, slash, rest = content_type.strip(" \t\r\n").partition("/")
    subtype = rest.partition(";")[0].rstrip(" \t\r\n")
    return f"{kind}/{subtype}".lower() if slash and is_token(kind) and is_token(subtype) else None


def unsafe_names(headers: Iterable[Header], also_safe: frozenset[str] = frozenset()) -> list[str]:
    """Return the names of *headers* that need a preflight: in lower case, each once, sorted.

    https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
    """
    unsafe, safe, size = set(), set(), 0
    for name, value in headers:
        lower, value = name.lower(), value.strip(" \t")
        if lower in also_safe:
            continue
        if is_safelisted_header(name, value):
            safe.add(lower)
            size += len(value.encode("latin-1", "replace"))
        else:
            unsafe.add(lower)
    return sorted(unsafe | safe if size > MAX_VALUES else unsafe)


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
