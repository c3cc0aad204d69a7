"""The browser's side, as the standard and the engines have it: each row is a rule, and names it."""

from __future__ import annotations

from typing import Any

import pytest

from flask_crossorigin.browser.values import NoAnswerError, Request, WireResponse

from ..helpers.browser import Net, browser, kind, ok
from ..helpers.headers import TRUE, acao

APP = "https://app.example"


# --- whole fetches -------------------------------------------------------------------------------------------


ALLOWED = ok(
    *acao(APP, TRUE, ("Access-Control-Allow-Methods", "PUT"), ("Access-Control-Allow-Headers", "x-a, content-type"))
)


def test_a_preflight_is_sent_to_the_letter() -> None:
    net = Net({"OPTIONS https://api.example/x?q": ALLOWED, "PUT https://api.example/x?q": ALLOWED})
    outcome = net.fetch(browser(), Request(url="/x?q#f", method="put", headers=[("X-A", "1"), ("Content-Type", "a/b")]))
    assert kind(outcome) == "cors"
    assert net.asked[0].headers == [
        ("Accept", "*/*"),
        ("Access-Control-Request-Method", "PUT"),
        ("Access-Control-Request-Headers", "content-type,x-a"),
        ("Origin", APP),
    ]
    assert net.asked[1].headers == [("X-A", "1"), ("Content-Type", "a/b"), ("Accept", "*/*"), ("Origin", APP)]
    assert outcome.reasons == (
        "the method PUT is not GET, HEAD or POST",
        "the header content-type: a/b",
        "the header x-a: 1",
    )


@pytest.mark.parametrize(
    ("request_", "text"),
    [
        pytest.param({"method": "TRACE"}, "forbidden", id="a forbidden method"),
        pytest.param({"method": "connect"}, "forbidden", id="in any case"),
        pytest.param({"method": "a b"}, "not a valid HTTP method", id="no token"),
        pytest.param({"mode": "navigate"}, "not one of cors", id="mode navigate"),
        pytest.param({"mode": "no-cors", "method": "PUT"}, "no-cors", id="no-cors with PUT"),
        pytest.param({"body": b"x"}, "cannot have a body", id="GET with a body"),
        pytest.param({"headers": [("a b", "x")]}, "header name", id="a bad name"),
        pytest.param({"headers": [("a", "x\ny")]}, "not valid", id="a bad value"),
        pytest.param({"url": "https://u:p@api.example/"}, "username", id="userinfo"),
        pytest.param({"url": "http://["}, "is not a URL", id="no URL"),
    ],
)
def test_requests_that_no_page_can_make(request_: dict[str, Any], text: str) -> None:
    net = Net({})
    outcome = net.fetch(browser(), Request(**{"url": "/", **request_}))
    assert kind(outcome) == "request-invalid"
    assert text in outcome.failures[0].console
    assert net.asked == []


@pytest.mark.parametrize(
    ("url", "profile", "found"),
    [
        pytest.param("http://api.example/", "chrome", "mixed-content", id="http from a page of https"),
        pytest.param("http://localhost:5000/", "chrome", "cors", id="this machine is an exception"),
        pytest.param("http://127.0.0.1:5000/", "firefox", "cors", id="by its address too"),
        pytest.param("http://localhost:5000/", "safari", "mixed-content", id="Safari has no exception"),
        pytest.param("https://api.example:6000/", "chrome", "bad-port", id="a blocked port"),
        pytest.param("ftp://api.example/", "chrome", "redirect-scheme", id="another scheme"),
    ],
)
def test_what_is_blocked_before_cors(url: str, profile: str, found: str) -> None:
    net = Net({f"GET {url}": ok(*acao("*"))})
    assert kind(net.fetch(browser(profile), Request(url=url))) == found


def test_modes() -> None:
    answers = {"GET https://api.example/": ok(), "GET https://app.example/": ok(("X-A", "1"), ("Set-Cookie", "a=b"))}
    assert kind(Net(answers).fetch(browser(), Request(url="/", mode="same-origin"))) == "mode-same-origin"
    opaque = Net(answers).fetch(browser(), Request(url="/", mode="no-cors"))
    assert (opaque.type, opaque.status, opaque.headers, opaque.body, opaque.url) == ("opaque", 0, (), b"", "")
    basic = Net(answers).fetch(browser(), Request(url="https://app.example/"))
    assert (basic.type, basic.status, basic.headers) == ("basic", 200, (("X-A", "1"),))


def test_same_origin_posts_carry_origin_and_gets_do_not() -> None:
    net = Net({"GET https://app.example/": ok(), "POST https://app.example/": ok()})
    net.fetch(browser(), Request(url="https://app.example/"))
    net.fetch(browser(), Request(url="https://app.example/", method="POST"))
    assert [dict(wire.headers).get("Origin") for wire in net.asked] == [None, APP]


# --- redirects -----------------------------------------------------------------------------------------------


def to(location: str, status: int = 302, allowed: str = APP) -> WireResponse:
    return ok(*acao(allowed), ("Location", location), status=status)


def test_a_redirect_to_a_third_origin_asks_as_null() -> None:
    net = Net(
        {"GET https://api.example/": to("https://third.example/"), "GET https://third.example/": ok(*acao("null"))}
    )
    outcome = net.fetch(browser(), Request(url="/", headers=[("Accept", "a/b")]))
    assert (outcome.type, outcome.url, outcome.redirected) == ("cors", "https://third.example/", True)
    assert dict(net.asked[1].headers)["Origin"] == "null"


def test_a_redirect_home_still_needs_cors() -> None:
    net = Net({"GET https://api.example/": to(f"{APP}/"), f"GET {APP}/": ok()})
    assert kind(net.fetch(browser(), Request(url="/"))) == "response-acao-missing"


@pytest.mark.parametrize(
    ("answer", "redirect", "found"),
    [
        pytest.param(ok(("Location", "/y"), status=302), "follow", "redirect-hop-check", id="the redirect itself needs the header"),
        pytest.param(to("https://u:p@third.example/"), "follow", "redirect-credentials", id="userinfo"),
        pytest.param(to("https://u:p@api.example/"), "follow", "redirect-credentials", id="userinfo within the server"),
        pytest.param(to("https://:@api.example/y"), "follow", "cors", id="empty userinfo"),
        pytest.param(to("data:,x"), "follow", "redirect-scheme", id="another scheme"),
        pytest.param(to("http://["), "follow", "redirect-invalid", id="no URL"),
        pytest.param(to("/y"), "error", "redirect-mode", id="mode error"),
        pytest.param(to("/y"), "manual", "opaqueredirect", id="mode manual"),
        pytest.param(to("/y"), "follow", "cors", id="within the server"),
        pytest.param(ok(*acao(APP), status=302), "follow", "cors", id="without Location it is a response"),
    ],
)  # fmt: skip
def test_redirects(answer: WireResponse, redirect: Any, found: str) -> None:
    net = Net({"GET https://api.example/": answer, "GET https://api.example/y": ok(*acao(APP))})
    assert kind(net.fetch(browser(), Request(url="/", redirect=redirect))) == found


@pytest.mark.parametrize(
    ("number", "found"),
    [pytest.param(20, "cors", id="20 are followed"), pytest.param(21, "redirect-limit", id="21 are not")],
)
def test_the_number_of_redirects(number: int, found: str) -> None:
    answers = {f"GET https://api.example/{index}": to(f"/{index + 1}") for index in range(number)}
    answers[f"GET https://api.example/{number}"] = ok(*acao(APP))
    assert kind(Net(answers).fetch(browser(), Request(url="/0"))) == found


@pytest.mark.parametrize(
    ("status", "method", "after"),
    [
        (301, "POST", "GET"),
        (302, "POST", "GET"),
        (303, "POST", "GET"),
        (303, "PUT", "GET"),
        (301, "PUT", "PUT"),
        (307, "POST", "POST"),
        (308, "PUT", "PUT"),
        (303, "HEAD", "HEAD"),
    ],
)
def test_redirects_change_methods(status: int, method: str, after: str) -> None:
    allowed = ok(*acao(APP, ("Access-Control-Allow-Methods", "PUT")))
    net = Net(
        {
            f"{method} https://api.example/": to("/y", status),
            f"{after} https://api.example/y": ok(*acao(APP)),
            "OPTIONS https://api.example/": allowed,
            "OPTIONS https://api.example/y": allowed,
        }
    )
    body = None if method == "HEAD" else b"x"
    net.fetch(browser(), Request(url="/", method=method, body=body, headers=[("Content-Type", "text/plain")]))
    last = net.asked[-1]
    assert (last.method, last.body) == (after, body if after == method else None)
    assert ("Content-Type" in dict(last.headers)) is (after == method)


def test_authorization_is_dropped_across_origins() -> None:
    allowed = ok(*acao(APP, ("Access-Control-Allow-Headers", "authorization")))
    net = Net(
        {
            "OPTIONS https://api.example/": allowed,
            "GET https://api.example/": to("https://third.example/"),
            "GET https://third.example/": ok(*acao("*")),
        }
    )
    outcome = net.fetch(browser(), Request(url="/", headers=[("Authorization", "x")]))
    assert outcome.type == "cors"
    assert "Authorization" in dict(net.asked[1].headers)
    assert "Authorization" not in dict(net.asked[2].headers)


# --- the preflight cache -------------------------------------------------------------------------------------


# --- the rest ------------------------------------------------------------------------------------------------


def test_no_answer_is_a_network_failure() -> None:
    steps = browser("firefox").fetch(Request(url="/"))
    next(steps)
    with pytest.raises(StopIteration) as done:
        steps.throw(NoAnswerError("refused", "Connection refused"))
    outcome = done.value.value
    assert kind(outcome) == "network"
    assert outcome.failures[0].console.endswith("(Reason: CORS request did not succeed). Status code: (null).")


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://app.example/page?x", APP),
        ("HTTPS://APP.example:443", APP),
        ("null", "null"),
        ("chrome-extension://abc", "chrome-extension://abc"),
    ],
)
def test_an_origin_may_be_given_as_a_url(text: str, origin: str) -> None:
    assert browser(origin=text).origin == origin


@pytest.mark.parametrize("text", ["app.example", "", "https://", "/x"])
def test_what_is_no_origin_is_said(text: str) -> None:
    with pytest.raises(ValueError, match="write scheme and host"):
        browser(origin=text)
