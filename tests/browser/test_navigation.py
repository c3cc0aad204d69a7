"""A form that is sent, a link that is followed: the requests, the cookies, and the page that the user sees."""

from __future__ import annotations

import pytest

from flask_crossorigin.browser.client import Client
from flask_crossorigin.browser.values import WireRequest, WireResponse

from ..helpers.browser import at

PAGE = "https://app.example"
FORM = "application/x-www-form-urlencoded"
ACCEPT = ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")


def opened(
    answers: dict[str, WireResponse],
    method: str = "GET",
    url: str = "https://api.example/a",
    body: bytes | None = None,
    profile: str = "chrome",
) -> tuple[Client, list[WireRequest]]:
    sent: list[WireRequest] = []

    def send(wire: WireRequest) -> WireResponse:
        sent.append(wire)
        return answers.get(str(wire.url), WireResponse(200, "OK", [("X-A", "1")], b"the page"))

    client = Client(send, PAGE, profile=profile, base=at(PAGE))
    client.outcome = client.navigate(method, at(url), body, FORM)  # type: ignore[attr-defined]
    return client, sent


def to(location: str, status: int = 302, *more: tuple[str, str]) -> WireResponse:
    return WireResponse(status, "", [("Location", location), *more])


def test_a_link_is_followed() -> None:
    client, (wire,) = opened({})
    assert (wire.kind, wire.method, wire.body) == ("navigation", "GET", None)
    assert wire.headers == [
        ACCEPT,
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Mode", "navigate"),
        ("Sec-Fetch-Dest", "document"),
        ("Sec-Fetch-User", "?1"),
    ]
    outcome = client.outcome  # type: ignore[attr-defined]
    assert (outcome.url, outcome.type, outcome.status, outcome.headers, outcome.body) == (
        "https://api.example/a", "basic", 200, (("X-A", "1"),), b"the page",
    )  # fmt: skip


def test_a_method_that_only_reads_is_sent_without_an_origin() -> None:
    _, (wire,) = opened({}, "HEAD")
    assert "Origin" not in dict(wire.headers)


@pytest.mark.parametrize(
    ("profile", "requests", "kind"),
    [("chrome", 1, None), ("safari", 1, "redirect-invalid"), ("firefox", 21, "redirect-invalid")],
    ids=[
        "Chrome takes it for no redirect",
        "Safari refuses it",
        "for Firefox it is the same URL, until it is too much",
    ],
)
def test_a_redirect_to_an_empty_location(profile: str, requests: int, kind: str | None) -> None:
    client, sent = opened({"https://api.example/a": to("")}, profile=profile)
    assert len(sent) == requests
    assert {str(wire.url) for wire in sent} == {"https://api.example/a"}
    outcome = client.outcome  # type: ignore[attr-defined]
    assert [failure.kind for failure in outcome.failures] == ([] if kind is None else [kind])
    assert outcome.status == (302 if kind is None else 0)


# As Chromium 156, Firefox 153 and WebKitGTK 2.50 do it.
SEVERAL_LINES = {
    "Chrome refuses lines that differ": ("chrome", ["/b", "/c"], None),
    "Firefox refuses lines that differ": ("firefox", ["/b", "/c"], None),
    "Safari joins lines that differ": ("safari", ["/b", "/c"], "/b,%20/c"),
    "Chrome follows lines that are the same": ("chrome", ["/b", "/b"], "/b"),
    "Firefox follows lines that are the same": ("firefox", ["/b", "/b"], "/b"),
    "Safari joins lines that are the same": ("safari", ["/b", "/b"], "/b,%20/b"),
    "Chrome refuses an empty line before another": ("chrome", ["", "/b"], None),
    "Firefox refuses an empty line before another": ("firefox", ["", "/b"], None),
    "Safari joins an empty line and another": ("safari", ["", "/b"], "/,%20/b"),
    "Chrome takes empty lines for no redirect": ("chrome", ["", ""], "/a"),
    "Safari joins empty lines": ("safari", ["", ""], "/,"),
}


@pytest.mark.parametrize(("profile", "lines", "path"), SEVERAL_LINES.values(), ids=SEVERAL_LINES)
def test_a_redirect_with_several_locations(profile: str, lines: list[str], path: str | None) -> None:
    answer = WireResponse(302, "", [("Location", line) for line in lines])
    client, sent = opened({"https://api.example/a": answer}, profile=profile)
    outcome = client.outcome  # type: ignore[attr-defined]
    assert [failure.kind for failure in outcome.failures] == (["redirect-invalid"] if path is None else [])
    assert str(sent[-1].url) == f"https://api.example{path or '/a'}"
    assert len(sent) == (1 if path in (None, "/a") else 2)


def test_a_form_is_sent_with_its_origin() -> None:
    _, (wire,) = opened({}, "POST", body=b"a=1")
    assert wire.headers[:3] == [ACCEPT, ("Content-Type", FORM), ("Origin", PAGE)]
    assert (wire.method, wire.body) == ("POST", b"a=1")


REDIRECTS = {
    "301 of a form becomes GET": ("POST", 301, "GET", None),
    "302 of a form becomes GET": ("POST", 302, "GET", None),
    "303 of a form becomes GET": ("POST", 303, "GET", None),
    "307 of a form sends it again": ("POST", 307, "POST", b"a=1"),
    "308 of a form sends it again": ("POST", 308, "POST", b"a=1"),
    "302 of HEAD stays": ("HEAD", 302, "HEAD", None),
    "302 of PUT stays": ("PUT", 302, "PUT", b"a=1"),
    "303 of PUT becomes GET": ("PUT", 303, "GET", None),
}


@pytest.mark.parametrize(("method", "status", "then", "body"), REDIRECTS.values(), ids=REDIRECTS)
def test_a_redirect_is_followed(method: str, status: int, then: str, body: bytes | None) -> None:
    client, sent = opened(
        {"https://api.example/a": to("/b", status)}, method, body=None if method == "HEAD" else b"a=1"
    )
    assert (sent[1].method, str(sent[1].url), sent[1].body) == (then, "https://api.example/b", body)
    assert (("Content-Type", FORM) in sent[1].headers) is (body is not None)
    assert client.outcome.url == "https://api.example/b"  # type: ignore[attr-defined]


def test_a_form_that_moves_to_a_third_origin_has_the_origin_null() -> None:
    _, sent = opened({"https://api.example/a": to("https://third.example/", 307)}, "POST", body=b"a=1")
    assert [dict(wire.headers)["Origin"] for wire in sent] == [PAGE, "null"]


@pytest.mark.parametrize("location", ["https://", "ftp://api.example/", "data:,x"])
def test_a_redirect_that_leads_to_no_page(location: str) -> None:
    client, sent = opened({"https://api.example/a": to(location)})
    assert len(sent) == 1
    outcome = client.outcome  # type: ignore[attr-defined]
    assert outcome.type == "error"
    (blocked,) = outcome.failures
    assert (blocked.kind, blocked.failure.value) == ("redirect-invalid", location)
    assert (blocked.place.url, blocked.place.origin) == ("https://api.example/a", PAGE)


def test_twenty_redirects_are_followed_and_no_more() -> None:
    chain = {f"https://api.example/{number}": to(f"/{number + 1}") for number in range(20)}
    client, sent = opened(chain, url="https://api.example/0")
    assert (len(sent), client.outcome.type) == (21, "basic")  # type: ignore[attr-defined]
    client, sent = opened({**chain, "https://api.example/20": to("/21")}, url="https://api.example/0")
    assert (len(sent), client.outcome.type) == (21, "error")  # type: ignore[attr-defined]


def test_cookies_of_pages_that_are_opened_are_kept_and_lax_ones_sent_with_get() -> None:
    lines = [("set-cookie", name) for name in ("lax=1", "strict=1; SameSite=Strict", "none=1; SameSite=None; Secure", "old=1; Max-Age=0", "short=1; Max-Age=60")]  # fmt: skip
    client, sent = opened({"https://api.example/a": to("/b", 302, *lines)})
    assert dict(sent[1].headers)["Cookie"] == "lax=1; none=1; short=1"
    assert "Cookie" not in dict(sent[0].headers)
    client.navigate("POST", at("https://api.example/c"), b"a=1", FORM)
    assert dict(sent[2].headers)["Cookie"] == "none=1"
