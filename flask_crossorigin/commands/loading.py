"""Loads the application that a command is about, and runs it as a server does."""

from __future__ import annotations

import contextlib
import logging
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import click

from ..browser.values import NoAnswerError
from ..errors import CORSConfigError
from ..extension.call_sites import site_of
from ..server.wrap import import_application
from .terminal import usage


def load_application(name: str | None) -> Any:
    """Return the application of ``--app``, or of ``flask --app``; a usage error if there is none."""
    if name is not None:
        if (here := str(Path.cwd())) not in sys.path:
            sys.path.insert(0, here)  # as flask, gunicorn and python -m have it
        return _started(lambda: import_application(name), f"--app: {name}")
    from flask.cli import NoAppException, ScriptInfo

    info = click.get_current_context().find_object(ScriptInfo)
    if info is None:
        usage("there is no application: add --app package.module:app, or write flask --app package.module cors ...")
    try:
        return _started(info.load_app, "the application")
    except NoAppException as error:
        usage(str(error))


def _started(load: Callable[[], Any], name: str) -> Any:
    """Return what *load* returns; a usage error in one line if it fails, or its traceback with ``--traceback``."""
    from flask.cli import NoAppException

    try:
        return load()
    except NoAppException:
        raise
    except CORSConfigError as error:
        usage(f"{name} does not start:\n{error}")
    except Exception as error:
        if _wants_traceback():
            raise
        if _is_own(error):
            usage(f"--app: {error}")
        usage(f"{name} does not start: {one_line(error)}\nFor its traceback: --traceback before the command")


def _wants_traceback() -> bool:
    context: click.Context | None = click.get_current_context()
    while context is not None:
        if context.params.get("traceback"):
            return True
        context = context.parent
    return False


def _is_own(error: BaseException) -> bool:
    """Report whether *error* is about the name of the application, and not raised by its code."""
    raised_in = [*traceback.extract_tb(error.__traceback__)][-1].filename
    return "importlib" in raised_in or Path(raised_in).is_relative_to(Path(__file__).parents[1])


def has_application(name: str | None) -> bool:
    """Report whether the command has an application: by ``--app``, or from ``flask --app``."""
    from flask.cli import NoAppException, ScriptInfo

    info = click.get_current_context().find_object(ScriptInfo)
    if name is not None or info is None:
        return name is not None
    try:
        info.load_app()
    except NoAppException:
        return False
    return True


def served(app: Any, note: Callable[[str], None] = lambda _: None) -> Any:
    """Return *app* as a server runs it: an exception becomes a response with status 500 and no other header.

    *note* is given each exception in one line. Tracebacks are not printed.
    """
    for log in (getattr(app, "logger", None), logging.getLogger("django.request")):
        if isinstance(log, logging.Logger):
            log.disabled = True
    if hasattr(app, "url_map"):
        from flask import got_request_exception

        with contextlib.suppress(RuntimeError):  # Flask 2.2 without blinker has no signals
            got_request_exception.connect(lambda _, exception: note(one_line(exception)), app, weak=False)

    def answered(environ: dict[str, Any], start_response: Any) -> Any:
        try:
            body = app(environ, start_response)
            if not isinstance(body, Iterable):
                raise TypeError(f"the application returned {type(body).__name__}, which is not the body of a response")
            return _read(body, note)
        except Exception as error:
            note(one_line(error))
            body = b"Internal Server Error"
            headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))]
            start_response("500 Internal Server Error", headers)
            return [body]

    return answered


def _read(body: Iterable[bytes], note: Callable[[str], None]) -> Iterator[bytes]:
    """Yield *body*; where the application fails in the middle, the server closes the connection."""
    try:
        yield from body
    except Exception as error:
        note(one_line(error))
        raise NoAnswerError("closed", one_line(error)) from error
    finally:
        getattr(body, "close", lambda: None)()


def one_line(error: BaseException) -> str:
    """Return an exception with the line of the user's code that raised it, ``ValueError: x (shop/app.py:12)``."""
    frames = [*traceback.extract_tb(error.__traceback__)]
    own = [frame for frame in frames if "site-packages" not in frame.filename] or frames
    place = f" ({site_of(own[-1].filename, own[-1].lineno or 0)})" if own else ""
    return f"{type(error).__name__}: {error}{place}"
