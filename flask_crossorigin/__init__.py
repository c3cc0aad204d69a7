"""CORS for Flask and every other WSGI application, answered as the Fetch standard has it.

https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from typing import TYPE_CHECKING, Any

from .errors import CORSConfigError, CORSWarning, Problem
from .server.middleware import CORSMiddleware
from .server.policy import CORSPolicy
from .server.wrap import wrap

if TYPE_CHECKING:
    from .extension import CORS, cross_origin

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


def __getattr__(name: str) -> Any:
    """Load what needs Flask on its first use, so that other applications never import it."""
    if name not in ("CORS", "cross_origin"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from . import extension

    value = globals()[name] = getattr(extension, name)
    return value
