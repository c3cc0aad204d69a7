"""What the doctor tells to write where a server answers a preflight with a redirect, or with an error page."""

from __future__ import annotations

from typing import Any

import pytest

from flask_crossorigin.testing import Browser, CORSBlocked

from ..helpers.cases import APP


def answering(status: str, location: str | None = None) -> Any:
    def app(_: Any, start_response: Any) -> list[bytes]:
        headers = [("Access-Control-Allow-Origin", "*"), ("Location", location)] if location is not None else []
        start_response(status, headers)
        return [b""]

    return app


@pytest.mark.parametrize(
    ("location", "base", "path", "remedy"),
    [
        ("/items/", "https://api.example", "/items", "call https://api.example/items/ with the slash, or write strict_slashes=False"),
        ("/items", "https://api.example", "/items/", "call https://api.example/items without the slash"),
        ("https://api.example/items", "http://api.example", "/items", "call https://api.example/items: use https from the start"),
        ("/login", "https://api.example", "/items", "the server sends requests without a login to https://api.example/login, and preflights never have one"),
    ],
    ids=["to a slash", "without a slash", "to https", "to a login page"],
)  # fmt: skip
def test_a_preflight_that_is_redirected(location: str, base: str, path: str, remedy: str) -> None:
    browser = Browser(answering("308 Permanent Redirect", location), origin=APP.replace("https", base[: base.index(":")]), base_url=base)  # fmt: skip
    with pytest.raises(CORSBlocked) as blocked:
        browser.fetch(path, method="PUT")
    assert remedy in blocked.value.findings[0].remedy


def test_an_error_page_without_headers() -> None:
    with pytest.raises(CORSBlocked) as blocked:
        Browser(answering("500 Internal Server Error"), origin=APP).fetch("/items")
    finding = blocked.value.findings[0]
    assert finding.title.endswith("is an error page (500) without CORS headers, so the browser hides the real error from JavaScript")  # fmt: skip
    assert finding.remedy == (
        "look for the error in the server's log. To let the page read such errors: CORS(app, origins=[...]) adds the "
        "headers to error pages, too"
    )


@pytest.mark.parametrize("allowed", [APP, "https://other.example"], ids=["the page's origin", "another origin"])
def test_a_redirect_between_two_other_origins_makes_the_origin_null(allowed: str) -> None:
    """The advice is the last URL: no server should allow null."""

    def app(environ: Any, start_response: Any) -> list[bytes]:
        if environ["HTTP_HOST"] == "api.example":
            start_response(
                "302 Found", [("Access-Control-Allow-Origin", "*"), ("Location", "https://third.example/data")]
            )
        else:
            start_response("200 OK", [("Access-Control-Allow-Origin", allowed), ("Vary", "Origin")])
        return [b""]

    with pytest.raises(CORSBlocked) as blocked:
        Browser(app, origin=APP, base_url="https://api.example").fetch("/data")
    assert blocked.value.findings[0].remedy == (
        "request the last URL in the page: fetch('https://third.example/data'). After a redirect from one origin to "
        "another, browsers send Origin: null, and no server should allow null: every website can send it"
    )
