"""``CORS``: the extension for applications and blueprints.

It wraps ``app.wsgi_app`` with ``CORSMiddleware`` and answers one question: which policy does a request fall under?
``routes`` knows.
"""

from __future__ import annotations

import functools
import weakref
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NoReturn

from werkzeug.local import LocalProxy

from ..errors import Problems, shown, warn
from ..server.callables import is_asgi, makes_applications
from ..server.middleware import CORSMiddleware
from ..server.overrides import warn_of_overrides
from ..server.policy import CORSPolicy
from ..server.rules import LatePolicy
from ..signals import sender_of
from .call_sites import call_site
from .config import as_keyword, check_alone, from_config, make_policy, path_rules, reusable
from .flask_internals import has_answered, is_registered, weak_wsgi_app
from .one_call import one_call

if TYPE_CHECKING:
    from flask import Blueprint, Flask
    from typing_extensions import Unpack

    from ..options.types import Options, Resources
    from .routes import Routes

EXTENSION_KEY = "flask_crossorigin"  # in app.extensions
ROUTES_KEY = "flask_crossorigin.routes"  # in app.extensions

_covered_blueprints: weakref.WeakKeyDictionary[Blueprint, Mapping[str, Any]] = weakref.WeakKeyDictionary()
_all_routes: weakref.WeakSet[Routes] = weakref.WeakSet()
# Packages that trace requests: they wrap app.wsgi_app and change neither host nor path.
_TRACERS = frozenset({"ddtrace", "elasticapm", "newrelic", "opentelemetry", "scout_apm", "sentry_sdk", "wrapt"})


class CORS:
    """CORS for a Flask application or a blueprint: ``CORS(app)``, ``CORS(blueprint)``, ``CORS().init_app(app)``.

    *resources*: path patterns with options of their own, ``{"/api/*": {"origins": [...]}}``, on top of the others; or
    only patterns, for these paths alone. All other options are those of ``CORSPolicy``; *origins* is ``"*"`` unless
    given. For an application, options that are not given are read from ``app.config["CORS_..."]``; for a blueprint from
    there, and *origins* in the end from ``CORS(app)``.

    Raises ``CORSConfigError``.
    """

    def __init__(
        self,
        app: Flask | Blueprint | None = None,
        *positional: NoReturn,
        resources: Resources | None = None,
        **options: Unpack[Options],
    ) -> None:
        _require_keywords(positional)
        self._given = reusable(resources, options)
        if app is not None:
            self.init_app(app)

    def init_app(
        self,
        app: Flask | Blueprint,
        *positional: NoReturn,
        resources: Resources | None = None,
        **options: Unpack[Options],
    ) -> None:
        """Cover *app*; options given here override those of the constructor."""
        _require_keywords(positional)
        given = self._given | reusable(resources, options)
        found: Any = app._get_current_object() if isinstance(app, LocalProxy) else app
        # By what they can do: tracing packages replace the class flask.Flask.
        if hasattr(found, "wsgi_app") and hasattr(found, "url_map"):
            _cover_application(found, given)
        elif hasattr(found, "deferred_functions") and hasattr(found, "record"):
            _cover_blueprint(found, given)
        else:
            hint = "write CORS(app, origins=[...]) with a Flask application"
            if callable(found) and not is_asgi(found) and not makes_applications(found):
                hint = "write CORSMiddleware(app, origins=[...]), which is for every WSGI application"
            raise TypeError(f"app: {shown(app)} is not a Flask application or blueprint: {hint}")


def _require_keywords(positional: tuple[object, ...]) -> None:
    if positional:
        raise TypeError(f"CORS takes its options as keywords: {as_keyword('CORS(app, ', positional[0])}")


class _Extension:
    """What ``app.extensions["flask_crossorigin"]`` holds: the *routes* of the application and the *middleware*.

    The middleware's policy is ``find``, which is called for every request, until the first request is over. From then
    on Flask lets nobody add routes, and what ``find`` returns takes its place, which saves a call: the application's
    policy, or the *routes* if a view or a blueprint has a policy of its own. ``route`` puts the routes there later,
    when a view turns out to hide its policy.
    """

    def __init__(self, app: Flask) -> None:
        self.routes = routes_of(app)
        self.given: Mapping[str, Any] | None = None  # to CORS(app)
        self.site = ""  # of that call
        self._checked = False
        self._is_opaque = False
        # Tracing packages replace the method of the class: that is no wrapper of this application.
        self._is_wrapped = "wsgi_app" in vars(app)
        self.inner: Any = weak_wsgi_app(app)
        self.middleware = CORSMiddleware(
            self.inner,
            self.find,
            debug=functools.partial(_is_debugged, app.config),
            testing=functools.partial(_propagates, app.config),
            on_refused=sender_of(app),
        )
        self.routes.when_own = self.route
        app.wsgi_app = self.middleware  # type: ignore[method-assign]
        app.extensions[EXTENSION_KEY] = self

    def find(self, environ: dict[str, Any]) -> CORSPolicy | LatePolicy | None:
        """Return the policy of a request, or the routes if they have to find it."""
        routes = self.routes
        if not self._checked:
            self._check()
        found: CORSPolicy | LatePolicy | None = routes
        if not routes.has_own_policies() and not self._is_opaque:
            found = routes.policies.of_application(environ.get("PATH_INFO", ""))
            if routes.policies.application.depends_on_path:
                return found
        if found is not None and routes.is_settled:
            self.middleware.policy = found
        return found

    def route(self) -> None:
        """Let the routes find the policy of every request from now on."""
        self.middleware.policy = self.find

    def _check(self) -> None:
        """Warn, at the first request, about mistakes that can be seen only when everything is registered."""
        self._checked = True
        for name in self.routes.owners.hidden_marks.without_effect():
            warn(f"@cross_origin on {name} has no effect above @app.route: write it below")
        if self.routes.policies.may_protect:
            warn_of_overrides(self.inner)
        # A wrapper may hand on a copy of the environ, in which a decorated function reports itself in vain.
        self._is_opaque = not self._sees_what_flask_sees()
        if self._is_opaque and self.routes.has_own_policies():
            warn(
                f"{shown(self.inner)} wraps app.wsgi_app below CORS(app) and may change the host or path "
                "by which views are found: call CORS(app) before anything else wraps app.wsgi_app"
            )

    def _sees_what_flask_sees(self) -> bool:
        if not self._is_wrapped:
            return True
        from werkzeug.middleware.proxy_fix import ProxyFix

        inner: Any = self.inner
        method = (self.routes.app, "wsgi_app")
        while (getattr(inner, "__self__", None), getattr(inner, "__name__", "")) != method:
            if isinstance(inner, ProxyFix) and not self.routes.is_by_host:
                inner = inner.app
            else:
                return _module_of(inner) in _TRACERS
        return True


def _module_of(wrapper: object) -> str:
    return str(getattr(wrapper, "__module__", None) or type(wrapper).__module__).partition(".")[0]


def _is_debugged(config: Mapping[str, Any]) -> bool:
    return bool(config["DEBUG"])


def _propagates(config: Mapping[str, Any]) -> bool:
    """Report whether exceptions of the application have to reach the server."""
    return bool(config["TESTING"]) or config.get("PROPAGATE_EXCEPTIONS") is not None


def routes_of(app: Flask) -> Routes:
    """Return what is known of the views and blueprints of *app*, with ``CORS(app)`` or without."""
    routes: Routes | None = app.extensions.get(ROUTES_KEY)
    if routes is None:
        from .routes import Routes  # with the first application, not with the package

        routes = app.extensions[ROUTES_KEY] = Routes(app)
        _all_routes.add(routes)
    return routes


def known_routes() -> Iterable[Routes]:
    """Return what is known of all living applications that use this extension."""
    return list(_all_routes)


def _extension_of(app: Flask) -> _Extension:
    extension = app.extensions.get(EXTENSION_KEY)
    return extension if isinstance(extension, _Extension) else _Extension(app)


def _cover_application(app: Flask, given: dict[str, Any]) -> None:
    problems = Problems()
    existing = app.extensions.get(EXTENSION_KEY)
    if existing is not None and existing.given is not None:
        hint = one_call("CORS(app", existing.given, given, {"origins": "*"} | from_config(app.config, Problems()))
        problems.add("app", app, "invalid", "has CORS already", hint)
    if has_answered(app):
        problems.add("app", app, "invalid", "has answered requests already", "call CORS(app) where the app is made")
    rules = path_rules(given, "", problems, from_config(app.config, problems))
    for declaration in rules.declarations():
        declaration.policy = make_policy(declaration.options, declaration.where, problems)
    problems.raise_any()
    extension = _extension_of(app)
    for declaration in rules.declarations():
        declaration.policy = extension.routes.policies.bound(declaration.policy)
    extension.given, extension.site = given, call_site()
    extension.routes.policies.application = rules


def _cover_blueprint(blueprint: Blueprint, given: dict[str, Any]) -> None:
    problems = Problems()
    name = blueprint.name
    if blueprint in _covered_blueprints:
        hint = one_call("CORS(blueprint", _covered_blueprints[blueprint], given, {})
        problems.add("blueprint", name, "invalid", "has CORS already", hint)
    if is_registered(blueprint):
        hint = "move CORS(blueprint) above app.register_blueprint(blueprint)"
        problems.add("blueprint", name, "invalid", "is registered already", hint)
    rules = path_rules(given, f"CORS(blueprint {name!r}): ", problems)
    for declaration in rules.declarations():
        check_alone(declaration.options, problems)
    problems.raise_any()
    _covered_blueprints[blueprint] = given

    def register(state: Any) -> None:
        _extension_of(state.app).routes.owners.add_blueprint(state, rules)

    blueprint.record(register)
