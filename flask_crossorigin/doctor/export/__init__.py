"""A policy as the configuration of another server: nginx, Apache, Express, FastAPI, Django, PHP, or Flask.

Each module has ``lines(grants)``, what to paste, with a comment that says where; and ``whole(grants, ...)``, a file
that runs as it stands. ``tests/e2e/test_export.py`` starts each server with what is written here, and compares what
pages can read with what this library allows. The doctor's fixes quote the same lines.

``Grants`` are plain values: the doctor does not import the server's side.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, get_args

from . import apache, django, express, fastapi, flask, nginx, php
from .grants import Grants

Target = Literal["nginx", "apache", "express", "fastapi", "django", "php", "flask"]
TARGETS: tuple[Target, ...] = get_args(Target)

_LINES: dict[Target, Callable[[Grants], str]] = {
    "nginx": nginx.lines,
    "apache": apache.lines,
    "express": express.lines,
    "fastapi": fastapi.lines,
    "django": django.lines,
    "php": php.lines,
    "flask": flask.lines,
}
_APPLICATIONS: dict[Target, Callable[[Grants], str]] = {
    "express": express.whole,
    "fastapi": fastapi.whole,
    "django": django.whole,
    "php": php.whole,
    "flask": flask.whole,
}
_PROXIES: dict[Target, Callable[[Grants, int, str], str]] = {"nginx": nginx.whole, "apache": apache.whole}


def lines(target: Target, grants: Grants) -> str:
    """Return the lines to paste into the configuration or the code of *target*."""
    return _LINES[target](grants)


def whole(target: Target, grants: Grants, listen: int, upstream: str) -> str:
    """Return a file for *target* that runs as it stands.

    *listen*: the port, *upstream*: the URL of the application; both for nginx and Apache only.
    """
    if target in _PROXIES:
        return _PROXIES[target](grants, listen, upstream)
    return _APPLICATIONS[target](grants)
