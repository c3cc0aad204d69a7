"""``audit``: tries the known attacks on a CORS configuration."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import Any

import click

from ..browser.client import base_of, wsgi_transport
from ..browser.urls import parse
from ..browser.values import NoAnswerError, WireRequest
from ..doctor.audit import Vulnerability
from ..doctor.audit import audit as run_audit
from ..server.policy import CORSPolicy
from .application import Route, covered, routes_of
from .common import Network, app_option, json_option, load_application, network_options, origin_of, plain, served, usage


@click.command()
@click.argument("url", required=False)
@click.option(
    "--trusted",
    multiple=True,
    metavar="ORIGIN",
    help="An origin that is allowed on purpose. The audit tries similar origins.",
)
@network_options
@app_option
@json_option
def audit(
    url: str | None,
    trusted: tuple[str, ...],
    authorities: str | None,
    insecure: bool,
    application: str | None,
    as_json: bool,
) -> None:
    """Try the known attacks on CORS.

    On every covered route of the application, or on a URL; nothing is sent but GET and OPTIONS. Exit
    status 1 if anything of high or medium harm was found.
    """
    if url is not None:
        target = parse(url)
        if target is None or not target.is_http:
            usage(f"{url!r} is not a URL: write https://api.example/items")
        origins = [*map(origin_of, trusted)] or [target.origin]
        network = Network(authorities, insecure).transport()
        try:
            network(WireRequest("actual", "GET", target, []))
        except NoAnswerError as error:
            usage(f"{url} does not answer: {error}")
        found = run_audit(network, target, origins)
    else:
        found = _audited(load_application(application), [*map(origin_of, trusted)])
    if as_json:
        click.echo(json.dumps({"version": 1, "findings": [asdict(finding) for finding in found]}, indent=1))
    else:
        click.echo(plain(_audit_text(found)))
    sys.exit(1 if any(finding.harm != "low" for finding in found) else 0)


def _audited(app: Any, trusted: list[str]) -> list[Vulnerability]:
    transport = wsgi_transport(served(app))
    found: list[Vulnerability] = []
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


def _audit_text(found: list[Vulnerability]) -> str:
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
