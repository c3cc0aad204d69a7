"""What the commands share: options, clients, and a request that is examined."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

import click

from ..browser.client import Client, Transport, base_of, network_transport, wsgi_transport
from ..browser.profiles import PROFILES
from ..browser.urls import URL, parse, read_origin
from ..browser.values import Request
from ..doctor.cases import Server
from ..doctor.examine import examine
from ..doctor.findings import Finding
from ..doctor.report import Report
from .application import covered
from .loading import load_application, served
from .remedies import nearest_route, remedies, software_of
from .terminal import usage

F = TypeVar("F", bound=Callable[..., Any])


PROFILE_CHOICE = click.Choice(sorted(PROFILES))


def app_option(function: F) -> F:
    """Add ``--app`` to a command."""
    help_text = "The WSGI application, as package.module:app. With 'flask cors', use 'flask --app' instead."
    return click.option("--app", "application", metavar="MODULE:APP", help=help_text)(function)


def json_option(function: F) -> F:
    """Add ``--json`` to a command."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(function)


def _base(app: Any, given: str | None) -> URL:
    if given is None:
        return base_of(app)
    url = parse(given)
    if url is None or not url.is_http:
        usage(f"--base-url: {given!r} is not a URL: write http://localhost:5000")
    return url


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
            usage(f"--cacert: {self.authorities} is not a file with certificates: {error}")

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
    if "://" in place:
        usage(f"{place!r} is not an http URL: only requests of http and https are checked")
    if not place.startswith("/"):
        usage(f"{place!r} is neither a path nor a URL: write {_meant(place)}")
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
    if base is None:  # nobody listens at the URL that stands for the application
        report = replace(report, curl="")
    near = nearest_route(app, path) if any(exchange.status == 404 for exchange in report.exchanges) else ""
    if not near:
        return report
    title, fix = f"no route of the application serves {path}", f"call {near}, the route that is most like it"
    hint = Finding(kind="no-route", blocks=False, title=title, remedy=fix, layer="client")
    return replace(report, findings=(*report.findings, hint), note="")


def _with_scheme(text: str) -> str:
    local = re.match(r"localhost|127\.|\[::1\]|0\.0\.0\.0", text) is not None
    return f"{'http' if local else 'https'}://{text}"


def _meant(place: str) -> str:
    """Return the URL or path that *place* probably means."""
    is_host = re.match(r"localhost\b|\[|[\w-]+(\.[\w-]+)*:\d|[\w-]+(\.[\w-]+)+(/|$)", place) is not None
    return _with_scheme(place) if is_host else f"/{place}"


def origin_of(text: str) -> str:
    """Return the origin that *text* is, or whose URL it is; a usage error if it is neither."""
    if "://" not in text and text != "null" and "*" not in text:
        usage(f"origin: {text!r} has no scheme: write {_with_scheme(text)}")
    try:
        return read_origin(text)
    except ValueError as error:
        usage(str(error))
