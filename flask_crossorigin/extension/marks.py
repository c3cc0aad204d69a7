"""Which options a view carries: the marks of ``@cross_origin``, and where they are found.

A mark is an attribute of the function that the decorator returns. Decorators with ``functools.wraps`` pass it on. One
without hides it: see ``relations``.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from .call_sites import call_site

if TYPE_CHECKING:
    from ..server.policy import CORSPolicy

_ON_VIEW = "_cross_origin_mark"
_ON_DECORATOR = "_cross_origin_declaration"


class Declaration:
    """The *options* that are given in one place; *where* names the place in messages.

    *policy*: what they make, where they depend on no other options. *site*: the line that declares them. *written*:
    the names of those that stand in this place itself, and do not come from the configuration or another place.
    """

    def __init__(
        self,
        options: Mapping[str, Any],
        where: str = "",
        policy: CORSPolicy | None = None,
        written: Iterable[str] | None = None,
    ) -> None:
        self.options = options
        self.written = frozenset(options if written is None else written)
        self.where = where
        self.policy = policy
        self.site = call_site()


class Mark:
    """One function under ``@cross_origin``: the *declaration*, and the *function* that it decorates."""

    def __init__(self, declaration: Declaration, function: Callable[..., Any]) -> None:
        self.declaration = declaration
        self.function = function


def put(view: Callable[..., Any], mark: Mark) -> None:
    """Mark *view*, the wrapper of ``mark.function``; a mark nearer to the function stays in force."""
    if mark_of(view) is None:
        setattr(view, _ON_VIEW, mark)


def put_on_decorator(decorator: Callable[..., Any], declaration: Declaration) -> None:
    """Note on *decorator* what it declares, for lists of decorators like ``method_decorators``."""
    setattr(decorator, _ON_DECORATOR, declaration)


def mark_of(view: object) -> Mark | None:
    """Return the mark that can be seen on *view*, also through partial objects and ``__wrapped__``."""
    while view is not None:
        mark = getattr(view, _ON_VIEW, None)
        if isinstance(mark, Mark):
            return mark
        view = view.func if isinstance(view, functools.partial) else getattr(view, "__wrapped__", None)
    return None


def declaration_of(view: object, method: str) -> Declaration | None:
    """Return what is declared for *method* of *view*: at the method itself, in its decorators, at the whole view."""
    view_class = getattr(view, "view_class", None)
    if view_class is not None:
        mark = mark_of(handler_of(view_class, method))
        if mark is not None:
            return mark.declaration
        for decorator in _method_decorators(view_class, method):
            declaration: Declaration | None = getattr(decorator, _ON_DECORATOR, None)
            if declaration is not None:
                return declaration
    mark = mark_of(view)
    return mark.declaration if mark is not None else None


def handler_of(view_class: type, method: str) -> object:
    """Return the function of a class-based view that answers *method*, as Flask chooses it."""
    handler = getattr(view_class, method.lower(), None)
    return getattr(view_class, "get", None) if handler is None and method == "HEAD" else handler


def _method_decorators(view_class: type, method: str) -> Iterable[Any]:
    """Return the decorators of a resource of Flask-RESTful or Flask-RESTX, the nearest to the method first."""
    decorators: Any = getattr(view_class, "method_decorators", ())
    found: Iterable[Any] = decorators.get(method.lower(), ()) if isinstance(decorators, Mapping) else decorators
    return found


def methods_of(view: object, rule_methods: Iterable[str] | None) -> set[str]:
    """Return the methods for which *view* may have different declarations; *rule_methods*: ``None`` for all."""
    if rule_methods is not None:
        return set(rule_methods)
    view_class = getattr(view, "view_class", None)
    return {*EVERY_METHOD, *(getattr(view_class, "methods", None) or ())}


EVERY_METHOD = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})


def marked_in_place_of(view: object) -> Mark | None:
    """Return the mark that stands above ``@app.route`` on the registered function *view*, or ``None``.

    Then the module has the marked function under the name of *view*, and the application has *view* itself.
    """
    if not isinstance(view, types.FunctionType) or mark_of(view) is not None:
        return None
    mark = mark_of(view.__globals__.get(view.__name__)) if "<locals>" not in view.__qualname__ else None
    return mark if mark is not None and mark.function is view else None


def name_of(function: object) -> str:
    """Return the full name of *function*, or of the class that a view was made of, as messages show it."""
    named = getattr(function, "view_class", function)
    return f"{getattr(named, '__module__', '')}.{qualname(named)}"


def qualname(function: object) -> str:
    """Return the name of *function* within its module."""
    return str(getattr(function, "__qualname__", type(function).__qualname__))
