"""Which options a view carries: the marks of ``@cross_origin``, and where they are found.

A mark is an attribute of the function that the decorator returns. Decorators with ``functools.wraps`` pass it on. One
without hides it: then the decorated function reports itself when it runs, and ``relation`` finds out whether the view
is a wrapper of this function, or a view of its own that calls it.
"""

from __future__ import annotations

import functools
import types
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from ..server.policy import CORSPolicy

_ON_VIEW = "_cross_origin_mark"
_ON_DECORATOR = "_cross_origin_declaration"
_MOST_HELD = 1000  # objects that are searched for a hidden function


class Declaration:
    """The *options* that are given in one place; *where* names the place in messages.

    *policy*: what they make, where they depend on no other options.
    """

    def __init__(self, options: Mapping[str, Any], where: str = "", policy: CORSPolicy | None = None) -> None:
        self.options = options
        self.where = where
        self.policy = policy


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
    """Return the full name of *function*, as messages show it."""
    return f"{getattr(function, '__module__', '')}.{_qualname(function)}"


# --- views that hide their mark ------------------------------------------------------------------------------

Relation = Literal["wraps", "calls", "unknown"]


def relation(outer: object, function: Callable[..., Any], caller: types.FrameType | None) -> Relation:
    """Return how the view *outer* comes to run the decorated *function*, which *caller* has called.

    ``wraps``: *outer* stands for the function: it is what a decorator made of it, a loader or a dispatcher. It holds
    the function, in a closure, an attribute or a container. ``calls``: *outer* is a view of its own that calls the
    function by its name, as any code calls another. ``unknown``: it cannot be told.
    """
    if caller is not None and _names(caller, function):
        return "calls"
    if not isinstance(outer, types.FunctionType):
        return "wraps"
    if _scope(outer) == _scope(function):  # side by side; what a decorator returns is defined inside the decorator
        called_directly = caller is not None and caller.f_code is outer.__code__
        if not called_directly or any(_decorated(held) is function for held in _cells(outer)):
            return "calls"
    return "wraps" if _holds(outer, function) else "unknown"


def _names(frame: types.FrameType, function: Callable[..., Any]) -> bool:
    """Report whether the code of *frame* refers to the decorated *function* by a global name, or by ``module.name``."""
    names, known = frame.f_code.co_names, frame.f_globals
    for name in names:
        value = known.get(name)
        if _decorated(value) is function:
            return True
        if isinstance(value, types.ModuleType) and any(
            _decorated(vars(value).get(other)) is function for other in names
        ):
            return True
    return False


def _scope(function: object) -> tuple[str, str]:
    return getattr(function, "__module__", ""), _qualname(function).rpartition(".")[0]


def _qualname(function: object) -> str:
    return str(getattr(function, "__qualname__", type(function).__qualname__))


def _decorated(view: object) -> object:
    mark = mark_of(view)
    return mark.function if mark is not None else None


def _holds(holder: object, function: Callable[..., Any]) -> bool:
    """Report whether *holder* holds the decorated *function*, directly or in what it holds."""
    seen: set[int] = set()
    waiting = [holder]
    while waiting and len(seen) < _MOST_HELD:
        held = waiting.pop()
        if id(held) in seen:
            continue
        seen.add(id(held))
        if _decorated(held) is function:
            return True
        waiting.extend(_held(held))
    return False


def _held(holder: object) -> Iterator[object]:
    """Yield what *holder* keeps: in its closure, its attributes, its slots, or as a container."""
    if isinstance(holder, types.FunctionType):
        yield from _cells(holder)
        # A dispatcher may look functions up in a container of its module.
        yield from (
            value for name in holder.__code__.co_names if isinstance(value := holder.__globals__.get(name), _CONTAINERS)
        )
    elif isinstance(holder, Mapping):
        yield from list(holder.values())
    elif isinstance(holder, _CONTAINERS):
        yield from list(holder)
    elif isinstance(holder, functools.partial | types.MethodType):
        yield holder.func if isinstance(holder, functools.partial) else holder.__func__
    elif callable(holder) and not isinstance(holder, type):
        yield from vars(holder).values() if hasattr(holder, "__dict__") else ()
        for kind in type(holder).__mro__:
            slots = kind.__dict__.get("__slots__", ())
            yield from (getattr(holder, name, None) for name in ([slots] if isinstance(slots, str) else slots))


_CONTAINERS = (dict, list, tuple, set, frozenset, Mapping)


def _cells(function: types.FunctionType) -> Iterator[object]:
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:  # not filled yet
            continue
