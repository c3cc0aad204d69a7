"""``routes``: lists the routes of an application and the policy of each."""

from __future__ import annotations

import json

import click

from .application import policy_text, routes_of
from .common import app_option, json_option
from .loading import load_application
from .terminal import plain, table, usage


@click.command()
@click.option("--markdown", is_flag=True, help="Print a table for a document.")
@app_option
@json_option
def routes(markdown: bool, application: str | None, as_json: bool) -> None:
    """List the routes and the policy of each."""
    try:
        found = list(routes_of(load_application(application)))
    except TypeError as error:
        usage(str(error))
    rows = [
        (route.rule, route.method, route.covered.source or "none", policy_text(route.covered.policy)) for route in found
    ]
    if as_json:
        names = ("rule", "method", "source", "policy")
        click.echo(json.dumps([dict(zip(names, row, strict=True)) for row in rows], indent=1))
    else:
        click.echo(plain(table([("rule", "method", "from", "policy"), *rows], markdown=markdown)))
