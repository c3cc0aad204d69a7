"""What a page of an origin may read of a Flask application."""

from __future__ import annotations

from typing import Any

from werkzeug.test import Client

from .cases import APP


def allowed(app: Any, path: str = "/", origin: str = APP, method: str = "GET", **headers: str) -> str | None:
    """Return the Access-Control-Allow-Origin of a request from *origin*."""
    response = Client(app).open(path, method=method, headers={"Origin": origin} | headers)
    values = response.headers.getlist("Access-Control-Allow-Origin")
    assert len(values) <= 1
    return values[0] if values else None


def preflighted(app: Any, path: str = "/", origin: str = APP, method: str = "PUT", **headers: str) -> str | None:
    return allowed(app, path, origin, "OPTIONS", **{"Access-Control-Request-Method": method} | headers)
