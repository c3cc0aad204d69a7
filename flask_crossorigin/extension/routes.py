"""Which policy a request to a Flask application falls under.

The first that applies is final: the matched view's, its blueprint's, what a redirect, a 405 or a 404 leads to, the
application's. Nothing here imports Flask: an application is known by its URL map, views and configuration.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable
from types import FrameType
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, Rule

from ..errors import warn
from ..server.policy import CORSPolicy
from ..server.refusals import Refusals
from ..server.rules import OVERRIDE, LatePolicy, path_on_entry
from ..signals import sender_of
from .config import PathRules
from .flask_internals import REQUEST_KEY, has_answered, has_new_rules
from .kept import Kept
from .marks import EVERY_METHOD, Declaration, Mark, declaration_of, handler_of, methods_of, name_of
from .owners import Own, Owners
from .policies import Policies, nobody
from .relations import relation
from .url_map import decoded_path, match, may_overlap

if TYPE_CHECKING:
    from flask import Flask

    from ..options.types import OriginCallable

# Which declarations are known of which rule, by their ids; the values hold both.
Known = dict[tuple[int, int], tuple[Rule, Declaration]]


# A path with more characters is not matched with every method: its preflights are not cached.
_LONGEST_MATCHED_AGAIN = 2048


class Routes(LatePolicy):
    """The routes of one application with their policies.

    What is kept follows from the routes, the policies and the hidden marks. If one of those changes, ``_forget`` puts
    an empty ``Kept`` in place. A method that keeps something reads ``self._kept`` before everything else: then what a
    thread works out from the old state goes to the old object. ``known``: which declarations are known of which rule.
    """

    def __init__(self, app: Flask) -> None:
        self._app = weakref.ref(app)
        self._url_map = app.url_map
        self._views = app.view_functions
        self.policies = Policies(app.config, self._call_in_context)
        self.owners = Owners(app.url_map, app.view_functions)
        self._kept = Kept()
        self.refusals = Refusals(sender_of(app))
        self.known: Known = {}
        self._has_own_policies = False
        self._number_of_views = -1
        self.is_settled = False  # Flask lets nobody add routes any more
        self.is_by_host = False  # rules are matched with the host, too
        self._methods: set[str] = set()  # of all rules, if some rule has no list of methods
        self._adapter: MapAdapter | None = None
        self.when_own: Callable[[], None] = lambda: None  # called when a view turns out to have a policy of its own

    @property
    def app(self) -> Flask:
        """The application."""
        app = self._app()
        if app is None:
            raise RuntimeError("the Flask application is gone: keep the object itself, it is what servers call")
        return app

    def _call_in_context(self, function: OriginCallable, origin: str, environ: dict[str, Any]) -> bool:
        with self.app.app_context():
            return function(origin, environ)

    # --- whether there is anything to route for ------------------------------------------------------------

    def has_own_policies(self) -> bool:
        """Report whether any view or blueprint has a policy of its own, so that requests have to be routed.

        Raises ``CORSConfigError`` if what they declare is wrong.
        """
        if not self.is_settled and self._may_have_changed():
            self._look_again()
        return self._has_own_policies

    def _may_have_changed(self) -> bool:
        """Report whether routes may have been added; a preflight that is answered at the edge does not end this."""
        return has_answered(self.app) or has_new_rules(self._url_map) or len(self._views) != self._number_of_views

    def _look_again(self) -> None:
        settled = has_answered(self.app)
        self._url_map.update()
        self.is_by_host = bool(self._url_map.host_matching or self.app.subdomain_matching)
        rules = list(self._url_map.iter_rules())
        if any(rule.methods is None for rule in rules):
            self._methods = {
                name for rule in rules for name in methods_of(self._views.get(rule.endpoint), rule.methods)
            }
        self._forget()
        declared = list(self.owners.declared())
        self.policies.read(declared)
        self._has_own_policies = bool(declared or self.owners.blueprints or self.owners.hidden_marks)
        self._number_of_views = len(self._views)
        self.is_settled = settled

    def _forget(self) -> None:
        self.owners.forget()
        self._kept = Kept()
        self.known = {}

    # --- the policy of a request ---------------------------------------------------------------------------

    def of_preflight(self, environ: dict[str, Any]) -> CORSPolicy | None:
        """Return the policy of the request that a preflight announces.

        Where the methods of the URL fall under several policies, browsers must not cache the preflight: they would use
        it for every method that it lists, and its headers for all. https://fetch.spec.whatwg.org/#cors-preflight-cache
        """
        kept = self._kept
        path = environ.get("PATH_INFO", "")
        method = environ["HTTP_ACCESS_CONTROL_REQUEST_METHOD"]
        known = kept.preflights.get((path, method))
        if known is not None and known[1] is self._views.get(known[0].endpoint):
            return known[2]
        adapter = self._bind(environ)
        if adapter is None:
            return self.policies.of_application(path)
        decoded = decoded_path(path)
        found = match(adapter, decoded, method)
        if found is None:
            return self._of_missing(adapter, decoded, path)
        rule, served, target = found
        own = self.owners.own(rule, served)
        if len(own.declarations) > 1:
            return self._of_dispatcher(own, environ, path)
        policy = self._of_own(own, path)
        if policy is not None and self._is_mixed(rule, adapter, path, target):
            policy = policy.uncached
        is_one_url = not rule.arguments and path == target and not self.is_by_host
        # As many as there are rules without variables, and methods that they serve: not those that clients make up.
        if policy is not None and is_one_url and served == method and method in (rule.methods or EVERY_METHOD):
            kept.preflights[path, method] = rule, own.view, policy
        return policy

    def of_response(self, environ: dict[str, Any]) -> CORSPolicy | None:
        """Return the policy of a request that the application is answering."""
        method = environ["REQUEST_METHOD"]
        rule = getattr(environ.get(REQUEST_KEY), "url_rule", None)
        # It may be missing, or of another application: if a wrapper copied the environ, or mounts applications.
        if rule is not None and rule.map is self._url_map:
            known = self.owners.kept.get((id(rule), method))
            own = known[1] if known is not None and known[1].view is self._views.get(rule.endpoint) else None
            if own is None:
                own = self.owners.own(rule, method)
            return own.policy if own.policy is not None else self._of_own(own, path_on_entry(environ))
        return self._of_request(environ, path_on_entry(environ))

    def of_write(self, environ: dict[str, Any]) -> CORSPolicy | None:
        """Return the policy of a write. A view that has several, or hides its own, checks the write when it runs."""
        return self._of_request(environ, environ.get("PATH_INFO", "")) if self.policies.may_protect else None

    def _of_request(self, environ: dict[str, Any], path: str) -> CORSPolicy | None:
        """Return the policy of a request that is not routed yet, or not by this application."""
        adapter = self._bind(environ)
        if adapter is None:
            return self.policies.of_application(path)
        found = match(adapter, decoded_path(path), environ["REQUEST_METHOD"])
        if found is None:
            return self._of_missing(adapter, decoded_path(path), path)
        return self._of_own(self.owners.own(found[0], found[1]), path)

    def _bind(self, environ: dict[str, Any]) -> MapAdapter | None:
        """Return the URL map bound to the request's host, or ``None`` for a host that Flask refuses."""
        if self.is_by_host:
            try:
                adapter = self.app.create_url_adapter(self.app.request_class(environ, populate_request=False))
            except (HTTPException, UnicodeError):  # TRUSTED_HOSTS, and labels that IDNA refuses
                return None
            if adapter is not None:
                return adapter
        if self._adapter is None:
            self._adapter = self._url_map.bind("localhost")
        return self._adapter

    def _of_own(self, own: Own, path: str) -> CORSPolicy | None:
        if own.policy is not None:
            return own.policy
        if not own.declarations:
            return self._of_path(own.blueprints, path)
        if len(own.declarations) > 1:
            return nobody()  # a dispatcher that has not reported which function it runs
        policy = self.policies.of(own.declarations[0], path)
        if self.policies.is_constant(own.declarations[0]):
            own.policy = policy
        return policy

    def _of_path(self, blueprints: Iterable[PathRules], path: str) -> CORSPolicy | None:
        """Return the policy of the first of *blueprints* that covers *path*, or else the application's."""
        for rules in blueprints:
            if (declaration := rules.find(path)) is not None:
                return self.policies.of(declaration, path)
        return self.policies.of_application(path)

    def _of_missing(self, adapter: MapAdapter, decoded: str, path: str) -> CORSPolicy | None:
        """Return the policy of a path that is not served: of its blueprint by prefix, or of the application."""
        return self._of_path(self.owners.below_prefix(adapter, decoded), path)

    def _of_dispatcher(self, own: Own, environ: dict[str, Any], path: str) -> CORSPolicy:
        """Return the policy of a preflight to a dispatcher: one that refuses the origin, if any does; never cached."""
        policies = [self.policies.of(declaration, path) for declaration in own.declarations]
        refusing = [policy for policy in policies if not policy.allows(environ["HTTP_ORIGIN"], environ)]
        return (refusing or policies)[-1].uncached

    # --- decorated functions that report themselves --------------------------------------------------------

    def report(self, rule: Rule, environ: dict[str, Any], mark: Mark, caller: FrameType | None) -> bool:
        """Note that the decorated function of *mark* runs for *rule*; report whether the response falls under it.

        It does not where a view of its own calls the function. *caller*: the frame that called it.
        """
        self.has_own_policies()
        method = environ["REQUEST_METHOD"]
        view = self._views.get(rule.endpoint)
        seen = declaration_of(view, method)
        if seen is not None:
            if seen is not mark.declaration:
                return False
            self.known[id(rule), id(seen)] = (rule, seen)
            if not self._has_own_policies:  # the view has been replaced
                self._become_own(environ, mark)
            return True
        view_class = getattr(view, "view_class", None)
        outer = view if view_class is None else handler_of(view_class, method)
        found = relation(outer, mark.function, caller)
        if found == "wraps":
            if self.owners.hidden_marks.remember(rule, "" if view_class is None else method, mark):
                self._forget()
            self._become_own(environ, mark)
        elif found == "unknown":
            warn(
                f"{name_of(outer)} runs {name_of(mark.function)}, which has @cross_origin, and the library cannot "
                "find out which policy applies: the responses allow no origin. Decorate the registered view itself"
            )
            environ[OVERRIDE] = nobody()
        return found == "wraps"

    def _become_own(self, environ: dict[str, Any], mark: Mark) -> None:
        """Put the response of *environ* under *mark*, and let the routes decide from now on."""
        if not self._has_own_policies:
            self._has_own_policies = True
            self.when_own()
        policy = self.policies.of(mark.declaration, path_on_entry(environ))
        # What two functions with different policies have written falls under neither.
        environ[OVERRIDE] = policy if environ.get(OVERRIDE, policy) == policy else nobody()

    # --- URLs whose methods differ -------------------------------------------------------------------------

    def _is_mixed(self, rule: Rule, adapter: MapAdapter, path: str, target: str) -> bool:
        """Report whether the methods of one URL fall under more than one policy; *target*: where *rule* matches."""
        if len(path) > _LONGEST_MATCHED_AGAIN:
            return True
        if path != target:
            return self._is_mixed_at(adapter, path, target)
        kept = self._kept
        known = kept.mixed.get(id(rule))
        if known is None:
            mixed = None if self._may_be_mixed(rule) else False
            if mixed is None and not rule.arguments and not self.is_by_host:
                mixed = self._is_mixed_at(adapter, path, target)  # the only URL that the rule matches
            known = kept.mixed[id(rule)] = (rule, mixed)
        return self._is_mixed_at(adapter, path, target) if known[1] is None else known[1]

    def _may_be_mixed(self, rule: Rule) -> bool:
        """Report whether the rules that may match the same URLs as *rule* differ in what belongs to them."""
        keys = [
            self.owners.own(other, method).key
            for other in self._url_map.iter_rules()
            if may_overlap(rule, other)
            for method in methods_of(self._views.get(other.endpoint), other.methods)
        ]
        return any(key != keys[0] for key in keys)

    def _is_mixed_at(self, adapter: MapAdapter, path: str, target: str) -> bool:
        decoded = decoded_path(path)
        # A method that is not served here may be redirected to the slash.
        methods = {method for place in {decoded, f"{decoded}/", target} for method in adapter.allowed_methods(place)}
        methods |= self._methods
        found = [match(adapter, decoded, method) for method in methods]
        policies = [self._of_own(self.owners.own(hit[0], hit[1]), path) for hit in found if hit is not None]
        return any(policy != policies[0] for policy in policies)
