"""What can be said of a regular expression for origins before any request: does it accept strangers?

Sample matches are read off its syntax tree; neighbours of their hosts, which anybody could register, are
then put to the expression itself.
"""

from __future__ import annotations

import importlib
import re
import string
import sys
from collections.abc import Callable, Iterable, Iterator
from itertools import islice, product
from typing import Any, NamedTuple

from ..standard.origins import MAX_LENGTH, is_serialized

STRANGER = "flask-crossorigin.invalid"  # https://www.rfc-editor.org/rfc/rfc6761#section-6.4


_INTRUDERS = ("flask-crossorigin", "crossorigin")  # with and without a hyphen: [a-z]+ is common


_MAX_SAMPLES = 64


_MEMBERS = string.ascii_letters + string.digits + "-_.:/+[]"  # what a class is tried with: all that an origin has


# The only reader of the tree that the compiler itself uses; its home moved in Python 3.11.
_parser: Any = importlib.import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")


class _Piece(NamedTuple):
    """A character of a sample; *literal* if the expression names it, and does not just allow it."""

    character: str
    literal: bool


_Sample = tuple[_Piece, ...]


def accepted_stranger(expression: re.Pattern[str]) -> str | None:
    """Return an origin that *expression* accepts and that is a stranger to every host it names, or ``None``."""
    for probe in _probes(expression):
        if is_serialized(probe) and expression.fullmatch(probe):
            return probe
    return None


def has_unescaped_dot(expression: re.Pattern[str]) -> bool:
    """Report whether a ``.`` of *expression* stands for one character of any kind; repeated ones are meant so."""
    return _any_once(parse(expression))


def parse(expression: re.Pattern[str]) -> Iterable[tuple[Any, Any]]:
    """Return the syntax tree of *expression*: operations and their operands."""
    tree: Iterable[tuple[Any, Any]] = _parser.parse(expression.pattern, expression.flags)
    return tree


def _any_once(tree: Iterable[tuple[Any, Any]]) -> bool:
    return any(str(operation) == "ANY" or any(map(_any_once, branches(operation, value))) for operation, value in tree)


def branches(operation: Any, value: Any) -> list[Any]:
    """Return the trees below a node, without a bare ``.`` that is repeated."""
    match str(operation):
        case "BRANCH":
            return list(value[1])
        case "SUBPATTERN":
            return [value[3]]
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            return [] if [str(inner) for inner, _ in value[2]] == ["ANY"] else [value[2]]
        case "ATOMIC_GROUP":
            return [value]
    return []


def _probes(expression: re.Pattern[str]) -> Iterator[str]:
    yield f"https://{STRANGER}"
    for sample in islice(_samples(parse(expression)), _MAX_SAMPLES):
        scheme, host, port = _split(sample)
        named = "".join(piece.character for piece in _literal_end(host)).lstrip(".")
        for intruder in _INTRUDERS if named else ():
            yield f"{scheme}{intruder}{named}{port}"
        whole = "".join(piece.character for piece in host)
        for intruder in _INTRUDERS:
            yield f"{scheme}{whole}.{intruder}.invalid{port}"
            yield f"{scheme}{whole}.{intruder}.invalid"


def _split(sample: _Sample) -> tuple[str, _Sample, str]:
    """Return the scheme, host and port of *sample*; a scheme that it only allows is taken to be https."""
    text = "".join(piece.character for piece in sample)
    before, found, _ = text.partition("://")
    start = len(before) + 3 if found else 0
    end = text.find(":", start)
    end = len(text) if end < 0 else end
    return (text[:start] or "https://", sample[start:end], text[end:])


def _literal_end(host: _Sample) -> _Sample:
    made_up = [index for index, piece in enumerate(host) if not piece.literal]
    return host[made_up[-1] + 1 :] if made_up else host


def _samples(tree: Iterable[tuple[Any, Any]]) -> Iterator[_Sample]:
    """Yield texts that *tree* matches, look-arounds and back-references aside: the shortest and the next."""
    choices = [_choices(operation, value) for operation, value in tree]
    for parts in islice(product(*choices), _MAX_SAMPLES):
        yield tuple(piece for part in parts for piece in part)


def _choices(operation: Any, value: Any) -> list[_Sample]:
    match str(operation):
        case "LITERAL":
            return [(_Piece(chr(value), literal=True),)]
        case "NOT_LITERAL":
            return [(_Piece("a" if value != ord("a") else "b", literal=False),)]
        case "ANY":
            return [(_Piece("a", literal=False),)]
        case "IN":
            return [(_Piece(_member(value), literal=False),)]
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, _, inner = value
            once = list(islice(_samples(inner), _MAX_SAMPLES))
            return [sample * min(least, MAX_LENGTH) for sample in once] if least else [(), *once]
    below = branches(operation, value)
    return [sample for tree in below for sample in _samples(tree)] or [()]


def characters(operation: Any, value: Any, *, ignore_case: bool) -> frozenset[str] | None:
    """Return the characters of origins that a node accepts, or ``None`` if it is no node for one character."""
    match str(operation):
        case "LITERAL":
            found = {chr(value)}
        case "NOT_LITERAL":
            found = {*_MEMBERS} - {chr(value)}
        case "ANY":
            found = {*_MEMBERS}
        case "IN":
            found = {character for character in _MEMBERS if _is_member(character, value)}
        case _:
            return None
    return frozenset(found | {character.swapcase() for character in found} if ignore_case else found)


def _member(items: list[tuple[Any, Any]]) -> str:
    """Return a character of the class *items*, as it stands in the tree."""
    return next((character for character in _MEMBERS if _is_member(character, items)), "a")


def _is_member(character: str, items: list[tuple[Any, Any]]) -> bool:
    negated, found = False, False
    for operation, value in items:
        match str(operation):
            case "NEGATE":
                negated = True
            case "LITERAL":
                found |= ord(character) == value
            case "RANGE":
                found |= value[0] <= ord(character) <= value[1]
            case "CATEGORY":
                found |= _in_category(character, str(value))
    return found != negated


def _in_category(character: str, category: str) -> bool:
    kind = category.removeprefix("CATEGORY_")
    member: dict[str, Callable[[str], bool]] = {
        "DIGIT": str.isdigit,
        "WORD": lambda c: c.isalnum() or c == "_",
        "SPACE": str.isspace,
    }
    inside = member[kind.removeprefix("NOT_")](character)
    return inside != kind.startswith("NOT_")
