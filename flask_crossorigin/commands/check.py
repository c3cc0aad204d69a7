"""``check``: sends a request as a browser does, and says what blocks it."""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import click

from ..browser.urls import parse
from ..browser.values import Request
from ..doctor import report as reports
from ..doctor.cases import Server
from ..doctor.compare import compare
from ..doctor.examine import examine
from ..doctor.report import Report
from .common import PROFILE_CHOICE, Network, app_option, examined, json_option, network_options
from .terminal import coloured, usage

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


@click.command()
@click.argument("target", nargs=-1, required=True, metavar="[METHOD] PATH-or-URL")
@click.option("--origin", required=True, help="The origin or URL of the page.")
@click.option("-H", "--header", "headers", multiple=True, metavar="'Name: value'", help="A header that the page sets.")
@click.option("--data", help="The body of the request.")
@click.option("--credentials", is_flag=True, help="Send the request with credentials: 'include'.")
@click.option("--mode", type=click.Choice(["cors", "no-cors", "same-origin"]), default="cors", show_default=True)
@click.option("--browser", "profile", type=PROFILE_CHOICE, default="chrome", show_default=True)
@click.option("--base-url", "base", metavar="URL", help="The URL that a path belongs to, as http://localhost:5000.")
@click.option("-v", "--verbose", is_flag=True, help="Print details also if nothing is wrong.")
@network_options
@click.option("--against", metavar="URL", help="Compare the process with the response of this URL.")
@app_option
@json_option
def check(
    target: tuple[str, ...],
    origin: str,
    headers: tuple[str, ...],
    data: str | None,
    credentials: bool,
    mode: str,
    profile: str,
    base: str | None,
    verbose: bool,
    authorities: str | None,
    insecure: bool,
    against: str | None,
    application: str | None,
    as_json: bool,
) -> None:
    """Send a request as a browser does, and say what blocks it.

    A path is sent to the application in this process, a URL over the network.

    \b
    flask cors check PUT /api/items --origin https://app.example -H 'Content-Type: application/json'
    python -m flask_crossorigin check https://api.example/items --origin https://app.example --credentials
    """  # noqa: D301 (click's mark for lines that stay)
    method, place = _method_and_place(target)
    request = Request(
        url=place,
        method=method,
        headers=tuple(map(_header, headers)),
        body=data.encode() if data is not None else None,
        credentials="include" if credentials else "same-origin",
        mode=mode,  # type: ignore[arg-type] # one of the choices
    )
    network = Network(authorities, insecure)
    if against is not None:
        report, other = _against(request, origin, profile, place, against, application, network)
        layers = compare(report, other)
    else:
        report, layers = examined(request, origin, profile, place, application, network, base), []
    report = replace(report, findings=(*layers, *report.findings))
    if as_json:
        click.echo(json.dumps(report.as_json(), indent=1))
    else:
        click.echo(coloured(reports.text(report, verbose=verbose)))
    sys.exit(1 if report.blocked or any(finding.blocks for finding in report.findings) else 0)


def _against(
    request: Request,
    origin: str,
    profile: str,
    place: str,
    against: str,
    application: str | None,
    network: Network,
) -> tuple[Report, Report]:
    """Return the report over the network, and that of the process."""
    url = parse(against)
    if url is None or not url.is_http:
        usage(f"--against: {against!r} is not a URL")
    path = place if place.startswith("/") else (parse(place) or url).target
    whole = url._replace(path=path.partition("?")[0], query=path.partition("?")[2] or None) if url.path == "/" else url
    inside = examined(replace(request, url=path), origin, profile, path, application)
    return examine(network.client(origin, profile, whole), replace(request, url=str(whole)), Server()), inside


def _method_and_place(target: tuple[str, ...]) -> tuple[str, str]:
    if len(target) > 2:
        usage(f"{' '.join(target)!r} has too many parts: write METHOD and PATH or URL, with quotes around spaces")
    if len(target) == 1:
        if target[0].upper() in _METHODS:
            usage(f"{target[0]} is a method: write the path or URL after it")
        return "GET", target[0]
    if target[1].upper() in _METHODS:
        usage(f"the method stands before the path or URL: write {target[1]} {target[0]}")
    return target[0], target[1]


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon or not name.strip():
        usage(f"-H: {line!r} is not a header: write 'Name: value'")
    return name.strip(), value.strip()
