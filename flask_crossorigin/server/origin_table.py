"""Whether a pattern or a callable of a policy allows a request's Origin. Exact origins are a set of the policy's.

Patterns are looked up in a hash table, label by label, so that the cost depends on the request's Origin and not on how
many patterns there are. Callables follow, in their order. The syntax of an Origin is judged after a hit: most origins
that are refused are not found, and need no judgement.

https://fetch.spec.whatwg.org/#origin-header
"""

from __future__ import annotations

import copy
import functools
import logging
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from ..standard.origins import is_serialized
from .logs import LimitedLog

if TYPE_CHECKING:
    from ..options.types import OriginCallable, OriginRule


_REMEMBERED = 512  # origins, of at most 512 characters each


class OriginTable:
    """The patterns and callables among *rules*, arranged for look-up.

    *rules*: what a policy keeps of ``origins``; patterns are as ``OriginPattern`` writes them.
    """

    def __init__(self, rules: Iterable[OriginRule]) -> None:
        rules = tuple(rules)
        texts = [rule for rule in rules if isinstance(rule, str)]
        self._patterns = frozenset(text for text in texts if "*" in text)
        # Look no deeper than the pattern with the most labels.
        self._depth = max((text.count(".") for text in self._patterns if "://*." in text), default=0)
        self._shapes = _label_shapes(self._patterns)
        self._callables = tuple(rule for rule in rules if callable(rule))
        self._covered: dict[str, bool] = {}  # what the patterns said of the last origins; the same few come again
        self._errors = LimitedLog()

    def calling(self, call: Callable[[OriginCallable, str, dict[str, Any]], bool]) -> OriginTable:
        """Return the same table, where *call* is given each callable with its arguments."""
        other = copy.copy(self)
        other._callables = tuple(functools.partial(call, function) for function in self._callables)
        return other

    def allows(self, origin: str, context: dict[str, Any]) -> bool:
        """Report whether a pattern or a callable allows *origin*, of at most ``MAX_LENGTH`` characters.

        *context* is what callables are given (a WSGI environ).
        """
        covered = self._covered.get(origin)
        if covered is None:
            covered = self._pattern_covers(origin) and is_serialized(origin)
            if len(self._covered) >= _REMEMBERED:
                self._covered.clear()
            self._covered[origin] = covered
        if not covered and self._callables and is_serialized(origin):
            return any(self._callable_allows(function, origin, context) for function in self._callables)
        return covered

    def _pattern_covers(self, origin: str) -> bool:
        """Report whether a pattern covers *origin*, provided that it is an origin."""
        patterns = self._patterns
        start = origin.find("://") + 3
        if start == 2:
            return False
        colon = origin.find(":", origin.find("]", start) + 1 if origin.startswith("[", start) else start)
        bare, port = (origin, "") if colon < 0 else (origin[:colon], origin[colon:])
        if f"{bare}:*" in patterns:
            return True
        scheme, dot = origin[:start], len(bare)
        for _ in range(self._depth):
            dot = bare.rfind(".", start, dot)
            if dot < 0:
                break
            pattern = f"{scheme}*{bare[dot:]}"
            if pattern + port in patterns or f"{pattern}:*" in patterns:
                return True
        return bool(self._shapes) and self._label_is_covered(scheme, bare[start:], port)

    def _label_is_covered(self, scheme: str, host: str, port: str) -> bool:
        """Report whether a pattern with a ``*`` inside the first label covers *host*."""
        label, _, domain = host.partition(".")
        for before, after in self._shapes.get(f"{scheme}{domain}", ()):
            end = len(label) - after
            # The star stands for at least one letter, digit or hyphen; an underscore is none of these.
            if end > before and "_" not in label[before:end]:
                pattern = f"{scheme}{label[:before]}*{label[end:]}.{domain}"
                if pattern + port in self._patterns or f"{pattern}:*" in self._patterns:
                    return True
        return False

    def _callable_allows(self, function: OriginCallable, origin: str, context: dict[str, Any]) -> bool:
        try:
            allowed = function(origin, context)
        except Exception:
            message = "CORS: %s failed for origin %s, which is refused"
            self._errors.log(logging.ERROR, function, message, function, origin, exc_info=True)
            return False
        if not isinstance(allowed, bool):  # a coroutine or a tuple is true, whatever is in it
            message = "CORS: %s returned %s for origin %s, which is refused: return True or False"
            self._errors.log(logging.ERROR, function, message, function, allowed, origin)
            return False
        return allowed


def _label_shapes(patterns: Iterable[str]) -> dict[str, set[tuple[int, int]]]:
    """Return how many characters stand before and after a ``*`` inside the first label, by scheme and domain."""
    shapes: dict[str, set[tuple[int, int]]] = {}
    for pattern in patterns:
        scheme, _, rest = pattern.partition("://")
        label, _, domain = rest.partition(":")[0].partition(".")
        before, star, after = label.partition("*")
        if star and label != "*":
            shapes.setdefault(f"{scheme}://{domain}", set()).add((len(before), len(after)))
    return shapes
