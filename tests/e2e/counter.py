"""A demo with a login and a counter, and the pages that try to move it: one process, several ports.

Serves every page from PAGES, a shop from SHOP; LISTED is the origin that the shop's policy names.
"""

from __future__ import annotations

import os
import sys
import threading
from typing import Any

import flask
from werkzeug.serving import make_server

from flask_crossorigin import CORS

shop = flask.Flask("shop")
CORS(shop, origins=[os.environ["LISTED"]], supports_credentials=True, csrf_protection=True)
moved: list[dict[str, str]] = []


@shop.get("/")
def page() -> str:
    return "<!doctype html><title>shop</title>"


@shop.get("/login")
def login() -> flask.Response:
    response = flask.Response("<!doctype html><title>logged in</title>", mimetype="text/html")
    response.set_cookie("session", "of the user")
    return response


@shop.route("/count", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
def count() -> dict[str, int]:
    if flask.request.method != "GET" and flask.request.cookies.get("session"):
        moved.append({"method": flask.request.method, "origin": flask.request.headers.get("Origin", "")})
    return {"moved": len(moved)}


@shop.route("/away", methods=["GET", "POST", "PUT"])
def away() -> Any:
    return flask.redirect(flask.request.args["to"], int(flask.request.args["status"]))


pages = flask.Flask("pages")
CORS(pages, origins="*")


@pages.get("/")
def attack() -> str:
    return "<!doctype html><title>page</title>"


@pages.route("/away", methods=["GET", "POST", "PUT"])
def away_again() -> Any:
    return flask.redirect(flask.request.args["to"], int(flask.request.args["status"]))


def main() -> None:
    for app, ports in ((shop, sys.argv[1:2]), (pages, sys.argv[2:])):
        for port in ports:
            server = make_server("127.0.0.1", int(port), app, threaded=True)
            threading.Thread(target=server.serve_forever, daemon=True).start()
    threading.Event().wait()


if __name__ == "__main__":
    main()
