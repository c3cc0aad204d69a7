"""One call of ``CORS(...)`` in place of two, for the error about the second one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..errors import CORSConfigError
from ..server.paths import PathTable
from ..server.policy import CORSPolicy

_Options = dict[str, Any]
_IN_WORDS = (
    "keep the call that you mean, or write one with what both allow; paths with other options are patterns in "
    "resources={'/api/*': {...}}"
)


def one_call(name: str, first: Mapping[str, Any], second: Mapping[str, Any], inherited: Mapping[str, Any]) -> str:
    """Return the hint to write the call *name* once, so that nobody is allowed more or less than by one of both.

    *inherited*: the options that calls have which do not give them. Where one call cannot say it, the hint is in words.
    """
    if _names(first) & _names(second):
        paths = _merged_paths(_by_pattern(first), _by_pattern(second), inherited)
    else:  # one call in two parts
        paths = _by_pattern({**first, **second})
    if paths is None or not _is_accepted(paths):
        return _IN_WORDS
    options = paths["/*"] if list(paths) == ["/*"] else {"resources": paths}
    return f"write one call: {name}, {', '.join(f'{option}={value!r}' for option, value in options.items())})"


def _names(given: Mapping[str, Any]) -> set[str]:
    """Return the names of the options of a call, those of its patterns included."""
    patterns = given.get("resources")
    inner = patterns.values() if isinstance(patterns, Mapping) else ()
    return {*given, *(option for options in inner for option in options)}


def _by_pattern(given: Mapping[str, Any]) -> dict[Any, _Options]:
    """Return the options of each path pattern of a call; without patterns it covers every path."""
    common = {option: value for option, value in given.items() if option != "resources"}
    patterns = given.get("resources")
    if isinstance(patterns, str):
        patterns = re.split(r"[,\s]+", patterns.strip(", \t\r\n"))
    if patterns is not None and not isinstance(patterns, Mapping):
        patterns = {pattern: {} for pattern in patterns}
    patterns = {"/*": {}} if patterns is None else patterns
    return {pattern: common | dict(options) for pattern, options in patterns.items()}


def _merged_paths(
    first: dict[Any, _Options], second: dict[Any, _Options], inherited: Mapping[str, Any]
) -> dict[Any, _Options] | None:
    """Return the options of each pattern of both; ``None`` if a path would get those of one of them, which differ."""
    merged: dict[Any, _Options] = {}
    for pattern in [*first, *second]:
        both = [calls.get(pattern, calls.get("/*")) for calls in (first, second)]
        found = [dict(inherited) | options for options in both if options is not None]
        options = found[0] if len(found) == 1 else _merged(found[0], found[-1])
        if options is None:
            return None
        merged[pattern] = options
    return merged


def _merged(one: _Options, other: _Options) -> _Options | None:
    """Return options that allow the origins of both; ``None`` if more differs than the origins in two lists.

    ``max_age`` allows nothing: one of both will do.
    """
    age = {"max_age": {**one, **other}["max_age"]} if "max_age" in one or "max_age" in other else {}
    one, other = one | age, other | age
    rest = [{option: value for option, value in options.items() if option != "origins"} for options in (one, other)]
    if one == other:
        return one
    if rest[0] != rest[1] or not ("origins" in one and "origins" in other):
        return None
    origins = [*_entries(one["origins"]), *_entries(other["origins"])]
    is_list = all(isinstance(origin, str) and origin != "*" for origin in origins)
    return {"origins": list(dict.fromkeys(origins)), **rest[0]} if is_list else None


def _entries(value: Any) -> list[Any]:
    if isinstance(value, str):
        return [entry for entry in re.split(r"[,\s]+", value) if entry]
    if isinstance(value, set | frozenset):
        return sorted(value, key=repr)
    return list(value) if isinstance(value, list | tuple) else [value]


def _is_accepted(paths: dict[Any, _Options]) -> bool:
    """Report whether the call starts, and its values can be written."""
    try:
        PathTable(paths, "resources")
        for options in paths.values():
            CORSPolicy(**{"origins": "*", **options})
    except (CORSConfigError, TypeError):
        return False
    plain = (str, int, float, bool, list, tuple, type(None))
    return all(isinstance(value, plain) for options in paths.values() for value in options.values())
