r"""Regular expressions for origins, translated into the patterns that mean the same. For hints alone.

Origins are never matched with regular expressions: whether one accepts other people's origins, and how long a hostile
Origin keeps it busy, cannot be decided reliably. But people write them, so the usual forms are read here: escaped dots,
``.*``, ``\d+``, ``[a-z0-9-]+``, ``(a|b)``, ``^...$``, an optional port, and several of them together.

An expression is expanded into alternatives, each a list of characters and of ``_Any`` for what may vary. An alternative
becomes a pattern where that is possible without covering another domain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple, TypeAlias

from ..standard.origins import is_loopback

_MOST_ALTERNATIVES = 16
MOST_CHARACTERS = 500


class _Any(NamedTuple):
    """One or more characters that may vary. *dots*: dots are among them. *few*: not all letters, digits and hyphens."""

    dots: bool
    few: bool = False


_Pieces: TypeAlias = "tuple[str | _Any, ...]"


class Translation(NamedTuple):
    """The *patterns* that an expression means; none if it means the origins of every host.

    *more*: what they allow beyond the expression, in words.
    """

    patterns: tuple[str, ...]
    more: tuple[str, ...] = ()


class _UntranslatableError(Exception):
    """An expression, or a part of it, that no pattern can say."""


class _EveryHostError(Exception):
    """An expression that accepts the origins of every host."""


def translate(expression: str) -> Translation | None:
    """Return the patterns that mean what *expression* does, or ``None`` where there are none."""
    if len(expression) > MOST_CHARACTERS:
        return None
    more: dict[str, None] = {}
    patterns: dict[str, None] = {}
    try:
        for pieces in _Reader(expression).alternatives():
            for pattern in _patterns(pieces, more):
                patterns[pattern] = None
    except _EveryHostError:
        return Translation(())
    except (_UntranslatableError, IndexError, RecursionError):
        return None
    # Every port includes none.
    kept = tuple(pattern for pattern in patterns if f"{pattern}:*" not in patterns)
    return Translation(kept, tuple(more)) if kept else None


# --- an expression, read -------------------------------------------------------------------------------------


class _Reader:
    """Reads an expression from left to right."""

    def __init__(self, expression: str) -> None:
        self._text = re.sub(r"^\(\?[aiLmsux]+\)", "", expression)
        self._at = 0

    def alternatives(self) -> list[_Pieces]:
        """Return the alternatives of the whole expression."""
        found = self._choice()
        if self._at < len(self._text):
            raise _UntranslatableError
        return found

    def _choice(self) -> list[_Pieces]:
        """Read ``a|b|c`` up to a closing parenthesis or the end."""
        found = self._sequence()
        while self._take("|"):
            found = found + self._sequence()
        return _limited(found)

    def _sequence(self) -> list[_Pieces]:
        found: list[_Pieces] = [()]
        while self._at < len(self._text) and self._text[self._at] not in "|)":
            item = self._repeated(self._item())
            found = _limited([(*before, *after) for before in found for after in item])
        return found

    def _item(self) -> list[_Pieces]:
        """Read one character, set or group."""
        character = self._next()
        if character in "^$":
            return [()]
        if character == "(":
            return self._group()
        if character == "[":
            return [(self._set(),)] if (literal := self._literal_set()) is None else [(literal,)]
        if character == ".":
            return [(_Any(dots=True),)]
        if character == "\\":
            return self._escaped()
        if character in "*+?{":
            raise _UntranslatableError
        return [(character.lower(),)]

    def _group(self) -> list[_Pieces]:
        if self._take("?") and not self._take(":"):
            name = re.compile(r"P<\w+>").match(self._text, self._at)
            if name is None:
                raise _UntranslatableError  # look-arounds, conditions and the like
            self._at = name.end()
        found = self._choice()
        if not self._take(")"):
            raise _UntranslatableError
        return found

    def _literal_set(self) -> str | None:
        """Read a set of one character, such as ``[.]``, or nothing."""
        match = re.compile(r"\\?([^\w\\^\]])\]").match(self._text, self._at)
        if match is None:
            return None
        self._at = match.end()
        return match[1]

    def _set(self) -> _Any:
        match = re.compile(r"(\^?\]?(?:\\.|[^\]\\])*)\]").match(self._text, self._at)
        if match is None:
            raise _UntranslatableError
        self._at = match.end()
        content = match[1]
        if content.startswith("^"):
            return _Any(dots="." not in content)
        whole = ("a-z" in content and ("0-9" in content or r"\d" in content)) or r"\w" in content
        return _Any(dots="." in content, few=not (whole and "-" in content.replace("a-z", "").replace("0-9", "")))

    def _escaped(self) -> list[_Pieces]:
        character = self._next()
        if character in "AZz":
            return [()]
        if character in "dwS":
            return [(_Any(dots=character == "S", few=character != "S"),)]
        if character.isalnum():
            raise _UntranslatableError  # back-references, boundaries
        return [(character,)]

    def _repeated(self, item: list[_Pieces]) -> list[_Pieces]:
        """Read a quantifier and return what *item* is with it."""
        match = re.compile(r"(?:\?|\*|\+|\{[0-9]*,?[0-9]*\})[?+]?").match(self._text, self._at)
        if match is None:
            # A dot that is not escaped and stands alone is meant to be a dot.
            return [(".",)] if item == [(_Any(dots=True),)] else item
        self._at = match.end()
        quantifier = match[0]
        if re.match(r"\{0*(?:,0*)?\}", quantifier):
            raise _UntranslatableError  # {0}
        optional: list[_Pieces] = [()] if quantifier[0] in "?*" or quantifier.startswith(("{0", "{,")) else []
        if quantifier[0] != "?" and not all(_is_repeatable(pieces) for pieces in item):
            raise _UntranslatableError
        if quantifier[0] != "?":
            item = [(_Any(dots=True), ".") if pieces[-1:] == (".",) else pieces for pieces in item]
        return optional + item

    def _next(self) -> str:
        self._at += 1
        return self._text[self._at - 1]

    def _take(self, character: str) -> bool:
        if self._text[self._at : self._at + 1] != character:
            return False
        self._at += 1
        return True


def _limited(alternatives: list[_Pieces]) -> list[_Pieces]:
    if len(alternatives) > _MOST_ALTERNATIVES:
        raise _UntranslatableError
    return alternatives


def _is_repeatable(pieces: _Pieces) -> bool:
    """Report whether *pieces* mean the same when they are repeated: a set, or a label with its dot."""
    return len(pieces) in (1, 2) and isinstance(pieces[0], _Any) and pieces[1:] in ((), (".",))


# --- an alternative, written as a pattern --------------------------------------------------------------------


def _patterns(pieces: _Pieces, more: dict[str, None]) -> Iterator[str]:
    """Yield the patterns of one alternative; what they allow beyond it is added to *more*."""
    scheme, rest = _scheme(pieces)
    if not scheme and rest[:5] in (tuple("http:"), tuple("https")):
        raise _UntranslatableError  # https:.*example.com
    authority = rest[: rest.index("/")] if "/" in rest else rest
    colon = authority.index(":") if ":" in authority else len(authority)
    host, port = authority[:colon], authority[colon + 1 :]
    if host and isinstance(host[-1], _Any) and "." in host and host[-1].dots and len(_labels(host)[-1]) > 1:
        host = host[:-1]  # an open end, which accepts other people's domains
    labels = _labels(host)
    if scheme in ("", "http", "https") and host and all(map(_varies, labels)):
        raise _EveryHostError
    if not all(labels):
        return  # an empty label, which no origin has
    if not any(isinstance(piece, str) for piece in labels[-1]):
        raise _UntranslatableError
    if isinstance(labels[0][-1], _Any) and len(labels) == 1:  # http://localhost.*
        name = "".join(piece for piece in labels[0][:-1] if isinstance(piece, str))
        if not is_loopback(name):
            raise _UntranslatableError
        yield f"{scheme or 'http'}://{name}:*"
        return
    suffix = _port(port, more)
    for name in _host(labels, more):
        yield f"{scheme or ('http' if is_loopback(name) else 'https')}://{name}{suffix}"


def _scheme(pieces: _Pieces) -> tuple[str, _Pieces]:
    """Return the scheme, empty where none is written, and what follows."""
    for index in range(len(pieces) - 2):
        if pieces[index : index + 3] == (":", "/", "/"):
            name = pieces[:index]
            if not name or any(isinstance(piece, _Any) for piece in name):
                return "", pieces[index + 3 :]
            return "".join(map(str, name)), pieces[index + 3 :]
    return "", pieces


def _labels(host: _Pieces) -> list[_Pieces]:
    labels: list[_Pieces] = [()]
    for piece in host:
        if piece == ".":
            labels.append(())
        else:
            labels[-1] = (*labels[-1], piece)
    return labels


def _host(labels: list[_Pieces], more: dict[str, None]) -> Iterator[str]:
    first, domain = labels[0], labels[1:]
    while domain and _varies(first) and _varies(domain[0]):  # [a-z]+\.[a-z]+\.example\.com
        more["other subdomains"] = None
        first, domain = domain[0], domain[1:]
    if not all(domain) or any(isinstance(piece, _Any) for label in domain for piece in label):
        raise _UntranslatableError
    name = ".".join("".join(map(str, label)) for label in domain)
    varying = [index for index, piece in enumerate(first) if isinstance(piece, _Any)]
    if not varying:
        yield ".".join(filter(None, ["".join(map(str, first)), name]))
        return
    wild = [piece for piece in first if isinstance(piece, _Any)]
    before = "".join(map(str, first[: varying[0]]))
    after = "".join(map(str, first[varying[-1] + 1 :]))
    if not before and not after:
        if not any(piece.dots for piece in wild):
            more["deeper subdomains"] = None
        yield f"*.{name}"
    elif (
        not before and len(wild) == 1 and wild[0].dots and not after.startswith("-")
    ):  # .*example\.com accepts evilexample.com; the domain and its subdomains are meant
        yield f"{after}.{name}"
        yield f"*.{after}.{name}"
    else:
        if len(wild) > 1 or any(piece.few for piece in wild):
            more["other letters, digits and hyphens"] = None
        yield f"{before}*{after}.{name}"


def _varies(label: _Pieces) -> bool:
    return len(label) == 1 and isinstance(label[0], _Any)


def _port(port: _Pieces, more: dict[str, None]) -> str:
    if not port:
        return ""
    if not all(isinstance(piece, _Any) or piece.isdigit() for piece in port):
        raise _UntranslatableError
    if any(isinstance(piece, _Any) for piece in port):
        if any(isinstance(piece, str) for piece in port):
            more["every port"] = None
        return ":*"
    return ":" + "".join(map(str, port))
