"""The options of a policy: their names and types, and how lists, flags, ages and strings are read.

The functions take a value as its author wrote it, note what is wrong with it, and return the form in which a
policy keeps it. ``trust`` does so for origins, ``names`` for methods and headers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

from ..errors import Problems, shown, warn

NAMES = (
    "allow_headers",
    "allow_insecure_origins",
    "allow_null_origin",
    "allow_private_network",
    "allow_public_suffixes",
    "expose_headers",
    "max_age",
    "methods",
    "origins",
    "supports_credentials",
)


FLAGS = frozenset(
    {
        "allow_insecure_origins",
        "allow_null_origin",
        "allow_private_network",
        "allow_public_suffixes",
        "supports_credentials",
    }
)


# Options of Flask-CORS that have no use here, and what happens instead.
RETIRED = {
    "always_send": "a policy for '*' answers every request, any other the requests with an Origin",
    "automatic_options": "every preflight is answered at the edge, before the view",
    "headers": "name the request headers in allow_headers",
    "intercept_exceptions": "every response carries the headers, errors included",
    "send_wildcard": "'*' is sent whenever it is correct: with origins='*' and without credentials",
    "vary_header": "Vary: Origin is sent whenever the answer depends on the Origin",
}


# What the same option is called by other libraries and by people's memory.
_ALIASES = {
    "allow_all_origins": "origins",
    "allow_credentials": "supports_credentials",
    "allow_methods": "methods",
    "allow_origin": "origins",
    "allow_origins": "origins",
    "allow_origin_regex": "origins",
    "allowed_headers": "allow_headers",
    "allowed_methods": "methods",
    "allowed_origin_regexes": "origins",
    "allowed_origins": "origins",
    "credentials": "supports_credentials",
    "exposed_headers": "expose_headers",
    "preflight_max_age": "max_age",
}


MAX_AGE_HONOURED = 86400  # seconds: the most that any browser keeps a preflight (Firefox; Chromium 7200, Safari 600)


class DefaultMaxAge(int):
    """A ``max_age`` that nobody gave, so that debug mode may choose another."""


def check_names(
    names: Iterable[str],
    problems: Problems,
    *,
    known: tuple[str, ...] = NAMES,
    written: Callable[[str], str] = str,
) -> list[str]:
    """Return those of *names* that are options; the retired give a warning, all others a problem.

    *written* returns an option's name as its source spells it, such as ``CORS_ORIGINS``.
    """
    usable = []
    for name in names:
        if name in known:
            usable.append(name)
        elif name in RETIRED:
            warn(f"{written(name)} has no effect: {RETIRED[name]}")
        else:
            problems.add_option(written(name), written(name), "is not an option", _did_you_mean(name, known, written))
    return usable


def _did_you_mean(name: str, known: tuple[str, ...], written: Callable[[str], str]) -> str:
    import difflib  # for a mistake alone

    lower = name.lower()
    close = [_ALIASES[lower]] if lower in _ALIASES else difflib.get_close_matches(lower, known, 1)
    if close:
        return f"did you mean {written(close[0])!r}?"
    return f"the options are {', '.join(map(written, known))}"


CREDENTIALS = "is prohibited with supports_credentials"


def entries_of(option: str, value: object, problems: Problems) -> tuple[Any, ...]:
    """Return *value* as a tuple: one string may hold a list, and anything that iterates is read once."""
    if isinstance(value, str):
        return _split(option, value, problems)
    if isinstance(value, re.Pattern) or callable(value):
        return (value,)
    if isinstance(value, Mapping | bytes | bytearray) or not isinstance(value, Iterable):
        problems.add(option, value, "invalid", "is not a list", "write a list of strings, or one string with commas")
        return ()
    entries = tuple(value)
    if isinstance(value, set | frozenset) and all(isinstance(entry, str) for entry in entries):
        return tuple(sorted(entries))  # a set has no order of its own, and an answer should have one
    return entries


def _split(option: str, text: str, problems: Problems) -> tuple[Any, ...]:
    if text.lstrip().startswith("[") and text.rstrip().endswith("]"):
        try:
            return tuple(json.loads(text))
        except ValueError as error:
            problems.add(option, text, "invalid", f"is not a list in JSON ({error})", 'write ["a", "b"], or a, b')
            return ()
    return tuple(re.split(r"[,\s]+", text.strip(", \t\r\n"))) if text.strip(", \t\r\n") else ()


def read_flag(option: str, value: object, problems: Problems) -> bool:
    """Return *value*, which has to be a bool: the string ``"false"`` is true."""
    if not isinstance(value, bool):
        problems.add(option, value, "invalid", "is not a bool", "write True or False")
        return False
    return value


def read_max_age(value: object, problems: Problems) -> int | None:
    """Return *value* in whole seconds, or ``None``."""
    if value is None or isinstance(value, DefaultMaxAge):
        return value
    hint = "write whole seconds (0 sends 0), a timedelta, or None to send nothing"
    if isinstance(value, str) and value.isdecimal():
        hint = f"write {value}, without quotes"
    seconds = value / timedelta(seconds=1) if isinstance(value, timedelta) else value
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds != seconds // 1:
        problems.add("max_age", value, "invalid", "is not a number of seconds", hint)
    elif isinstance(value, float):
        problems.add("max_age", value, "invalid", "is not a whole number", f"write {int(seconds)}")
    elif seconds < 0:
        problems.add("max_age", value, "invalid", "is negative", hint)
    else:
        if seconds > MAX_AGE_HONOURED:
            kept = f"Firefox {MAX_AGE_HONOURED} s, Chromium 7200, Safari 600"
            warn(f"max_age: {shown(value)} is more than browsers keep: {kept}")
        return int(seconds)
    return None


_TRUE = frozenset({"1", "on", "true", "yes"})


_FALSE = frozenset({"0", "false", "no", "off"})


def from_text(option: str, value: object) -> object:
    """Return what the string *value* means for *option*; what it cannot mean is left for the check to refuse."""
    if not isinstance(value, str):
        return value
    text = value.strip().lower()
    if option in FLAGS:
        return True if text in _TRUE else False if text in _FALSE else value
    if option == "max_age":
        return None if text in ("", "none") else int(text) if re.fullmatch(r"-?[0-9]{1,18}", text) else value
    return value
