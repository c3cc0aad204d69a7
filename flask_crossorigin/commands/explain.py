"""``explain``: says what a message of a browser's console means."""

from __future__ import annotations

import json
import shlex
import sys
from dataclasses import replace
from typing import Any

import click

from ..browser.profiles import PROFILES
from ..browser.urls import parse
from ..doctor.explain import Explanation, explain_all
from ..doctor.export import TARGETS, Target
from ..doctor.meanings import assumed, check_command, meanings, request_of
from ..doctor.report import Report
from ..doctor.report import text as report_text
from ..doctor.servers import Software
from .common import app_option, examined, json_option
from .loading import has_application
from .terminal import coloured, plain


@click.command()
@click.argument("message", nargs=-1)
@click.option("--server", "target", type=click.Choice(TARGETS), help="The server that has to change.")
@app_option
@json_option
def explain(message: tuple[str, ...], target: Target | None, application: str | None, as_json: bool) -> None:
    """Explain a message of the browser's console.

    Without an argument, the message is read from standard input.
    """
    text = " ".join(message) or sys.stdin.read()
    found = explain_all(text)
    if not found:
        click.echo("This is not a message about CORS from Chrome, Firefox or Safari.", err=True)
        click.echo(
            "Copy the whole line from the browser's console, with its URL. Only English messages are known.", err=True
        )
        click.echo("Or try the request itself: flask-crossorigin check URL --origin https://app.example", err=True)
        sys.exit(2)
    software: Software | None = target if target != "flask" else "flask-crossorigin"
    if software is None and has_application(application):
        software = "flask-crossorigin"
    if as_json:
        reports = [_as_json(each, software) for each in found]
        click.echo(json.dumps({"version": 1, **reports[0], "others": reports[1:]}, indent=1))
        sys.exit(1)
    for number, each in enumerate(found):
        click.echo("\n" * bool(number), nl=False)
        checked = _checked_at_once(each, application)
        _print(each, software, shows_fix=checked is None)
        if checked is not None:
            click.echo("\n" + coloured(report_text(checked)))
            if not checked.blocked:
                click.echo(f"\n{_RUNS}\n  {_against(checked, each, application)}")
    sys.exit(1)


def _as_json(found: Explanation, software: Software | None) -> dict[str, Any]:
    said = [meaning._asdict() for meaning in meanings(found, software)]
    report = {"browser": found.engine, "found": found.found, "meanings": said}
    said_too = {"how_to_tell": found.how_to_tell, "assumed": assumed(found), "check": check_command(found)}
    return {**report, **said_too}


def _print(found: Explanation, software: Software | None, *, shows_fix: bool) -> None:
    """Print what a message means; without the fix where the report of a check follows, which knows the application."""
    fixes: list[str] = []
    for meaning in meanings(found, software):
        click.echo(f"{'or: ' if fixes else ''}{click.style(plain(meaning.cause), bold=True)}")
        if shows_fix:
            click.echo(plain(f"  fix: {'the same as above' if meaning.fix in fixes else meaning.fix}"))
        fixes.append(meaning.fix)
        for link in filter(None, (meaning.link, meaning.mdn)):
            click.echo(f"  {link}")
    for name, value in found.found.items():
        click.echo(plain(f"  {name}: {value}"))
    if found.how_to_tell:
        click.echo(f"  {found.how_to_tell}")
    if shows_fix:
        if note := assumed(found):
            click.echo(f"  {note}")
        if command := check_command(found):
            click.echo(f"\nTo see what happens, run: {plain(command)}")


_RUNS = (
    "The application allows this request. Does the server run an older version, or is a proxy in front?\n"
    "To see what it answers:"
)


def _against(checked: Report, found: Explanation, application: str | None) -> str:
    command = ["flask-crossorigin", "check", checked.request.url, *(["--app", application] if application else [])]
    return shlex.join([*command, "--origin", found.found["origin"], "--against", found.found["url"]])


def _checked_at_once(found: Explanation, application: str | None) -> Report | None:
    """Check the request of a message, if there is an application: only GET and HEAD, which change nothing."""
    url = parse(found.found.get("url", ""))
    request = request_of(found)
    if url is None or "origin" not in found.found or request.method not in ("GET", "HEAD"):
        return None
    if not has_application(application):
        return None
    profile = found.engine if found.engine in PROFILES else "chrome"
    request = replace(request, url=url.target)
    return examined(request, found.found["origin"], profile, url.target, application)
