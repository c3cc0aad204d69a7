"""The names of methods and headers that a policy lists, read and checked.

https://fetch.spec.whatwg.org/#methods
https://fetch.spec.whatwg.org/#terminology-headers
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeAlias

from ..errors import Problems
from ..standard import headers
from ..standard.origins import ANY
from .values import CREDENTIALS, entries_of

_Check: TypeAlias = Callable[[str, str, Problems], "str | None"]


def _read_names(option: str, value: object, problems: Problems, check: _Check) -> list[str]:
    names = []
    for entry in entries_of(option, value, problems):
        if not isinstance(entry, str):
            problems.add(option, entry, "invalid", "is not a name", "write a list of strings")
        elif entry == ANY:
            names.append(ANY)
        elif not headers.is_token(entry) or ANY in entry:
            problems.add(option, entry, "invalid", "is not a name", _name_hint(option, entry, check))
        elif (name := check(option, entry, problems)) is not None:
            names.append(name)
    return names


def _name_hint(option: str, entry: str, check: _Check) -> str:
    """Return what to write instead of *entry*: the names in it, if it is a list, or has signs or values behind them."""
    apart = r"[\s,;|]+" if option == "methods" else r"[,;|\r\n]+"
    names = [part.partition(":")[0].strip(" \t'\"") for part in re.split(apart, entry)]
    problems = Problems()
    has_values = len(names) > 1 and ":" in entry  # which may be lists, too
    if not has_values and all(
        headers.is_token(name) and ANY not in name and check(option, name, problems) for name in names
    ):
        return f"write {', '.join(map(repr, names))} in its place"
    return "names are matched whole: list them one by one, or write '*'"


def read_methods(value: object, problems: Problems) -> str | tuple[str, ...]:
    """Return ``"*"`` or the method names of *value*, spelled as browsers send them."""
    names = _read_names("methods", value, problems, _check_method)
    return ANY if ANY in names else _unique(names, str)


def _check_method(option: str, method: str, problems: Problems) -> str | None:
    upper = method.upper()
    if upper in headers.FORBIDDEN_METHODS:
        problems.add(option, method, "forbidden", "is a method that browsers do not let pages use", "remove it")
        return None
    if upper == "PATCH" and method != upper:
        text = "is not the method PATCH (browsers do not change its case)"
        problems.add(option, method, "invalid", text, "write 'PATCH', here and in the client's fetch()")
        return None
    return upper if upper in headers.NORMALIZED_METHODS else method


def read_allow_headers(value: object, problems: Problems) -> str | tuple[str, ...]:
    """Return ``"*"`` or the request-header names of *value*."""
    names = _read_names("allow_headers", value, problems, _check_request_header)
    return ANY if ANY in names else _unique(names, str.lower)


def _check_request_header(option: str, name: str, problems: Problems) -> str | None:
    if headers.is_forbidden_request_header(name):
        problems.add(option, name, "forbidden", "is a request header that pages cannot set", "remove it")
    elif name.lower().startswith(headers.RESPONSE_PREFIX):
        hint = "remove it here, and from the page's request headers"
        problems.add(option, name, "prohibited", "is a response header", hint)
    else:
        return name
    return None


def read_expose_headers(value: object, supports_credentials: bool, problems: Problems) -> str | tuple[str, ...]:
    """Return ``"*"`` or the response-header names of *value*."""
    names = _read_names("expose_headers", value, problems, _check_response_header)
    if ANY in names and supports_credentials:
        text = f"{CREDENTIALS} (with credentials, browsers read '*' as a header with the name *)"
        problems.add("expose_headers", ANY, "prohibited", text, "list the headers that JavaScript may read")
    return ANY if ANY in names else _unique(names, str.lower)


def _check_response_header(option: str, name: str, problems: Problems) -> str | None:
    if name.lower() in headers.FORBIDDEN_RESPONSE_HEADERS:
        problems.add(option, name, "forbidden", "is a response header that JavaScript can never read", "remove it")
    elif name.lower().startswith(headers.RESPONSE_PREFIX) or name.lower() == "origin":
        problems.add(option, name, "prohibited", "is a header that JavaScript does not need to read", "remove it")
    else:
        return name
    return None


def _unique(names: Iterable[str], key: Callable[[str], str]) -> tuple[str, ...]:
    unique: dict[str, str] = {}
    for name in names:
        unique.setdefault(key(name), name)
    return tuple(unique.values())
