"""``audit``: tries the known attacks on a CORS configuration."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from dataclasses import asdict
from typing import Any, NamedTuple

import click

from ..browser.client import Transport, base_of, wsgi_transport
from ..browser.urls import URL, parse
from ..browser.values import NoAnswerError, WireRequest
from ..doctor.audit import Vulnerability, merged, probes
from ..doctor.audit import audit as run_audit
from ..doctor.writes import writes
from ..server.policy import CORSPolicy
from .application import covered, middleware_of, routes_kept_by, routes_of
from .common import Network, app_option, json_option, network_options, origin_of
from .loading import load_application, served
from .terminal import plain, usage


@click.command()
@click.argument("url", required=False)
@click.option(
    "--trusted",
    multiple=True,
    metavar="ORIGIN",
    help="An origin that is allowed on purpose. The audit tries similar origins.",
)
@click.option("--all-methods", is_flag=True, help="Send POST requests as well: they may change data.")
@network_options
@app_option
@json_option
def audit(
    url: str | None,
    trusted: tuple[str, ...],
    all_methods: bool,
    authorities: str | None,
    insecure: bool,
    application: str | None,
    as_json: bool,
) -> None:
    """Try the known attacks on CORS.

    On every covered route of the application, or on a URL; nothing is sent but GET and OPTIONS, unless --all-methods
    is given. Exit status 1 if anything of high or medium harm was found.
    """
    ours = [*map(origin_of, trusted)]
    places = (
        _of_url(url, ours, Network(authorities, insecure)) if url is not None else _of_application(application, ours)
    )
    progress: Any = nullcontext(places)
    if sys.stderr.isatty():
        progress = click.progressbar(places, label="Trying", file=sys.stderr)
    with progress as shown:
        found = merged([each for place in shown for each in _tried(place, all_methods)])
    if as_json:
        urls = [str(place.url) for place in places]
        click.echo(
            json.dumps(
                {
                    "version": 1,
                    "tried": urls,
                    "writes_tried": all_methods,
                    "findings": [asdict(each) for each in found],
                },
                indent=1,
            )
        )
    else:
        click.echo(plain(_audit_text(found, places, all_methods)))
    sys.exit(1 if any(finding.harm != "low" for finding in found) else 0)


class _Place(NamedTuple):
    """What is tried. *meant*: origins that are allowed on purpose. *writes*: whether POST is served there.

    *logs_in*: whether pages may send cookies.
    """

    transport: Transport
    url: URL
    trusted: list[str]
    meant: list[str]
    writes: bool = True
    logs_in: bool = True


def _tried(place: _Place, all_methods: bool) -> Iterator[Vulnerability]:
    yield from run_audit(place.transport, place.url, place.trusted, place.meant)
    if all_methods and place.writes:
        yield from writes(place.transport, place.url, place.logs_in)


def _of_url(url: str, trusted: list[str], network: Network) -> list[_Place]:
    target = parse(url)
    if target is None or not target.is_http:
        usage(f"{url!r} is not a URL: write https://api.example/items")
    transport = network.transport()
    try:
        transport(WireRequest("actual", "GET", target, []))
    except NoAnswerError as error:
        usage(f"{url} does not answer: {error}")
    return [_Place(transport, target, trusted or [target.origin], [])]


def _of_application(name: str | None, trusted: list[str]) -> list[_Place]:
    """Return every covered route of a Flask application, or a path for every pattern of ``CORSMiddleware``."""
    app = load_application(name)
    transport = wsgi_transport(served(app))
    policies = _policies(app)
    routes = [*routes_of(app)] if hasattr(app, "url_map") else []
    posted = {route.path for route in routes if route.method == "POST"} if routes else set(policies)
    if not policies:
        usage("no policy covers any path of the application: 'routes' lists them")
    places = []
    for path, policy in policies.items():
        exact = [] if policy is None else [rule for rule in policy.origins if isinstance(rule, str) and _is_exact(rule)]
        meant = [
            each for each in (*exact, "null") if policy is not None and (policy.any_origin or each in policy.origins)
        ]
        ours = trusted or exact[:2] or ["https://www.example.com"]
        logs_in = policy is None or policy.supports_credentials
        places.append(_Place(transport, base_of(app)._replace(path=path), ours, meant, path in posted, logs_in))
    return places


def _is_exact(rule: str) -> bool:
    return "://" in rule and "*" not in rule


def _policies(app: Any) -> dict[str, CORSPolicy | None]:
    """Return the paths to try, each with its policy: ``None`` where other software answers."""
    if hasattr(app, "url_map"):
        routes = [*routes_of(app)]
        if routes_kept_by(app) is not None:
            routes = [route for route in routes if route.covered.policy is not None]
        return {route.path: route.covered.policy for route in routes}
    middleware = middleware_of(app)
    if middleware is not None and isinstance(middleware.policy, Mapping):
        paths = [pattern.removesuffix("*").rstrip("/") or "/" for pattern in middleware.policy]
        return {path: policy for path in paths if (policy := covered(app, path, "GET").policy) is not None}
    return {"/": covered(app, "/", "GET").policy}


def _audit_text(found: list[Vulnerability], places: list[_Place], all_methods: bool) -> str:
    lines = []
    for finding in found:
        lines += [
            f"{finding.harm.upper()}: {finding.attack}: {finding.method} {finding.url}",
            *([f"  and {len(finding.also)} more: {', '.join(finding.also[:3])}"] if finding.also else []),
            f"  origin: {finding.origin or '(none)'}",
            f"  received: {finding.received}",
            f"  {finding.meaning}",
            f"  fix: {finding.remedy}",
        ]
    counts = ", ".join(f"{sum(each.harm == harm for each in found)} {harm}" for harm in ("high", "medium", "low"))
    paths = ", ".join(place.url.path for place in places[:5]) + (", ..." if len(places) > 5 else "")
    attacks = len(probes(places[0].trusted[0]))
    tried = f"Tried {attacks} origins with GET and OPTIONS on {len(places)} URL{'s' * (len(places) > 1)}: {paths}"
    if not all_methods:
        tried += "\nWrites were not tried: --all-methods sends POST requests as other sites can, and may change data."
    return "\n".join([*lines, *([""] if lines else []), tried, counts if found else "Nothing found."])
