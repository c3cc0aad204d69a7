"""What the commands share: options, usage errors, the application at hand, clients, tables and colours."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from ..browser.client import Client, Transport, base_of, network_transport, wsgi_transport
from ..browser.profiles import PROFILES
from ..browser.urls import URL, parse, read_origin
from ..browser.values import Request
from ..doctor.examine import Server, examine
from ..doctor.report import Report
from ..errors import CORSConfigError, escaped
from ..server.wrap import import_application
from .application import covered, remedies

F = TypeVar("F", bound=Callable[..., Any])


PROFILE_CHOICE = click.Choice(sorted(PROFILES))


def app_option(function: F) -> F:
    """Add ``--app`` to a command."""
    help_text = "The WSGI application, as package.module:app. With 'flask cors', use 'flask --app' instead."
    return click.option("--app", "application", metavar="MODULE:APP", help=help_text)(function)


def json_option(function: F) -> F:
    """Add ``--json`` to a command."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(function)


def load_application(name: str | None) -> Any:
    """Return the application of ``--app``, or of ``flask --app``; a usage error if there is none."""
    if name is not None:
        if (here := str(Path.cwd())) not in sys.path:
            sys.path.insert(0, here)  # as flask, gunicorn and python -m have it
        try:
            return import_application(name)
        except CORSConfigError as error:
            usage(f"--app: {name} does not start:\n{error}")
        except (ImportError, ValueError, TypeError) as error:
            usage(f"--app: {error}")
    from flask.cli import NoAppException, ScriptInfo

    info = click.get_current_context().find_object(ScriptInfo)
    if info is None:
        usage("a path needs an application: add --app package.module:app")
    try:
        return info.load_app()
    except NoAppException as error:
        usage(str(error))


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


def served(app: Any) -> Any:
    """Return *app* as a server runs it: an exception becomes a response with status 500 and no other header."""

    def answered(environ: dict[str, Any], start_response: Any) -> Any:
        try:
            return app(environ, start_response)
        except Exception as error:
            click.echo(plain(f"the application raised {type(error).__name__}: {error}"), err=True)
            body = b"Internal Server Error"
            headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))]
            start_response("500 Internal Server Error", headers)
            return [body]

    return answered


def transport() -> Transport:
    """Return a transport over the network; a usage error without the package that it needs."""
    try:
        return network_transport()
    except ImportError as error:
        usage(str(error))


def network_client(origin: str, profile: str, url: URL) -> Client:
    """Return a client over the network, for a page of *origin*."""
    return client_of(transport(), origin, profile, url)


def client_of(transport: Transport, origin: str, profile: str, base: URL) -> Client:
    """Return a client with *transport*, for a page of *origin*."""
    return Client(transport, origin_of(origin), profile=profile, base=base)


def examined(request: Request, origin: str, profile: str, place: str, application: str | None) -> Report:
    """Return the report on *request*: over the network if *place* is a URL, in this process if it is a path."""
    url = parse(place)
    if url is not None and url.is_http:
        return examine(network_client(origin, profile, url), request, Server())
    if not place.startswith("/"):
        usage(f"{place!r} is neither a path nor a URL: write /api, or https://api.example/api")
    app = load_application(application)
    found = covered(app, place.partition("?")[0], request.method)
    server = Server(where="process", remedy=remedies(found, place, origin))
    return examine(client_of(wsgi_transport(served(app)), origin, profile, base_of(app)), request, server)


def origin_of(text: str) -> str:
    """Return the origin that *text* is, or whose URL it is; a usage error if it is neither."""
    try:
        return read_origin(text)
    except ValueError as error:
        usage(str(error))


def usage(message: str) -> NoReturn:
    """End the command with a usage error."""
    raise click.UsageError(plain(message))


def plain(text: str) -> str:
    """Return *text* for a terminal, without the control characters that a server or a message may have sent."""
    return "\n".join(map(escaped, text.split("\n")))


def table(rows: list[tuple[str, ...]], *, markdown: bool) -> str:
    """Return *rows* as a table; the first is the head."""
    if markdown:
        escaped = [[cell.replace("|", "\\|") for cell in row] for row in rows]
        lines = [f"| {' | '.join(row)} |" for row in escaped]
        return "\n".join([lines[0], "|---" * len(rows[0]) + "|", *lines[1:]])
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def coloured(text: str) -> str:
    """Return *text* with its first line, the verdict, in colour; click removes colours outside of a terminal."""
    first, _, rest = plain(text).partition("\n")
    colour = "green" if first.startswith("ALLOWED") else "red"
    return click.style(first, fg=colour, bold=True) + "\n" + rest
