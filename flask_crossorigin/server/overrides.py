"""Middleware that changes the method of a request: below the edge, it can make a GET a write that nobody checked."""

from __future__ import annotations

from ..errors import shown, warn

_DEEPEST = 20  # wrappers that are looked at
_INNER = ("app", "application", "wsgi_app", "_app", "__wrapped__")


def warn_of_overrides(app: object) -> None:
    """Warn if *app* is, or wraps, middleware for ``X-HTTP-Method-Override``, which is known by its name."""
    for _ in range(_DEEPEST):
        if app is None:
            return
        if "methodoverride" in type(app).__name__.lower().replace("_", ""):
            hint = "wrap it around CORS, so that the method is known before, or accept overrides in POST alone"
            warn(f"csrf_protection does not see the method that {shown(app)} sets: {hint}")
            return
        app = next((inner for name in _INNER if (inner := getattr(app, name, None)) is not None), None)
