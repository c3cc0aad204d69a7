"""A bridge to APIs that do not speak CORS: your own backend fetches them, and answers with its own policy.

    pip install flask-crossorigin httpx
    WEATHER_KEY=secret flask --app bridge run
    curl http://127.0.0.1:5000/bridge/weather/berlin -H 'Origin: http://localhost:3000'

It is no open proxy. Upstreams are fixed in code; methods, paths and headers are allowed one by one; the user's
cookies and Authorization stay here, and a key that only the server knows goes there. Upstream's cookies and CORS
headers are dropped. Redirects are refused. Time and size are bounded. What goes wrong is answered as JSON that
script can read.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx
from flask import Flask, Response, jsonify, request

from flask_crossorigin import CORS

PASSED_ON = ("accept", "accept-language", "content-type", "if-none-match", "if-modified-since")
PASSED_BACK = ("cache-control", "content-language", "content-type", "etag", "expires", "last-modified", "retry-after")


@dataclass(frozen=True)
class Upstream:
    """A server to fetch from. *base*: scheme, host and port. *paths*: an expression that the whole path matches.

    *secret*: headers that only this server knows. *seconds*, *size*: the most that an answer may take, in bytes.
    """

    base: str
    paths: str
    methods: frozenset[str] = frozenset({"GET"})
    secret: Mapping[str, str] = field(default_factory=dict)
    seconds: float = 10.0
    size: int = 5 * 1024 * 1024
    request_size: int = 1024 * 1024

    def __post_init__(self) -> None:
        if re.fullmatch(r"https?://[A-Za-z0-9.-]+(?::\d+)?", self.base) is None:
            raise ValueError(f"base: {self.base!r} is not scheme, host and port, as in 'https://api.example'")


# Segments of plain characters: no dots alone, nothing encoded, no second slash, no host.
_PLAIN = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9_.-]*)(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*")


def add_bridge(app: Flask, upstreams: Mapping[str, Upstream], transport: httpx.BaseTransport | None = None) -> None:
    """Serve *upstreams* under ``/bridge/<name>/<path>``. *transport*: for tests."""
    # A jar that takes nothing: one user's cookies of the upstream must never go out with another's request.
    jar = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
    client = httpx.Client(follow_redirects=False, trust_env=False, transport=transport, cookies=jar)

    @app.route("/bridge/<name>", defaults={"path": ""}, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    @app.route("/bridge/<name>/<path:path>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    def bridge(name: str, path: str) -> Any:
        upstream = upstreams.get(name)
        if upstream is None or (path and _PLAIN.fullmatch(path) is None) or re.fullmatch(upstream.paths, path) is None:
            return problem(404, "there is no such path on the bridge")
        if request.method not in upstream.methods:
            return problem(405, f"{request.method} is not allowed here")
        if (request.content_length or 0) > upstream.request_size or "Transfer-Encoding" in request.headers:
            return problem(413, "the request is too large")
        return fetched(client, upstream, path)


def fetched(client: httpx.Client, upstream: Upstream, path: str) -> Any:
    """Return what *upstream* answers, streamed."""
    headers = {name: value for name, value in request.headers.items() if name.lower() in PASSED_ON}
    query = request.query_string.decode("latin-1")
    url = httpx.URL(f"{upstream.base}/{path}", query=query.encode("latin-1") or None)
    deadline = time.monotonic() + upstream.seconds
    outgoing = client.build_request(
        request.method,
        url,
        headers=headers | dict(upstream.secret),
        content=request.get_data() or None,
        timeout=upstream.seconds,
    )
    try:
        response = client.send(outgoing, stream=True)
    except httpx.TimeoutException:
        return problem(504, "the upstream did not answer in time")
    except httpx.HTTPError:
        return problem(502, "the upstream cannot be reached")
    if response.is_redirect:
        response.close()
        return problem(502, "the upstream redirects, which the bridge does not follow")
    if int(response.headers.get("content-length", "0") or 0) > upstream.size:
        response.close()
        return problem(502, "the upstream's answer is too large")
    passed = [(name, value) for name, value in response.headers.items() if name.lower() in PASSED_BACK]
    answer = Response(_bounded(response, upstream.size, deadline), response.status_code, passed)
    answer.call_on_close(response.close)
    return answer


def _bounded(response: httpx.Response, size: int, deadline: float) -> Iterator[bytes]:
    """Yield the body, and break the connection off where it grows too large or too slow."""
    seen = 0
    for part in response.iter_bytes():
        seen += len(part)
        if seen > size or time.monotonic() > deadline:
            raise RuntimeError("the upstream's answer is too large or too slow: broken off")
        yield part


def problem(status: int, text: str) -> Any:
    return jsonify(error=text), status


def create_app() -> Flask:
    app = Flask(__name__)
    CORS(app, resources={"/bridge/*": {"origins": ["http://localhost:3000"]}})
    secret = {"Authorization": f"Bearer {os.environ.get('WEATHER_KEY', '')}"}
    add_bridge(app, {"weather": Upstream("https://weather.example", r"[a-z]+", secret=secret)})
    return app
