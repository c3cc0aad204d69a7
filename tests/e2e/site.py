"""A Flask API as people write it: a session, an auth hook, a download, a bug. Its page's origin is PAGE_ORIGIN."""

from __future__ import annotations

import os
from typing import Any

import flask

from flask_crossorigin import CORS, cross_origin

app = flask.Flask(__name__)
app.secret_key = "of the tests"
CORS(app, origins=os.environ["PAGE_ORIGIN"], supports_credentials=True, expose_headers=["Content-Disposition"])


@app.before_request
def authenticate() -> Any:
    if flask.request.path.startswith("/private") and flask.request.headers.get("Authorization") != "Bearer right":
        flask.abort(401)


@app.post("/login")
def login() -> Any:
    flask.session["user"] = flask.request.get_json()["user"]
    return {"welcome": flask.session["user"]}


@app.get("/me")
def me() -> Any:
    return {"user": flask.session.get("user")}


@app.put("/private/item")
def item() -> Any:
    return {"stored": flask.request.get_json()}


@app.get("/bug")
def bug() -> Any:
    raise LookupError("this is the bug")


@app.get("/report")
def report() -> Any:
    return flask.Response(
        "a,b\n", mimetype="text/csv", headers={"Content-Disposition": "attachment; filename=report.csv"}
    )


@app.get("/public")
@cross_origin(origins="*")
def public() -> Any:
    return {"public": True}


@app.get("/closed")
@cross_origin(origins="https://never.example")
def closed() -> Any:
    return {"closed": True}
