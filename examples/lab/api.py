"""The API of the demo: three policies on three groups of paths, and a record of every exchange.

Under another server: LAB_PAGE_ORIGIN=http://localhost:8000 gunicorn --chdir examples/lab 'api:create_app()'
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable
from typing import Any

from flask import Flask, jsonify, request

from flask_crossorigin import CORSMiddleware, CORSPolicy

PARTNER = "https://partner.example"


def policies(page_origin: str) -> dict[str, CORSPolicy]:
    return {
        "/public/*": CORSPolicy(origins="*", expose_headers=["X-Total"]),
        "/account/*": CORSPolicy(origins=page_origin, supports_credentials=True),
        "/partner/*": CORSPolicy(origins=PARTNER),
        "/exchanges": CORSPolicy(origins=page_origin),
    }


class Recorder:
    """Keeps what came in and went out last, as the server saw it, for the page to show."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self.app = app
        self.exchanges: deque[dict[str, Any]] = deque(maxlen=200)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/exchanges":
            return self.app(environ, start_response)

        def start(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
            self.exchanges.append(
                {
                    "query": environ["QUERY_STRING"],
                    "request": f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}",
                    "sent": _request_headers(environ),
                    "status": status,
                    "received": headers,
                }
            )
            return start_response(status, headers, *exc_info)

        return self.app(environ, start)


def _request_headers(environ: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the request headers that CORS turns on."""
    names = ("Origin", "Access-Control-Request-Method", "Access-Control-Request-Headers", "Cookie", "Content-Type")
    keys = {name: name.upper().replace("-", "_") for name in names}
    found = ((name, environ.get(f"HTTP_{key}", environ.get(key))) for name, key in keys.items())
    return [(name, value) for name, value in found if value]


def create_app(page_origin: str | None = None) -> Flask:
    """Return the API for a page of *page_origin*, by default the variable LAB_PAGE_ORIGIN."""
    app = Flask("api")

    @app.get("/public/greeting")
    def greeting() -> Any:
        return jsonify(greeting="Hello from another origin")

    @app.get("/public/report")
    def report() -> Any:
        return jsonify(rows=[1, 2, 3]), {"X-Total": "3", "X-Internal": "script never sees this one"}

    @app.put("/public/notes/1")
    def save() -> Any:
        return jsonify(saved=request.get_json())

    @app.post("/account/login")
    def login() -> Any:
        response = jsonify(welcome="Ada")
        response.set_cookie("user", "Ada", httponly=True, samesite="Lax")
        return response

    @app.get("/account/me")
    def me() -> Any:
        return jsonify(user=request.cookies.get("user"))

    @app.get("/partner/prices")
    def prices() -> Any:
        return jsonify(prices=[10, 20])

    @app.delete("/partner/prices")
    def remove() -> Any:
        return "", 204

    @app.get("/exchanges")
    def exchanges() -> Any:
        return jsonify(
            [exchange for exchange in recorder.exchanges if exchange["query"] == request.query_string.decode()]
        )

    covered = CORSMiddleware(app.wsgi_app, policies(page_origin or os.environ["LAB_PAGE_ORIGIN"]))
    recorder = Recorder(covered)
    app.wsgi_app = recorder  # type: ignore[method-assign]
    return app
