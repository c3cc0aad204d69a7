"""What a server can call: a WSGI application, and what people give in its place."""

from __future__ import annotations

import inspect

ASGI = (
    "is an ASGI application, and this middleware is for WSGI: use the CORS middleware of your ASGI framework, or serve "
    "the application as WSGI"
)


def is_asgi(app: object) -> bool:
    """Report whether *app* is a coroutine function, or an object that is called as one."""
    return any(map(inspect.iscoroutinefunction, (app, getattr(app, "__call__", None), getattr(app, "func", None))))  # noqa: B004


def takes(function: object, *arguments: object) -> bool:
    """Report whether *function* can be called with positional *arguments*; yes, if that cannot be known."""
    try:
        inspect.signature(function).bind(*arguments)  # type: ignore[arg-type] # a TypeError, if it cannot be called
    except TypeError:
        return False
    except ValueError:
        return True
    return True


def makes_applications(function: object) -> bool:
    """Report whether *function* is a factory: nothing that takes the two arguments of a WSGI application needs to be.

    Defaults for both say so, too: a server gives both of them.
    """
    if not takes(function, None, None):
        return True
    try:
        first, second = list(inspect.signature(function).parameters.values())[:2]  # type: ignore[arg-type]
    except ValueError:
        return False
    return first.default is not first.empty and second.default is not second.empty
