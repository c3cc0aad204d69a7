"""The options of a policy: their names, and how lists, booleans, ages and strings are read.

A reading function takes the value as its author wrote it, notes what is wrong in a ``Problems``, and returns the form
that a policy keeps.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

from ..errors import Problems, shown, warn

NAMES = (
    "allow_headers",
    "allow_insecure_origins",
    "allow_null_origin",
    "allow_private_network",
    "allow_public_suffixes",
    "csrf_protection",
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
        "csrf_protection",
        "supports_credentials",
    }
)

# Options of Flask-CORS that this library does not need, and what happens instead.
RETIRED = {
    "always_send": "with origins='*' every response has the header, with a list only the responses to its origins",
    "automatic_options": "every preflight is answered before the application runs",
    "headers": "name the request headers in allow_headers (CORS_ALLOW_HEADERS in the configuration)",
    "intercept_exceptions": "every response has the headers, errors included",
    "send_wildcard": "'*' is sent whenever it is correct: with origins='*' and without credentials",
    "vary_header": "Vary: Origin is sent whenever the response depends on the Origin",
}
# What the same option is called in other libraries, and in people's memory.
_ALIASES = {
    "allow_all_origins": "origins",
    "allow_credentials": "supports_credentials",
    "allow_header": "allow_headers",
    "allow_method": "methods",
    "allow_methods": "methods",
    "allow_origin": "origins",
    "allow_origins": "origins",
    "allow_origin_regex": "origins",
    "allowed_header": "allow_headers",
    "allowed_headers": "allow_headers",
    "allowed_methods": "methods",
    "allowed_origin": "origins",
    "allowed_origin_regexes": "origins",
    "allowed_origins": "origins",
    "credentials": "supports_credentials",
    "csrf": "csrf_protection",
    "csrf_protect": "csrf_protection",
    "exposed_headers": "expose_headers",
    "expose_header": "expose_headers",
    "maxage": "max_age",
    "origin_allow_all": "origins",
    "origin_regex_whitelist": "origins",
    "origin_whitelist": "origins",
    "preflight_max_age": "max_age",
}
_NEAR_MISS = 0.85  # difflib's ratio: CORS_ORIGIN is meant for us, CORS_OPTIONS is not

MAX_AGE_HONOURED = 86400  # seconds: the longest time for which a browser caches a preflight (Firefox)
CREDENTIALS = "is prohibited with supports_credentials"
PROTECTION = "is prohibited with csrf_protection"


class DefaultMaxAge(int):
    """The default of ``max_age``, which debug mode may replace; a ``max_age`` that somebody wrote is an ``int``."""


def check_names(names: Iterable[str], problems: Problems, *, known: tuple[str, ...] = NAMES) -> list[str]:
    """Return those keywords of *names* that are options; the retired ones give a warning, all others a problem."""
    usable = []
    for name in names:
        if name in known:
            usable.append(name)
        elif name in RETIRED:
            warn(f"{name} has no effect: {RETIRED[name]}")
        else:
            problems.add_option(name, name, "is not an option", _did_you_mean(name, known))
    return usable


def _did_you_mean(name: str, known: tuple[str, ...]) -> str:
    import difflib  # only for a mistake

    lower = name.lower().removeprefix("cors_")
    close = [_ALIASES[lower]] if lower in _ALIASES else difflib.get_close_matches(lower, known, 1)
    if close:
        return f"did you mean {close[0]!r}? (Flask-CORS ignored {name!r}: under its right name the option takes effect)"
    return f"the options are {', '.join(known)}"


def from_settings(
    settings: Mapping[str, Any], prefix: str, problems: Problems, *, known: tuple[str, ...] = NAMES
) -> dict[str, Any]:
    """Return the options that the keys ``PREFIX_ORIGINS`` ... of *settings* give, strings read as in an environment.

    Other keys with the *prefix* belong to other software: each gives a warning, and a misspelt one is a problem.
    """
    found = {}
    for key, value in settings.items():
        if not isinstance(key, str) or not key.startswith(prefix):
            continue
        name = key.removeprefix(prefix).lower()
        if key.isupper() and name in known:
            found[name] = from_text(name, value)
        elif name in RETIRED:
            warn(f"{key} has no effect: {RETIRED[name]}")
        elif key.isupper():
            _check_foreign_key(key, name, prefix, known, problems)
    return found


def _check_foreign_key(key: str, name: str, prefix: str, known: tuple[str, ...], problems: Problems) -> None:
    import difflib  # only for a mistake

    close = difflib.get_close_matches(name, known, 1, cutoff=_NEAR_MISS)
    if close and _ALIASES.get(name, close[0]) == close[0]:
        problems.add_option(key, key, "is not an option", f"did you mean {prefix + close[0].upper()!r}?")
        return
    options = ", ".join(prefix + option.upper() for option in known)
    hint = f"did you mean {prefix + _ALIASES[name].upper()}?" if name in _ALIASES else f"our settings are {options}"
    warn(f"{key} is not a setting of flask-crossorigin and is ignored: {hint}")


def entries_of(option: str, value: object, problems: Problems) -> tuple[Any, ...]:
    """Return *value* as a tuple: one string may hold a list, and an iterable is read once."""
    if isinstance(value, str):
        return _split(option, value, problems)
    if isinstance(value, re.Pattern) or callable(value):
        return (value,)
    if isinstance(value, Mapping | bytes | bytearray) or not isinstance(value, Iterable):
        hint = _UNSET if value is None else "write a list of strings, or one string with commas"
        problems.add(option, value, "invalid", "is not a list", hint)
        return ()
    entries = tuple(value)
    if isinstance(value, set | frozenset) and all(isinstance(entry, str) for entry in entries):
        return tuple(sorted(entries))  # so that the header is the same in every process
    return entries


_UNSET = "is an environment variable not set? Write a list of strings, or [] for none"


def _split(option: str, text: str, problems: Problems) -> tuple[Any, ...]:
    if text.lstrip().startswith("[") and text.rstrip().endswith("]"):
        try:
            return tuple(json.loads(text))
        except (ValueError, RecursionError) as error:
            problems.add(option, text, "invalid", f"is not a list in JSON ({error})", _json_hint(text))
            return ()
    stripped = text.strip(", \t\r\n")
    if not stripped.strip("/* "):  # '/ *' is not the list of '/' and '*'
        return (stripped,) if stripped else ()
    # A comma in braces, as in [a-z]{1,5}, is part of an expression.
    return tuple(re.split(r"(?:,(?![0-9]*\})|\s)+", stripped)) if stripped else ()


def _json_hint(text: str) -> str:
    with suppress(ValueError, RecursionError):
        return f"write {json.dumps(json.loads(text.replace(chr(39), chr(34))))}, with double quotes"
    return 'write ["a", "b"], or a, b'


def read_flag(option: str, value: object, problems: Problems) -> bool:
    """Return *value*, which has to be a bool: the string ``"false"`` would be true."""
    if not isinstance(value, bool):
        problems.add(option, value, "invalid", "is not a bool", "write True or False")
        return False
    return value


def read_max_age(value: object, problems: Problems) -> int | None:
    """Return *value* in whole seconds, or ``None``."""
    if value is None or isinstance(value, DefaultMaxAge):
        return value
    hint = "write whole seconds (0: browsers do not cache preflights), a timedelta, or None to send nothing"
    if isinstance(value, str) and re.fullmatch("[0-9]{1,10}", text := value.strip()) and int(text) <= _MOST_SECONDS:
        hint = f"write {int(text)}, without quotes"
    seconds = value / timedelta(seconds=1) if isinstance(value, timedelta) else value
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds != seconds // 1:
        problems.add("max_age", value, "invalid", "is not a number of seconds", hint)
    elif isinstance(value, float):
        problems.add(
            "max_age", value, "invalid", "is not a whole number", f"write {min(max(int(seconds), 0), MAX_AGE_HONOURED)}"
        )
    elif seconds < 0:
        problems.add("max_age", value, "invalid", "is negative", hint)
    elif seconds > _MOST_SECONDS:
        problems.add("max_age", value, "invalid", "is too large", f"write at most {MAX_AGE_HONOURED}")
    else:
        if seconds > MAX_AGE_HONOURED:
            limits = f"Firefox {MAX_AGE_HONOURED} s, Chromium 7200, Safari 600"
            warn(f"max_age: {shown(value)} is longer than browsers cache a preflight: {limits}")
        return int(seconds)
    return None


_MOST_SECONDS = 2**31 - 1  # what every browser reads as a number: https://www.rfc-editor.org/rfc/rfc9111#section-1.2.2

_TRUE = frozenset({"1", "on", "true", "yes"})
_FALSE = frozenset({"0", "false", "no", "off"})


def from_text(option: str, value: object) -> object:
    """Return what the string *value* means for *option*; a string without a meaning is returned as it is."""
    if not isinstance(value, str):
        return value
    text = value.strip().lower()
    if option in FLAGS:
        return True if text in _TRUE else False if text in _FALSE else value
    if option == "max_age":
        return None if text in ("", "none") else int(text) if re.fullmatch(r"-?[0-9]{1,18}", text) else value
    return value
