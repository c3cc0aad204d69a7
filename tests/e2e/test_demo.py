"""The demo in a real Chromium, with its API under several servers: exactly what each scenario promises."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page
from werkzeug.serving import make_server

from .conftest import ROOT, Start, free_port, gunicorn, processes, waitress

LAB = str(ROOT / "examples" / "lab")
PREFLIGHT_VARY = "Vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers"

# Lines that each side shows, and lines that it does not; {page} is the page's origin.
SCENARIOS = [
    pytest.param(
        "simple", "readable", ["200", '{"greeting":"Hello from another origin"}'], ["x-total"],
        ["GET /public/greeting", "Origin: {page}", "200 OK", "Access-Control-Allow-Origin: *"], ["OPTIONS", "Cookie", "Vary"],
        id="a simple request is readable without a preflight",
    ),
    pytest.param(
        "preflight", "readable", ["200", '{"saved":{"text":"hi"}}'], [],
        ["OPTIONS /public/notes/1", "Access-Control-Request-Method: PUT", "Access-Control-Request-Headers: content-type",
         "Access-Control-Allow-Methods: GET, HEAD, POST, PUT, PATCH, DELETE", "Access-Control-Allow-Headers: content-type",
         "Access-Control-Max-Age: 600", PREFLIGHT_VARY, "PUT /public/notes/1"], ["Cookie"],
        id="a PUT is asked for and then sent",
    ),
    pytest.param(
        "credentials", "readable", ['{"welcome":"Ada"}', '{"user":"Ada"}'], ["set-cookie"],
        ["POST /account/login", "GET /account/me", "Cookie: user=Ada", "Access-Control-Allow-Credentials: true",
         "Access-Control-Allow-Origin: {page}", "Vary: Origin"], ["OPTIONS", "Allow-Origin: *"],
        id="a cookie comes back and the answer is readable",
    ),
    pytest.param(
        "exposed", "readable", ["x-total: 3"], ["x-internal"],
        ["X-Internal: script never sees this one", "Access-Control-Expose-Headers: X-Total"], ["OPTIONS"],
        id="script reads the exposed header alone",
    ),
    pytest.param(
        "refused", "blocked", ["TypeError: Failed to fetch"], ["200"],
        ["GET /partner/prices", "200 OK", "Vary: Origin"], ["Access-Control-Allow"],
        id="a simple request is answered and kept from script",
    ),
    pytest.param(
        "refused-preflight", "blocked", ["TypeError: Failed to fetch"], [],
        ["OPTIONS /partner/prices", "403 Forbidden", PREFLIGHT_VARY], ["DELETE /partner", "Access-Control-Allow"],
        id="a refused preflight keeps the request from being sent",
    ),
]  # fmt: skip

SERVERS: dict[str, Callable[[int], list[str]] | None] = {
    "the demo itself": None,
    "gunicorn's sync worker": lambda port: gunicorn(port, "--chdir", LAB, "api:create_app()"),
    "gunicorn's threads": lambda port: gunicorn(port, "--threads", "4", "--chdir", LAB, "api:create_app()"),
    "waitress": lambda port: waitress(port, "--call", "api:create_app"),
}


@pytest.fixture(scope="module", params=SERVERS)
def sent(request: pytest.FixtureRequest, chromium: Any, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The demo's page after every scenario was sent, with its API under one of the servers, and its origin."""
    with processes(tmp_path_factory.mktemp("servers")) as start, chromium.new_context() as context:
        page_origin = _open(start, SERVERS[request.param])
        page: Page = context.new_page()
        page.goto(page_origin)
        page.click("#send-all")
        page.wait_for_function("document.querySelectorAll('article[data-outcome]').length === 6")
        yield page, page_origin


def _open(start: Start, server: Callable[[int], list[str]] | None) -> str:
    if server is None:
        process = start("-u", "examples/lab")
        assert process.stdout is not None
        return process.stdout.readline().split()[-1]
    api_port, page_port = free_port(), free_port()
    page_origin = f"http://localhost:{page_port}"
    start(*server(api_port), port=api_port, LAB_PAGE_ORIGIN=page_origin, PYTHONPATH=LAB)
    sys.path.insert(0, LAB)
    try:
        import page as page_module  # the page of the demo, served from here
    finally:
        sys.path.remove(LAB)
    pages = make_server("127.0.0.1", page_port, page_module.create_app(f"http://localhost:{api_port}"), threaded=True)
    threading.Thread(target=pages.serve_forever, daemon=True).start()
    return page_origin


@pytest.mark.parametrize(("scenario", "outcome", "seen", "unseen", "wire", "not_on_the_wire"), SCENARIOS)
def test_a_scenario_is_as_promised(
    sent: tuple[Page, str],
    scenario: str,
    outcome: str,
    seen: list[str],
    unseen: list[str],
    wire: list[str],
    not_on_the_wire: list[str],
) -> None:
    page, origin = sent
    card = page.locator(f"#{scenario}")
    assert card.get_attribute("data-outcome") == outcome
    script, server = card.locator(".seen").inner_text(), card.locator(".wire").inner_text()
    assert [line for line in seen if line not in script.splitlines()] == []
    assert [text for text in unseen if text in script] == []
    lines = server.splitlines()
    assert [line for line in wire if line.format(page=origin) not in lines] == []
    assert [text for text in not_on_the_wire if text in server] == []


def test_the_demo_ends_with_ctrl_c(start: Start) -> None:
    process = start("-u", "examples/lab")
    assert process.stdout is not None
    lines = [process.stdout.readline() for _ in range(3)]
    assert [line.split(":")[0] for line in lines] == [
        "The page",
        "The API",
        "Open the page in a browser. Ctrl-C stops both.\n",
    ]
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=10) == 0


def test_a_port_that_is_taken_is_named(start: Start) -> None:
    first = start("-u", "examples/lab")
    assert first.stdout is not None
    port = first.stdout.readline().split(":")[-1].strip()
    second = subprocess.run(
        [sys.executable, "examples/lab", "--api-port", port], cwd=ROOT, capture_output=True, text=True, timeout=30
    )
    assert second.returncode == 1
    assert second.stderr.startswith(f"--api-port {port} cannot be used")
    assert second.stderr.endswith("write another port, or leave it out for a free one\n")


def test_a_dead_server_is_shown_as_dead(start: Start, page: Page) -> None:
    process = start("-u", "examples/lab")
    assert process.stdout is not None
    page.goto(process.stdout.readline().split()[-1])
    process.terminate()
    process.wait(timeout=10)
    page.click("#simple button")
    page.wait_for_selector("#simple[data-outcome=unreachable]")
    assert "is the demo still running?" in page.locator("#simple .outcome").inner_text()
