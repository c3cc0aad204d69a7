"""``@cross_origin``: a policy for one view.

With ``CORS(app)`` the middleware answers. It reads the mark of the decorated function, so the function itself
does nothing. Without
``CORS(app)`` it answers preflights itself and sets the headers of its response, by the same functions.
"""

from __future__ import annotations

import functools
import inspect
import types
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast, overload

from flask import Flask, Request, Response, after_this_request, current_app
from werkzeug.exceptions import MethodNotAllowed

from ..errors import Problems, shown
from ..server.policy import UNREADABLE, CORSPolicy
from ..server.protocol import actual, granted, is_preflight, preflight, write_refusal
from ..server.rules import COVERED_KEY, path_on_entry, refuses_write
from .config import as_keyword, check_alone, reusable
from .cors import EXTENSION_KEY, known_routes, routes_of
from .flask_internals import AddedOptions, declares_options, request_context
from .marks import Declaration, Mark, put, put_on_decorator

if TYPE_CHECKING:
    from typing_extensions import Unpack

    from ..options.types import Options
    from .routes import Routes

F = TypeVar("F", bound=Callable[..., Any])

_BARE = Declaration({}, "@cross_origin: ")
_OPTIONS = AddedOptions("OPTIONS")


@overload
def cross_origin(view: F, /) -> F: ...
@overload
def cross_origin(**options: Unpack[Options]) -> Callable[[F], F]: ...
def cross_origin(view: Any = None, /, **options: Any) -> Any:
    """Give one view a policy of its own: ``@cross_origin`` or ``@cross_origin(origins=[...])``, below ``@app.route``.

    The options are those of ``CORSPolicy``. What is not given comes from ``app.config["CORS_..."]``, then from the
    defaults; *origins* in the end from ``CORS(app)``, and only without any of these it is ``"*"``.

    It decorates functions, async views and methods of a ``MethodView``, and stands in ``decorators`` and
    ``method_decorators`` of view classes; the one nearest to the function wins. Raises ``CORSConfigError`` when the
    decorator is made, or at the first request if the options of the configuration make it wrong.
    """
    if view is not None:
        _require_view(view)
        return _decorated(view, _BARE)
    problems = Problems()
    given = reusable(None, options)  # type: ignore[arg-type]
    if "resources" in given:
        problems.add_option("resources", given.pop("resources"), "is not an option of one view", "give it to CORS(app)")
    check_alone(given, problems)
    problems.raise_any()
    declaration = Declaration(given, "@cross_origin: ")

    def decorate(function: F) -> F:
        _require_view(function)
        return _decorated(function, declaration)

    put_on_decorator(decorate, declaration)
    return decorate


put_on_decorator(cross_origin, _BARE)  # bare, in a list of decorators


def _require_view(view: object) -> None:
    if isinstance(view, type):
        hint = "put it into the class, as decorators = [cross_origin(...)], or on its methods"
        raise TypeError(f"@cross_origin: {view.__qualname__} is a class: {hint}")
    if not callable(view):
        hint = as_keyword("@cross_origin(", view)
        raise TypeError(f"@cross_origin: {shown(view)} is not a view, and options are keywords: {hint}")


def _decorated(function: F, declaration: Declaration) -> F:
    is_async = inspect.iscoroutinefunction(function)
    declaration_id = id(declaration)  # the mark holds it

    @functools.wraps(function)
    def view(*args: Any, **kwargs: Any) -> Any:
        asked = request_context.get().request
        covered = asked.environ.get(COVERED_KEY)
        # Nothing is left to do if the edge knows that this declaration is of the matched rule.
        if covered is None or (id(asked.url_rule), declaration_id) not in covered[0].known or asked.method == "OPTIONS":
            answer = _answer_here(asked, mark, inspect.currentframe())
            if answer is not None:
                return answer
        if is_async:
            return current_app.ensure_sync(function)(*args, **kwargs)
        return function(*args, **kwargs)

    mark = Mark(declaration, function)
    put(view, mark)
    for routes in known_routes():
        routes.owners.hidden_marks.note_decorated(function, view)
    # Without CORS(app) the view has to see its own preflights.
    view.required_methods = {*getattr(function, "required_methods", ()), _OPTIONS}  # type: ignore[attr-defined]
    view.provide_automatic_options = False  # type: ignore[attr-defined]
    return cast("F", view)


def _answer_here(asked: Request, mark: Mark, frame: types.FrameType | None) -> Response | None:
    """Return the response that the view is not called for, or ``None`` after taking care of its headers."""
    rule = asked.url_rule
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    routes = routes_of(app)
    caller = frame.f_back if frame is not None else None
    if rule is None or not routes.report(rule, asked.environ, mark, caller):
        return None
    answer: Response | None = None
    if asked.method == "OPTIONS" and not declares_options(rule.methods):
        if not app.config.get("PROVIDE_AUTOMATIC_OPTIONS", True):
            raise MethodNotAllowed(sorted((rule.methods or set()) - {"OPTIONS"}))
        answer = app.make_default_options_response()
    policy = routes.policies.of(mark.declaration, path_on_entry(asked.environ))
    if refuses_write(policy, asked.environ) is not None:
        routes.refusals.report_write(asked.environ.get("HTTP_ORIGIN"), asked.environ)
        status, headers, body = write_refusal()
        return Response(body, status, headers)
    return answer if EXTENSION_KEY in app.extensions else _answer_alone(asked.environ, policy, routes, answer)


def _answer_alone(
    environ: dict[str, Any], policy: CORSPolicy, routes: Routes, answer: Response | None
) -> Response | None:
    """Do what the edge does, where there is no ``CORS(app)``."""
    method = environ.get("HTTP_ACCESS_CONTROL_REQUEST_METHOD")
    if is_preflight(environ["REQUEST_METHOD"], environ.get("HTTP_ORIGIN"), method):
        # By whichever view serves the announced method: Flask sends all OPTIONS of a URL to one of them.
        announced = routes.of_preflight(environ)
        return answer if announced is None else _preflight_response(announced, environ, routes)
    after_this_request(functools.partial(_with_headers, policy, environ, routes))
    return answer


def _preflight_response(policy: CORSPolicy, environ: dict[str, Any], routes: Routes) -> Response:
    status, headers, body = preflight(
        policy,
        environ["HTTP_ORIGIN"],
        environ["HTTP_ACCESS_CONTROL_REQUEST_METHOD"],
        environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS"),
        environ,
        environ.get("HTTP_ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK") == "true",
    )
    if body:
        routes.refusals.report_preflight(environ["HTTP_ORIGIN"], environ, body)
    return Response(body, status, headers)


def _with_headers(policy: CORSPolicy, environ: dict[str, Any], routes: Routes, response: Response) -> Response:
    origin = environ.get("HTTP_ORIGIN")
    grant = policy.without_origin if origin is None else actual(policy, origin, environ)
    if origin is not None and grant is UNREADABLE:
        routes.refusals.report(origin, environ)
    headers = granted(list(response.headers), grant)
    response.headers.clear()
    response.headers.extend(headers)
    return response
