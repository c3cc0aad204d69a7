"""What belongs to a rule of a URL map: the view's own declarations, and the rules of its blueprints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, MapAdapter, Rule

from ..server.policy import CORSPolicy
from .config import PathRules
from .hidden_marks import HiddenMarks
from .marks import Declaration, declaration_of, mark_of, methods_of, name_of

if TYPE_CHECKING:
    from flask.blueprints import BlueprintSetupState


class Own:
    """What belongs to one rule and method: the view's own declarations, and its blueprints' rules, innermost first.

    There are several declarations if the view is a dispatcher that has run several decorated functions. *policy*: the
    view's, once it is known and where it is the same for every path.
    """

    def __init__(self, view: object, declarations: tuple[Declaration, ...], blueprints: tuple[PathRules, ...]) -> None:
        self.view = view
        self.declarations = declarations
        self.blueprints = blueprints
        self.policy: CORSPolicy | None = None

    @property
    def key(self) -> object:
        """What two rules have in common if every path gives them the same policy."""
        return self.declarations or self.blueprints


class Owners:
    """What belongs to the rules of one application. *views*: its ``view_functions``.

    *kept*: what was found, by the ids of rules and the methods; the values hold the rules, so that no id is used again.
    """

    def __init__(self, url_map: Map, views: Mapping[str, Any]) -> None:
        self._views = views
        self.hidden_marks = HiddenMarks(views)
        self.blueprints: dict[str, PathRules] = {}
        self._prefixes = Map(converters=url_map.converters, strict_slashes=False, merge_slashes=False)
        self.kept: dict[tuple[int, str], tuple[Rule, Own]] = {}

    def add_blueprint(self, state: BlueprintSetupState, rules: PathRules) -> None:
        """Let *rules* apply to a blueprint that is being registered."""
        name = f"{state.name_prefix}.{state.name}".lstrip(".")
        self.blueprints[name] = rules
        prefix = (state.url_prefix or "").rstrip("/")
        if prefix:
            for path in (prefix, f"{prefix}/<path:_below>"):
                self._prefixes.add(Rule(path, endpoint=name, subdomain=state.subdomain))

    def declared(self) -> Iterator[tuple[str, Declaration]]:
        """Yield every declaration that can be seen on a view, and those of the blueprints, each with its place."""
        for view in self._views.values():
            for method in sorted(methods_of(view, None)):
                declaration = declaration_of(view, method)
                if declaration is not None:
                    mark = None if hasattr(view, "view_class") else mark_of(view)
                    yield f"@cross_origin on {name_of(view if mark is None else mark.function)}: ", declaration
        for rules in self.blueprints.values():
            yield from ((each.where, each) for each in rules.declarations())

    def forget(self) -> None:
        """Find everything again. What a thread is finding goes to the old dictionary."""
        self.kept = {}

    def own(self, rule: Rule, method: str) -> Own:
        """Return what *rule* and its blueprints declare for *method*, whatever the path."""
        kept = self.kept
        view = self._views.get(rule.endpoint)
        known = kept.get((id(rule), method))
        if known is not None and known[1].view is view:
            return known[1]
        served = method.upper()  # as Werkzeug matches it
        if rule.methods is not None and served not in rule.methods:
            served = "GET"
        declaration = declaration_of(view, served)
        declarations = (declaration,) if declaration is not None else self.hidden_marks.of(rule, served)
        own = Own(view, declarations, tuple(self._rules_of(rule.endpoint)))
        if method in (rule.methods or ()):  # and not any method that a client makes up
            kept[id(rule), method] = (rule, own)
        return own

    def below_prefix(self, adapter: MapAdapter, decoded: str) -> Iterable[PathRules]:
        """Return the rules of the blueprints whose prefix *decoded* begins with: a path that no rule serves."""
        try:
            name, _ = self._prefixes.bind("localhost", subdomain=adapter.subdomain).match(decoded)
        except HTTPException:
            return ()
        return self._rules_of(f"{name}.")

    def _rules_of(self, endpoint: str) -> Iterator[PathRules]:
        """Yield the rules of the blueprints of *endpoint*, the innermost first."""
        name = endpoint.rpartition(".")[0]
        while name:
            if name in self.blueprints:
                yield self.blueprints[name]
            name = name.rpartition(".")[0]
