"""The application that test_doctor puts behind proxies."""

from __future__ import annotations

from flask import Flask

from flask_crossorigin import CORS


def items() -> str:
    return "items"


def fails() -> str:
    raise RuntimeError


def create_app() -> Flask:
    app = Flask("behind")
    app.add_url_rule("/items", "items", items, methods=["GET", "PUT"])
    app.add_url_rule("/fails", "fails", fails)
    return app


app = create_app()
CORS(app, origins=["https://app.example"])
silent = create_app()  # says nothing of CORS

application = app  # the name that mod_wsgi looks for
