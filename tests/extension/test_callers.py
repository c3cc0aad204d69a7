"""What ``relation`` says, for each way in which a view may come to run a decorated function."""

from __future__ import annotations

import functools
import inspect
import sys
import types
from collections import UserDict
from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from flask_crossorigin.extension.marks import Declaration, Mark, put
from flask_crossorigin.extension.relations import Relation, relation

CALLERS: list[types.FrameType] = []


def noting(function: Callable[..., str]) -> Callable[..., str]:
    """Return *function* with a mark; it notes which frame calls it."""

    @functools.wraps(function)
    def marked() -> str:
        frame = inspect.currentframe()
        assert frame is not None
        assert frame.f_back is not None
        CALLERS.append(frame.f_back)
        return function()

    put(marked, Mark(Declaration({}), function))
    return marked


def bare() -> str:
    return "bare"


def plain() -> str:
    return "plain"


public = noting(plain)
other = noting(bare)


class Case(NamedTuple):
    """*outer*: what is registered. *run* runs the decorated ``plain`` as *outer* would; by default it is *outer*."""

    outer: Any
    expected: Relation
    run: Callable[..., Any] | None = None


def elsewhere(function: Callable[..., Any]) -> str:
    """Call *function* in a frame that knows it by this name only."""
    return str(function())


def closed_over(function: Any) -> Callable[..., str]:
    def wrapper() -> str:
        return str(function())

    return wrapper


def late(function: Any) -> Callable[..., str]:
    """Return a wrapper with a variable that is filled later, before the function in its closure."""

    def wrapper() -> str:
        return str(a_variable) + str(function())

    if not callable(function):
        a_variable = ""
    return wrapper


def twice(function: Any) -> Callable[..., str]:
    return closed_over(closed_over(function))


class Attribute:
    """Keeps the function beside something else, as an instance attribute."""

    def __init__(self, function: Any) -> None:
        self.count = 0
        self.function = function

    def __call__(self) -> str:
        return elsewhere(self.function)

    def dispatch(self) -> str:
        return elsewhere(self.function)


class OneSlot:
    __slots__ = "function"

    def __init__(self, function: Any) -> None:
        self.function = function

    def __call__(self) -> str:
        return elsewhere(self.function)


class Slots:
    __slots__ = ("function", "never_set")

    def __init__(self, function: Any) -> None:
        self.function = function

    def __call__(self) -> str:
        return elsewhere(self.function)


class BelowSlots(Slots):
    __slots__ = ("__name__",)


class NoCallable:
    """Something that a view keeps, but could not run."""

    def __init__(self, function: Any) -> None:
        self.function = function


class BoundSlots:
    __slots__ = ("function",)

    def __init__(self, function: Any) -> None:
        self.function = function

    def dispatch(self) -> str:
        return elsewhere(self.function)


class Loader:
    """Finds the function when it runs."""

    def __call__(self) -> str:
        find = functools.partial(getattr, sys.modules[__name__])
        return str(find("pub" + "lic")())


class Loading:
    """Is not what runs the function."""

    def __call__(self) -> str:
        return elsewhere(getattr(sys.modules[__name__], "pub" + "lic"))


IN_A_DICTIONARY: dict[str, Any] = {"other": bare, "public": public}
IN_A_LIST: list[Any] = [bare, public]
IN_A_MAPPING: UserDict[str, Any] = UserDict(IN_A_DICTIONARY)
MODULE = types.ModuleType("module")
vars(MODULE).update(public=public, other=other)
PACKAGE = types.ModuleType("package")
vars(PACKAGE)["module"] = MODULE


def by_dictionary() -> str:
    return elsewhere(IN_A_DICTIONARY["public"])


def by_list() -> str:
    return "".join(elsewhere(each) for each in IN_A_LIST)


def by_mapping() -> str:
    return (lambda: elsewhere(IN_A_MAPPING["public"]))()


def by_name() -> str:
    return public()


def by_module() -> str:
    return str(MODULE.public())


def by_package() -> str:
    return str(PACKAGE.module.public())


def by_another_name() -> str:
    assert callable(MODULE.other)
    return str(elsewhere(getattr(MODULE, "pub" + "lic")))


class Views:
    public = staticmethod(public)
    other = other

    def by_self(self) -> str:
        return self.public()

    def by_an_argument(self) -> str:
        assert callable(self.other)
        return elsewhere(vars(type(self))["public"])


def by_local() -> str:
    shadow: Any = IN_A_LIST[1]
    return str(shadow())


def beside() -> Callable[..., str]:
    """Return a view that calls, by its closure, a decorated function that is defined beside it."""
    inner = noting(plain)

    def view() -> str:
        return inner()

    view.__qualname__ = "view"  # as plain: defined at the top of this module
    return view


SHORT = functools.partial(plain)


def of_a_partial() -> Callable[..., str]:
    inner = noting(SHORT)

    def view() -> str:
        return inner()

    return view


def of_its_name() -> Callable[..., str]:
    view = beside()
    view.__qualname__ = plain.__qualname__
    return view


def of_another_module() -> Callable[..., str]:
    view = beside()
    view.__module__ = "another"
    return view


def holding_itself() -> Callable[..., str]:
    around: list[Any] = [public]

    def wrapper() -> str:
        return elsewhere(around[0])

    around.append(wrapper)
    return wrapper


def holding(number: int) -> Callable[..., str]:
    """Return a wrapper of a list of *number* things and the function, which is looked at last."""
    things: list[Any] = [public, *(object() for _ in range(number))]

    def wrapper() -> str:
        return elsewhere(things[0])

    return wrapper


CASES = {
    "it is the function": Case(public, "wraps", lambda: elsewhere(public)),
    "a wrapper with the function in its closure": Case(closed_over(public), "wraps"),
    "a wrapper of a wrapper": Case(twice(public), "wraps"),
    "a wrapper with a variable that is filled later": Case(late(public), "wraps", lambda: elsewhere(public)),
    "a wrapper with a list in its closure": Case(closed_over([bare, public]), "wraps", lambda: elsewhere(public)),
    "a wrapper with a set in its closure": Case(closed_over({public}), "wraps", lambda: elsewhere(public)),
    "a wrapper with a mapping in its closure": Case(
        closed_over(IN_A_MAPPING), "wraps", lambda: elsewhere(IN_A_MAPPING["public"])
    ),
    "a wrapper whose list has the wrapper itself": Case(holding_itself(), "wraps"),
    "a wrapper of another function": Case(closed_over(bare), "unknown", lambda: elsewhere(public)),
    "a partial of the function": Case(functools.partial(elsewhere, public), "wraps"),
    "a partial with the function as a keyword": Case(functools.partial(elsewhere, function=public), "wraps"),
    "a partial that calls a wrapper": Case(functools.partial(closed_over(public)), "wraps"),
    "an object with the function as an attribute": Case(Attribute(public), "wraps"),
    "a method of an object with the function": Case(Attribute(public).dispatch, "wraps"),
    "a method of an object with slots": Case(BoundSlots(public).dispatch, "unknown"),
    "an object with the function in its only slot": Case(OneSlot(public), "wraps"),
    "an object with the function in a slot": Case(Slots(public), "wraps"),
    "an object with the function in a slot of its base": Case(BelowSlots(public), "wraps"),
    "a wrapper of an object that cannot be called": Case(
        closed_over(NoCallable(public)), "unknown", lambda: elsewhere(public)
    ),
    "a wrapper of a class that has the function": Case(closed_over(Views), "unknown", lambda: elsewhere(public)),
    "an object that finds the function when it runs": Case(Loader(), "wraps"),
    "an object of which another function runs it": Case(Loading(), "unknown"),
    "a dispatcher with a dictionary of its module": Case(by_dictionary, "wraps"),
    "a dispatcher whose generator reads a list of its module": Case(by_list, "wraps"),
    "a dispatcher whose lambda reads a mapping of its module": Case(by_mapping, "wraps"),
    "a view that calls the function by its name": Case(by_name, "calls"),
    "a view that calls it as an attribute of a module": Case(by_module, "calls"),
    "a view that calls it as an attribute of a package's module": Case(by_package, "calls"),
    "a view that names another function only": Case(by_another_name, "unknown"),
    "a method that calls it by self": Case(Views().by_self, "calls"),
    "a method that names another function by self": Case(Views().by_an_argument, "unknown"),
    "a view that has it from a list of its module, under a name of its own": Case(by_local, "wraps"),
    "a view that calls a function beside it": Case(beside(), "calls"),
    "a wrapper with the name of the function": Case(of_its_name(), "wraps"),
    "a wrapper from another module": Case(of_another_module(), "wraps"),
    "an object among as many as are searched": Case(holding(997), "wraps"),
    "an object after as many as are searched": Case(holding(998), "unknown"),
    "nothing": Case(None, "unknown", lambda: elsewhere(public)),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_relation_of_a_view_to_the_function_that_it_runs(case: Case) -> None:
    CALLERS.clear()
    (case.run or case.outer)()
    assert relation(case.outer, plain, CALLERS[0]) == case.expected


HELD = {
    "a wrapper": Case(closed_over(public), "wraps"),
    "a view that calls it by its name": Case(by_name, "unknown"),
    "an object that finds it when it runs": Case(Loader(), "unknown"),
}


@pytest.mark.parametrize("case", HELD.values(), ids=HELD)
def test_without_a_caller_only_what_the_view_holds_counts(case: Case) -> None:
    assert relation(case.outer, plain, None) == case.expected


def test_a_partial_beside_a_view_has_no_place_to_compare() -> None:
    CALLERS.clear()
    view = of_a_partial()
    view()
    assert relation(view, SHORT, CALLERS[0]) == "wraps"


def test_an_object_that_has_no_call_is_no_loader() -> None:
    def other_code() -> str:
        return elsewhere(getattr(sys.modules[__name__], "pub" + "lic"))

    CALLERS.clear()
    other_code()
    assert relation(NoCallable(bare), plain, CALLERS[0]) == "unknown"
