"""What ``CORS(...)``, ``@cross_origin`` and ``app.config`` are given, read into options and policies."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, cast

from ..errors import CORSConfigError, Problems, shown
from ..options.values import NAMES, check_names, entries_of, from_settings
from ..server.policy import CORSPolicy
from .marks import Declaration

if TYPE_CHECKING:
    from ..options.types import Options, Resources
    from ..server.paths import PathTable

_PREFIX = "CORS_"
_KNOWN = (*NAMES, "resources")


def reusable(resources: Resources | None, options: Options) -> dict[str, Any]:
    """Return the options that exist, in a form that can be read any number of times.  Raises ``CORSConfigError``."""
    problems = Problems()
    given = cast("dict[str, Any]", options)
    kept = {name: _reusable(given[name]) for name in check_names(given, problems, known=_KNOWN)}
    if problems:
        check_alone({name: value for name, value in kept.items() if name != "resources"}, problems)
        problems.raise_any()
    if resources is not None:
        kept["resources"] = _reusable(resources)
    return kept


def _reusable(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _reusable(inner) for key, inner in value.items()}
    return tuple(value) if hasattr(value, "__next__") else value


def as_keyword(call: str, value: Any) -> str:
    """Return how to write *value*, a positional argument of *call*, which ends in a parenthesis or a comma.

    A value that would be refused in the next round is not repeated.
    """
    if isinstance(value, Mapping) and call.startswith("CORS("):
        return f"write {call}resources={shown(value)})"
    try:
        CORSPolicy(origins=value)
    except CORSConfigError as error:
        refused = error.problems[0]
        return f"write {call}origins=['https://app.example']) with the address of the page, because {refused}"
    return f"write {call}origins={shown(value)})"


def check_alone(options: Mapping[str, Any], problems: Problems) -> None:
    """Note what is wrong with *options* whatever the others are, such as those that come from ``app.config``."""
    try:
        CORSPolicy(**({"origins": ()} | dict(options)))
    except CORSConfigError as error:
        problems.extend("", error)


def from_config(config: Mapping[str, Any], problems: Problems) -> dict[str, Any]:
    """Return the options that ``CORS_...`` in *config* give, strings read as from an environment."""
    return from_settings(config, _PREFIX, problems, known=_KNOWN)


def make_policy(options: Mapping[str, Any], where: str, problems: Problems) -> CORSPolicy | None:
    """Return the policy with *options*, public where no origins are given; or note what is wrong with them."""
    given = [name for name in ("supports_credentials", "csrf_protection") if options.get(name) is True]
    if "origins" not in options and given:
        hint = _NO_ORIGINS_HINT.format(given[0], _WITHOUT[given[0]])
        problems.add(f"{where}origins", "*", "prohibited", f"{_NO_ORIGINS} {given[0]}", hint)
        options = {**options, "origins": ()}
        where_problems = Problems()
        _made(options, where, where_problems)
        problems.take(where_problems)
        return None
    return _made({"origins": "*"} | dict(options), where, problems)


_NO_ORIGINS = "is the default, because no origins are given, and is prohibited with"
_NO_ORIGINS_HINT = (
    "write the origin of the page, as in origins=['http://localhost:3000'] for a development server; "
    "or origins=[] if only pages of this server use it; or remove {} if {}"
)
_WITHOUT = {
    "supports_credentials": "no page sends cookies",
    "csrf_protection": "every website may send POST, PUT and DELETE",
}


def _made(options: Mapping[str, Any], where: str, problems: Problems) -> CORSPolicy | None:
    try:
        return CORSPolicy(**options)
    except CORSConfigError as error:
        problems.extend(where, error)
        return None


# --- paths ---------------------------------------------------------------------------------------------------


class PathRules:
    """What ``CORS(...)`` declares for each path: one declaration everywhere, or several by the patterns of *table*."""

    def __init__(
        self,
        declarations: Iterable[Declaration],
        table: PathTable[Declaration] | None = None,
        patterns: Iterable[str] = (),
    ) -> None:
        self._declarations = tuple(declarations)
        self._everywhere = self._declarations[0] if self._declarations and table is None else None
        self._table = table
        self._covers_everything = self._everywhere is not None or not {"*", "/*"}.isdisjoint(patterns)

    @property
    def depends_on_path(self) -> bool:
        """Whether two paths may have different declarations."""
        return self._table is not None

    def find(self, path: str) -> Declaration | None:
        """Return what is declared for *path*, or ``None`` where another rule decides."""
        return self._everywhere if self._table is None else self._table.find(path)

    def declarations(self) -> list[Declaration]:
        """Return every declaration of these rules."""
        return list(self._declarations)

    def outcomes(self) -> list[Declaration | None]:
        """Return everything that ``find`` may return: ``None`` unless the rules cover every path."""
        return [*self._declarations, *([] if self._covers_everything else [None])]


NOTHING = PathRules(())


def path_rules(
    given: Mapping[str, Any], where: str, problems: Problems, inherited: Mapping[str, Any] | None = None
) -> PathRules:
    """Return what the options *given* to ``CORS(...)`` declare; *where* names the call in messages.

    *inherited*: the options of the configuration, which those that are given override.
    """
    from ..server.paths import PathTable  # only for applications with resources

    common = {**(inherited or {}), **given}
    resources = _resources(common.pop("resources", None), problems)
    if resources is None:
        return PathRules([Declaration(common, where, written=given)])
    declarations = {
        pattern: Declaration(common | options, f"{where}resources[{shown(pattern)}].", written=options)
        for pattern, options in resources.items()
    }
    table: PathTable[Declaration] = PathTable({}, "resources")
    try:
        table = PathTable(declarations, "resources")
    except CORSConfigError as error:
        problems.extend("", error)
    return PathRules(declarations.values(), table, declarations)


def _resources(value: Any, problems: Problems) -> dict[Any, dict[str, Any]] | None:
    """Return the options of each pattern, or ``None`` where no patterns are given."""
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError) as error:
            hint = 'write {"/api/*": {"origins": ["https://app.example"]}}, with double quotes, or /api/*'
            problems.add("resources", value, "invalid", f"is not JSON ({error})", hint)
            return {}
    if value is None:
        return None
    if not isinstance(value, Mapping):
        return {pattern: {} for pattern in entries_of("resources", value, problems)}
    for pattern, options in value.items():
        if not isinstance(options, Mapping):
            hint = f"write {{{shown(pattern)}: {{'origins': [...]}}}}"
            problems.add("resources", options, "invalid", "is not a mapping of options", hint)
    return {pattern: dict(options) for pattern, options in value.items() if isinstance(options, Mapping)}
