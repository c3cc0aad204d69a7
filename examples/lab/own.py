"""Reads the policy and the request that a user of the lab wrote."""

from __future__ import annotations

from typing import Any

from code_reader import PARSING, Server, read
from flask import Flask
from scenarios import Request

from flask_crossorigin import CORS

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "patch", "TRACE")
PATHS = ("item", "crash", "landed")
CREDENTIALS = ("omit", "same-origin", "include")
MODES = ("cors", "no-cors", "same-origin")


def read_policy(text: str) -> Server:
    """Return the lines of *text*, after trying them on an application.  Raises what is wrong with them."""
    server = read(text)
    if server.options is not None:
        with PARSING:
            CORS(Flask("trial"), **server.options)
    return server


def read_request(given: dict[str, Any]) -> Request:
    """Return the request that the page sent or is going to send.  Raises ``ValueError``."""
    allowed = {"method": METHODS, "credentials": CREDENTIALS, "mode": MODES, "path": PATHS}
    for name, values in allowed.items():
        if given.get(name, values[0]) not in values:
            raise ValueError(f"{name}: {given[name]!r} is not one of {', '.join(values)}")
    return sent_request(given)


def sent_request(given: dict[str, Any]) -> Request:
    """Return the request that the page sent, as it describes it."""
    headers = given.get("headers")
    texts = {name: str(given[name]) for name in ("method", "credentials", "mode", "path", "kind") if name in given}
    return Request(
        **texts,
        headers={str(name): str(value) for name, value in headers.items()} if isinstance(headers, dict) else {},
        body=str(given["body"]) if given.get("body") else None,
    )
