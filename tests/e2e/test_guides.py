"""The guides, followed to the letter: the development proxy with the real Vite, and the client's side in a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page

from .conftest import ROOT, free_port
from .servers import executable, listening, node_packages, running

API = """
from flask import Flask, Response, request, session, url_for
from flask_crossorigin import CORS

app = Flask(__name__)
app.secret_key = "of the test"
{cors}


@app.get("/api/me")
def me():
    session["seen"] = session.get("seen", 0) + 1
    return {{"seen": session["seen"], "origin": request.headers.get("Origin"), "me": url_for("me", _external=True)}}


@app.route("/items", methods=["GET"], defaults={{"number": 0}})
@app.route("/items/<int:number>", methods=["PUT"])
def items(number):
    session["seen"] = session.get("seen", 0) + 1
    return {{"seen": session["seen"]}}


@app.get("/events")
def events():
    return Response("data: tea\\n\\n", mimetype="text/event-stream")
"""

PAGE = "from flask import Flask\napp = Flask(__name__)\napp.add_url_rule('/', view_func=lambda: '<!doctype html>')"
# What these two do not return a promise for.
WAITS = {
    "XMLHttpRequest": "await new Promise((resolve, reject) => { xhr.onload = resolve; xhr.onerror = reject; });",
    "EventSource": "await new Promise((resolve, reject) => { events.onmessage = resolve; events.onerror = reject; });"
    "events.close();",
}


def code(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / "docs" / "guides" / page).read_text(), re.DOTALL)


@contextmanager
def vite(folder: Path, config: str) -> Iterator[int]:
    folder.mkdir()
    (folder / "node_modules").symlink_to(node_packages())
    (folder / "index.html").write_text("<!doctype html><title>page</title>")
    (folder / "vite.config.mjs").write_text(config)
    port = free_port()
    command = [executable("node"), str(node_packages() / "vite" / "bin" / "vite.js"), "--port", str(port), "--strictPort", "--host", "127.0.0.1"]  # fmt: skip
    with listening(command, folder, port, {"CI": "true"}):
        yield port


@pytest.mark.parametrize("keeps_host", [True, False], ids=["as the guide has it", "the short form, which it warns of"])
def test_vite_passes_requests_on_and_there_is_no_cors(page: Page, tmp_path: Path, *, keeps_host: bool) -> None:
    (config,) = (block for block in code("development.md", "js") if "vite" in block)
    assert '{target: "http://localhost:5000"}' in config
    if not keeps_host:
        config = config.replace('{target: "http://localhost:5000"}', '"http://localhost:5000"')
    api = free_port()
    with (
        running("flask", tmp_path / "api", API.format(cors=""), api),
        vite(tmp_path / "front", config.replace("localhost:5000", f"127.0.0.1:{api}")) as front,
    ):
        page.goto(f"http://127.0.0.1:{front}/")
        read = "async () => [await (await fetch('/api/me')).json(), await (await fetch('/api/me')).json()]"
        first, second = page.evaluate(read)
    assert first["origin"] is None
    assert (first["seen"], second["seen"]) == (1, 2)  # the cookie comes back
    assert first["me"] == f"http://127.0.0.1:{front if keeps_host else api}/api/me"


@pytest.mark.parametrize("block", code("client.md", "js"), ids=lambda block: re.sub(r"\W+", " ", block)[:40])
def test_what_the_client_writes_is_readable_with_cookies(page: Page, tmp_path: Path, block: str) -> None:
    front = free_port()
    origin = f"http://127.0.0.1:{front}"
    cors = f'CORS(app, origins=["{origin}"], supports_credentials=True)'
    api = free_port()
    with (
        running("flask", tmp_path / "api", API.format(cors=cors), api),
        running("flask", tmp_path / "page", PAGE, front),
    ):
        page.goto(origin)
        page.evaluate((node_packages() / "axios" / "dist" / "axios.min.js").read_text())
        call = block.replace("https://api.example", f"http://127.0.0.1:{api}")
        for name, ends in WAITS.items():
            call += ends if name in block else ""
        page.evaluate(f"async () => {{ {call} }}")
        if "EventSource" not in block:
            again = "async (url) => (await fetch(url, {credentials: 'include'})).json()"
            assert page.evaluate(again, f"http://127.0.0.1:{api}/items") == {"seen": 2}
