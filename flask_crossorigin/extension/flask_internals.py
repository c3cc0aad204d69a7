"""What this library reads of Flask and Werkzeug that is not documented, each with its reason. Nothing else does.

``tests/extension/test_flask_internals.py`` runs every function with the lowest and the newest versions.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import flask.globals

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication
    from flask import Blueprint, Flask
    from werkzeug.routing import BaseConverter, Map, Rule


def has_answered(app: Flask) -> bool:
    """Report whether *app* has answered a request; from then on Flask lets nobody add routes.

    Flask documents no other way to know: ``before_first_request`` is gone since 2.3.
    """
    return app._got_first_request


def is_registered(blueprint: Blueprint) -> bool:
    """Report whether *blueprint* was registered with an application, so that ``record`` comes too late."""
    return blueprint._got_registered_once


def has_new_rules(url_map: Map) -> bool:
    """Report whether rules were added since the last match: the cheapest way to see a new route."""
    return url_map._remap


def converters_of(rule: Rule) -> dict[str, BaseConverter]:
    """Return the converters of *rule* by the name of their variable; ``Rule.arguments`` has only the names."""
    return rule._converters


# Where Werkzeug's Request puts itself into the environ. It has the matched rule when the response starts, and by then
# Flask's context may be gone.
REQUEST_KEY = "werkzeug.request"


class _RequestContext:
    """Flask's request context by its public proxy, with the method of a context variable."""

    def get(self) -> Any:
        """Return the context of the current request."""
        return flask.globals.request_ctx._get_current_object()  # type: ignore[attr-defined]


# The context variable behind flask.request: its proxy costs every call of a decorated view 1,000 instructions more.
request_context: Any = getattr(flask.globals, "_cv_request", None) or _RequestContext()


def weak_wsgi_app(app: Flask) -> WSGIApplication:
    """Return ``app.wsgi_app``, without a reference to *app* where it is the method of its class.

    The middleware is an attribute of the application. With a reference back, neither would be freed at zero references.
    ``type(app)`` and not ``Flask``: a subclass may have a ``wsgi_app`` of its own.
    """
    inner: Any = app.wsgi_app
    if getattr(inner, "__self__", None) is app and getattr(inner, "__func__", None) is type(app).wsgi_app:
        return inner.__func__.__get__(weakref.proxy(app))  # type: ignore[no-any-return]
    return inner  # type: ignore[no-any-return]


class AddedOptions(str):
    """``"OPTIONS"``, as ``@cross_origin`` adds it to the methods of a route.

    A view has to answer its own preflights where there is no ``CORS(app)``, so the decorator adds OPTIONS to the route
    by Flask's ``required_methods``. Flask merges it into the route's methods by a union of sets, which keeps the
    element that is there already. So a rule holds this object only if the route did not declare OPTIONS itself.
    """

    __slots__ = ()

    def upper(self) -> str:
        """Return this very object, where Werkzeug copies methods in capitals."""
        return self


def declares_options(methods: Iterable[str] | None) -> bool:
    """Report whether a route with *methods* declares OPTIONS itself, so that its view answers it."""
    return not any(isinstance(method, AddedOptions) for method in methods or ())
