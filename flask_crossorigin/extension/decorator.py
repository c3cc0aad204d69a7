"""TODO."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar, cast, overload

from flask import Flask, Request, Response, after_this_request, current_app, request
from werkzeug.exceptions import MethodNotAllowed

from ..errors import shown
from ..server.policy import CORSPolicy
from ..server.protocol import actual, granted, preflight
from .cors import KEY, ROUTES_KEY, is_preflight_environ, routes_of
from .marks import Mark, put, put_on_decorator

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ..options.types import Options
    from .routes import Routes


F = TypeVar("F", bound=Callable[..., Any])


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
        routes: Routes | None = asked.environ.get(ROUTES_KEY)
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
    if is_preflight_environ(environ):
        # Of whichever view serves the method that is asked for: Flask sends all OPTIONS of a URL to one of them.
        routes.has_own_policies()
        asked_for = routes.of_preflight(environ, environ["HTTP_ACCESS_CONTROL_REQUEST_METHOD"])
        return answer if asked_for is None else _preflight_response(asked_for, environ)
    after_this_request(functools.partial(_with_headers, policy, environ))
    return answer


def _declares_options(methods: Iterable[str] | None) -> bool:
    return not any(isinstance(method, _AddedOptions) for method in methods or ())


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
