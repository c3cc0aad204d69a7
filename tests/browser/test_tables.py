"""Tables of the standard and of the engines, entry by entry."""

from __future__ import annotations

import pytest

from flask_crossorigin.browser.console import Place, console_text
from flask_crossorigin.browser.failures import Failure
from flask_crossorigin.browser.urls import BAD_PORTS
from flask_crossorigin.browser.values import Request

from ..helpers.browser import Net, at, browser, kind, ok
from ..helpers.headers import TRUE, acao

# https://fetch.spec.whatwg.org/#port-blocking
BLOCKED = (
    "0 1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119 123 135 "
    "137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989 990 993 995 1719 "
    "1720 1723 2049 3659 4045 4190 5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 6697 10080"
)


def test_the_blocked_ports_are_those_of_the_standard() -> None:
    assert sorted(BAD_PORTS) == [int(port) for port in BLOCKED.split()]


# How WebKit writes a header's name: as it knows it, or in lower case.
KNOWN = (
    "Accept Accept-Language Authorization Cache-Control Content-Disposition Content-Encoding Content-Language "
    "Content-Location Content-Range Content-Type If-Match If-Modified-Since If-None-Match If-Range If-Unmodified-Since "
    "Last-Event-Id Pragma Range User-Agent X-Requested-With"
)


@pytest.mark.parametrize("name", [*KNOWN.split(), "x-api-key", "x-requested", "content-md5"])
def test_the_name_of_a_header_in_safari(name: str) -> None:
    place = Place("https://api.example/", "https://app.example", 200)
    for written in (name.lower(), name.upper()):
        text = console_text("safari", Failure("preflight-header", written, written), place)
        assert text == f"Request header field {name} is not allowed by Access-Control-Allow-Headers."


@pytest.mark.parametrize(
    ("profile", "cookie"),
    [("chrome", "a=1"), ("firefox", None), ("safari", "a=1")],
    ids=[
        "Chrome looks at the page and the URL",
        "Firefox looks at each redirect",
        "Safari looks at the page and the URL",
    ],
)
def test_whether_a_redirect_over_another_site_keeps_a_cookie(profile: str, cookie: str | None) -> None:
    page, api = "https://app.example.com", "https://api.example.com/"
    model = browser(profile, origin=page)
    model.jar.take("a=1; Path=/", at(api), page, 0.0)
    net = Net(
        {
            "GET https://other.test/": ok(*acao(page, TRUE), ("Location", api), status=302),
            f"GET {api}": ok(*acao("null", TRUE)),
        }
    )
    net.fetch(model, Request(url="https://other.test/", credentials="include"))
    assert dict(net.asked[1].headers).get("Cookie") == cookie


@pytest.mark.parametrize("around", [" ", "\t", "\r", "\n", " \t\r\n"], ids=repr)
def test_blanks_and_line_ends_around_a_value_are_not_sent(around: str) -> None:
    net = Net(
        {
            "OPTIONS https://api.example/": ok(*acao("*", ("Access-Control-Allow-Headers", "x-a"))),
            "GET https://api.example/": ok(*acao("*")),
        }
    )
    outcome = net.fetch(browser(), Request(url="/", headers=[("X-A", f"{around}1{around}")]))
    assert kind(outcome) == "cors"
    assert dict(net.asked[1].headers)["X-A"] == "1"
