"""Which origins a policy may trust: its *origins* option, read, checked and normalized.

What is refused with credentials is what would give a user's data to somebody whom the author did not name.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..errors import Problems, shown, warn
from ..standard.origins import ANY, NULL
from .ambiguity import is_exponential
from .expressions import accepted_stranger, has_unescaped_dot
from .origin_hints import hint_for
from .origin_patterns import Pattern, Refusal, normalize
from .values import CREDENTIALS, entries_of

if TYPE_CHECKING:
    from .types import OriginCallable, OriginRule


def read_origins(value: object, options: Mapping[str, Any], problems: Problems) -> str | tuple[OriginRule, ...]:
    """Return ``"*"`` or the rules of *value*; *options* are the policy's flags, which decide what is prohibited."""
    rules: dict[Any, None] = {}
    for entry in entries_of("origins", value, problems):
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
            problems.add("origins", entry, "prohibited", CREDENTIALS, "list the origins you trust")
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
        problems.add("origins", NULL, "prohibited", CREDENTIALS, hint)
    elif not options["allow_null_origin"]:
        hint = "name a real origin, or write allow_null_origin=True: any sandboxed frame or file sends 'null'"
        problems.add("origins", NULL, "prohibited", "is prohibited without allow_null_origin", hint)
    return NULL


def _check_trust(entry: str, pattern: Pattern, options: Mapping[str, Any], problems: Problems) -> None:
    """Refuse what must not be trusted with a user's cookies: plain http, and names that anybody can register."""
    if pattern.is_insecure and not options["allow_insecure_origins"]:
        secure = str(pattern._replace(scheme="https"))
        hint = f"write {secure!r}, or allow_insecure_origins=True"
        problems.add("origins", entry, "prohibited", f"{CREDENTIALS} (http can be forged on the way)", hint)
    domain = pattern.domain
    if pattern.host != domain and not options["allow_public_suffixes"] and _is_public_suffix(domain):
        hint = f"name your own domain, as in '{pattern.scheme}://*.example.{domain}', or allow_public_suffixes=True"
        text = f"{CREDENTIALS} (anybody can register a name under {domain})"
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
    if is_exponential(expression):
        hint = "let one text be read in one way only, as in re.compile(r'https://(?:[a-z0-9-]+\\.)+example\\.com')"
        text = "has a repetition within a repetition, with which one request can keep the server busy for hours"
        problems.add("origins", expression, "prohibited", text, hint)
        return None
    if (stranger := accepted_stranger(expression)) is not None:
        said = f"accepts {stranger!r}"
        hint = "escape every '.' and name the host to its end, as in re.compile(r'https://[a-z]+\\.example\\.com')"
        if options["supports_credentials"]:
            problems.add("origins", expression, "prohibited", f"{CREDENTIALS} (it {said})", hint)
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
