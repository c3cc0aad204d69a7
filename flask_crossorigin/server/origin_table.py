"""TODO."""

from __future__ import annotations

import copy
import functools
import logging
import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from ..standard.origins import MAX_LENGTH, is_serialized
from .logs import LimitedLog

if TYPE_CHECKING:
    from ..options.types import OriginCallable, OriginRule


class OriginTable:
    """The origins that a policy lists, arranged for look-up; *exact* has those without any wildcard.

    *rules*: exact origins, wildcards (as ``patterns.normalize`` writes them), ``null``, compiled regular
    expressions and callables; all checked already.
    """

    def __init__(self, rules: Iterable[OriginRule]) -> None:
        rules = tuple(rules)
        texts = [rule for rule in rules if isinstance(rule, str)]
        self.exact = frozenset(text for text in texts if "*" not in text)
        self._wildcards = frozenset(text for text in texts if "*" in text)
        # Look no deeper than the wildcard with the most labels.
        self._depth = max((text.count(".") for text in self._wildcards if "://*." in text), default=0)
        self._expressions = tuple(rule for rule in rules if isinstance(rule, re.Pattern))
        self._callables = tuple(rule for rule in rules if callable(rule))
        self._only_exact = not (self._wildcards or self._expressions or self._callables)
        self._errors = LimitedLog()

    def calling(self, call: Callable[[OriginCallable, str, dict[str, Any]], bool]) -> OriginTable:
        """Return the same table, where *call* is given each callable with its arguments."""
        other = copy.copy(self)
        other._callables = tuple(functools.partial(call, function) for function in self._callables)
        return other

    def allows(self, origin: str, context: dict[str, Any]) -> bool:
        """Report whether *origin* may read; *context* is what callables are given (a WSGI environ)."""
        if len(origin) > MAX_LENGTH:
            return False
        if origin in self.exact:
            return True
        if self._only_exact or not is_serialized(origin):
            return False
        return (
            self._wildcard_allows(origin)
            or any(expression.fullmatch(origin) for expression in self._expressions)
            or any(self._callable_allows(function, origin, context) for function in self._callables)
        )

    def _wildcard_allows(self, origin: str) -> bool:
        """Report whether a wildcard covers *origin*: one look-up for each label of its host."""
        wildcards = self._wildcards
        host = origin.index("://") + 3
        colon = origin.find(":", origin.find("]", host) + 1 if origin[host] == "[" else host)
        bare, port = (origin, "") if colon < 0 else (origin[:colon], origin[colon:])
        if bare + ":*" in wildcards:
            return True
        scheme, dot = origin[:host] + "*", len(bare)
        for _ in range(self._depth):
            dot = bare.rfind(".", host, dot)
            if dot < 0:
                return False
            pattern = scheme + bare[dot:]
            if pattern + port in wildcards or pattern + ":*" in wildcards:
                return True
        return False

    def _callable_allows(self, function: OriginCallable, origin: str, context: dict[str, Any]) -> bool:
        try:
            allowed = function(origin, context)
        except Exception:
            message = "CORS: %s failed for origin %s, which is refused"
            self._errors.log(logging.ERROR, function, message, function, origin, exc_info=True)
            return False
        if not isinstance(allowed, bool):  # a coroutine or a tuple is true, whatever it says
            message = "CORS: %s returned %s for origin %s, which is refused: return True or False"
            self._errors.log(logging.ERROR, function, message, function, allowed, origin)
            return False
        return allowed
