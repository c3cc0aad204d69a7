"""The options of a policy: their names and types, and how each value is read and checked.

Every function here takes a value as its author wrote it, notes what is wrong with it, and returns the form in
which a policy keeps it.
"""

from __future__ import annotations

import difflib
import functools
import inspect
import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, TypeAlias, TypedDict

from . import headers
from .errors import Problems, shown, warn
from .expressions import accepted_stranger, has_unescaped_dot
from .origins import ANY, NULL, OriginCallable, OriginRule
from .patterns import Pattern, Refusal, normalize
from .remedies import hint_for

OriginsOption: TypeAlias = "str | re.Pattern[str] | OriginCallable | Iterable[str | re.Pattern[str] | OriginCallable]"
NamesOption: TypeAlias = "str | Iterable[str]"
MaxAgeOption: TypeAlias = "int | timedelta | None"


class CommonOptions(TypedDict, total=False):
    """Every option but *origins*; ``CORSPolicy`` says what they mean."""

    methods: NamesOption
    allow_headers: NamesOption
    expose_headers: NamesOption
    supports_credentials: bool
    max_age: MaxAgeOption
    allow_private_network: bool
    allow_insecure_origins: bool
    allow_public_suffixes: bool
    allow_null_origin: bool


class PolicyOptions(CommonOptions):
    """The options of a policy, which has to say whose it is."""

    origins: OriginsOption


class Options(CommonOptions, total=False):
    """The options where *origins* may be given elsewhere, or left to a default."""

    origins: OriginsOption


NAMES = tuple(sorted(Options.__annotations__ | CommonOptions.__annotations__))
FLAGS = frozenset(name for name, kind in CommonOptions.__annotations__.items() if "bool" in str(kind))

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
_CREDENTIALS = "is prohibited with supports_credentials"


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
    lower = name.lower()
    close = [_ALIASES[lower]] if lower in _ALIASES else difflib.get_close_matches(lower, known, 1)
    if close:
        return f"did you mean {written(close[0])!r}?"
    return f"the options are {', '.join(map(written, known))}"


# --- lists -----------------------------------------------------------------------------------------------


def _entries(option: str, value: object, problems: Problems) -> tuple[Any, ...]:
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


def _unique(names: Iterable[str], key: Callable[[str], str]) -> tuple[str, ...]:
    unique: dict[str, str] = {}
    for name in names:
        unique.setdefault(key(name), name)
    return tuple(unique.values())


# --- origins ---------------------------------------------------------------------------------------------


def read_origins(value: object, options: Mapping[str, Any], problems: Problems) -> str | tuple[OriginRule, ...]:
    """Return ``"*"`` or the rules of *value*; *options* are the policy's flags, which decide what is prohibited."""
    rules: dict[Any, None] = {}
    for entry in _entries("origins", value, problems):
        if (rule := _read_origin(entry, options, problems)) is not None:
            rules[rule] = None
    return ANY if ANY in rules else tuple(rules)


def _read_origin(entry: object, options: Mapping[str, Any], problems: Problems) -> OriginRule | None:
    if isinstance(entry, re.Pattern):
        return _read_expression(entry, options, problems)
    if isinstance(entry, str):
        return _read_text(entry, options, problems)
    if callable(entry):
        return _read_callable(entry, problems)
    problems.add("origins", entry, "invalid", "is not an origin", "write a string, re.compile(...) or a callable")
    return None


def _read_text(entry: str, options: Mapping[str, Any], problems: Problems) -> str | None:
    if entry == ANY:
        if options["supports_credentials"]:
            problems.add("origins", entry, "prohibited", _CREDENTIALS, "list the origins you trust")
        return ANY
    if entry == NULL:
        return _read_null(options, problems)
    try:
        pattern = normalize(entry)
    except Refusal as refusal:
        problems.add("origins", entry, refusal.reason, refusal.text, refusal.hint or hint_for(entry))
        return None
    if options["supports_credentials"]:
        _check_trust(entry, pattern, options, problems)
    text = str(pattern)
    return entry if entry == text else text  # one string an origin: the author's own, where it is normal


def _read_null(options: Mapping[str, Any], problems: Problems) -> str:
    if options["supports_credentials"]:
        hint = "name a real origin: any sandboxed frame or file sends 'null'"
        problems.add("origins", NULL, "prohibited", _CREDENTIALS, hint)
    elif not options["allow_null_origin"]:
        hint = "name a real origin, or write allow_null_origin=True: any sandboxed frame or file sends 'null'"
        problems.add("origins", NULL, "prohibited", "is prohibited without allow_null_origin", hint)
    return NULL


def _check_trust(entry: str, pattern: Pattern, options: Mapping[str, Any], problems: Problems) -> None:
    """Refuse what must not be trusted with a user's cookies: plain http, and names that anybody can register."""
    if pattern.is_insecure and not options["allow_insecure_origins"]:
        secure = str(pattern._replace(scheme="https"))
        hint = f"write {secure!r}, or allow_insecure_origins=True"
        problems.add("origins", entry, "prohibited", f"{_CREDENTIALS} (http can be forged on the way)", hint)
    domain = pattern.domain
    if pattern.host != domain and not options["allow_public_suffixes"] and _is_public_suffix(domain):
        hint = f"name your own domain, as in '{pattern.scheme}://*.example.{domain}', or allow_public_suffixes=True"
        text = f"{_CREDENTIALS} (anybody can register a name under {domain})"
        problems.add("origins", entry, "prohibited", text, hint)


@functools.lru_cache
def _is_public_suffix(domain: str) -> bool:
    """Report whether anybody can register a name directly under *domain*.  https://publicsuffix.org/list/"""
    from publicsuffixlist import PublicSuffixList  # 0.1 s and some MB, for this check alone

    return bool(PublicSuffixList(accept_unknown=False).is_public(domain.removesuffix(".")))


def _read_expression(
    expression: re.Pattern[Any], options: Mapping[str, Any], problems: Problems
) -> re.Pattern[str] | None:
    if isinstance(expression.pattern, bytes):
        problems.add("origins", expression, "invalid", "is an expression for bytes", "write re.compile(r'...')")
        return None
    if (stranger := accepted_stranger(expression)) is not None:
        said = f"accepts {stranger!r}"
        hint = "escape every '.' and name the host to its end, as in re.compile(r'https://[a-z]+\\.example\\.com')"
        if options["supports_credentials"]:
            problems.add("origins", expression, "prohibited", f"{_CREDENTIALS} (it {said})", hint)
        else:
            warn(f"origins: {shown(expression)} {said}: {hint}")
    elif has_unescaped_dot(expression):
        warn(f"origins: {shown(expression)} has a '.' that stands for any character: write '\\.'")
    return expression


def _read_callable(function: OriginCallable, problems: Problems) -> OriginCallable | None:
    call = function if inspect.isroutine(function) else getattr(function, "__call__", function)  # noqa: B004
    if inspect.iscoroutinefunction(call) or inspect.isasyncgenfunction(call) or inspect.isgeneratorfunction(call):
        hint = "write a plain def that returns True or False"
        problems.add("origins", function, "invalid", "is asynchronous, so that its result is always true", hint)
        return None
    try:
        inspect.signature(function).bind("https://app.example", {})
    except TypeError:
        hint = "write def allowed(origin: str, environ: dict) -> bool"
        problems.add("origins", function, "invalid", "does not take (origin, environ)", hint)
        return None
    except ValueError:
        pass  # written in C, without a signature to look at
    return function


# --- methods and headers ---------------------------------------------------------------------------------


def _read_names(
    option: str, value: object, problems: Problems, check: Callable[[str, str, Problems], str | None]
) -> list[str]:
    names = []
    for entry in _entries(option, value, problems):
        if not isinstance(entry, str):
            problems.add(option, entry, "invalid", "is not a name", "write a list of strings")
        elif entry == ANY:
            names.append(ANY)
        elif not headers.is_token(entry) or ANY in entry:
            hint = "names are matched whole: list them one by one, or write '*'"
            problems.add(option, entry, "invalid", "is not a name", hint)
        elif (name := check(option, entry, problems)) is not None:
            names.append(name)
    return names


def read_methods(value: object, problems: Problems) -> str | tuple[str, ...]:
    """Return ``"*"`` or the method names of *value*, spelled as browsers send them."""
    names = _read_names("methods", value, problems, _check_method)
    return ANY if ANY in names else _unique(names, str)


def _check_method(option: str, method: str, problems: Problems) -> str | None:
    upper = method.upper()
    if upper in headers.FORBIDDEN_METHODS:
        problems.add(option, method, "forbidden", "is a method that no browser sends for script", "remove it")
        return None
    if upper == "PATCH" and method != upper:
        text = "is not the method PATCH (browsers keep the case of this one)"
        problems.add(option, method, "invalid", text, "write 'PATCH', here and in the client's fetch()")
        return None
    return upper if upper in headers.NORMALIZED_METHODS else method


def read_allow_headers(value: object, problems: Problems) -> str | tuple[str, ...]:
    """Return ``"*"`` or the request-header names of *value*."""
    names = _read_names("allow_headers", value, problems, _check_request_header)
    return ANY if ANY in names else _unique(names, str.lower)


def _check_request_header(option: str, name: str, problems: Problems) -> str | None:
    if headers.is_forbidden_request_header(name):
        problems.add(option, name, "forbidden", "is a request header that script cannot set", "remove it")
    elif name.lower().startswith(headers.RESPONSE_PREFIX):
        hint = "remove it here, and from the client's request headers too"
        problems.add(option, name, "prohibited", "is a response header", hint)
    else:
        return name
    return None


def read_expose_headers(value: object, supports_credentials: bool, problems: Problems) -> str | tuple[str, ...]:
    """Return ``"*"`` or the response-header names of *value*."""
    names = _read_names("expose_headers", value, problems, _check_response_header)
    if ANY in names and supports_credentials:
        text = f"{_CREDENTIALS} (it is a literal name there)"
        problems.add("expose_headers", ANY, "prohibited", text, "list the headers that script may read")
    return ANY if ANY in names else _unique(names, str.lower)


def _check_response_header(option: str, name: str, problems: Problems) -> str | None:
    if name.lower() in headers.FORBIDDEN_RESPONSE_HEADERS:
        problems.add(option, name, "forbidden", "is a response header that script can never read", "remove it")
    elif name.lower().startswith(headers.RESPONSE_PREFIX) or name.lower() == "origin":
        problems.add(option, name, "prohibited", "is not a header for script to read", "remove it")
    else:
        return name
    return None


# --- scalars ---------------------------------------------------------------------------------------------


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


# --- strings, from app.config and the environment --------------------------------------------------------

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
