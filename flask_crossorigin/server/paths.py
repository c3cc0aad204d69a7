"""Path patterns, and which policy a path falls under.

``"/health"`` is that path, with or without a slash at its end. ``"/api/*"`` is ``/api`` and everything below it,
``"*"`` and ``"/*"`` are everything. The longest pattern wins, an exact one before a prefix.

Frameworks read unusual paths in different ways: one merges slashes, one drops bytes that are not UTF-8, one ignores a
line break at the end. A path that would select another policy when it is read so falls under none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Generic, TypeVar
from urllib.parse import unquote

from ..errors import Problems

T = TypeVar("T")

_EVERYTHING = frozenset({"*", "/*"})
_SHAPE = r"/[^*?#\\^$(){}|\[\]<>%\ud800-\udfff]*(?:/\*)?"
# Beyond the longest pattern, an unusual path of more characters is not read in every way: it falls under no policy.
_MOST_UNUSUAL = 512

# What some framework reads in another way: empty and dot segments, backslashes, control characters, bytes over 0x7F.
is_unusual = re.compile(r"//|/\.|\\|[\x00-\x1f\x7f-\xff]").search


class PathTable(Generic[T]):
    """What belongs to each path.

    *rules*: a value for each pattern. *option*: what messages call them. Raises ``CORSConfigError``.
    """

    def __init__(self, rules: Mapping[str, T], option: str) -> None:
        problems = Problems()
        self._exact: dict[str, T] = {}
        self._below: dict[str, T] = {}  # by the path above, without its last slash
        for pattern, value in rules.items():
            if _is_pattern(pattern):
                self._add(option, pattern, value, problems)
            else:
                problems.add(option, pattern, "invalid", "is not a path pattern", _hint(pattern))
        problems.raise_any()
        # It bounds the cost of a look-up, however long the path is.
        self._longest = max(map(len, (*self._exact, *self._below)), default=0)

    def _add(self, option: str, pattern: str, value: T, problems: Problems) -> None:
        # WSGI passes the bytes of a path as Latin-1.  https://peps.python.org/pep-3333/#unicode-issues
        path = pattern.encode().decode("latin-1")
        is_prefix = path.endswith("*")
        rules = self._below if is_prefix else self._exact
        path = path.removesuffix("*").removesuffix("/")
        if path in rules:
            problems.add(option, pattern, "invalid", "covers the same paths as another pattern", "remove one of them")
        rules[path] = value

    def values(self) -> list[T]:
        """Return the values of all patterns."""
        return [*self._exact.values(), *self._below.values()]

    def find(self, path: str) -> T | None:
        """Return the value of the pattern that covers *path*, as a WSGI application receives it, or ``None``.

        A path that some framework reads as a path with another value has none.
        """
        found = self._find(path)
        if is_unusual(path) is None or self._is_uniform(found):
            return found
        if len(path) > self._longest + _MOST_UNUSUAL:
            return None
        return found if all(self._find(reading) == found for reading in _readings(path)) else None

    def _find(self, path: str) -> T | None:
        # The exact path, with or without a slash at its end.
        plain = path.removesuffix("/") if len(path) <= self._longest + 1 else path[: self._longest + 1]
        if plain in self._exact:
            return self._exact[plain]
        while plain:
            if plain in self._below:
                return self._below[plain]
            plain = plain.rpartition("/")[0]
        return self._below.get("")

    def _is_uniform(self, found: T | None) -> bool:
        """Report whether every path has the value *found*."""
        return "" in self._below and all(value == found for value in self.values())


def _readings(path: str) -> set[str]:
    """Return *path* as frameworks may read it: each change, alone and together with the others."""
    readings = {path}
    for change in _CHANGES:
        readings |= {change(reading) for reading in readings}
    return readings


def _without_odd_bytes(path: str) -> str:
    """Return *path* without control characters and bytes that are not UTF-8, as Bottle and URL parsers read it."""
    kept = re.sub(r"[\x00-\x1f\x7f]", "", path)
    return kept.encode("latin-1", "ignore").decode("utf-8", "ignore").encode().decode("latin-1")


def _until_control(path: str) -> str:
    """Return *path* up to its first control character, as an expression that ends in ``$`` reads a line break."""
    return re.split(r"[\x00-\x1f\x7f]", path, maxsplit=1)[0]


def _with_slashes(path: str) -> str:
    """Return *path* with slashes for backslashes.  https://url.spec.whatwg.org/#path-state"""
    return path.replace("\\", "/")


def _with_one_slash_in_front(path: str) -> str:
    return "/" + path.lstrip("/")


def _merged(path: str) -> str:
    """Return *path* without empty segments."""
    return re.sub(r"//+", "/", path)


def normalized(path: str) -> str:
    """Return *path* without empty segments, ``.`` and ``..``, as browsers and proxies normalize it.

    https://url.spec.whatwg.org/#path-state
    """
    segments: list[str] = []
    *parts, last = path.split("/")
    for part in parts:
        if part == "..":
            del segments[-1:]
        elif part not in ("", "."):
            segments.append(part)
    if last == "..":
        del segments[-1:]
    if last in ("", ".", ".."):
        last = ""
    return "/" + "".join(f"{segment}/" for segment in segments) + last


_CHANGES: tuple[Callable[[str], str], ...] = (
    _until_control,
    _without_odd_bytes,
    _with_slashes,
    _with_one_slash_in_front,
    _merged,
    normalized,
)


def _is_pattern(pattern: object) -> bool:
    if pattern in _EVERYTHING:
        return True
    if not isinstance(pattern, str) or not re.fullmatch(_SHAPE, pattern):
        return False
    return normalized(pattern) == pattern


def _hint(pattern: object) -> str:
    """Return the pattern that *pattern* probably means, as a hint."""
    if isinstance(pattern, re.Pattern):
        pattern = pattern.pattern
    if not isinstance(pattern, str):
        return "write a string such as '/api/*'"
    text = re.sub(r"\s+|^https?://[^/]*", "", pattern.encode("utf-8", "ignore").decode())
    if text in (".*", "^.*$", "^/.*", r"/.*", r"^\/.*", ""):
        return "write '/*' for every path"
    text = re.sub(r"\\(\W)", lambda escape: f"%{ord(escape[1]):02x}", text).removeprefix("^").removesuffix("$")
    whole = re.split(r"[*?#^$(){}|\[\]<>+\\]|\.(?=[*+])", text, maxsplit=1)[0]
    path = normalized(unquote(whole).replace("\\", "/"))
    if whole == text:
        return f"write {path!r}"
    if text[len(whole) :] in ("*", "**", ".*", ".+"):
        return f"write '{path.rstrip('/')}/*'"
    above = path[: path.rfind("/")]
    return (
        f"write '{above}/*', which is everything below {above}"
        if above
        else "list the paths one by one, as in '/api/*' for /api and all below it"
    )
