"""``export``: a policy as the configuration of another server."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any, Literal

import click

from ..doctor.export import TARGETS, Target, lines, whole
from ..doctor.export.grants import Grants
from ..errors import CORSConfigError, shown
from ..server.policy import CORSPolicy
from .application import covered, routes_of
from .common import app_option, json_option
from .loading import has_application, load_application
from .terminal import usage

_OURS = ("csrf_protection", "allow_private_network")  # options that other servers do not have
_OPT_INS = ("allow_insecure_origins", "allow_public_suffixes", "allow_null_origin")


@click.command()
@click.option("--to", "target", type=click.Choice(TARGETS), required=True, help="The server.")
@click.option("--path", default="/", show_default=True, help="The path whose policy is exported.")
@click.option("--whole", "as_file", is_flag=True, help="Print a file that runs as it stands.")
@click.option(
    "--listen", type=int, default=8080, show_default=True, metavar="PORT", help="With --whole: nginx, Apache."
)
@click.option("--upstream", default="http://127.0.0.1:5000", show_default=True, help="With --whole: nginx, Apache.")
@app_option
@json_option
def export(
    target: Target, path: str, as_file: bool, listen: int, upstream: str, application: str | None, as_json: bool
) -> None:
    """Print a policy as the configuration of another server.

    The policy of the application for --path. Without an application: that of CORS_ORIGINS and the other variables in
    the environment.

    \b
    flask cors export --to nginx
    CORS_ORIGINS=https://app.example flask-crossorigin export --to express --whole
    """  # noqa: D301 (click's mark for lines that stay)
    is_flask = target == "flask"
    if has_application(application):
        grants = _of_application(load_application(application), path, is_flask)
    else:
        grants = _of_environment(is_flask)
    text = whole(target, grants, listen, upstream) if as_file else lines(target, grants)
    if as_json:
        text = json.dumps(
            {"version": 1, "to": target, "whole": as_file, "left_out": grants.left_out, "text": text}, indent=1
        )
    click.echo(text, nl=as_json)


def _of_environment(is_flask: bool) -> Grants:
    try:
        return grants_of(CORSPolicy.from_env(), is_flask=is_flask)
    except CORSConfigError as error:
        usage(f"the environment has no policy: {error}\nSet CORS_ORIGINS, or add --app package.module:app")


def _of_application(app: Any, path: str, is_flask: bool) -> Grants:
    policy = covered(app, path, "GET").policy
    if policy is None:
        usage(f"no policy covers {path}: write the path of a route with --path; 'routes' lists them")
    others = {route.covered.policy for route in routes_of(app)} - {policy, None} if hasattr(app, "url_map") else set()
    note = f"This is the policy of {path}. Other paths have other policies: --path chooses." if others else ""
    return grants_of(policy, note, is_flask=is_flask)


def grants_of(policy: CORSPolicy, *notes: str, is_flask: bool = False) -> Grants:
    """Return what *policy* allows as plain values; *notes*: what to say besides.

    *is_flask*: for Flask with this library, which has all options.
    """
    functions = [rule for rule in policy.origins if callable(rule)] if not policy.any_origin else []
    left_out = [
        f"Cannot be said here: the function {getattr(each, '__name__', shown(each))} allows other origins as well."
        for each in functions
    ]
    ours = [name for name in _OURS if getattr(policy, name)]
    if not is_flask:
        left_out += [f"Cannot be said here: {name}." for name in ours]
    return Grants(
        origins="*" if policy.any_origin else tuple(each for each in policy.origins if isinstance(each, str)),
        credentials=policy.supports_credentials,
        methods=_list(policy.methods),
        allow_headers=_list(policy.allow_headers),
        expose_headers=_list(policy.expose_headers),
        max_age=policy.max_age,
        opt_ins=(*(name for name in _OPT_INS if getattr(policy, name)), *(ours if is_flask else ())),
        left_out=(*filter(None, notes), *left_out),
    )


def _list(names: Collection[str]) -> tuple[str, ...] | Literal["*"]:
    return "*" if names == "*" else tuple(names)
