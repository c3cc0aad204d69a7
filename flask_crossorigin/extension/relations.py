"""How a view comes to run a decorated function whose mark cannot be seen on it.

The function reports itself when it runs. Whether its policy is that of the view depends on who calls it: a wrapper that
a decorator returned, a dispatcher, or a view of its own.
"""

from __future__ import annotations

import dis
import functools
import inspect
import types
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from .marks import mark_of, qualname

_MOST_HELD = 1000  # objects that are searched for a hidden function

Relation = Literal["wraps", "calls", "unknown"]


def relation(outer: object, function: Callable[..., Any], caller: types.FrameType | None) -> Relation:
    """Return how the view *outer* comes to run the decorated *function*, which *caller* has called.

    ``wraps``: *outer* stands for the function: it is what a decorator made of it, a loader or a dispatcher. It holds
    the function, in a closure, an attribute or a container. ``calls``: *outer* is a view of its own that calls the
    function by its name, as any code calls another. ``unknown``: it cannot be told.
    """
    if caller is not None and _names(caller, function):
        return "calls"
    calling = caller.f_code if caller is not None else None
    if (held := _holds(outer, function, calling)) is not None:
        return held
    # An object that loads the function with every request does not hold it.
    is_loader = calling is not None and calling is getattr(vars(type(outer)).get("__call__"), "__code__", None)
    return "wraps" if is_loader else "unknown"


def _is_sibling(holder: object, function: Callable[..., Any]) -> bool:
    """Report whether *holder* is defined beside *function*, and not inside a decorator that was given the function.

    A decorator that copies the name of the function makes the two equal.
    """
    return _scope(holder) == _scope(function) and qualname(holder) != qualname(function)


def _names(frame: types.FrameType, function: Callable[..., Any]) -> bool:
    """Report whether *frame* refers to the decorated *function*: by its name, as ``module.name`` or ``self.name``."""
    for is_global, (name, *attributes) in _references(frame.f_code):
        value = (frame.f_globals if is_global else frame.f_locals).get(name)
        if is_global and _decorated(value) is function:
            return True
        for attribute in attributes:
            if isinstance(value, types.ModuleType):
                value = vars(value).get(attribute)
            else:  # a method of the same object; nothing of the application runs for this
                value = inspect.getattr_static(type(value), attribute, None)
            if _decorated(value) is function:
                return True
    return False


@functools.lru_cache(maxsize=1000)
def _references(code: types.CodeType) -> list[tuple[bool, list[str]]]:
    """Return whether a name in *code* is global, and the name with the attributes that are taken of it, for each."""
    found: list[tuple[bool, list[str]]] = []
    is_chain = False
    for each in dis.get_instructions(code):
        if each.opname in ("LOAD_GLOBAL", "LOAD_NAME") or each.opname.startswith("LOAD_FAST"):
            name = each.argval[-1] if isinstance(each.argval, tuple) else each.argval
            found.append((not each.opname.startswith("LOAD_FAST"), [str(name)]))
            is_chain = True
        elif is_chain and each.opname in ("LOAD_ATTR", "LOAD_METHOD"):
            found[-1][1].append(str(each.argval))
        else:
            is_chain = False
    return found


def _scope(function: object) -> tuple[str, str]:
    return getattr(function, "__module__", ""), qualname(function).rpartition(".")[0]


def _decorated(view: object) -> object:
    mark = mark_of(view)
    return mark.function if mark is not None else None


def _holds(holder: object, function: Callable[..., Any], calling: types.CodeType | None) -> Relation | None:
    """Return ``wraps`` if *holder* holds the decorated *function*, directly or in what it holds.

    But ``calls`` if what runs the code *calling* is a function beside it that has it in its closure.
    """
    seen: set[int] = set()
    waiting = [holder]
    while waiting and len(seen) < _MOST_HELD:
        held = waiting.pop()
        if id(held) in seen:
            continue
        seen.add(id(held))
        if _decorated(held) is function:
            return "wraps"
        inside = list(_held(held))
        is_calling = isinstance(held, types.FunctionType) and held.__code__ is calling
        if is_calling and _is_sibling(held, function) and any(_decorated(each) is function for each in inside):
            return "calls"
        waiting.extend(inside)
    return None


def _held(holder: object) -> Iterator[object]:
    """Yield what *holder* keeps: in its closure, its attributes, its slots, or as a container."""
    if isinstance(holder, types.FunctionType):
        yield from _cells(holder)
        # A dispatcher may look functions up in a container of its module.
        values = (holder.__globals__.get(name) for name in _all_names(holder.__code__))
        yield from (value for value in values if isinstance(value, _CONTAINERS))
    elif isinstance(holder, Mapping):
        yield from list(holder.values())
    elif isinstance(holder, _CONTAINERS):
        yield from list(holder)
    elif isinstance(holder, functools.partial):
        yield from (holder.func, *holder.args, *holder.keywords.values())
    elif isinstance(holder, types.MethodType):
        yield holder.__func__
        yield from getattr(holder.__self__, "__dict__", {}).values()
    elif callable(holder) and not isinstance(holder, type):
        yield from vars(holder).values() if hasattr(holder, "__dict__") else ()
        for kind in type(holder).__mro__:
            slots = kind.__dict__.get("__slots__", ())
            yield from (getattr(holder, name, None) for name in ([slots] if isinstance(slots, str) else slots))


def _all_names(code: types.CodeType) -> Iterator[str]:
    """Yield the names in *code*, and in the generators and lambdas inside."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _all_names(constant)


_CONTAINERS = (dict, list, tuple, set, frozenset, Mapping)


def _cells(function: types.FunctionType) -> Iterator[object]:
    for cell in function.__closure__ or ():
        try:
            yield cell.cell_contents
        except ValueError:  # not filled yet
            continue
