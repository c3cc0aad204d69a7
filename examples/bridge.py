"""A bridge to APIs without CORS: your own backend fetches them, and answers with its own policy.

    pip install flask-crossorigin httpx
    WEATHER_KEY=secret flask --app bridge run
    curl http://127.0.0.1:5000/bridge/weather/berlin -H 'Origin: http://localhost:3000'

It is not an open proxy. Upstreams are fixed in code; methods, paths, headers and content types are allowed one by one.
The user's cookies and Authorization stay here, and a key that only the server knows goes there. The upstream's cookies
and CORS headers are dropped, and its response cannot run as a page of this origin. Redirects are refused. Time and size
are limited. Every error is JSON that JavaScript can read.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException

from flask_crossorigin import CORS

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
PASSED_ON = ("accept", "accept-language", "content-type", "if-none-match", "if-modified-since")
PASSED_BACK = (
    "cache-control",
    "content-language",
    "content-type",
    "etag",
    "expires",
    "last-modified",
    "retry-after",
    "vary",
)
# Data, and no document that a browser runs: no HTML, SVG or XML.
TYPES = frozenset({"application/json", "application/geo+json", "application/problem+json", "text/csv", "text/plain"})
# Even a type that a browser takes for a document runs nothing.
SAFE = {"Content-Security-Policy": "sandbox; default-src 'none'", "X-Content-Type-Options": "nosniff"}


@dataclass(frozen=True)
class Upstream:
    """A server to fetch from. *base*: scheme, host and port. *paths*: an expression that the whole path matches.

    *secret*: headers that only this server knows. *types*: content types that pass. *seconds*: for the whole response.
    *size*, *request_size*: in bytes.
    """

    base: str
    paths: str
    methods: frozenset[str] = frozenset({"GET"})
    secret: Mapping[str, str] = field(default_factory=dict)
    types: frozenset[str] = TYPES
    seconds: float = 10.0
    size: int = 5 * 1024 * 1024
    request_size: int = 1024 * 1024

    def __post_init__(self) -> None:
        if re.fullmatch(r"https?://[A-Za-z0-9.-]+(?::\d+)?", self.base) is None:
            raise ValueError(f"base: {self.base!r} is not scheme, host and port, as in 'https://api.example'")


# Segments of plain characters: no dots alone, nothing encoded, no second slash, no host.
_PLAIN = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*)(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*")


class BridgeError(Exception):
    """Why the bridge does not pass a response on: a status and a text for JavaScript."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.status = status


def add_bridge(app: Flask, upstreams: Mapping[str, Upstream], transport: httpx.BaseTransport | None = None) -> None:
    """Serve *upstreams* under ``/bridge/<name>/<path>``. *transport*: for tests."""

    @app.route("/bridge/<name>", defaults={"path": ""}, methods=METHODS)
    @app.route("/bridge/<name>/<path:path>", methods=METHODS)
    def bridge(name: str, path: str) -> Any:
        try:
            return fetched(_upstream(upstreams, name, path), path, transport)
        except BridgeError as error:
            return problem(error.status, str(error))

    def as_json(error: Exception) -> Any:
        if not request.path.startswith("/bridge/"):
            return error
        is_known = isinstance(error, HTTPException) and error.code is not None
        return problem(error.code, error.name) if is_known else problem(500, "the bridge failed")  # type: ignore[attr-defined]

    app.register_error_handler(HTTPException, as_json)


def _upstream(upstreams: Mapping[str, Upstream], name: str, path: str) -> Upstream:
    """Return the upstream of a request that is allowed."""
    upstream = upstreams.get(name)
    if upstream is None or (path and _PLAIN.fullmatch(path) is None) or re.fullmatch(upstream.paths, path) is None:
        raise BridgeError(404, "the bridge has no such path")
    if request.method not in upstream.methods:
        raise BridgeError(405, f"{request.method} is not allowed here")
    if (request.content_length or 0) > upstream.request_size or "Transfer-Encoding" in request.headers:
        raise BridgeError(413, "the request is too large")
    return upstream


def fetched(upstream: Upstream, path: str, transport: httpx.BaseTransport | None) -> Response:
    """Return the response of *upstream*, as far as it may pass."""
    headers = {name: value for name, value in request.headers.items() if name.lower() in PASSED_ON}
    query = request.query_string or None
    try:
        outgoing = httpx.Request(
            request.method,
            httpx.URL(f"{upstream.base}/{path}", query=query),
            headers=headers | dict(upstream.secret),
            content=request.get_data() or None,
        )
    except (httpx.InvalidURL, ValueError):
        raise BridgeError(400, "the query or a header cannot be passed on") from None
    answer = _within(upstream, outgoing, transport)
    if 300 <= answer.status_code < 400 and answer.status_code != 304:
        raise BridgeError(502, "the upstream redirects, which the bridge does not follow")
    kind = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if answer.content and kind not in upstream.types:
        raise BridgeError(502, "the upstream's content type does not pass")
    passed = [(name, value) for name, value in answer.headers.items() if name.lower() in PASSED_BACK]
    response = Response(answer.content, answer.status_code, [*passed, *SAFE.items()])
    if "content-type" not in answer.headers:
        response.headers.pop("Content-Type", None)
    return response


def _within(upstream: Upstream, outgoing: httpx.Request, transport: httpx.BaseTransport | None) -> httpx.Response:
    """Return the whole response within the time of *upstream*, however slowly it arrives."""
    found: list[httpx.Response | BridgeError] = []
    # A new client for each request: one user's cookies of the upstream must never go out with another's request.
    client = httpx.Client(follow_redirects=False, trust_env=False, transport=transport, timeout=upstream.seconds)

    def fetch() -> None:
        try:
            found.append(_read(client.send(outgoing, stream=True), upstream))
        except BridgeError as error:
            found.append(error)
        except httpx.TimeoutException:
            found.append(BridgeError(504, "the upstream did not answer in time"))
        except Exception:
            found.append(BridgeError(502, "the upstream cannot be reached"))

    thread = threading.Thread(target=fetch, daemon=True)
    thread.start()
    thread.join(upstream.seconds)
    if transport is None:
        client.close()  # ends a response that is still arriving
    answer = found[0] if found else BridgeError(504, "the upstream did not answer in time")
    if isinstance(answer, BridgeError):
        raise answer
    return answer


def _read(response: httpx.Response, upstream: Upstream) -> httpx.Response:
    """Return *response* with its whole body, of a limited size."""
    length = response.headers.get("content-length", "")
    body = b""
    if length.isdecimal() and (len(length) > 15 or int(length) > upstream.size):
        response.close()
        raise BridgeError(502, "the upstream's answer is too large")
    for part in response.iter_bytes():
        body += part
        if len(body) > upstream.size:
            response.close()
            raise BridgeError(502, "the upstream's answer is too large")
    kept = [(name, value) for name, value in response.headers.items() if name.lower() != "content-encoding"]
    return httpx.Response(response.status_code, headers=kept, content=body)


def problem(status: int, text: str) -> Any:
    return jsonify(error=text), status


def create_app() -> Flask:
    app = Flask(__name__)
    CORS(app, resources={"/bridge/*": {"origins": ["http://localhost:3000"]}})
    secret = {"Authorization": f"Bearer {os.environ.get('WEATHER_KEY', '')}"}
    add_bridge(app, {"weather": Upstream("https://weather.example", r"[a-z]+", secret=secret)})
    return app
