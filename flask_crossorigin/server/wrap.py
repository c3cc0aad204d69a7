"""TODO."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from ..errors import shown
from .middleware import CORSMiddleware
from .policy import CORSPolicy

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def wrap(application: str) -> CORSMiddleware:
    """Import the WSGI application ``"package.module:name"`` and wrap it with the policy of the environment.

    For applications that nobody may edit: ``gunicorn 'flask_crossorigin:wrap("mlflow.server:app")'`` with
    ``CORS_ORIGINS`` and the other options set. ``"package.module:create_app()"`` calls a factory.
    Raises ``CORSConfigError`` for the policy, and whatever the import raises.
    """
    policy = CORSPolicy.from_env()
    return CORSMiddleware(import_application(application), policy)


def import_application(application: str) -> WSGIApplication:
    """Return the WSGI application ``"package.module:name"``.  Raises whatever its import raises."""
    module_name, _, name = application.partition(":")
    if not module_name or not name:
        raise ValueError(f"{application!r} names no WSGI application: write 'package.module:app'")
    found: Any = importlib.import_module(module_name)
    for attribute in name.removesuffix("()").split("."):
        if not hasattr(found, attribute):
            import difflib

            close = "".join(
                f": did you mean {match!r}?" for match in difflib.get_close_matches(attribute, dir(found), 1)
            )
            raise ImportError(f"{application!r}: there is no {attribute!r}{close}")
        found = getattr(found, attribute)
    if name.endswith("()"):
        found = found()
    if not callable(found):
        raise TypeError(f"{application!r} is {shown(found)}, which is no WSGI application")
    return found  # type: ignore[no-any-return]
