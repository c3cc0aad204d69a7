"""No page that the policy does not name gets a write through, by any request that the browser model can make."""

from __future__ import annotations

import contextlib
from typing import Any

import pytest
from flask import Flask, redirect, request
from hypothesis import given, settings
from hypothesis import strategies as st

from flask_crossorigin import CORS
from flask_crossorigin.testing import Browser, FetchError

API = "https://api.shop.example"
LISTED = ["https://app.shop.example", "https://partner.example"]
FOREIGN = [
    "https://evil.example",
    "https://blog.shop.example",  # of the same site
    "https://api.shop.example.evil.example",
    "http://app.shop.example",
    "https://app.shop.example:8443",
    "http://localhost:3000",
    "null",
]


def shop(*, protected: bool = True) -> tuple[Flask, list[str]]:
    app, ran = Flask("shop"), list[str]()
    CORS(app, origins=LISTED, supports_credentials=True, csrf_protection=protected)

    @app.route("/items", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    def items() -> str:
        if request.method != "GET":
            ran.append(request.method)
        return "done"

    @app.route("/away/<int:status>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    def away(status: int) -> Any:
        return redirect(request.args["to"], status)

    return app, ran


requests = st.fixed_dictionaries(
    {
        "method": st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE"]),
        "mode": st.sampled_from(["cors", "no-cors"]),
        "credentials": st.sampled_from(["omit", "same-origin", "include"]),
        "headers": st.sampled_from(
            [None, {"Content-Type": "text/plain"}, {"Content-Type": "application/json"}, {"X-A": "1"}]
        ),
        "body": st.sampled_from([None, "a=1"]),
    }
)
paths = st.sampled_from(
    [
        f"{API}/items",
        f"{API}/away/307?to={API}/items",
        f"https://evil.example/away/307?to={API}/items",
        f"https://evil.example/away/308?to={API}/away/307?to={API}/items",
        f"https://partner.example/away/307?to={API}/items",  # a listed origin on the way names nobody
        f"{API}/away/303?to={API}/items",
    ]
)


@pytest.mark.parametrize("profile", ["standard", "chrome", "firefox", "safari"])
@given(page=st.sampled_from(FOREIGN), options=requests, url=paths)
@settings(max_examples=60, deadline=None)
def test_no_fetch_of_a_foreign_page_writes(profile: Any, page: str, options: dict[str, Any], url: str) -> None:
    app, ran = shop()
    with contextlib.suppress(FetchError):
        Browser(app, origin=page, profile=profile, base_url=API).fetch(url, **options)
    assert ran == []


@given(page=st.sampled_from(FOREIGN), url=paths)
@settings(max_examples=60, deadline=None)
def test_no_form_of_a_foreign_page_writes(page: str, url: str) -> None:
    app, ran = shop()
    response = Browser(app, origin=page, base_url=API).navigate(url, method="POST", data={"a": "1"})
    assert ran == []
    assert response.status in (200, 403)


@pytest.mark.parametrize("page", FOREIGN)
def test_without_the_option_a_form_of_a_foreign_page_writes(page: str) -> None:
    app, ran = shop(protected=False)
    assert Browser(app, origin=page, base_url=API).navigate("/items", method="POST", data={"a": "1"}).status == 200
    assert ran == ["POST"]


@pytest.mark.parametrize("page", [*LISTED, API])
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_listed_pages_and_pages_of_the_server_write(page: str, method: str) -> None:
    app, ran = shop()
    browser = Browser(app, origin=page, base_url=API)
    assert browser.fetch("/items", method=method, json={"a": 1}, credentials="include").status == 200
    assert browser.navigate("/items", method="POST", data={"a": "1"}).status == 200
    assert ran == [method, "POST"]


def test_a_navigation_sends_what_browsers_send() -> None:
    app, _ = shop()
    browser = Browser(app, origin="https://evil.example", base_url=API)
    browser.navigate("/items", method="POST", data={"a": "1 2"})
    browser.navigate("/items", data={"q": "x"})
    posted, opened = browser.exchanges
    assert (posted.kind, posted.method, dict(posted.headers)["Content-Type"]) == (
        "navigation",
        "POST",
        "application/x-www-form-urlencoded",
    )
    assert [value for name, value in posted.headers if name.startswith("Sec-Fetch") or name == "Origin"] == [
        "https://evil.example",
        "cross-site",
        "navigate",
        "document",
        "?1",
    ]
    assert (opened.url, "Origin" in dict(opened.headers)) == (f"{API}/items?q=x", False)


@pytest.mark.parametrize(
    ("cookie", "posted", "opened"),
    [("s=1", "", "s=1"), ("s=1; SameSite=Strict", "", ""), ("s=1; SameSite=None; Secure", "s=1", "s=1")],
)
def test_a_form_of_another_site_sends_the_cookies_that_samesite_allows(cookie: str, posted: str, opened: str) -> None:
    app = Flask("shop")
    app.add_url_rule("/login", "login", lambda: ("", {"Set-Cookie": cookie}))
    app.add_url_rule("/cookie", "cookie", lambda: request.headers.get("Cookie", ""), methods=["GET", "POST"])
    browser = Browser(app, origin="https://evil.example", base_url=API)
    browser.navigate("/login")
    assert browser.navigate("/cookie", method="POST").text == posted
    assert browser.navigate("/cookie").text == opened


def test_a_redirect_may_only_widen_who_asks() -> None:
    app, _ = shop()
    browser = Browser(app, origin=API, base_url=API)
    browser.fetch(f"{API}/away/307?to={API}/items")
    browser.navigate(f"{API}/away/307?to=https://blog.shop.example/away/307?to={API}/items")
    sites = [dict(exchange.headers)["Sec-Fetch-Site"] for exchange in browser.exchanges]
    assert sites == ["same-origin", "same-origin", "same-origin", "same-site", "same-site"]
