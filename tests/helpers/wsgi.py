"""Runs a WSGI application as a server would, keeping everything that it did."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from wsgiref.util import setup_testing_defaults


@dataclass
class Result:
    status: str
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def code(self) -> int:
        return int(self.status.partition(" ")[0])

    @property
    def all(self) -> list[tuple[str, str]]:
        return normal(self.headers)

    @property
    def ours(self) -> list[tuple[str, str]]:
        """The headers that the library is the only writer of, and Vary."""
        return normal(header for header in self.headers if _is_ours(header[0]))

    @property
    def others(self) -> list[tuple[str, str]]:
        return normal(header for header in self.headers if not _is_ours(header[0]))


def normal(headers: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return *headers* for comparison: names are case-insensitive, and their order says nothing."""
    return sorted((name.lower(), value) for name, value in headers)


def _is_ours(name: str) -> bool:
    return name.lower() == "vary" or name.lower().startswith("access-control-")


def environ_for(method: str = "GET", path: str = "/", headers: Iterable[tuple[str, str]] = ()) -> dict[str, Any]:
    """Return the environ of a request; headers of one name are joined with a comma, as servers do."""
    environ: dict[str, Any] = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": "", "SCRIPT_NAME": ""}
    setup_testing_defaults(environ)
    environ["wsgi.input"] = io.BytesIO()
    del environ["HTTP_HOST"]
    for name, value in headers:
        key = "HTTP_" + name.upper().replace("-", "_")
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    environ.setdefault("HTTP_HOST", "127.0.0.1")
    return environ


def write_from(method: str, site: str | None, origin: str | None, host: str) -> dict[str, Any]:
    """Return the environ of a write with these values of Sec-Fetch-Site, Origin and Host."""
    sent = [("Host", host), ("Sec-Fetch-Site", site), ("Origin", origin)]
    return environ_for(method, "/ok", [(name, value) for name, value in sent if value is not None])


def call(app: Callable[..., Iterable[bytes]], environ: dict[str, Any]) -> Result:
    started: list[tuple[str, list[tuple[str, str]]]] = []
    written: list[bytes] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Callable[[bytes], None]:
        assert not started or exc_info, "start_response was called twice"
        started[:] = [(status, headers)]
        return written.append

    iterable = app(environ, start_response)
    try:
        body = b"".join(iterable)
    finally:
        if hasattr(iterable, "close"):
            iterable.close()
    (status, headers), *_ = started
    return Result(status, headers, b"".join(written) + body)


def request(app: Callable[..., Iterable[bytes]], method: str = "GET", path: str = "/", **headers: str) -> Result:
    """Call *app*; the keyword ``access_control_request_method`` is the header Access-Control-Request-Method."""
    return call(app, environ_for(method, path, [(name.replace("_", "-"), value) for name, value in headers.items()]))


def preflight(
    app: Callable[..., Iterable[bytes]], path: str, origin: str, method: str = "PUT", **headers: str
) -> Result:
    return request(app, "OPTIONS", path, origin=origin, access_control_request_method=method, **headers)


def hello(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain"), ("Access-Control-Allow-Origin", "own")])
    return [b"hello"]


def origin_of(result: Result) -> str | None:
    return dict(result.headers).get("Access-Control-Allow-Origin")
