"""Errors and warnings for the developer: problems as data, the exception that carries them, and ``CORSWarning``."""

from __future__ import annotations

import inspect
import warnings
from collections.abc import Iterable
from typing import Literal, NamedTuple

SHOWN = 200  # characters of a value that messages and log lines show


Reason = Literal["invalid", "forbidden", "prohibited"]


class CORSWarning(UserWarning):
    """A configuration that works, but not as its author may expect."""


class Problem(NamedTuple):
    """One thing wrong with a configuration.

    *option*: the name of the option. *value*: what was given. *reason*: ``invalid`` (bad syntax), ``forbidden``
    (the Fetch standard refuses it) or ``prohibited`` (this library refuses it because it is dangerous).
    *hint*: what to write instead. *text*: what is wrong: the rest of a sentence that begins with the value.
    """

    option: str
    value: object
    reason: Reason
    hint: str
    text: str

    def __str__(self) -> str:
        return f"{self.option}: {shown(self.value)} {self.text}: {self.hint}"


class CORSConfigError(ValueError):
    """A configuration that cannot be used. ``problems`` has everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


class CORSOptionError(CORSConfigError, TypeError):
    """An option that does not exist or is missing. It is a ``TypeError`` too, as for any wrong keyword."""


class Problems:
    """Collects what is wrong with a configuration, so that all of it is reported at once; true if anything is."""

    def __init__(self) -> None:
        self._found: list[Problem] = []
        self._error: type[CORSConfigError] = CORSConfigError

    def __bool__(self) -> bool:
        return bool(self._found)

    def add(self, option: str, value: object, reason: Reason, text: str, hint: str) -> None:
        """Note one problem; the arguments are the fields of ``Problem``."""
        self._found.append(Problem(option, value, reason, hint, text))

    def add_option(self, option: str, value: object, text: str, hint: str) -> None:
        """Note an option that does not exist or is missing, which makes the error a ``TypeError`` too."""
        self._error = CORSOptionError
        self.add(option, value, "invalid", text, hint)

    def extend(self, where: str, error: CORSConfigError) -> None:
        """Note every problem of *error*, with *where* in front of the options' names."""
        if isinstance(error, CORSOptionError):
            self._error = CORSOptionError
        self._found += [problem._replace(option=where + problem.option) for problem in error.problems]

    def take(self, other: Problems) -> None:
        """Note everything that *other* has."""
        self._found += other._found

    def raise_any(self) -> None:
        """Raise a ``CORSConfigError`` if anything was noted."""
        if self._found:
            raise self._error(self._found)


def shown(value: object) -> str:
    """Return *value* as messages show it: its repr, without control characters, cut to ``SHOWN`` characters."""
    try:
        text = repr(value[: SHOWN + 1] if isinstance(value, str) else value)
    except Exception:  # a number with too many digits, an object that does not let itself be looked at
        text = object.__repr__(value)
    if not text.isprintable():
        text = ascii(text)[1:-1]
    return text if len(text) <= SHOWN else text[: SHOWN - 3] + "..."


def escaped(text: str) -> str:
    """Return *text* with its control characters and the like escaped, so that a log or a terminal shows them."""
    return text if text.isprintable() else repr(text)[1:-1]


def warn(message: str) -> None:
    """Give a ``CORSWarning`` that points at the first caller outside this package."""
    level, frame = 1, inspect.currentframe()
    while frame is not None and frame.f_back and _is_internal(frame.f_globals.get("__name__", "")):
        level, frame = level + 1, frame.f_back
    warnings.warn(message, CORSWarning, stacklevel=level)


def _is_internal(module: str) -> bool:
    package = __name__.partition(".")[0]
    return module in (package, "dataclasses") or module.startswith(package + ".")
