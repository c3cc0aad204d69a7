"""The documentation site as it is built: search, and the playground in Chromium and Firefox."""

from __future__ import annotations

import functools
import http.server
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, expect

from .conftest import ROOT
from .engines import ENGINES
from .servers import npm_install

DOCS = ROOT / "docs"


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves the site's files without a log."""

    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | {".mjs": "text/javascript", ".wasm": "application/wasm"}  # fmt: skip

    def log_message(self, *_: Any) -> None: ...


def pyodide() -> Path:
    """Return the folder of Pyodide, which `make docs` installs; here it is installed if that has not run yet."""
    folder = DOCS / "node_modules" / "pyodide"
    if not folder.exists():
        npm_install(DOCS)
    return folder


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("site")
    pyodide()
    subprocess.run([sys.executable, "-m", "sphinx", "-W", "--quiet", "-b", "html", DOCS, folder], check=True)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("No 'Access-Control-Allow-Origin' header", "errors.html"),
        ("flask cors not working", "start.html"),
        ("preflight 401", "understand/requests.html"),
        ("cors cookies samesite none", "understand/cookies.html"),
        ("vite proxy cors", "guides/development.html"),
        ("cors with nginx", "guides/nginx.html"),
        ("cors express same as flask", "elsewhere.html"),
        ("disable cors chrome", "do-not.html"),
    ],
)
def test_the_search_finds_the_page_that_answers_a_question(page: Page, site: str, question: str, answer: str) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{site}/search.html?q={quote(question)}")
    first = page.locator("#search-results li > a").first
    expect(first).to_be_visible()
    page.wait_for_timeout(500)  # the others follow
    assert (first.get_attribute("href") or "").partition("#")[0] == answer
    assert errors == []


EXAMPLES = {
    "A simple GET": "readable",
    "No CORS at all": "blocked",
    "A PUT with JSON": "readable",
    "With cookies": "blocked",
    "A login check answers the preflight": "blocked",
    "A header that JavaScript cannot read": "readable",
}


def test_the_playground_runs_offline_in_chromium(page: Page, site: str) -> None:
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{site}/playground.html")
    page.wait_for_selector("html[data-playground=ready]", timeout=60_000)
    expect(page.locator("#status")).to_contain_text("runs in this page, and needs no network any more")
    page.context.set_offline(True)
    for example, outcome in EXAMPLES.items():
        page.select_option("#example", example)
        expect(page.locator(f"#verdicts button.{outcome}")).to_have_count(3, timeout=15_000)
        page.wait_for_timeout(700)
        expect(page.locator(f"#verdicts button.{outcome}")).to_have_count(3)
    expect(page.locator("#report")).to_contain_text("expose_headers=['X-Total-Count']")
    page.select_option("#example", "A policy that does not start")
    expect(page.locator("#problem")).to_contain_text("'*' is prohibited with supports_credentials")
    expect(page.locator("#result")).to_be_hidden()
    page.select_option("#example", "With cookies")
    expect(page.locator("#console")).to_contain_text("'Access-Control-Allow-Credentials' header")
    page.locator("#verdicts button", has_text="Firefox").click()
    expect(page.locator("#console")).to_contain_text("(Reason: expected ‘true’ in CORS header")
    text = page.input_value("#application").replace('example"])', 'example"], supports_credentials=True)')
    page.fill("#application", text)
    expect(page.locator("#verdicts button.readable")).to_have_count(3)
    for code, problem in (
        ("def", "SyntaxError"),
        ("1/0", "ZeroDivisionError"),
        ("x = 1", "there is no application"),
    ):
        page.fill("#application", code)
        expect(page.locator("#problem")).to_contain_text(problem)
    page.fill("#application", text)
    page.fill("#request", "const x = 1;")
    expect(page.locator("#problem")).to_contain_text("there is no call of fetch()")
    page.fill("#request", "const r = await fetch('https://api.example/me', {method: 'DELETE'}); await r.json();")
    expect(page.locator("#wire .sent").first).to_contain_text("Access-Control-Request-Method: DELETE")
    page.fill(
        "#message",
        "Access to fetch at 'https://api.example/' from origin 'https://app.example' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.",
    )
    page.click("#explain button")
    expect(page.locator("#meanings strong")).to_contain_text("has no Access-Control-Allow-Origin")
    page.context.set_offline(False)
    link = page.url
    page.goto("about:blank")
    page.goto(link)
    expect(page.locator("#application")).to_have_value(text)
    assert errors == []


def test_the_playground_runs_in_firefox(site: str) -> None:
    with ENGINES["firefox"]() as engine:
        engine.open(f"{site}/playground.html")
        found = engine.run("""async () => {
          const wait = (test) => new Promise((resolve) => { const look = () => test() ? resolve() : setTimeout(look, 100); look(); });
          await wait(() => document.documentElement.dataset.playground === "ready");
          await wait(() => document.querySelectorAll("#verdicts button").length === 3);
          const outcomes = {};
          for (const option of document.querySelectorAll("#example option")) {
            const select = document.getElementById("example");
            select.value = option.value;
            select.dispatchEvent(new Event("change"));
            await new Promise((resolve) => setTimeout(resolve, 1500));
            outcomes[option.value] = [...document.querySelectorAll("#verdicts button")].map((each) => each.className);
          }
          return JSON.stringify(outcomes);
        }""")
    outcomes = json.loads(found)
    assert {name: outcomes[name] for name in EXAMPLES} == {name: [outcome] * 3 for name, outcome in EXAMPLES.items()}


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (390, "light")])
def test_axe_finds_nothing_of_ours(page: Page, site: str, width: int, scheme: Any) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 900})
    for name, ours in (("understand/requests", ".exchange"), ("playground", "#play")):
        page.goto(f"{site}/{name}.html")
        if name == "playground":
            page.wait_for_selector("#verdicts button", timeout=60_000)
        violations = axe.run(page, ours).response["violations"]
        assert [(name, each["id"], each["nodes"][0]["html"][:200]) for each in violations] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name


def test_the_site_asks_nobody_else(page: Page, site: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for name in ("index", "playground", "search"):
        page.goto(f"{site}/{name}.html")
    page.goto(f"{site}/playground.html")
    page.wait_for_selector("html[data-playground=ready]", timeout=60_000)
    assert [url for url in asked if not url.startswith((site, "data:", "blob:"))] == []


def test_the_packages_of_the_playground_have_no_compiled_code(site: str, tmp_path: Path) -> None:
    import zipfile

    import httpx

    archive = tmp_path / "packages.zip"
    archive.write_bytes(httpx.get(f"{site}/_static/pyodide/packages.zip").content)
    names = zipfile.ZipFile(archive).namelist()
    assert {"flask_crossorigin/__init__.py", "flask/__init__.py", "runner.py"} <= set(names)
    assert not [name for name in names if name.endswith((".so", ".pyd", ".pyc"))]
