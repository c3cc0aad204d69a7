"""``snapshot``: keeps what pages can read in a file, and says what has changed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from ..browser.client import base_of, wsgi_transport
from ..doctor.snapshot import Snapshot, differences, take
from .application import covered, routes_of
from .common import app_option, origin_of
from .loading import load_application, served
from .terminal import plain, usage

_VERSION = 1
_FOREIGN = "https://not-listed.example"
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Compare with the file instead of writing it.")
@click.option("--origin", "origins", multiple=True, metavar="ORIGIN", help="Try this origin too. Can be repeated.")
@click.option("--path", "paths", multiple=True, metavar="PATH", help="Try this path too. Can be repeated.")
@click.option("--all-methods", is_flag=True, help="Send POST, PUT, PATCH and DELETE too: they change data.")
@app_option
def snapshot(
    file: Path,
    check: bool,
    origins: tuple[str, ...],
    paths: tuple[str, ...],
    all_methods: bool,
    application: str | None,
) -> None:
    """Keep in FILE what pages can read, or say what has changed.

    Every route and method is tried, from the origins in the policies, from one that is not listed and from null, with
    and without credentials. Works with every CORS library. Exit status 1 if --check finds a difference.
    """
    app = load_application(application)
    kept: dict[str, Any] = _read(file) if check else {"origins": [], "paths": [], "all_methods": False, "requests": {}}
    tried = {*map(origin_of, origins), *kept["origins"]}
    more_paths = sorted({*paths, *kept["paths"]})
    routes = _routes(app, more_paths)
    # With the origins of both runs: one that is in neither list is as foreign as the other.
    known = sorted({*tried, *_configured(app, routes)})
    all_methods = all_methods or kept["all_methods"]
    found = take(wsgi_transport(served(app)), base_of(app), routes, [*known, _FOREIGN, "null"], all_methods=all_methods)
    if check:
        _report(kept["requests"], found)
        return
    content = {
        "version": _VERSION,
        "origins": known,
        "paths": more_paths,
        "all_methods": all_methods,
        "requests": found,
    }
    file.write_text(json.dumps(content, indent=1) + "\n")
    click.echo(f"{file}: {len(routes)} routes, {len(known) + 2} origins")


def _read(file: Path) -> dict[str, Any]:
    try:
        kept = json.loads(file.read_text())
        if kept["version"] != _VERSION:
            raise ValueError(f"version {kept['version']} is not {_VERSION}")
        return {name: kept[name] for name in ("origins", "paths", "all_methods", "requests")}
    except FileNotFoundError:
        usage(f"{file} does not exist: write it first, without --check")
    except (ValueError, KeyError, TypeError) as error:
        usage(f"{file} is not a snapshot: {error}")


def _routes(app: Any, paths: list[str]) -> list[tuple[str, str]]:
    """Return pairs of a method and a path: the routes of a Flask application, and *paths*."""
    listed = {(route.method, route.path) for route in routes_of(app)} if hasattr(app, "url_map") else set()
    if not listed and not paths:
        usage("the paths of this application are not known: name them, as in --path /api/items")
    return sorted({*listed, *((method, path) for path in paths for method in _METHODS)}, key=lambda pair: pair[::-1])


def _configured(app: Any, routes: list[tuple[str, str]]) -> set[str]:
    """Return the origins in the policies; of a pattern, one that it matches."""
    policies = (covered(app, path, method).policy for method, path in routes)
    rules = (rule for policy in policies if policy is not None for rule in policy.origins if isinstance(rule, str))
    return {rule.replace(":*", ":8000").replace("*", "a") for rule in rules if "://" in rule}


def _report(before: Snapshot, after: Snapshot) -> None:
    found = differences(before, after)
    for difference in found:
        click.echo(plain(f"{difference.kind.upper()}: {difference.request}"))
        click.echo(plain(f"  before: {difference.before}\n  now:    {difference.after}"))
    click.echo(
        f"{len(found)} {'difference' if len(found) == 1 else 'differences'}" if found else "Nothing has changed."
    )
    sys.exit(1 if found else 0)
