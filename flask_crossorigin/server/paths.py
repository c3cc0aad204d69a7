"""Path patterns, and which policy a path falls under.

``"/health"`` is exactly that path, ``"/api/*"`` is ``/api`` and everything below it, ``"*"`` and ``"/*"`` are
everything. The longest pattern wins, an exact one before all others.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Generic, TypeVar
from urllib.parse import unquote

from ..errors import Problems

T = TypeVar("T")


_EVERYTHING = frozenset({"*", "/*"})


_SHAPE = r"/[^*?#\\^$(){}|\[\]<>%\ud800-\udfff]*(?:/\*)?"


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

    def _add(self, option: str, pattern: str, value: T, problems: Problems) -> None:
        # WSGI hands over the bytes of a path as Latin-1.  https://peps.python.org/pep-3333/#unicode-issues
        path = pattern.encode().decode("latin-1")
        rules, path = (self._below, path.rstrip("*").rstrip("/")) if path.endswith("*") else (self._exact, path)
        if path in rules:
            problems.add(option, pattern, "invalid", "says the same as another pattern", "leave one of them out")
        rules[path] = value

    def find(self, path: str, default: T) -> T:
        """Return the value of the pattern that covers *path*, as a WSGI application receives it, or *default*.

        A path that another reader could take for another one, with a value of its own, has none.
        """
        found = self._find(path or "/", default)
        if "//" in path or "/." in path or "\\" in path:
            plain = normalized(path)
            others = (self._find(plain, default), self._find(plain.rstrip("/") or "/", default))
            return found if all(other == found for other in others) else default
        return found

    def _find(self, path: str, default: T) -> T:
        if path in self._exact:
            return self._exact[path]
        below = self._below
        if not below:
            return default
        while path not in below:
            if not path:
                return default
            path = path[: max(path.rfind("/"), 0)]
        return below[path]


def normalized(path: str) -> str:
    """Return *path* as a careless reader takes it: backslashes are slashes, empty and dot segments gone.

    https://url.spec.whatwg.org/#path-state
    """
    segments: list[str] = []
    *parts, last = path.replace("\\", "/").split("/")
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


def _is_pattern(pattern: object) -> bool:
    if pattern in _EVERYTHING:
        return True
    if not isinstance(pattern, str) or not re.fullmatch(_SHAPE, pattern):
        return False
    path = pattern.removesuffix("/*")
    return normalized(path) == path and (path == pattern or not path.endswith("/"))


def _hint(pattern: object) -> str:
    """Return the pattern that *pattern* probably means, as a hint."""
    if isinstance(pattern, re.Pattern):
        pattern = pattern.pattern
    if not isinstance(pattern, str):
        return "write a string such as '/api/*'"
    if pattern in (".*", "^.*$", "^/.*", r"/.*", ""):
        return "write '/*' for every path"
    text = re.sub(r"\\(\W)", lambda escape: f"%{ord(escape[1]):02x}", pattern).removeprefix("^").removesuffix("$")
    whole = re.split(r"[*?#^$(){}|\[\]<>+\\]|\.(?=[*+])", text, maxsplit=1)[0]
    path = normalized(unquote(whole))
    if whole == text:
        return f"write {path!r}"
    prefix = path.rstrip("/")
    return f"write '{prefix}/*'" if text[len(whole) :] in ("*", ".*", ".+") else f"write '{path[: path.rfind('/')]}/*'"
