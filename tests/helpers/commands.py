"""Runs the commands as a user does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
from click.testing import CliRunner, Result
from flask import Blueprint, Flask, request
from flask.cli import ScriptInfo

from flask_crossorigin import CORS, cross_origin
from flask_crossorigin.commands.group import cors

APP = "https://app.example"


SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "check.schema.json").read_text())


def flask_app() -> Flask:
    app = Flask("api")
    blueprint = Blueprint("shop", __name__, url_prefix="/shop")
    CORS(
        app,
        resources={
            "/api/*": {
                "origins": [APP],
                "supports_credentials": True,
                "allow_headers": ["Content-Type"],
                "methods": ["GET", "PUT"],
            }
        },
    )
    CORS(blueprint, origins=["https://shop.example"])

    @app.route("/api/items", methods=["GET", "POST", "PUT", "DELETE"])
    def items() -> Any:
        return {"method": request.method}, {"X-Total-Count": "3", "Set-Cookie": "s=1"}

    @app.get("/api/slash/")
    def slash() -> str:
        return "slash"

    @app.get("/bare")
    def bare() -> str:
        return "bare"

    @app.get("/public/<int:number>")
    @cross_origin
    def public(number: int) -> str:
        return str(number)

    @blueprint.get("/")
    def shop() -> str:
        return "shop"

    app.register_blueprint(blueprint)
    return app


def wsgi_app(status: str, *headers: tuple[str, str], body: bytes = b"x") -> Any:
    """An application that answers everything alike."""

    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response(status, [*headers, ("Content-Length", str(len(body)))])
        return [body]

    return app


def run(app: Any, *arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(cors, list(arguments), obj=ScriptInfo(create_app=lambda: app), input=text)


def report(app: Any, *arguments: str) -> dict[str, Any]:
    result = run(app, "check", "--json", *arguments)
    assert result.exit_code in (0, 1), result.output
    value: dict[str, Any] = json.loads(result.stdout)
    jsonschema.validate(value, SCHEMA)
    assert value.keys() == SCHEMA["properties"].keys()  # the schema itself permits more, for later versions
    fields = SCHEMA["properties"]["findings"]["items"]["properties"].keys()
    assert all(finding.keys() == fields for finding in value["findings"])
    assert result.exit_code == (1 if value["verdict"] == "blocked" else 0)
    return value


bare_app = flask_app()


def plain(environ: dict[str, Any], start_response: Any) -> list[bytes]:
    start_response("200 OK", [])
    return [b""]


ALLOW = ("Access-Control-Allow-Origin", APP)
