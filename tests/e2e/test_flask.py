"""A Flask application in a real Chromium: under the development server with its debugger, and under gunicorn."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page
from werkzeug import Response
from werkzeug.serving import make_server

from .conftest import Start, free_port, gunicorn

FETCH = """async ([url, options]) => {
  try {
    const response = await fetch(url, options);
    return {status: response.status, headers: Object.fromEntries(response.headers), text: await response.text()};
  } catch (error) {
    return {error: String(error)};
  }
}"""
BLOCKED = {"error": "TypeError: Failed to fetch"}


@pytest.fixture
def page_origin() -> Iterator[str]:
    server = make_server(
        "127.0.0.1", 0, Response("<!doctype html><title>page</title>", mimetype="text/html"), threaded=True
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://localhost:{server.port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(params=["flask run --debug", "gunicorn"])
def site(request: pytest.FixtureRequest, start: Start, page: Page, page_origin: str) -> Any:
    """A page on its origin, with a function that fetches from the site on another, and what serves that."""
    port = free_port()
    if request.param == "gunicorn":
        start(*gunicorn(port, "--threads", "2", "tests.e2e.site:app"), port=port, PAGE_ORIGIN=page_origin)
    else:
        run = ["-m", "flask", "--app", "tests.e2e.site", "run", "--debug", "--no-reload", "--port", str(port)]
        start(*run, port=port, PAGE_ORIGIN=page_origin)
    page.goto(page_origin)

    def fetch(path: str, **options: Any) -> Any:
        return page.evaluate(FETCH, [f"http://localhost:{port}{path}", options])

    return page, fetch, f"http://localhost:{port}", request.param


def test_a_login_with_a_session_cookie(site: Any) -> None:
    _, fetch, _, _ = site
    json = {"Content-Type": "application/json"}
    answer = fetch("/login", method="POST", headers=json, body='{"user": "Ada"}', credentials="include")
    assert answer["status"] == 200
    assert "Ada" in fetch("/me", credentials="include")["text"]
    assert "null" in fetch("/me")["text"]


def test_a_put_behind_an_auth_hook(site: Any) -> None:
    _, fetch, _, _ = site
    json = {"Content-Type": "application/json"}
    assert fetch("/private/item", method="PUT", headers=json, body="{}")["status"] == 401
    answer = fetch("/private/item", method="PUT", headers=json | {"Authorization": "Bearer right"}, body='{"a": 1}')
    assert answer["status"] == 200
    assert '"a"' in answer["text"]


def test_an_error_is_read_by_script_and_shown_to_a_person(site: Any) -> None:
    page, fetch, origin, server = site
    answer = fetch("/bug")
    assert answer["status"] == 500
    if server == "gunicorn":
        assert "LookupError" not in answer["text"]
        return
    assert answer["headers"]["content-type"].startswith("text/plain")
    assert answer["text"].endswith("LookupError: this is the bug\n")
    response = page.goto(f"{origin}/bug")
    assert response.status == 500
    assert "Werkzeug" in page.content()
    assert page.locator(".debugger").count() == 1


def test_a_download_s_name_is_exposed(site: Any) -> None:
    _, fetch, _, _ = site
    answer = fetch("/report")
    assert (answer["text"], answer["headers"]["content-disposition"]) == ("a,b\n", "attachment; filename=report.csv")


def test_views_with_policies_of_their_own(site: Any) -> None:
    _, fetch, _, _ = site
    assert fetch("/public")["status"] == 200
    assert fetch("/public", credentials="include") == BLOCKED
    assert fetch("/closed") == BLOCKED
    assert fetch("/none")["status"] == 404
    assert fetch("/me", method="DELETE")["status"] == 405
