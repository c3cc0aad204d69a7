"""The application that test_doctor puts behind proxies."""

from __future__ import annotations

from flask import Flask

from flask_crossorigin import CORS

app = Flask("behind")
CORS(app, origins=["https://app.example"])


@app.route("/items", methods=["GET", "PUT"])
def items() -> str:
    return "items"
