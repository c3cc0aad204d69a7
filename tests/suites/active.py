"""A pytest plugin: every application that a test client, a test server or Flask runs is wrapped.

Copied next to the suite and loaded with ``-p active``.
"""

from __future__ import annotations

import functools
from typing import Any

import flask
import werkzeug.serving
import werkzeug.test

from flask_crossorigin import CORS, CORSMiddleware, CORSPolicy

POLICY = CORSPolicy(origins=["https://app.example"], supports_credentials=True, expose_headers=["X-Total-Count"])


def _wrap_argument(owner: Any, name: str, position: int) -> None:
    """Replace ``owner.name`` by a function whose argument at *position* is wrapped."""
    original = getattr(owner, name)

    @functools.wraps(original)
    def replaced(*args: Any, **kwargs: Any) -> Any:
        changed = list(args)
        if len(changed) > position and callable(changed[position]):
            changed[position] = CORSMiddleware(changed[position], POLICY)
        return original(*changed, **kwargs)

    setattr(owner, name, replaced)


def _flask_with_cors() -> None:
    original = flask.Flask.__init__

    @functools.wraps(original)
    def replaced(self: flask.Flask, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        CORS(self, origins=["https://app.example"], supports_credentials=True)

    flask.Flask.__init__ = replaced  # type: ignore[method-assign]


def _bottle_with_cors() -> None:
    try:
        import bottle
    except ImportError:
        return
    original = bottle.Bottle.wsgi

    @functools.wraps(original)
    def replaced(self: Any, environ: Any, start_response: Any) -> Any:
        return CORSMiddleware(functools.partial(original, self), POLICY)(environ, start_response)

    bottle.Bottle.wsgi = replaced


def _webtest_with_cors() -> None:
    try:
        import webtest.app
    except ImportError:
        return
    original = webtest.app.TestRequest.call_application

    @functools.wraps(original)
    def replaced(self: Any, application: Any, *args: Any, **kwargs: Any) -> Any:
        return original(self, CORSMiddleware(application, POLICY), *args, **kwargs)

    webtest.app.TestRequest.call_application = replaced


def pytest_configure() -> None:
    _wrap_argument(werkzeug.test, "run_wsgi_app", 0)
    _wrap_argument(werkzeug.serving, "make_server", 2)
    _flask_with_cors()
    _bottle_with_cors()
    _webtest_with_cors()
