"""CORS for Flask and every other WSGI application, answered as the Fetch standard has it.

https://fetch.spec.whatwg.org/#http-cors-protocol
"""

import importlib
from typing import TYPE_CHECKING, Any

from .errors import CORSConfigError, CORSWarning, Problem
from .server.middleware import CORSMiddleware
from .server.policy import CORSPolicy

if TYPE_CHECKING:
    from .extension import CORS, cross_origin
    from .server.wrap import wrap

__all__ = [
    "CORS",
    "CORSConfigError",
    "CORSMiddleware",
    "CORSPolicy",
    "CORSWarning",
    "Problem",
    "cross_origin",
    "wrap",
]


# Loaded on first use: the extension, so that other applications never import Flask, and what few applications need.
_LATER = {"CORS": "extension", "cross_origin": "extension", "wrap": "server.wrap"}


def __getattr__(name: str) -> Any:
    """Return a public name that is loaded on its first use."""
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = importlib.import_module(f".{_LATER[name]}", __name__)
    value = globals()[name] = getattr(module, name)
    return value
