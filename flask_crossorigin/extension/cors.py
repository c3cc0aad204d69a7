"""The Flask extension: ``CORS`` for applications and blueprints, ``@cross_origin`` for views.

It wraps ``app.wsgi_app`` with ``CORSMiddleware`` and answers one question: which policy does a request fall
under? ``routing`` knows.
"""

from __future__ import annotations

import weakref
from typing import TYPE_CHECKING, Any, cast

from flask import Blueprint, Flask

from ..errors import Problems, shown, warn
from ..server.middleware import CORSMiddleware, Later
from ..server.policy import CORSPolicy
from ..server.protocol import is_preflight
from .config import from_config, kept, path_rules

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ..options.types import Options, OriginCallable, Resources
    from .routes import Routes


KEY = "flask_crossorigin"


ROUTES_KEY = "flask_crossorigin.routes"  # in app.extensions, and in the environ of a covered request


_covered_blueprints: weakref.WeakSet[Blueprint] = weakref.WeakSet()


class CORS:
    """CORS for a Flask application or a blueprint: ``CORS(app)``, ``CORS(blueprint)``, ``CORS().init_app(app)``.

    *resources*: path patterns with options of their own, ``{"/api/*": {"origins": [...]}}``, on top of the others;
    or just patterns, for these paths alone. All other options are those of ``CORSPolicy``; *origins* is ``"*"``
    unless given. For an application, what is not given is read from ``app.config["CORS_..."]``.

    Raises ``CORSConfigError``.
    """

    def __init__(
        self,
        app: Flask | Blueprint | None = None,
        *,
        resources: Resources | None = None,
        **options: Unpack[Options],
    ) -> None:
        self._given = kept(resources, options)
        if app is not None:
            self.init_app(app)

    def init_app(
        self, app: Flask | Blueprint, *, resources: Resources | None = None, **options: Unpack[Options]
    ) -> None:
        """Cover *app*; options given here go before those of the constructor."""
        given = self._given | kept(resources, options)
        if isinstance(app, Flask):
            _cover_application(app, given)
        elif isinstance(app, Blueprint):
            _cover_blueprint(app, given)
        else:
            raise TypeError(
                f"app: {shown(app)} is not a Flask application or blueprint: write CORS(app, origins=[...])"
            )


class _Extension:
    """What ``app.extensions["flask_crossorigin"]`` holds: the *routes* of the application and the *middleware*."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.routes = routes_of(app)
        self.has_application_policy = False
        self._checked = False
        self._bound: dict[int, tuple[CORSPolicy, CORSPolicy]] = {}
        inner = app.wsgi_app
        self.inner = inner
        # app.debug, without the call of its property
        self.middleware = CORSMiddleware(
            inner, self._find, debug=lambda: app.config["DEBUG"], testing=lambda: app.testing
        )
        app.wsgi_app = cast("Any", self.middleware)  # type: ignore[method-assign]
        app.extensions[KEY] = self

    def _find(self, environ: dict[str, Any]) -> CORSPolicy | Later | None:
        routes = self.routes
        path = environ.get("PATH_INFO", "")
        if not self._checked:
            self._check()
        if not routes.has_own_policies():
            policy = self._in_context(routes.application(path))
            if policy is not None and routes.has_one_policy():
                self.middleware.policy = policy  # until a view is found to have hidden one of its own
            return policy
        if environ["REQUEST_METHOD"] == "OPTIONS" and is_preflight_environ(environ):
            return self._in_context(routes.of_preflight(environ, environ["HTTP_ACCESS_CONTROL_REQUEST_METHOD"]))
        environ[ROUTES_KEY] = routes
        return lambda: self._in_context(routes.of_response(environ, path))

    def route(self) -> None:
        """Ask ``routing`` about the requests to come: a view has a policy of its own."""
        self.middleware.policy = self._find

    def _in_context(self, policy: CORSPolicy | None) -> CORSPolicy | None:
        """Return *policy* with its callables called in an application context."""
        if policy is None or not policy.has_callables:
            return policy
        if id(policy) not in self._bound:
            self._bound[id(policy)] = (policy, policy.calling(self._call))
        return self._bound[id(policy)][1]

    def _call(self, function: OriginCallable, origin: str, environ: dict[str, Any]) -> bool:
        with self.app.app_context():
            return function(origin, environ)

    def _check(self) -> None:
        """Warn, at the first request, of what can be seen only when everything is registered."""
        self._checked = True
        self.routes.warn_of_marks_without_effect()
        if self.routes.has_own_policies() and not self._sees_what_flask_sees():
            warn(
                f"{shown(self.inner)} wraps app.wsgi_app below CORS(app) and may change the host or path "
                "by which views are found: call CORS(app) first, so that it is outside"
            )

    def _sees_what_flask_sees(self) -> bool:
        from werkzeug.middleware.proxy_fix import ProxyFix

        inner: Any = self.inner
        if isinstance(inner, ProxyFix) and not self.routes.is_by_host():
            inner = inner.app
        return getattr(inner, "__func__", None) is type(self.app).wsgi_app


def routes_of(app: Flask) -> Routes:
    """Return what is known of the views and blueprints of *app*, with ``CORS(app)`` or without."""
    routes: Routes | None = app.extensions.get(ROUTES_KEY)
    if routes is None:
        from .routes import Routes  # with the first application, not with the package

        routes = app.extensions[ROUTES_KEY] = Routes(app)
    return routes


def _extension_of(app: Flask) -> _Extension:
    extension = app.extensions.get(KEY)
    return extension if isinstance(extension, _Extension) else _Extension(app)


def _cover_application(app: Flask, given: dict[str, Any]) -> None:
    problems = Problems()
    existing = app.extensions.get(KEY)
    if existing is not None and existing.has_application_policy:
        hint = "give it all paths in one call, with resources={'/api/*': {...}, ...}"
        problems.add("app", app, "invalid", "has CORS already", hint)
    if app._got_first_request:
        problems.add("app", app, "invalid", "has answered requests already", "call CORS(app) where the app is made")
    rules = path_rules(from_config(app.config, problems) | given, problems)
    problems.raise_any()
    extension = _extension_of(app)
    extension.has_application_policy = True
    extension.routes.application = rules


def _cover_blueprint(blueprint: Blueprint, given: dict[str, Any]) -> None:
    problems = Problems()
    if blueprint in _covered_blueprints:
        hint = "give it all paths in one call, with resources={'/api/*': {...}, ...}"
        problems.add("blueprint", blueprint, "invalid", "has CORS already", hint)
    if blueprint._got_registered_once:
        hint = "call CORS(blueprint) before app.register_blueprint"
        problems.add("blueprint", blueprint, "invalid", "is registered already", hint)
    rules = path_rules(given, problems)
    problems.raise_any()
    _covered_blueprints.add(blueprint)
    blueprint.record(lambda state: _extension_of(cast("Flask", state.app)).routes.add_blueprint(state, rules))


def is_preflight_environ(environ: dict[str, Any]) -> bool:
    return is_preflight(
        environ["REQUEST_METHOD"], environ.get("HTTP_ORIGIN"), environ.get("HTTP_ACCESS_CONTROL_REQUEST_METHOD")
    )
