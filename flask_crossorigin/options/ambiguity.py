"""Can a stranger's Origin keep a regular expression busy for ever?

It can if one text can be read in many ways inside a repetition, as ``(?:[a-z]+)+`` reads ``aaa``: before it says no,
Python tries them all, and each further character doubles them. The expression is read as an automaton
with one state for each character that it names; it is ambiguous if two different paths lead from a state back
to itself with the same text.

https://en.wikipedia.org/wiki/ReDoS
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import product
from typing import Any, NamedTuple

from .expressions import branches, characters, parse

_COPIES = 8  # of what is repeated a fixed number of times; more make no difference


class _Part(NamedTuple):
    """What a part of an expression looks like from outside: the states in which it can begin and end."""

    nullable: bool
    first: frozenset[int]
    last: frozenset[int]


_EMPTY = _Part(nullable=True, first=frozenset(), last=frozenset())


def is_exponential(expression: re.Pattern[str]) -> bool:
    """Report whether there are texts for which *expression* takes time that doubles with each character."""
    automaton = _Automaton(ignore_case=bool(expression.flags & re.IGNORECASE))
    automaton.sequence(parse(expression))
    return automaton.is_ambiguous()


class _Automaton:
    """The states of an expression, numbered as it is read: what each accepts, and which may follow."""

    def __init__(self, *, ignore_case: bool) -> None:
        self._ignore_case = ignore_case
        self._accepts: list[frozenset[str]] = []
        self._follows: list[set[int]] = []
        self._repetitions = 0  # that the part which is being read lies in
        self._twice = False  # whether there are two ways from one state to the next

    def sequence(self, tree: Iterable[tuple[Any, Any]]) -> _Part:
        """Add the states of *tree*."""
        whole = _EMPTY
        for operation, value in tree:
            whole = self._then(whole, self._part(operation, value))
        return whole

    def is_ambiguous(self) -> bool:
        """Report whether two different paths lead from a state back to it with the same text."""
        if self._twice:
            return True
        before: list[set[int]] = [set() for _ in self._follows]
        for state, followers in enumerate(self._follows):
            for follower in followers:
                before[follower].add(state)
        for state in range(len(self._follows)):
            pairs = self._paired(state, self._follows) & self._paired(state, before)
            if (state, state) in pairs and any(one != other for one, other in pairs):
                return True
        return False

    def _part(self, operation: Any, value: Any) -> _Part:
        accepted = characters(operation, value, ignore_case=self._ignore_case)
        if accepted is not None:
            self._accepts.append(accepted)
            self._follows.append(set())
            state = frozenset({len(self._accepts) - 1})
            return _Part(nullable=False, first=state, last=state)
        if "REPEAT" in str(operation):
            return self._repeat(*value)
        parts = [self.sequence(tree) for tree in branches(operation, value)] or [_EMPTY]
        # Of alternatives with a common beginning the parser leaves what differs: nothing, if they are the same.
        self._twice |= self._repetitions > 0 and sum(part.nullable for part in parts) > 1
        return _Part(
            any(part.nullable for part in parts),
            frozenset[int]().union(*(part.first for part in parts)),
            frozenset[int]().union(*(part.last for part in parts)),
        )

    def _repeat(self, least: int, most: int, tree: Iterable[tuple[Any, Any]]) -> _Part:
        if least == most:
            whole = _EMPTY
            for _ in range(min(most, _COPIES)):
                whole = self._then(whole, self.sequence(tree))
            return whole
        if most == 1:
            return self.sequence(tree)._replace(nullable=True)
        self._repetitions += 1
        once = self.sequence(tree)
        self._repetitions -= 1
        self._link(once.last, once.first)
        return once._replace(nullable=once.nullable or least == 0)

    def _then(self, one: _Part, other: _Part) -> _Part:
        self._link(one.last, other.first)
        return _Part(
            one.nullable and other.nullable,
            one.first | other.first if one.nullable else one.first,
            one.last | other.last if other.nullable else other.last,
        )

    def _link(self, lasts: Iterable[int], firsts: Iterable[int]) -> None:
        for last, first in product(lasts, firsts):
            self._twice |= first in self._follows[last]
            self._follows[last].add(first)

    def _paired(self, state: int, steps: list[set[int]]) -> set[tuple[int, int]]:
        """Return the pairs of states between which and *state* the same texts lead."""
        found: set[tuple[int, int]] = set()
        todo = [(state, state)]
        while todo:
            one, other = todo.pop()
            for pair in product(steps[one], steps[other]):
                if pair not in found and self._accepts[pair[0]] & self._accepts[pair[1]]:
                    found.add(pair)
                    todo.append(pair)
        return found
