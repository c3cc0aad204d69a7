"""The Python side of the playground: runs an application and a request in the reader's browser, under Pyodide."""

from __future__ import annotations

import io
import json
import logging
import traceback
from typing import Any

from flask_crossorigin import CORSConfigError
from flask_crossorigin.browser.client import Client, Exchange, base_of, wsgi_transport
from flask_crossorigin.browser.values import Request
from flask_crossorigin.doctor.cases import Server
from flask_crossorigin.doctor.examine import diagnose
from flask_crossorigin.doctor.explain import explain_all
from flask_crossorigin.doctor.meanings import meanings
from flask_crossorigin.doctor.report import text

PROFILES = ("chrome", "firefox", "safari")
MAX_BODY = 2000  # characters


def play(code: str, origin: str, call: str) -> str:
    """Run the application in *code* and a request, and return as JSON what three browsers do.

    *call*: JSON with ``url`` and the ``options`` of ``fetch()``. The result has a ``problem``, or ``browsers`` with the
    verdict, the console text, the exchanges and the doctor's report of each.
    """
    log = io.StringIO()
    handler = logging.StreamHandler(log)
    logging.getLogger().handlers = [handler]
    try:
        app = application(code)
        given = json.loads(call)
        browsers = {profile: result(app, origin, given, profile) for profile in PROFILES}
    except (CORSConfigError, ValueError) as error:
        return json.dumps({"problem": str(error)})
    except Exception:
        return json.dumps({"problem": last_lines()})
    return json.dumps({"browsers": browsers, "log": log.getvalue()[-MAX_BODY:]})


def application(code: str) -> Any:
    """Return the ``app`` of *code*.  Raises what the code raises."""
    names: dict[str, Any] = {"__name__": "playground"}
    exec(compile(code, "app.py", "exec"), names)
    app = names.get("app")
    if not callable(app):
        raise ValueError("there is no application: write app = Flask(__name__)")
    return app


def last_lines() -> str:
    """Return the traceback of what the reader's code raised, without the frames of this module."""
    lines = traceback.format_exc().splitlines()
    start = next((index for index, line in enumerate(lines) if '"app.py"' in line), len(lines) - 1)
    return "\n".join(lines[start:])


def result(app: Any, origin: str, given: dict[str, Any], profile: str) -> dict[str, Any]:
    """Return what the browser of *profile* does."""
    client = Client(wsgi_transport(app), origin, profile=profile, base=base_of(app))
    request = request_of(given)
    outcome = client.fetch(request)
    exchanges = tuple(client.exchanges)
    report = diagnose(client.browser, request, outcome, exchanges, Server(where="process"))
    return {
        "outcome": "opaque" if outcome.type == "opaque" else "readable" if outcome.readable else "blocked",
        "status": outcome.status,
        "headers": [list(header) for header in outcome.headers],
        "body": outcome.body.decode("utf-8", "replace")[:MAX_BODY],
        "console": outcome.failures[0].console if outcome.failures else "",
        "exchanges": [wire(each) for each in exchanges],
        "report": text(report, verbose=True),
    }


def request_of(given: dict[str, Any]) -> Request:
    """Return the request of a call of ``fetch()``."""
    options = given.get("options") or {}
    headers = options.get("headers") or {}
    pairs = headers.items() if isinstance(headers, dict) else headers
    body = options.get("body")
    return Request(
        url=str(given["url"]),
        method=str(options.get("method", "GET")),
        headers=tuple((str(name), str(value)) for name, value in pairs),
        body=str(body).encode() if body is not None else None,
        credentials=options.get("credentials", "same-origin"),
        mode=options.get("mode", "cors"),
        redirect=options.get("redirect", "follow"),
    )


def wire(exchange: Exchange) -> dict[str, Any]:
    """Return one exchange as two texts."""
    sent = [exchange.request_line, *(f"{name}: {value}" for name, value in exchange.headers)]
    received = [
        f"{exchange.status} {exchange.reason}",
        *(f"{name}: {value}" for name, value in exchange.response_headers),
    ]
    return {"sent": "\n".join(sent), "received": "\n".join(received)}


def explain(message: str) -> str:
    """Return as JSON what a pasted console message means."""
    found = [each._asdict() for explanation in explain_all(message) for each in meanings(explanation)]
    return json.dumps(found)
