"""The Flask extension: ``CORS`` for applications and blueprints, ``@cross_origin`` for views.

It wraps ``app.wsgi_app`` with ``CORSMiddleware`` and answers one question: which policy does a request fall
under? ``routing`` knows.
"""

from __future__ import annotations

import functools
import inspect
import weakref
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar, cast, overload

from flask import Blueprint, Flask, Request, Response, after_this_request, current_app, request
from werkzeug.exceptions import MethodNotAllowed

from .errors import Problems, shown, warn
from .marks import Mark, put, put_on_decorator
from .policy import CORSPolicy
from .protocol import actual, granted, is_preflight, preflight
from .resources import from_config, kept, path_rules
from .wsgi import CORSMiddleware, Later

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from .routing import Routes
    from .typed import Options, OriginCallable, Resources

KEY = "flask_crossorigin"
_ROUTES = "flask_crossorigin.routes"  # in app.extensions, and in the environ of a covered request

F = TypeVar("F", bound=Callable[..., Any])

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


# --- applications and blueprints -----------------------------------------------------------------------------


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
        if environ["REQUEST_METHOD"] == "OPTIONS" and _is_preflight(environ):
            return self._in_context(routes.of_preflight(environ, environ["HTTP_ACCESS_CONTROL_REQUEST_METHOD"]))
        environ[_ROUTES] = routes
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
    routes: Routes | None = app.extensions.get(_ROUTES)
    if routes is None:
        from .routing import Routes  # with the first application, not with the package

        routes = app.extensions[_ROUTES] = Routes(app)
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


# --- views ---------------------------------------------------------------------------------------------------


@overload
def cross_origin(view: F, /) -> F: ...
@overload
def cross_origin(**options: Unpack[Options]) -> Callable[[F], F]: ...
def cross_origin(view: Any = None, /, **options: Any) -> Any:
    """Give one view a policy of its own: ``@cross_origin`` or ``@cross_origin(origins=[...])``, below ``@app.route``.

    The options are those of ``CORSPolicy``; *origins* is ``"*"`` unless given. It decorates functions, async
    views and methods of a ``MethodView``, and stands in ``decorators`` and ``method_decorators`` of view classes;
    the one nearest to the function wins. Raises ``CORSConfigError`` when the decorator is made.
    """
    if view is not None:
        _require_view(view)
        return _decorated(view, _public())
    policy = CORSPolicy(**({"origins": "*"} | options))

    def decorate(function: F) -> F:
        _require_view(function)
        return _decorated(function, policy)

    put_on_decorator(decorate, lambda: policy)
    return decorate


@functools.cache
def _public() -> CORSPolicy:
    return CORSPolicy(origins="*")


put_on_decorator(cross_origin, _public)  # bare, in a list of decorators


def _require_view(view: object) -> None:
    if isinstance(view, type):
        hint = "put it into the class, as decorators = [cross_origin(...)], or on its methods"
        raise TypeError(f"@cross_origin: {view.__qualname__} is a class: {hint}")
    if not callable(view):
        raise TypeError(f"@cross_origin: {shown(view)} is not a view: write @cross_origin(origins={shown(view)})")


class _AddedOptions(str):
    """``"OPTIONS"`` as the decorator adds it to a route, to be told from one that the route declares itself."""

    __slots__ = ()

    def upper(self) -> str:
        return self


_OPTIONS = _AddedOptions("OPTIONS")


def _decorated(function: F, policy: CORSPolicy) -> F:
    is_async = inspect.iscoroutinefunction(function)

    @functools.wraps(function)
    def view(*args: Any, **kwargs: Any) -> Any:
        asked = request._get_current_object()  # type: ignore[attr-defined] # one look through the proxy, which is slow
        routes: Routes | None = asked.environ.get(_ROUTES)
        # Nothing is left to do if CORS(app) sees to the request, and knows of this policy.
        if routes is None or asked.method == "OPTIONS" or (id(asked.url_rule), id(policy)) not in routes.known:
            answer = _answer_here(asked, policy, function)
            if answer is not None:
                return answer
        call = current_app.ensure_sync(function) if is_async else function
        return call(*args, **kwargs)

    put(view, Mark(policy, function))
    # Without CORS(app) the view has to see its own preflights.
    view.required_methods = {*getattr(function, "required_methods", ()), _OPTIONS}  # type: ignore[attr-defined]
    view.provide_automatic_options = False  # type: ignore[attr-defined]
    return cast("F", view)


def _answer_here(asked: Request, policy: CORSPolicy, function: Callable[..., Any]) -> Response | None:
    """Return the answer that the view is not asked for, or ``None`` after seeing to the headers of its own."""
    rule = asked.url_rule
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    routes = routes_of(app)
    if rule is None or not routes.report(rule, asked.method, policy, function):
        return None
    environ = asked.environ
    alone = KEY not in app.extensions
    if not alone:
        app.extensions[KEY].route()
    if asked.method == "OPTIONS" and not _declares_options(rule.methods):
        if not current_app.config.get("PROVIDE_AUTOMATIC_OPTIONS", True):
            raise MethodNotAllowed(sorted((rule.methods or set()) - {"OPTIONS"}))
        answer: Response | None = current_app.make_default_options_response()
    else:
        answer = None
    if not alone:
        return answer
    if _is_preflight(environ):
        # Of whichever view serves the method that is asked for: Flask sends all OPTIONS of a URL to one of them.
        routes.has_own_policies()
        asked_for = routes.of_preflight(environ, environ["HTTP_ACCESS_CONTROL_REQUEST_METHOD"])
        return answer if asked_for is None else _preflight_response(asked_for, environ)
    after_this_request(functools.partial(_with_headers, policy, environ))
    return answer


def _declares_options(methods: Iterable[str] | None) -> bool:
    return not any(isinstance(method, _AddedOptions) for method in methods or ())


def _is_preflight(environ: dict[str, Any]) -> bool:
    return is_preflight(
        environ["REQUEST_METHOD"], environ.get("HTTP_ORIGIN"), environ.get("HTTP_ACCESS_CONTROL_REQUEST_METHOD")
    )


def _preflight_response(policy: CORSPolicy, environ: dict[str, Any]) -> Response:
    status, headers, body = preflight(
        policy,
        environ["HTTP_ORIGIN"],
        environ["HTTP_ACCESS_CONTROL_REQUEST_METHOD"],
        environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS"),
        environ,
        environ.get("HTTP_ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK") == "true",
    )
    return Response(body, status, headers)


def _with_headers(policy: CORSPolicy, environ: dict[str, Any], response: Response) -> Response:
    headers = granted(list(response.headers), actual(policy, environ.get("HTTP_ORIGIN"), environ))
    response.headers.clear()
    response.headers.extend(headers)
    return response
