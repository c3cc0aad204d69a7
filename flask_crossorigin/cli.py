"""The commands: ``flask cors ...``, and ``python -m flask_crossorigin ...`` for any WSGI application or URL.

Exit status: 0 allowed or nothing found, 1 blocked or found, 2 wrong usage.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any, NoReturn, TypeVar

import click

from . import reports
from .audit import Finding as AuditFinding
from .audit import audit as run_audit
from .browser import read_origin
from .checks import PROFILES
from .client import Client, base_of, network_transport, wsgi_transport
from .coverage import Route, covered, policy_text, remedies, routes_of
from .doctor import Report, Server, examine
from .errors import CORSConfigError
from .explain import check_command, meanings
from .explain import explain as read_message
from .fetches import Request
from .layers import compare
from .locations import URL, parse
from .logs import logger
from .policy import CORSPolicy
from .wsgi import import_application

F = TypeVar("F", bound=Callable[..., Any])

_PROFILES = click.Choice(sorted(PROFILES))
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


def _app_option(function: F) -> F:
    help_text = "The WSGI application, as package.module:app; 'flask cors' has it from 'flask --app'."
    return click.option("--app", "application", metavar="MODULE:APP", help=help_text)(function)


def _json_option(function: F) -> F:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(function)


@click.group("cors", context_settings={"help_option_names": ["-h", "--help"]})
def cors() -> None:
    """Why a cross-origin request is blocked, and what to write."""
    logger.disabled = True  # the report says it
    click.get_current_context().call_on_close(lambda: setattr(logger, "disabled", False))


@cors.command()
@click.argument("target", nargs=-1, required=True, metavar="[METHOD] PATH-or-URL")
@click.option("--origin", required=True, help="The page's origin, or its URL.")
@click.option("-H", "--header", "headers", multiple=True, metavar="'Name: value'", help="A header that script sets.")
@click.option("--data", help="The body of the request.")
@click.option("--credentials", is_flag=True, help="As with credentials: 'include'.")
@click.option("--mode", type=click.Choice(["cors", "no-cors", "same-origin"]), default="cors", show_default=True)
@click.option("--browser", "profile", type=_PROFILES, default="chrome", show_default=True)
@click.option("--against", metavar="URL", help="Compare the process with what arrives over the network from here.")
@_app_option
@_json_option
def check(
    target: tuple[str, ...],
    origin: str,
    headers: tuple[str, ...],
    data: str | None,
    credentials: bool,
    mode: str,
    profile: str,
    against: str | None,
    application: str | None,
    as_json: bool,
) -> None:
    """Send a request as a browser would, and say what blocks it.

    A path is asked of the application in this process, a URL over the network.

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
    if against is not None:
        report, other = _against(request, origin, profile, place, against, application)
        layers = compare(report, other)
    else:
        report, layers = _examined(request, origin, profile, place, application), []
    findings = (*layers, *report.findings)
    report = replace(report, findings=findings)
    if as_json:
        click.echo(json.dumps(report.as_json(), indent=1))
    else:
        click.echo(_coloured(reports.text(report)))
    sys.exit(1 if report.blocked or any(finding.blocks for finding in findings) else 0)


def _examined(request: Request, origin: str, profile: str, place: str, application: str | None) -> Report:
    url = parse(place)
    if url is not None and url.is_http:
        return examine(_network_client(origin, profile, url), request, Server())
    if not place.startswith("/"):
        _usage(f"{place!r} is neither a path nor a URL: write /api, or https://api.example/api")
    app = _application(application)
    found = covered(app, place.partition("?")[0], request.method)
    server = Server(where="process", remedy=remedies(found, place, origin))
    return examine(_client(wsgi_transport(_forgiving(app)), origin, profile, base_of(app)), request, server)


def _against(
    request: Request, origin: str, profile: str, place: str, against: str, application: str | None
) -> tuple[Report, Report]:
    """Return the report over the network, and that of the process."""
    url = parse(against)
    if url is None or not url.is_http:
        _usage(f"--against: {against!r} is not a URL")
    path = place if place.startswith("/") else (parse(place) or url).target
    whole = url._replace(path=path.partition("?")[0], query=path.partition("?")[2] or None) if url.path == "/" else url
    inside = _examined(replace(request, url=path), origin, profile, path, application)
    return examine(_network_client(origin, profile, whole), replace(request, url=str(whole)), Server()), inside


@cors.command()
@click.argument("message", nargs=-1)
@_app_option
@_json_option
def explain(message: tuple[str, ...], application: str | None, as_json: bool) -> None:
    """Say what a message of the browser's console means.

    It is read from standard input if it is no argument.
    """
    text = " ".join(message) or sys.stdin.read()
    found = read_message(text)
    if found is None:
        click.echo("This is no message about CORS that Chrome, Firefox or Safari writes.", err=True)
        click.echo("Copy the whole line from the browser's console, the URL included.", err=True)
        sys.exit(2)
    command = check_command(found)
    if as_json:
        said = [meaning._asdict() for meaning in meanings(found)]
        report = {"version": 1, "browser": found.engine, "found": found.found, "meanings": said}
        click.echo(json.dumps({**report, "how_to_tell": found.how_to_tell, "check": command}, indent=1))
        sys.exit(1)
    for number, meaning in enumerate(meanings(found)):
        click.echo(f"{'or: ' if number else ''}{click.style(meaning.cause, bold=True)}")
        click.echo(f"  fix: {meaning.fix}")
        for link in filter(None, (meaning.link, meaning.mdn)):
            click.echo(f"  {link}")
    for name, value in found.found.items():
        click.echo(f"  {name}: {value}")
    if found.how_to_tell:
        click.echo(f"  {found.how_to_tell}")
    click.echo(f"\nSee what happens: {command}")
    url = parse(found.found.get("url", ""))
    method = found.found.get("method", "GET")
    # What changes something is left to whoever types the command.
    if url is not None and "origin" in found.found and method in ("GET", "HEAD") and _is_at_hand(application):
        profile = found.engine if found.engine in PROFILES else "chrome"
        request = Request(url=url.target, method=method)
        checked = _examined(request, found.found["origin"], profile, url.target, application)
        click.echo("\n" + _coloured(reports.text(checked)))
    sys.exit(1)


@cors.command()
@click.option("--markdown", is_flag=True, help="Print a table for a document.")
@_app_option
@_json_option
def routes(markdown: bool, application: str | None, as_json: bool) -> None:
    """List the routes and the policy of each."""
    try:
        found = list(routes_of(_application(application)))
    except TypeError as error:
        _usage(str(error))
    rows = [
        (route.rule, route.method, route.covered.source or "none", policy_text(route.covered.policy)) for route in found
    ]
    if as_json:
        names = ("rule", "method", "source", "policy")
        click.echo(json.dumps([dict(zip(names, row, strict=True)) for row in rows], indent=1))
    else:
        click.echo(_table([("rule", "method", "from", "policy"), *rows], markdown=markdown))


@cors.command()
@click.argument("url", required=False)
@click.option(
    "--trusted", multiple=True, metavar="ORIGIN", help="An origin that is meant to read; attacks are built on it."
)
@_app_option
@_json_option
def audit(url: str | None, trusted: tuple[str, ...], application: str | None, as_json: bool) -> None:
    """Try the known attacks on CORS.

    On every covered route of the application, or on a URL; nothing is sent but GET and OPTIONS. Exit
    status 1 if anything of high or medium harm was found.
    """
    if url is not None:
        target = parse(url)
        if target is None or not target.is_http:
            _usage(f"{url!r} is not a URL: write https://api.example/items")
        found = run_audit(_transport(), target, [*map(_origin, trusted)] or [target.origin])
    else:
        found = _audited(_application(application), [*map(_origin, trusted)])
    if as_json:
        click.echo(json.dumps({"version": 1, "findings": [asdict(finding) for finding in found]}, indent=1))
    else:
        click.echo(_audit_text(found))
    sys.exit(1 if any(finding.harm != "low" for finding in found) else 0)


def _audited(app: Any, trusted: list[str]) -> list[AuditFinding]:
    transport = wsgi_transport(_forgiving(app))
    found: list[AuditFinding] = []
    listed: list[Route] = (
        [route for route in routes_of(app) if route.covered.policy is not None] if hasattr(app, "url_map") else []
    )
    paths: dict[str, CORSPolicy | None] = {route.path: route.covered.policy for route in listed} or {
        "/": covered(app, "/", "GET").policy
    }
    for path, policy in paths.items():
        exact = (
            []
            if policy is None
            else [rule for rule in policy.origins if isinstance(rule, str) and "://" in rule and "*" not in rule]
        )
        base = base_of(app)._replace(path=path)
        ours = trusted or exact[:2] or ["https://www.example.com"]
        meant = (
            [] if policy is None else [each for each in (*exact, "null") if policy.any_origin or each in policy.origins]
        )
        found += run_audit(transport, base, ours, meant)
    return sorted(found, key=lambda finding: ("high", "medium", "low").index(finding.harm))


# --- what the commands share ---------------------------------------------------------------------------------


def _application(name: str | None) -> Any:
    if name is not None:
        try:
            return import_application(name)
        except (ImportError, ValueError, TypeError) as error:
            _usage(f"--app: {error}")
        except CORSConfigError as error:
            _usage(f"--app: {name} does not start:\n{error}")
    context = click.get_current_context()
    if context.find_root().info_name == "python -m flask_crossorigin":
        _usage("a path needs --app package.module:app")
    from flask.cli import NoAppException, ScriptInfo

    try:
        return context.ensure_object(ScriptInfo).load_app()
    except NoAppException as error:
        _usage(str(error))


def _is_at_hand(name: str | None) -> bool:
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


def _forgiving(app: Any) -> Any:
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


def _transport() -> Any:
    try:
        return network_transport()
    except ImportError as error:
        _usage(str(error))


def _network_client(origin: str, profile: str, url: URL) -> Client:
    return _client(_transport(), origin, profile, url)


def _client(transport: Any, origin: str, profile: str, base: URL) -> Client:
    return Client(transport, _origin(origin), profile=profile, base=base)


def _origin(text: str) -> str:
    try:
        return read_origin(text)
    except ValueError as error:
        _usage(str(error))


def _method_and_place(target: tuple[str, ...]) -> tuple[str, str]:
    if len(target) > 2:
        _usage(f"{' '.join(target)!r} is too much: write METHOD and PATH or URL, and quote what has blanks")
    if len(target) == 1:
        if target[0].upper() in _METHODS:
            _usage(f"{target[0]} is a method: write the path or URL behind it")
        return "GET", target[0]
    return target[0], target[1]


def _header(line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon or not name.strip():
        _usage(f"-H: {line!r} is not a header: write 'Name: value'")
    return name.strip(), value.strip()


def _usage(message: str) -> NoReturn:
    raise click.UsageError(message)


def _table(rows: list[tuple[str, ...]], *, markdown: bool) -> str:
    if markdown:
        escaped = [[cell.replace("|", "\\|") for cell in row] for row in rows]
        lines = [f"| {' | '.join(row)} |" for row in escaped]
        return "\n".join([lines[0], "|---" * len(rows[0]) + "|", *lines[1:]])
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _audit_text(found: list[AuditFinding]) -> str:
    if not found:
        return "Nothing found."
    lines = []
    for finding in found:
        lines += [
            f"{finding.harm.upper()}: {finding.attack}: {finding.method} {finding.url}",
            f"  origin: {finding.origin or '(none)'}",
            f"  received: {finding.received}",
            f"  {finding.meaning}",
            f"  fix: {finding.remedy}",
        ]
    counts = ", ".join(f"{sum(each.harm == harm for each in found)} {harm}" for harm in ("high", "medium", "low"))
    return "\n".join([*lines, "", counts])


def _coloured(text: str) -> str:
    """Return *text* with its verdict in colour; click takes colour out again where there is no terminal."""
    first, _, rest = text.partition("\n")
    colour = "green" if first.startswith("ALLOWED") else "red"
    return click.style(first, fg=colour, bold=True) + "\n" + rest


def main() -> None:
    """Run ``python -m flask_crossorigin``."""
    cors(prog_name="python -m flask_crossorigin")
