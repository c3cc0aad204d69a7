"""CORS for Flask and every other WSGI application, answered as the Fetch standard has it.

https://fetch.spec.whatwg.org/#http-cors-protocol
"""

from .errors import CORSConfigError, CORSWarning, Problem
from .policy import CORSPolicy
from .wsgi import CORSMiddleware, wrap

__all__ = ["CORSConfigError", "CORSMiddleware", "CORSPolicy", "CORSWarning", "Problem", "wrap"]
