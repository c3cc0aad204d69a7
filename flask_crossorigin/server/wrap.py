"""Applications that are wrapped without a line of code: by name, or in a PasteDeploy file."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from ..errors import shown
from .callables import ASGI, is_asgi, makes_applications, takes
from .middleware import CORSMiddleware
from .policy import CORSPolicy

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


def wrap(application: str, *, prefix: str = "CORS_") -> CORSMiddleware:
    """Import the WSGI application ``"package.module:name"`` and wrap it with the policy of the environment.

    For applications that you cannot edit: ``gunicorn 'flask_crossorigin:wrap("package.module:app")'`` with
    ``CORS_ORIGINS`` and the other options set. ``"package.module:create_app()"`` calls a factory.
    *prefix*: of the variables' names.

    Raises ``CORSConfigError`` for the policy, ``TypeError`` for an ASGI application, and whatever the import raises.
    """
    policy = CORSPolicy.from_env(prefix)
    return CORSMiddleware(import_application(application), policy)


def filter_app_factory(app: WSGIApplication, _: dict[str, str], **options: str) -> CORSMiddleware:
    """Wrap *app* for PasteDeploy: ``[filter:cors]`` with ``use = egg:flask-crossorigin``; the other lines are options.

    https://docs.pylonsproject.org/projects/pastedeploy/en/latest/#paste-filter-app-factory
    """
    return CORSMiddleware(app, CORSPolicy.from_mapping({name.upper(): value for name, value in options.items()}, ""))


_IN_MODULE = "write application = {}...) in a module, and the name of that module here"


def import_application(application: str) -> WSGIApplication:
    """Return the WSGI application ``"package.module:name"``.  Raises whatever its import raises."""
    module_name, _, name = application.partition(":")
    if not module_name or not name:
        raise ValueError(f"{application!r} names no WSGI application: write 'package.module:app'")
    if "(" in name.removesuffix("()"):
        hint = f"write application = {name} in a module, and the name of that module here"
        raise ValueError(f"{application!r}: arguments cannot be given here: {hint}")
    found: Any = importlib.import_module(module_name)
    for attribute in name.removesuffix("()").split("."):
        if not hasattr(found, attribute):
            import difflib

            close = difflib.get_close_matches(attribute, dir(found), 1)
            hint = f": did you mean {close[0]!r}?" if close else ""
            raise ImportError(f"{application!r}: there is no {attribute!r}{hint}")
        found = getattr(found, attribute)
    if name.endswith("()"):
        if not takes(found):
            raise TypeError(f"{application!r}: {name} needs arguments: {_IN_MODULE.format(name[:-1])}")
        found = found()
    if is_asgi(found):
        raise TypeError(f"{application!r} {ASGI}")
    if callable(found) and makes_applications(found):
        hint = f"write '{application}()'" if takes(found) else _IN_MODULE.format(f"{name}(")
        raise TypeError(f"{application!r} does not take (environ, start_response), so it makes one: {hint}")
    if not callable(found):
        raise TypeError(f"{application!r} is {shown(found)}, which is not a WSGI application")
    return found  # type: ignore[no-any-return]
