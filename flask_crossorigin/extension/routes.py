"""Which policy a request to a Flask application falls under.

The first that applies is final: the matched view's, its blueprint's, what a redirect, a 405 or a 404 leads to,
the application's. Nothing here imports Flask; an application is known by its URL map, views and blueprints.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, MapAdapter, Rule

from ..errors import warn
from ..server.policy import CORSPolicy
from .config import Everywhere, PathRules
from .marks import handler_of, hides, may_have_policy, name_of, policy_of, without_effect
from .url_map import decoded_path, match, may_overlap

if TYPE_CHECKING:
    from flask import Flask
    from flask.blueprints import BlueprintSetupState


class _Own:
    """What belongs to one rule and method: the view's own policy, and the rules of its blueprints, innermost first."""

    def __init__(self, view: object, policy: CORSPolicy | None, blueprints: tuple[PathRules, ...]) -> None:
        self.view = view
        self.policy = policy
        self.blueprints = blueprints

    @property
    def key(self) -> object:
        """What two rules have in common if every path gives them the same policy."""
        return self.policy if self.policy is not None else self.blueprints


class Routes:
    """The policies of one application. *application*: what applies where no view or blueprint has one."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.application: PathRules = _nothing
        self._blueprints: dict[str, PathRules] = {}
        self._prefixes = Map(converters=app.url_map.converters, strict_slashes=False, merge_slashes=False)
        self._own: dict[tuple[int, str], tuple[Rule, _Own]] = {}
        self._mixed: dict[int, tuple[Rule, bool | None]] = {}  # None: it depends on the URL
        self._hidden: dict[tuple[str, str], CORSPolicy] = {}
        self.known: set[tuple[int, int]] = set()  # which policy is known to be of which rule, by id
        self._any = False
        self._views = 0
        self._settled = False
        self._adapter: MapAdapter | None = None

    def add_blueprint(self, state: BlueprintSetupState, rules: PathRules) -> None:
        """Let *rules* apply to a blueprint that is being registered."""
        name = f"{state.name_prefix}.{state.name}".lstrip(".")
        self._blueprints[name] = rules
        prefix = (state.url_prefix or "").rstrip("/")
        if prefix:
            for path in (prefix, f"{prefix}/<path:_below>"):
                self._prefixes.add(Rule(path, endpoint=name, subdomain=state.subdomain))

    # --- whether there is anything to route for ------------------------------------------------------------

    def has_own_policies(self) -> bool:
        """Report whether any view or blueprint has a policy of its own, so that requests have to be routed."""
        if not self._settled and self._may_have_changed():
            self._look_again()
        return self._any

    def has_one_policy(self) -> bool:
        """Report whether all requests to come fall under the same policy of the application."""
        return self._settled and not self._any and isinstance(self.application, Everywhere)

    def _may_have_changed(self) -> bool:
        """Report whether routes may have been added: a preflight answered at the edge does not end that phase."""
        app = self.app
        return app._got_first_request or app.url_map._remap or len(app.view_functions) != self._views

    def _look_again(self) -> None:
        self._settled = self.app._got_first_request
        self.app.url_map.update()
        views = self.app.view_functions.values()
        self._views = len(views)
        self._own.clear()
        self._mixed.clear()
        self._any = bool(self._blueprints or self._hidden) or any(map(may_have_policy, views))

    def warn_of_marks_without_effect(self) -> None:
        """Give a warning for each ``@cross_origin`` that stands above ``@app.route``."""
        for name in without_effect(self.app.view_functions.values()):
            warn(f"@cross_origin on {name} has no effect above @app.route: write it below")

    def is_by_host(self) -> bool:
        """Report whether rules are matched with the host, too."""
        return bool(self.app.url_map.host_matching or self.app.subdomain_matching)

    # --- the policy of a request ---------------------------------------------------------------------------

    def of_preflight(self, environ: dict[str, Any], method: str) -> CORSPolicy | None:
        """Return the policy of the request that a preflight asks leave for, which is still to come.

        Where the methods of the URL fall under several policies, the answer must not be kept: browsers keep it
        for every method that it lists, and for the headers of all.  https://fetch.spec.whatwg.org/#cors-preflight-cache
        """
        path = environ.get("PATH_INFO", "")
        adapter = self._bind(environ)
        decoded = decoded_path(path)
        found = match(adapter, decoded, method)
        if found is None:
            return self._of_missing(adapter, decoded, path)
        rule, served, target = found
        policy = self._of_rule(rule, served, path)
        if policy is not None and self._is_mixed(rule, adapter, path, target):
            return policy.uncached
        return policy

    def of_response(self, environ: dict[str, Any], path: str) -> CORSPolicy | None:
        """Return the policy of a request that the application is answering; *path*: its PATH_INFO on entry."""
        method = environ["REQUEST_METHOD"]
        # Another application's below this one, or missing, if somebody copied the environ.
        rule = getattr(environ.get("werkzeug.request"), "url_rule", None)
        if rule is not None and rule.map is self.app.url_map:
            return self._of_rule(rule, method, path)
        adapter = self._bind(environ)
        found = match(adapter, decoded_path(path), method)
        if found is None:
            return self._of_missing(adapter, decoded_path(path), path)
        return self._of_rule(found[0], found[1], path)

    def _bind(self, environ: dict[str, Any]) -> MapAdapter:
        if self.is_by_host():
            request = self.app.request_class(environ, populate_request=False)
            adapter = self.app.create_url_adapter(request)
            if adapter is not None:
                return adapter
        if self._adapter is None:
            self._adapter = self.app.url_map.bind("localhost")
        return self._adapter

    def _of_rule(self, rule: Rule, method: str, path: str) -> CORSPolicy | None:
        own = self.own(rule, method)
        if own.policy is not None:
            return own.policy
        return self._of_path(own.blueprints, path)

    def _of_path(self, blueprints: Iterable[PathRules], path: str) -> CORSPolicy | None:
        """Return what the first of *blueprints* that covers *path* says, or else the application."""
        for rules in blueprints:
            if (policy := rules(path)) is not None:
                return policy
        return self.application(path)

    def _of_missing(self, adapter: MapAdapter, decoded: str, path: str) -> CORSPolicy | None:
        """Return the policy of a path that is not served: its blueprint's by prefix, or the application's."""
        subdomain = None if self.app.url_map.host_matching else adapter.subdomain
        prefixes = self._prefixes.bind("localhost", subdomain=subdomain)
        try:
            name, _ = prefixes.match(decoded, "GET")
        except HTTPException:
            return self.application(path)
        return self._of_path(self._rules_of(f"{name}."), path)

    # --- what belongs to a rule ----------------------------------------------------------------------------

    def own(self, rule: Rule, method: str) -> _Own:
        """Return what *rule* and its blueprints say of *method*, whatever the path."""
        view = self.app.view_functions.get(rule.endpoint)
        known = self._own.get((id(rule), method))
        if known is not None and known[1].view is view:
            return known[1]
        method = method.upper()  # as Werkzeug matches it
        if rule.methods is not None and method not in rule.methods:
            method = "GET"
        policy = policy_of(view, method)
        if policy is None:
            policy = self._hidden.get((rule.endpoint, method), self._hidden.get((rule.endpoint, "")))
        own = _Own(view, policy, tuple(self._rules_of(rule.endpoint)))
        if rule.methods is not None:  # else any method a stranger thinks of would be remembered
            self._own[id(rule), method] = (rule, own)
        return own

    def _rules_of(self, endpoint: str) -> Iterator[PathRules]:
        """Yield the rules of the blueprints of *endpoint*, the innermost first."""
        name = endpoint.rpartition(".")[0]
        while name:
            if name in self._blueprints:
                yield self._blueprints[name]
            name = name.rpartition(".")[0]

    # --- views that hide their mark ------------------------------------------------------------------------

    def report(self, rule: Rule, method: str, policy: CORSPolicy, function: Callable[..., Any]) -> bool:
        """Note that the decorated *function* runs for *rule*; report whether *policy* is the view's.

        It is not where another view calls the function. Where a decorator hides the mark it is remembered.
        """
        own = self.own(rule, method)
        if own.policy is not None:
            if own.policy is policy:
                self.known.add((id(rule), id(policy)))
            return own.policy is policy
        view_class = getattr(own.view, "view_class", None)
        outer = own.view if view_class is None else handler_of(view_class, method)
        if not hides(outer, function):
            return False
        warn(
            f"@cross_origin on {name_of(function)} is hidden by a decorator above it, "
            "so that preflights before its first request do not know it: use functools.wraps there"
        )
        self._hidden[rule.endpoint, "" if view_class is None else method] = policy
        self._own.clear()
        self._mixed.clear()
        self._any = True
        return True

    # --- URLs whose methods differ -------------------------------------------------------------------------

    def _is_mixed(self, rule: Rule, adapter: MapAdapter, path: str, target: str) -> bool:
        """Report whether the methods of one URL fall under more than one policy; *target*: where *rule* matches."""
        known = self._mixed.get(id(rule))
        if known is None:
            mixed = None if self._may_be_mixed(rule) else False
            if mixed is None and not rule.arguments and path == target and not self.is_by_host():
                mixed = self._is_mixed_at(adapter, path, target)  # the only URL that the rule matches
            known = self._mixed[id(rule)] = (rule, mixed)
        return self._is_mixed_at(adapter, path, target) if known[1] is None else known[1]

    def _may_be_mixed(self, rule: Rule) -> bool:
        """Report whether the rules that may match the same URLs as *rule* differ in what belongs to them."""
        keys = [
            self.own(other, method).key
            for other in self.app.url_map.iter_rules()
            if may_overlap(rule, other)
            for method in other.methods or ("GET",)
        ]
        return any(key != keys[0] for key in keys)

    def _is_mixed_at(self, adapter: MapAdapter, path: str, target: str) -> bool:
        decoded = decoded_path(path)
        # A method that is not served here may be redirected to the slash.
        methods = {method for place in {decoded, f"{decoded}/", target} for method in adapter.allowed_methods(place)}
        found = [match(adapter, decoded, method) for method in methods]
        policies = [self._of_rule(hit[0], hit[1], path) for hit in found if hit is not None]
        return any(policy != policies[0] for policy in policies)


def _nothing(_: str) -> None:
    return None
