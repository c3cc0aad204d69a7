"""What is said to the developer: problems as data, the error that carries them, and warnings."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterable
from typing import Literal, NamedTuple

SHOWN = 200  # characters of a value that messages and log lines show


Reason = Literal["invalid", "forbidden", "prohibited"]


class CORSWarning(UserWarning):
    """Something that works, but not as its author may think."""


class Problem(NamedTuple):
    """One thing wrong with a configuration.

    *option*: the option's name. *value*: what was given. *reason*: ``invalid`` (bad syntax), ``forbidden``
    (the Fetch standard refuses it) or ``prohibited`` (this library refuses it, because it is dangerous).
    *hint*: what to write instead. *text*: what is wrong, as the predicate of a sentence about the value.
    """

    option: str
    value: object
    reason: Reason
    hint: str
    text: str

    def __str__(self) -> str:
        return f"{self.option}: {shown(self.value)} {self.text}: {self.hint}"


class CORSConfigError(ValueError):
    """A configuration that cannot be used; ``problems`` holds everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


class CORSOptionError(CORSConfigError, TypeError):
    """An option that does not exist or is missing: a ``TypeError`` too, as Python's own for a keyword."""


class Problems:
    """Collects what is wrong with a configuration, so that everything can be said at once."""

    def __init__(self) -> None:
        self._found: list[Problem] = []
        self._error: type[CORSConfigError] = CORSConfigError

    def add(self, option: str, value: object, reason: Reason, text: str, hint: str) -> None:
        """Note one problem; the arguments are the fields of ``Problem``."""
        self._found.append(Problem(option, value, reason, hint, text))

    def add_option(self, option: str, value: object, text: str, hint: str) -> None:
        """Note an option that does not exist or is missing, which makes the error a ``TypeError`` too."""
        self._error = CORSOptionError
        self.add(option, value, "invalid", text, hint)

    def extend(self, where: str, error: CORSConfigError) -> None:
        """Note everything that *error* says of the options in *where*."""
        if isinstance(error, CORSOptionError):
            self._error = CORSOptionError
        prefix = f"{where}." if where else ""
        self._found += [problem._replace(option=prefix + problem.option) for problem in error.problems]

    def raise_any(self) -> None:
        """Raise a ``CORSConfigError`` with everything that was noted, if anything was."""
        if self._found:
            raise self._error(self._found)


def shown(value: object) -> str:
    """Return *value* as messages show it: its repr, control characters escaped, cut to ``SHOWN`` characters."""
    text = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    return text if len(text) <= SHOWN else text[: SHOWN - 3] + "..."


def warn(message: str) -> None:
    """Give a ``CORSWarning`` that points at the first caller outside this package."""
    level, frame = 1, sys._getframe()
    while frame.f_back and _is_internal(frame.f_globals.get("__name__", "")):
        level, frame = level + 1, frame.f_back
    warnings.warn(message, CORSWarning, stacklevel=level)


def _is_internal(module: str) -> bool:
    package = __name__.partition(".")[0]
    return module in (package, "dataclasses") or module.startswith(package + ".")
