"""What ``CORS(...)`` and ``app.config`` are given, read into the policy of each path."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from ..errors import CORSConfigError, Problems
from ..options.values import NAMES, check_names, entries_of, from_text
from ..server.policy import CORSPolicy

if TYPE_CHECKING:
    from ..options.types import Options, Resources


PathRules: TypeAlias = Callable[[str], "CORSPolicy | None"]  # by path; None where another rule is to decide


_PREFIX = "CORS_"


_KNOWN = (*NAMES, "resources")


def kept(resources: Resources | None, options: Options) -> dict[str, Any]:
    """Return the options that exist, in a form that can be read any number of times."""
    problems = Problems()
    given = cast("dict[str, Any]", options)
    kept = {name: _reusable(given[name]) for name in check_names(given, problems, known=_KNOWN)}
    problems.raise_any()
    if resources is not None:
        kept["resources"] = _reusable(resources)
    return kept


def _reusable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _reusable(inner) for key, inner in value.items()}
    return tuple(value) if hasattr(value, "__next__") else value


def from_config(config: Mapping[str, Any], problems: Problems) -> dict[str, Any]:
    """Return the options that ``CORS_...`` in *config* give, strings read as from an environment."""
    found = {key[len(_PREFIX) :].lower(): value for key, value in config.items() if key.startswith(_PREFIX)}
    names = check_names(found, problems, known=_KNOWN, written=lambda name: _PREFIX + name.upper())
    return {name: from_text(name, found[name]) for name in names}


class Everywhere:
    """The same *policy* for every path."""

    def __init__(self, policy: CORSPolicy | None) -> None:
        self.policy = policy

    def __call__(self, _: str) -> CORSPolicy | None:
        """Return the policy."""
        return self.policy


def path_rules(given: dict[str, Any], problems: Problems) -> PathRules:
    """Return what *given* says of each path."""
    from ..server.paths import PathTable

    common = {"origins": "*"} | given
    resources = _resources(common.pop("resources", None), problems)
    if resources is None:
        return Everywhere(_policy(common, "", problems))
    policies = {
        pattern: _policy(common | options, f"resources[{pattern!r}]", problems)
        for pattern, options in resources.items()
    }
    try:
        table: PathTable[CORSPolicy | None] = PathTable(policies, "resources")
    except CORSConfigError as error:
        problems.extend("", error)
        return lambda _: None
    return lambda path: table.find(path, None)


def _resources(value: Any, problems: Problems) -> dict[Any, dict[str, Any]] | None:
    """Return the options of each pattern, or ``None`` where no patterns are given."""
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            value = json.loads(value)
        except ValueError as error:
            problems.add(
                "resources", value, "invalid", f"is not JSON ({error})", "write {'/api/*': {...}}, or '/api/*'"
            )
            return {}
    if value is None:
        return None
    if not isinstance(value, Mapping):
        return {pattern: {} for pattern in entries_of("resources", value, problems)}
    for pattern, options in value.items():
        if not isinstance(options, Mapping):
            hint = f"write {{{pattern!r}: {{'origins': [...]}}}}"
            problems.add("resources", options, "invalid", "is not a mapping of options", hint)
    return {pattern: dict(options) for pattern, options in value.items() if isinstance(options, Mapping)}


def _policy(options: dict[str, Any], where: str, problems: Problems) -> CORSPolicy | None:
    try:
        return CORSPolicy(**options)
    except CORSConfigError as error:
        problems.extend(where, error)
        return None
