"""What the commands share: options, usage errors, the application at hand, clients, tables and colours."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, NoReturn, TypeVar

import click

from ..browser.client import Client, Transport, base_of, network_transport, wsgi_transport
from ..browser.profiles import PROFILES
from ..browser.urls import URL, parse, read_origin
from ..browser.values import Request
from ..doctor.cases import Server
from ..doctor.examine import examine
from ..doctor.findings import Finding
from ..doctor.report import Report
from ..errors import CORSConfigError, escaped
from ..extension.call_sites import site_of
from ..server.wrap import import_application
from .application import covered
from .remedies import nearest_route, remedies, software_of

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
        except Exception as error:
            if click.get_current_context().find_root().params.get("traceback"):
                raise
            if _is_own(error):
                usage(f"--app: {error}")
            usage(f"--app: {name} does not start: {one_line(error)}\nFor its traceback: --traceback before the command")
    from flask.cli import NoAppException, ScriptInfo

    info = click.get_current_context().find_object(ScriptInfo)
    if info is None:
        usage("a path needs an application: add --app package.module:app")
    try:
        return info.load_app()
    except NoAppException as error:
        usage(str(error))
    except CORSConfigError as error:
        usage(f"the application does not start:\n{error}")


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


def _base(app: Any, given: str | None) -> URL:
    if given is None:
        return base_of(app)
    url = parse(given)
    if url is None or not url.is_http:
        usage(f"--base-url: {given!r} is not a URL: write http://localhost:5000")
    return url


def served(app: Any, note: Callable[[str], None] = lambda _: None) -> Any:
    """Return *app* as a server runs it: an exception becomes a response with status 500 and no other header.

    *note* is given each exception in one line. Tracebacks are not printed.
    """
    for log in (getattr(app, "logger", None), logging.getLogger("django.request")):
        if isinstance(log, logging.Logger):
            log.disabled = True
    if hasattr(app, "url_map"):
        from flask import got_request_exception

        got_request_exception.connect(lambda _, exception: note(one_line(exception)), app, weak=False)

    def answered(environ: dict[str, Any], start_response: Any) -> Any:
        try:
            return app(environ, start_response)
        except Exception as error:
            note(one_line(error))
            body = b"Internal Server Error"
            headers = [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))]
            start_response("500 Internal Server Error", headers)
            return [body]

    return answered


def one_line(error: BaseException) -> str:
    """Return an exception with the line of the user's code that raised it, ``ValueError: x (shop/app.py:12)``."""
    frames = [*traceback.extract_tb(error.__traceback__)]
    own = [frame for frame in frames if "site-packages" not in frame.filename] or frames
    place = f" ({site_of(own[-1].filename, own[-1].lineno or 0)})" if own else ""
    return f"{type(error).__name__}: {error}{place}"


class Network(NamedTuple):
    """How certificates are checked. *authorities*: a file with certificates of authorities. *insecure*: not at all."""

    authorities: str | None = None
    insecure: bool = False

    def transport(self) -> Transport:
        """Return a transport over the network; a usage error without the package that it needs."""
        try:
            return network_transport(authorities=self.authorities, verify=not self.insecure)
        except ImportError as error:
            usage(str(error))
        except OSError as error:
            usage(f"--cacert: {self.authorities} is no file with certificates: {error}")

    def client(self, origin: str, profile: str, url: URL) -> Client:
        """Return a client over the network, for a page of *origin*."""
        return client_of(self.transport(), origin, profile, url)


def network_options(function: F) -> F:
    """Add ``--cacert`` and ``--insecure`` to a command."""
    cacert = click.option("--cacert", "authorities", metavar="FILE", help="Trust the authorities in this file, too.")
    insecure = click.option("--insecure", is_flag=True, help="Do not check certificates.")
    return cacert(insecure(function))


def client_of(transport: Transport, origin: str, profile: str, base: URL) -> Client:
    """Return a client with *transport*, for a page of *origin*."""
    return Client(transport, origin_of(origin), profile=profile, base=base)


def examined(
    request: Request,
    origin: str,
    profile: str,
    place: str,
    application: str | None,
    network: Network = Network(),  # noqa: B008 (it is immutable)
    base: str | None = None,
) -> Report:
    """Return the report on *request*: over the network if *place* is a URL, in this process if it is a path.

    *base*: the URL that paths belong to, where it is not that of the application.
    """
    url = parse(place)
    if url is not None and url.is_http:
        return examine(network.client(origin, profile, url), request, Server())
    if not place.startswith("/"):
        usage(f"{place!r} is neither a path nor a URL: write /api, or https://api.example/api")
    app, path, raised = load_application(application), place.partition("?")[0], list[str]()
    own = remedies(app, covered(app, path, request.method), path, request.method, origin_of(origin))
    server = Server(
        where="process",
        software=software_of(app),
        remedy=own,
        raised=lambda: raised[-1] if raised else "",
    )
    client = client_of(wsgi_transport(served(app, raised.append)), origin, profile, _base(app, base))
    report = examine(client, request, server)
    near = nearest_route(app, path) if any(exchange.status == 404 for exchange in report.exchanges) else ""
    if not near:
        return report
    title, fix = f"no route of the application serves {path}", f"call {near}, the route that is most like it"
    hint = Finding(kind="no-route", blocks=False, title=title, remedy=fix, layer="client")
    return replace(report, findings=(*report.findings, hint))


def origin_of(text: str) -> str:
    """Return the origin that *text* is, or whose URL it is; a usage error if it is neither."""
    if "://" not in text and text != "null":
        local = re.match(r"localhost|127\.|\[::1\]|0\.0\.0\.0", text) is not None
        usage(f"origin: {text!r} has no scheme: write {'http' if local else 'https'}://{text}")
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
    first, end, rest = plain(text).partition("\n")
    colour = "green" if first.startswith("ALLOWED") else "red"
    return click.style(first, fg=colour, bold=True) + end + rest
