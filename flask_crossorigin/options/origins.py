"""The option ``origins``: its entries read, checked and normalized.

What is prohibited with credentials would give a user's data to people whom the author did not name.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

from ..errors import Problems
from ..standard.origins import ANY, NULL
from .origin_hints import expression_hint, hint_for
from .origin_patterns import NoPatternError, OriginPattern, parse_pattern
from .values import CREDENTIALS, PROTECTION, entries_of

if TYPE_CHECKING:
    from .types import OriginCallable, OriginRule


def read_origins(value: object, flags: Mapping[str, bool], problems: Problems) -> str | tuple[OriginRule, ...]:
    """Return ``"*"`` or the entries of *value*; *flags* are the policy's booleans, which decide what is prohibited."""
    rules: dict[Any, None] = {}  # each once, in their order
    for entry in _entries(value, problems):
        try:
            rule = _read_entry(entry, flags, problems)
        except Exception as error:
            _note_unreadable(entry, error, problems)
        else:
            if rule is not None:
                rules[rule] = None
    return ANY if ANY in rules else tuple(rules)


def _entries(value: object, problems: Problems) -> tuple[Any, ...]:
    try:
        return entries_of("origins", value, problems)
    except Exception as error:
        _note_unreadable(value, error, problems)
        return ()


def _note_unreadable(value: object, error: Exception, problems: Problems) -> None:
    """Note an object that does not let itself be looked at, such as a proxy of Flask outside of a request."""
    text = f"cannot be read: it raised {type(error).__name__}"
    problems.add("origins", value, "invalid", text, "write a string such as 'https://app.example'")


def _read_entry(entry: object, flags: Mapping[str, bool], problems: Problems) -> OriginRule | None:
    if isinstance(entry, str):
        return _read_text(entry, flags, problems)
    if isinstance(entry, re.Pattern):
        _refuse_expression(entry, flags, problems)
    elif callable(entry):
        return _read_callable(entry, problems)
    elif entry is None:
        hint = "is an environment variable not set? Write the page's origin, as in 'https://app.example'"
        problems.add("origins", None, "invalid", "is not an origin", hint)
    else:
        hint = "write a string such as 'https://app.example', or a function (origin, environ) -> bool"
        problems.add("origins", entry, "invalid", "is not an origin", hint)
    return None


def _read_text(entry: str, flags: Mapping[str, bool], problems: Problems) -> str | None:
    if entry == ANY:
        if flags["supports_credentials"]:
            hint = "list the origins of the pages that send cookies, as in ['https://app.example']"
            problems.add("origins", entry, "prohibited", CREDENTIALS, hint)
        if flags["csrf_protection"]:
            hint = "list the origins of the pages that may write, or [] if only pages of this server do"
            problems.add("origins", entry, "prohibited", f"{PROTECTION} (it trusts every website)", hint)
        return ANY
    if entry == NULL:
        return _read_null(flags, problems)
    try:
        pattern = parse_pattern(entry)
    except NoPatternError as error:
        accepts = functools.partial(_is_accepted, flags)
        problems.add("origins", entry, error.reason, error.text, error.hint or hint_for(entry, accepts))
        return None
    _check_trust(entry, pattern, flags, problems)
    text = str(pattern)
    return entry if entry == text else text  # the author's own string, where it is normal: one string an origin


def _is_accepted(flags: Mapping[str, bool], entries: list[str]) -> bool:
    """Report whether a policy with *flags* takes *entries*, and nobody can register a name that they allow."""
    problems = Problems()
    read = read_origins(entries, flags, problems)
    return not problems and not any(
        isinstance(rule, str) and rule not in (ANY, NULL) and _is_open(parse_pattern(rule)) for rule in read
    )


def _read_null(flags: Mapping[str, bool], problems: Problems) -> str:
    reason = "every sandboxed frame and every local file sends 'null'"
    if flags["supports_credentials"]:
        problems.add("origins", NULL, "prohibited", CREDENTIALS, f"name a real origin: {reason}")
    elif not flags["allow_null_origin"]:
        hint = f"name a real origin, or write allow_null_origin=True: {reason}"
        problems.add("origins", NULL, "prohibited", "is prohibited without allow_null_origin", hint)
    return NULL


def _check_trust(entry: str, pattern: OriginPattern, flags: Mapping[str, bool], problems: Problems) -> None:
    """Refuse what must not get a user's data: plain http, and names that anybody can register."""
    credentials = flags["supports_credentials"]
    is_insecure = credentials and pattern.is_insecure and not flags["allow_insecure_origins"]
    secure = pattern._replace(scheme="https") if is_insecure else pattern
    hint = f"write '{secure}', or allow_insecure_origins=True"
    if not flags["allow_public_suffixes"] and pattern.covers_names:
        hint = _check_names(entry, pattern, secure, credentials, problems) or hint
    if is_insecure:
        text = f"{CREDENTIALS} (others on the network can change http pages)"
        problems.add("origins", entry, "prohibited", text, hint)


def _check_names(
    entry: str, pattern: OriginPattern, secure: OriginPattern, credentials: bool, problems: Problems
) -> str:
    """Refuse names that anybody can register; return the hint. *secure*: what to write as far as the scheme goes."""
    if pattern.host.startswith("*") and not pattern.covers_subdomains and _is_public_suffix(pattern.domain):
        text = f"is prohibited (it also allows 'evil{pattern.host[1:]}', which anybody can register)"
        meant = secure._replace(host=f"*.{pattern.host[1:]}")
        hint = f"write '{meant}', or allow_public_suffixes=True"
        if pattern.host[1] == "-":  # pr-1-app.example.com: below -app.example.com there is nothing
            hint = "list the hosts one by one, or write allow_public_suffixes=True"
    elif credentials and _is_open(pattern):
        text = f"{CREDENTIALS} (anybody can register a name under {pattern.domain})"
        own = f"example.{pattern.domain}"
        while _is_public_suffix(own):
            own = f"example.{own}"
        hint = f"name your own site, as in '{secure._replace(host=own)}', or write allow_public_suffixes=True"
    else:
        return ""
    problems.add("origins", entry, "prohibited", text, hint)
    return hint


def _is_open(pattern: OriginPattern) -> bool:
    """Report whether anybody can register a name that *pattern* covers."""
    if not pattern.covers_names:
        return False
    return _is_public_suffix(pattern.domain) or (pattern.covers_subdomains and _has_suffix_below(pattern.domain))


@functools.lru_cache
def _is_public_suffix(domain: str) -> bool:
    from ..standard.public_suffixes import is_public_suffix  # reads the list, only for this check

    return is_public_suffix(domain)


@functools.lru_cache
def _has_suffix_below(domain: str) -> bool:
    from ..standard.public_suffixes import has_public_suffix_below

    return has_public_suffix_below(domain)


def _refuse_expression(expression: re.Pattern[Any], flags: Mapping[str, bool], problems: Problems) -> None:
    text = "is a regular expression, which origins do not take"
    if isinstance(expression.pattern, bytes):
        hint = "write a string such as 'https://*.example.com'"
    else:
        accepts = functools.partial(_is_accepted, flags)
        hint = expression_hint(expression.pattern, accepts, expression.flags & ~re.UNICODE)
    problems.add("origins", expression, "prohibited", text, hint)


def _read_callable(function: OriginCallable, problems: Problems) -> OriginCallable | None:
    call = function if inspect.isroutine(function) else getattr(function, "__call__", function)  # noqa: B004
    if not isinstance(function, Hashable) or not _is_hashable(function):
        problems.add(
            "origins", function, "invalid", "is not hashable", "write a plain function (origin, environ) -> bool"
        )
        return None
    if inspect.iscoroutinefunction(call) or inspect.isasyncgenfunction(call) or inspect.isgeneratorfunction(call):
        hint = "write a plain def that returns True or False"
        problems.add(
            "origins", function, "invalid", "is asynchronous or a generator, whose result is always true", hint
        )
        return None
    try:
        inspect.signature(function).bind("https://app.example", {})
    except TypeError:
        hint = "write def allowed(origin: str, environ: dict) -> bool"
        problems.add("origins", function, "invalid", "does not take (origin, environ)", hint)
        return None
    except ValueError:
        pass  # written in C, without a signature
    return function


def _is_hashable(value: object) -> bool:
    try:
        hash(value)
    except Exception:
        return False
    return True
