"""Sec-Fetch-Site, -Mode, -Dest and Origin on the wire: the model sends what three engines send."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from flask_crossorigin.browser.client import Client
from flask_crossorigin.browser.urls import parse
from flask_crossorigin.browser.values import Request, WireRequest, WireResponse

from .conftest import free_port, processes
from .engines import ENGINES

ECHO = """
import json, sys, threading
from werkzeug.serving import make_server

seen = []

def app(environ, start_response):
    path, _, query = (environ["PATH_INFO"] + "?" + environ["QUERY_STRING"]).partition("?")
    allow = [("Access-Control-Allow-Origin", environ.get("HTTP_ORIGIN", "*")), ("Access-Control-Allow-Headers", "*"),
             ("Access-Control-Allow-Methods", "*"), ("Access-Control-Max-Age", "0"), ("Cache-Control", "no-store")]
    if path == "/seen":
        body = json.dumps(seen).encode()
        seen.clear()
        start_response("200 OK", [*allow, ("Content-Type", "application/json")])
        return [body]
    if path.startswith("/x"):
        names = ("HTTP_SEC_FETCH_SITE", "HTTP_SEC_FETCH_MODE", "HTTP_SEC_FETCH_DEST", "HTTP_ORIGIN")
        seen.append([environ["REQUEST_METHOD"], path, *(environ.get(name) for name in names)])
    if path == "/x/away":
        start_response("307 Temporary Redirect", [*allow, ("Location", query)])
        return [b""]
    start_response("200 OK", [*allow, ("Content-Type", "text/html")])
    return [b"<!doctype html><title>page</title>"]

for port in map(int, sys.argv[1:]):
    threading.Thread(target=make_server("127.0.0.1", port, app, threaded=True).serve_forever, daemon=True).start()
threading.Event().wait()
"""


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    """The page's origin, another port of its host, and another site."""
    folder = tmp_path_factory.mktemp("echo")
    (folder / "echo.py").write_text(ECHO)
    ports = [free_port() for _ in range(3)]
    with processes(folder) as start:
        start(str(folder / "echo.py"), *map(str, ports), port=ports[-1])
        yield [f"http://localhost:{ports[0]}", f"http://localhost:{ports[1]}", f"http://127.0.0.1:{ports[2]}"]


def asked(hosts: list[str]) -> list[tuple[str, str]]:
    page, port, site = hosts
    direct = [(method, f"{host}/x") for host in hosts for method in ("GET", "POST", "PUT")]
    chains = [
        ("POST", f"{page}/x/away?{port}/x"),
        ("POST", f"{page}/x/away?{site}/x"),
        ("POST", f"{port}/x/away?{page}/x"),
        ("GET", f"{site}/x/away?{page}/x"),
        ("GET", f"{page}/x/away?{page}/x"),
        ("GET", f"{port}/x/away?{site}/x"),
        ("POST", f"{port}/x/away?{port}/x"),
        ("POST", f"{site}/x/away?{site}/x"),
        ("POST", f"{page}/x/away?{page}/x"),
    ]
    return direct + chains


FETCH = """
async ({asked, seen}) => {
  const found = [];
  for (const [method, url] of asked) {
    try { await fetch(url, {method}); } catch {}
    found.push(await (await fetch(seen)).json());
  }
  return found;
}
"""


def modelled(profile: str, page: str, method: str, url: str) -> list[list[Any]]:
    """Return what the model sends for one request, in the form in which the server notes it."""
    seen: list[list[Any]] = []

    def send(wire: WireRequest) -> WireResponse:
        sent = {name.lower(): value for name, value in [*wire.headers, *wire.metadata]}
        names = ("sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest", "origin")
        seen.append([wire.method, wire.url.path, *(sent.get(name) for name in names)])
        allow = [
            ("Access-Control-Allow-Origin", sent.get("origin", "*")),
            ("Access-Control-Allow-Methods", "*"),
            ("Access-Control-Max-Age", "0"),
        ]
        if wire.url.path == "/x/away":
            return WireResponse(307, "", [*allow, ("Location", wire.url.query or "")])
        return WireResponse(200, "", allow)

    base = parse(page)
    assert base is not None
    Client(send, page, profile=profile, base=base).fetch(Request(url=url, method=method))
    return seen


@pytest.mark.parametrize("profile", ENGINES)
def test_the_model_sends_what_the_engine_sends(profile: str, hosts: list[str]) -> None:
    requests = asked(hosts)
    with ENGINES[profile]() as engine:
        engine.open(hosts[0])
        found = engine.run(FETCH, {"asked": requests, "seen": f"{hosts[0]}/seen"})
    differs = [
        (method, url, real, model)
        for (method, url), real in zip(requests, found, strict=True)
        if real != (model := modelled(profile, hosts[0], method, url))
    ]
    assert differs == [], "\n".join(map(json.dumps, differs))
