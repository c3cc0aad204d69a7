"""Which policy a view carries: the marks that ``@cross_origin`` leaves, and where they can be found.

A mark is an attribute of the function that the decorator returns. Decorators that use ``functools.wraps`` hand
it on; one that does not hides it, and then the view says so when it runs.
"""

from __future__ import annotations

import functools
import types
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from ..server.policy import CORSPolicy

_ON_VIEW = "_cross_origin_mark"


_ON_DECORATOR = "_cross_origin_decorates"


class Mark:
    """One use of ``@cross_origin``: its *policy*, and the *function* that it decorates."""

    def __init__(self, policy: CORSPolicy, function: Callable[..., Any]) -> None:
        self.policy = policy
        self.function = function
        self.use = object()  # what tells it from other marks, and outlives it


# The uses around each function, to find those that stand above @app.route and so have no effect.
_around: weakref.WeakKeyDictionary[Any, set[object]] = weakref.WeakKeyDictionary()


def put(view: Callable[..., Any], mark: Mark) -> None:
    """Mark *view*, the wrapper of ``mark.function``; a mark nearer to the function stays in force."""
    if mark_of(view) is None:
        setattr(view, _ON_VIEW, mark)
    if isinstance(mark.function, types.FunctionType):
        _around.setdefault(mark.function, set()).add(mark.use)


def put_on_decorator(decorator: Callable[..., Any], policy: Callable[[], CORSPolicy]) -> None:
    """Mark *decorator*, which gives what *policy* returns to a view, for lists like ``method_decorators``."""
    setattr(decorator, _ON_DECORATOR, policy)


def mark_of(view: object) -> Mark | None:
    """Return the mark that can be seen on *view*, through partial objects and ``__wrapped__`` too."""
    while view is not None:
        mark = getattr(view, _ON_VIEW, None)
        if isinstance(mark, Mark):
            return mark
        view = view.func if isinstance(view, functools.partial) else getattr(view, "__wrapped__", None)
    return None


def policy_of(view: object, method: str) -> CORSPolicy | None:
    """Return the policy of *view* for *method*: of the method itself, of its decorators, of the whole view."""
    view_class = getattr(view, "view_class", None)
    if view_class is not None:
        mark = mark_of(handler_of(view_class, method))
        if mark is not None:
            return mark.policy
        for decorator in _method_decorators(view_class, method):
            policy: Callable[[], CORSPolicy] | None = getattr(decorator, _ON_DECORATOR, None)
            if policy is not None:
                return policy()
    mark = mark_of(view)
    return mark.policy if mark is not None else None


def handler_of(view_class: type, method: str) -> object:
    """Return the function of a class-based view that answers *method*, as Flask chooses it."""
    handler = getattr(view_class, method.lower(), None)
    return getattr(view_class, "get", None) if handler is None and method == "HEAD" else handler


def _method_decorators(view_class: type, method: str) -> Iterable[Any]:
    """Return the decorators of a resource of Flask-RESTful or Flask-RESTX, the nearest to the method first."""
    decorators: Any = getattr(view_class, "method_decorators", ())
    found: Iterable[Any] = decorators.get(method.lower(), ()) if isinstance(decorators, Mapping) else decorators
    return found


def may_have_policy(view: object) -> bool:
    """Report whether *view*, or a method of it, carries a mark, or holds a function that does."""
    view_class = getattr(view, "view_class", None)
    methods = getattr(view_class, "methods", None) or ()
    handlers = [handler_of(view_class, method) for method in methods] if view_class is not None else []
    return (
        any(policy_of(view, method) is not None for method in methods or ("GET",))
        or _holds(view, mark_of)
        or any(_holds(handler, mark_of) for handler in handlers)
    )


def without_effect(views: Iterable[object]) -> Iterator[str]:
    """Yield the names of those of *views* that ``@cross_origin`` decorates from above ``@app.route``."""
    views = list(views)
    effective = {mark.use for view in views if (mark := mark_of(view)) is not None}
    for view in views:
        if isinstance(view, types.FunctionType) and mark_of(view) is None:
            uses = _around.get(view, set())
            if uses and not uses & effective:
                yield name_of(view)


def name_of(function: object) -> str:
    """Return the full name of *function*, as messages show it."""
    return f"{getattr(function, '__module__', '')}.{_qualname(function)}"


def hides(outer: object, function: Callable[..., Any]) -> bool:
    """Report whether *outer* is a decorator's replacement for *function*, and no view that calls it.

    Both may hold *function* in a closure; but a view is defined beside the function that it calls, and a
    decorator's inner function is defined in the decorator.
    """
    if isinstance(outer, types.FunctionType) and _scope(outer) == _scope(function):
        return False
    return _holds(outer, lambda held: _decorated(held) is function)


def _scope(function: object) -> tuple[str, str]:
    return getattr(function, "__module__", ""), _qualname(function).rpartition(".")[0]


def _qualname(function: object) -> str:
    return str(getattr(function, "__qualname__", type(function).__qualname__))


def _holds(holder: object, wanted: Callable[[object], object], depth: int = 8) -> bool:
    """Report whether *holder*, or a callable that it keeps, is *wanted*."""
    return bool(wanted(holder)) or (depth > 0 and any(_holds(held, wanted, depth - 1) for held in _held(holder)))


def _decorated(view: object) -> object:
    mark = mark_of(view)
    return mark.function if mark is not None else None


def _held(holder: object) -> Iterator[object]:
    """Yield the callables that *holder* keeps in its closure, its attributes or as what it is bound to."""
    for cell in getattr(holder, "__closure__", None) or ():
        try:
            held = cell.cell_contents
        except ValueError:  # not filled yet
            continue
        if callable(held):
            yield held
    if isinstance(holder, functools.partial | types.MethodType):
        yield holder.func if isinstance(holder, functools.partial) else holder.__func__
    elif not isinstance(holder, types.FunctionType | type):
        yield from filter(callable, vars(holder).values() if hasattr(holder, "__dict__") else ())
