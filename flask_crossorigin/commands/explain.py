"""``explain``: says what a message of a browser's console means."""

from __future__ import annotations

import json
import sys

import click

from ..browser.profiles import PROFILES
from ..browser.urls import parse
from ..browser.values import Request
from ..doctor import report as reports
from ..doctor.explain import check_command, meanings
from ..doctor.explain import explain as read_message
from ..doctor.export import TARGETS, Target
from ..doctor.servers import Software
from .common import app_option, coloured, examined, has_application, json_option, plain


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
    found = read_message(text)
    if found is None:
        click.echo("This is not a message about CORS from Chrome, Firefox or Safari.", err=True)
        click.echo("Copy the whole line from the browser's console, with its URL.", err=True)
        sys.exit(2)
    command = check_command(found)
    software: Software | None = target if target != "flask" else "flask-crossorigin"
    if software is None and has_application(application):
        software = "flask-crossorigin"
    if as_json:
        said = [meaning._asdict() for meaning in meanings(found, software)]
        report = {"version": 1, "browser": found.engine, "found": found.found, "meanings": said}
        click.echo(json.dumps({**report, "how_to_tell": found.how_to_tell, "check": command}, indent=1))
        sys.exit(1)
    for number, meaning in enumerate(meanings(found, software)):
        click.echo(f"{'or: ' if number else ''}{click.style(plain(meaning.cause), bold=True)}")
        click.echo(plain(f"  fix: {meaning.fix}"))
        for link in filter(None, (meaning.link, meaning.mdn)):
            click.echo(f"  {link}")
    for name, value in found.found.items():
        click.echo(plain(f"  {name}: {value}"))
    if found.how_to_tell:
        click.echo(f"  {found.how_to_tell}")
    click.echo(f"\nTo see what happens, run: {plain(command)}")
    url = parse(found.found.get("url", ""))
    method = found.found.get("method", "GET")
    # Only GET and HEAD run at once: other methods may change something, so the user has to type the command.
    if url is not None and "origin" in found.found and method in ("GET", "HEAD") and has_application(application):
        profile = found.engine if found.engine in PROFILES else "chrome"
        request = Request(url=url.target, method=method)
        checked = examined(request, found.found["origin"], profile, url.target, application)
        click.echo("\n" + coloured(reports.text(checked)))
    sys.exit(1)
