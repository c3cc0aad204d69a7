"""What the commands share: their options, errors of usage, transports, tables and colours."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn, TypeVar

import click

from ..browser.client import Client, base_of, network_transport, wsgi_transport
from ..browser.profiles import PROFILES
from ..browser.urls import URL, parse, read_origin
from ..browser.values import Request
from ..doctor.examine import Server, examine
from ..doctor.report import Report
from ..errors import CORSConfigError
from ..server.wrap import import_application
from .application import covered, remedies

F = TypeVar("F", bound=Callable[..., Any])


PROFILE_CHOICE = click.Choice(sorted(PROFILES))


def app_option(function: F) -> F:
    help_text = "The WSGI application, as package.module:app; 'flask cors' has it from 'flask --app'."
    return click.option("--app", "application", metavar="MODULE:APP", help=help_text)(function)


def json_option(function: F) -> F:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(function)


def load_application(name: str | None) -> Any:
    if name is not None:
        try:
            return import_application(name)
        except (ImportError, ValueError, TypeError) as error:
            usage(f"--app: {error}")
        except CORSConfigError as error:
            usage(f"--app: {name} does not start:\n{error}")
    context = click.get_current_context()
    if context.find_root().info_name == "python -m flask_crossorigin":
        usage("a path needs --app package.module:app")
    from flask.cli import NoAppException, ScriptInfo

    try:
        return context.ensure_object(ScriptInfo).load_app()
    except NoAppException as error:
        usage(str(error))


def is_at_hand(name: str | None) -> bool:
    """Report whether there is an application to ask without being told of one."""
    context = click.get_current_context()
    if name is not None or context.find_root().info_name == "python -m flask_crossorigin":
        return name is not None
    from flask.cli import NoAppException, ScriptInfo

    try:
        context.ensure_object(ScriptInfo).load_app()
    except NoAppException:
        return False
    return True


def forgiving(app: Any) -> Any:
    """Return *app* with what it raises answered as a server does: by a 500 without any header of its own."""

    def answered(environ: dict[str, Any], start_response: Any) -> Any:
        try:
            return app(environ, start_response)
        except Exception as error:
            click.echo(f"the application raised {type(error).__name__}: {error}", err=True)
            body = b"Internal Server Error"
            headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))]
            start_response("500 Internal Server Error", headers)
            return [body]

    return answered


def transport() -> Any:
    try:
        return network_transport()
    except ImportError as error:
        usage(str(error))


def network_client(origin: str, profile: str, url: URL) -> Client:
    return client_of(transport(), origin, profile, url)


def client_of(transport: Any, origin: str, profile: str, base: URL) -> Client:
    return Client(transport, origin_of(origin), profile=profile, base=base)


def examined(request: Request, origin: str, profile: str, place: str, application: str | None) -> Report:
    url = parse(place)
    if url is not None and url.is_http:
        return examine(network_client(origin, profile, url), request, Server())
    if not place.startswith("/"):
        usage(f"{place!r} is neither a path nor a URL: write /api, or https://api.example/api")
    app = load_application(application)
    found = covered(app, place.partition("?")[0], request.method)
    server = Server(where="process", remedy=remedies(found, place, origin))
    return examine(client_of(wsgi_transport(forgiving(app)), origin, profile, base_of(app)), request, server)


def origin_of(text: str) -> str:
    try:
        return read_origin(text)
    except ValueError as error:
        usage(str(error))


def usage(message: str) -> NoReturn:
    raise click.UsageError(message)


def table(rows: list[tuple[str, ...]], *, markdown: bool) -> str:
    if markdown:
        escaped = [[cell.replace("|", "\\|") for cell in row] for row in rows]
        lines = [f"| {' | '.join(row)} |" for row in escaped]
        return "\n".join([lines[0], "|---" * len(rows[0]) + "|", *lines[1:]])
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def coloured(text: str) -> str:
    """Return *text* with its verdict in colour; click takes colour out again where there is no terminal."""
    first, _, rest = text.partition("\n")
    colour = "green" if first.startswith("ALLOWED") else "red"
    return click.style(first, fg=colour, bold=True) + "\n" + rest
