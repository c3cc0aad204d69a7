"""Marks that cannot be seen on a registered view: hidden by a decorator, or put above ``@app.route``."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.routing import Rule

from ..errors import warn
from .marks import Declaration, Mark, marked_in_place_of, name_of

_Hidden = tuple[Declaration, ...]


class HiddenMarks:
    """What one application knows of them. *views*: its ``view_functions``."""

    def __init__(self, views: Mapping[str, Any]) -> None:
        self._views = views
        self._hidden: dict[tuple[str, str], _Hidden] = {}  # by endpoint, and the class's method or ""
        self._above: list[tuple[weakref.ref[Any], weakref.ref[Any]]] = []  # functions and their wrappers

    def __bool__(self) -> bool:
        return bool(self._hidden)

    def of(self, rule: Rule, method: str) -> _Hidden:
        """Return what decorated functions have reported for the view of *rule*: several if it is a dispatcher."""
        return self._hidden.get((rule.endpoint, method), self._hidden.get((rule.endpoint, ""), ()))

    def remember(self, rule: Rule, method: str, mark: Mark) -> bool:
        """Remember that the view of *rule* hides *mark*; report whether this is new.

        *method*: of a class, or ``""``.
        """
        known = self._hidden.get((rule.endpoint, method), ())
        if mark.declaration in known:
            return False
        if not known:
            warn(
                f"@cross_origin on {name_of(mark.function)} is hidden by a decorator above it, "
                "so its policy is not used for preflights until the view has run once: "
                "use functools.wraps in that decorator"
            )
        self._hidden[rule.endpoint, method] = (*known, mark.declaration)
        return True

    def note_decorated(self, function: Callable[..., Any], wrapper: Callable[..., Any]) -> None:
        """Note that *function* is being decorated, if it is a view already: then *wrapper* comes too late."""
        if any(function is view for view in self._views.values()):
            self._above.append((weakref.ref(function), weakref.ref(wrapper)))

    def without_effect(self) -> list[str]:
        """Return the names of the views that ``@cross_origin`` decorates from above ``@app.route``."""
        views = list(self._views.values())
        found = {name_of(view): None for view in views if marked_in_place_of(view) is not None}
        for function, wrapper in self._above:
            # A wrapper that lives on is the view of another route or application.
            if wrapper() is None and any(function() is view for view in views):
                found[name_of(function())] = None
        return list(found)
