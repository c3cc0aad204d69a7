"""The browser's side, as the standard and the engines have it: each row is a rule, and names it."""

from __future__ import annotations

from typing import Any

import pytest

from flask_crossorigin.browser import Browser
from flask_crossorigin.checks import (
    PROFILES,
    Asked,
    check_preflight,
    cors_check,
    exposed_names,
    max_age,
    tainted_origin,
)
from flask_crossorigin.fetches import Answer, NoAnswerError, Outcome, Request, Wire
from flask_crossorigin.locations import parse

APP = "https://app.example"
Pairs = list[tuple[str, str]]


def acao(value: str, *more: tuple[str, str]) -> Pairs:
    return [("Access-Control-Allow-Origin", value), *more]


TRUE = ("Access-Control-Allow-Credentials", "true")


@pytest.mark.parametrize(
    ("headers", "credentials", "kinds"),
    [
        pytest.param([], "omit", ["acao-missing"], id="no header"),
        pytest.param([], "include", ["acao-missing", "acac"], id="no header with credentials fails twice"),
        pytest.param(acao("*"), "omit", [], id="a wildcard"),
        pytest.param(acao(" * "), "omit", [], id="blanks around it"),
        pytest.param(acao("*"), "same-origin", [], id="a wildcard for credentials 'same-origin'"),
        pytest.param(acao("*", TRUE), "include", ["acao-wildcard-credentials"], id="a wildcard with credentials"),
        pytest.param(acao(APP), "omit", [], id="the origin"),
        pytest.param(acao(APP, TRUE), "include", [], id="the origin with credentials"),
        pytest.param(acao(APP), "include", ["acac"], id="the origin without the second header"),
        pytest.param(acao(APP, ("Access-Control-Allow-Credentials", "True")), "include", ["acac"], id="True is not true"),
        pytest.param(acao(APP, TRUE, TRUE), "include", ["acac"], id="true twice"),
        pytest.param(acao(APP, *acao(APP)), "omit", ["acao-multiple"], id="the origin twice"),
        pytest.param(acao("*", *acao("*")), "omit", ["acao-multiple"], id="the wildcard twice"),
        pytest.param(acao(f"{APP}, https://b.example"), "omit", ["acao-multiple"], id="a list"),
        pytest.param(acao(f"{APP} https://b.example"), "omit", ["acao-multiple"], id="a list with a blank"),
        pytest.param(acao(f"{APP}/"), "omit", ["acao-mismatch"], id="a slash at the end"),
        pytest.param(acao(f"{APP}:443"), "omit", ["acao-mismatch"], id="the default port"),
        pytest.param(acao("HTTPS://APP.EXAMPLE"), "omit", ["acao-mismatch"], id="capitals"),
        pytest.param(acao("null"), "omit", ["acao-mismatch"], id="null is another origin"),
        pytest.param(acao("app.example"), "omit", ["acao-invalid"], id="no scheme"),
        pytest.param(acao("//app.example"), "omit", ["acao-invalid"], id="slashes without a scheme"),
        pytest.param(acao(""), "omit", ["acao-invalid"], id="nothing in it"),
        pytest.param(acao("localhost:3000"), "omit", ["acao-mismatch"], id="a host and port, which parse as a URL"),
    ],
)  # fmt: skip
def test_the_cors_check(headers: Pairs, credentials: Any, kinds: list[str]) -> None:
    assert [failure.kind for failure in cors_check(headers, APP, credentials)] == kinds


def test_null_matches_null() -> None:
    assert cors_check(acao("null"), "null", "omit") == []


def allow(methods: str | None = None, names: str | None = None, *more: tuple[str, str]) -> Pairs:
    pairs = [("Access-Control-Allow-Methods", methods), ("Access-Control-Allow-Headers", names)]
    return acao(APP, TRUE, *((name, value) for name, value in pairs if value is not None), *more)


@pytest.mark.parametrize(
    ("status", "headers", "asked", "kinds"),
    [
        pytest.param(200, allow("PUT"), {"method": "PUT"}, [], id="the method is listed"),
        pytest.param(299, allow("PUT"), {"method": "PUT"}, [], id="any ok status"),
        pytest.param(300, allow("PUT"), {"method": "PUT"}, ["status"], id="300 is no ok status"),
        pytest.param(199, allow("PUT"), {"method": "PUT"}, ["status"], id="199 is no ok status"),
        pytest.param(302, allow("PUT", None, ("Location", "/x")), {"method": "PUT"}, ["redirect"], id="a redirect"),
        pytest.param(302, allow("PUT"), {"method": "PUT"}, ["status"], id="a redirect without Location"),
        pytest.param(200, allow(), {"method": "PUT"}, ["method"], id="no list of methods"),
        pytest.param(200, allow(), {"method": "POST"}, [], id="a safelisted method needs no list"),
        pytest.param(200, allow(), {"method": "PUT", "flag": True}, [], id="with upload listeners no list allows the method"),
        pytest.param(200, allow("put"), {"method": "PUT"}, ["method"], id="methods are compared with their case"),
        pytest.param(200, allow("*"), {"method": "PUT"}, [], id="a wildcard for methods"),
        pytest.param(200, allow("*"), {"method": "PUT", "credentials": "include"}, ["method"], id="a wildcard is literal with credentials"),
        pytest.param(200, allow("*"), {"method": "*", "credentials": "include"}, [], id="the method * is listed literally"),
        pytest.param(200, allow("PUT", "X-A"), {"method": "PUT", "headers": [("x-a", "1")]}, [], id="names in any case"),
        pytest.param(200, allow("PUT", "X-B"), {"method": "PUT", "headers": [("X-A", "1")]}, ["header"], id="a name is missing"),
        pytest.param(200, allow("PUT", "*"), {"method": "PUT", "headers": [("X-A", "1")]}, [], id="a wildcard for names"),
        pytest.param(200, allow("PUT", "*"), {"headers": [("X-A", "1")], "credentials": "include"}, ["header"], id="literal with credentials, for names"),
        pytest.param(200, allow("PUT", "*"), {"headers": [("Authorization", "1")]}, ["header"], id="a wildcard does not cover Authorization"),
        pytest.param(200, allow("PUT", "*, authorization"), {"headers": [("Authorization", "1")]}, [], id="Authorization is listed"),
        pytest.param(200, allow("PUT, P@T"), {"method": "PUT"}, ["acam-unparsable"], id="a bad method spoils the list"),
        pytest.param(200, allow("PUT", "x a"), {"method": "PUT"}, ["acah-unparsable"], id="a bad name spoils the list, needed or not"),
        pytest.param(200, allow("PUT, , ,"), {"method": "PUT"}, [], id="empty elements"),
        pytest.param(200, allow("GET") + allow("PUT")[2:], {"method": "PUT"}, [], id="two lines are one list"),
        pytest.param(404, [], {"method": "PUT"}, ["acao-missing", "status", "method"], id="everything that is wrong is said"),
    ],
)  # fmt: skip
def test_the_answer_to_a_preflight(status: int, headers: Pairs, asked: dict[str, Any], kinds: list[str]) -> None:
    values = {"origin": APP, "method": "GET", "headers": [], "credentials": "omit"} | asked
    failures = check_preflight(status, headers, Asked(**values), PROFILES["standard"])
    assert [failure.kind for failure in failures] == kinds


@pytest.mark.parametrize(
    ("profile", "kinds"),
    [
        pytest.param("standard", ["acao-missing", "redirect", "acam-unparsable", "header"], id="standard"),
        pytest.param(
            "chrome", ["redirect", "acao-missing", "acam-unparsable", "header"], id="chrome looks at the redirect first"
        ),
        pytest.param("firefox", ["acao-missing", "redirect", "acam-unparsable", "header"], id="firefox at the origin"),
        pytest.param("safari", ["redirect", "acao-missing", "acam-unparsable", "header"], id="safari at the status"),
    ],
)
def test_engines_check_in_their_own_order(profile: str, kinds: list[str]) -> None:
    headers = [("Location", "/"), ("Access-Control-Allow-Methods", "@")]
    asked = Asked(APP, "PUT", [("X-A", "1")], "omit")
    assert [failure.kind for failure in check_preflight(301, headers, asked, PROFILES[profile])] == kinds


@pytest.mark.parametrize("profile", ["chrome", "firefox", "safari"])
def test_in_every_engine_a_wildcard_covers_authorization(profile: str) -> None:
    asked = Asked(APP, "GET", [("Authorization", "x")], "omit")
    assert check_preflight(200, allow("PUT", "*"), asked, PROFILES[profile]) == []


@pytest.mark.parametrize(
    ("exposed", "credentials", "names"),
    [
        pytest.param(None, "omit", ["content-type"], id="the safelist"),
        pytest.param("x-a", "omit", ["content-type", "x-a"], id="a listed name"),
        pytest.param(
            "*",
            "omit",
            ["content-type", "x-a", "x-b", "access-control-expose-headers"],
            id="a wildcard, but no cookies",
        ),
        pytest.param("*", "include", ["content-type"], id="a wildcard is literal with credentials"),
        pytest.param("x-a, b@d", "omit", ["content-type"], id="a bad name spoils the list"),
        pytest.param("set-cookie", "omit", ["content-type"], id="cookies are never exposed"),
    ],
)
def test_exposed_headers(exposed: str | None, credentials: Any, names: list[str]) -> None:
    headers = [("Content-Type", "x"), ("X-A", "1"), ("X-B", "2"), ("Set-Cookie", "a=b")]
    headers += [("Access-Control-Expose-Headers", exposed)] if exposed is not None else []
    assert exposed_names(headers, credentials) == names


@pytest.mark.parametrize(
    ("value", "ages"),
    [
        pytest.param(None, (5, 5, 5, 5), id="none given"),
        pytest.param("100000", (86400, 7200, 86400, 600), id="the caps"),
        pytest.param("600", (600, 600, 600, 600), id="what all keep"),
        pytest.param("7200", (7200, 7200, 7200, 600), id="two hours"),
        pytest.param("0", (0, 0, 0, 0), id="zero"),
        pytest.param("-1", (5, 0, 0, 5), id="negative"),
        pytest.param("abc", (5, 5, 0, 5), id="not a number"),
        pytest.param("5, 6", (5, 5, 0, 5), id="two lines"),
    ],
)
def test_max_age(value: str | None, ages: tuple[int, ...]) -> None:
    headers = [("Access-Control-Max-Age", value)] if value is not None else []
    assert tuple(max_age(headers, PROFILES[name]) for name in ("standard", "chrome", "firefox", "safari")) == ages


@pytest.mark.parametrize(
    ("chain", "origin"),
    [
        pytest.param(["P", "P", "A"], "P", id="from home to another"),
        pytest.param(["A", "A"], "P", id="within another"),
        pytest.param(["A", "B"], "null", id="from another to a third"),
        pytest.param(["A", "P"], "null", id="from another back home"),
        pytest.param(["P", "A", "A", "B"], "null", id="later"),
    ],
)
def test_redirects_taint_the_origin(chain: list[str], origin: str) -> None:
    assert tainted_origin("P", chain) == origin


# --- whole fetches -------------------------------------------------------------------------------------------


class Net:
    """Answers by URL and method; remembers what was asked."""

    def __init__(self, answers: dict[str, Answer]) -> None:
        self.answers = answers
        self.asked: list[Wire] = []

    def fetch(self, browser: Browser, request: Request) -> Outcome:
        steps = browser.fetch(request)
        try:
            wire = next(steps)
            while True:
                self.asked.append(wire)
                wire = steps.send(self.answers[f"{wire.method} {wire.url}"])
        except StopIteration as done:
            outcome: Outcome = done.value
            return outcome


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def browser(profile: str = "standard", clock: Clock | None = None, origin: str = APP) -> Browser:
    base = parse("https://api.example/")
    assert base is not None
    return Browser(origin, profile=profile, base=base, clock=clock or Clock())


def ok(*headers: tuple[str, str], status: int = 200, body: bytes = b"hi") -> Answer:
    return Answer(status, "OK", list(headers), body)


def kind(outcome: Outcome) -> str:
    return outcome.failures[0].kind if outcome.failures else outcome.type


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
        "the method PUT is none of GET, HEAD, POST",
        "the header content-type: a/b",
        "the header x-a: 1",
    )


@pytest.mark.parametrize(
    ("request_", "text"),
    [
        pytest.param({"method": "TRACE"}, "forbidden", id="a forbidden method"),
        pytest.param({"method": "connect"}, "forbidden", id="in any case"),
        pytest.param({"method": "a b"}, "not a valid HTTP method", id="no token"),
        pytest.param({"mode": "navigate"}, "none of cors", id="mode navigate"),
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


def to(location: str, status: int = 302, allowed: str = APP) -> Answer:
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
def test_redirects(answer: Answer, redirect: Any, found: str) -> None:
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


def asked_after(
    seconds: float, answer: Answer, profile: str = "standard", first: Any = None, second: Any = None
) -> list[str]:
    """Return the methods that two requests put on the wire, *seconds* apart."""
    clock = Clock()
    one = browser(profile, clock)
    net = Net(
        {"OPTIONS https://api.example/": answer, "PUT https://api.example/": answer, "GET https://api.example/": answer}
    )
    net.fetch(one, Request(**{"url": "/", "method": "PUT", **(first or {})}))
    clock.now += seconds
    net.fetch(one, Request(**{"url": "/", "method": "PUT", **((first if second is None else second) or {})}))
    return [wire.method for wire in net.asked]


def with_age(value: str | None, methods: str = "PUT", names: str = "x-a") -> Answer:
    more = [("Access-Control-Max-Age", value)] if value is not None else []
    return ok(*allow(methods, names, *more))


ONCE, TWICE = ["OPTIONS", "PUT", "PUT"], ["OPTIONS", "PUT", "OPTIONS", "PUT"]


@pytest.mark.parametrize(
    ("seconds", "answer", "profile", "requests", "wire"),
    [
        pytest.param(4.9, with_age(None), "standard", (), ONCE, id="five seconds without Max-Age"),
        pytest.param(5, with_age(None), "standard", (), TWICE, id="and no longer"),
        pytest.param(0, with_age("0"), "standard", (), TWICE, id="zero keeps nothing"),
        pytest.param(7199, with_age("86400"), "chrome", (), ONCE, id="two hours in Chrome"),
        pytest.param(7200, with_age("86400"), "chrome", (), TWICE, id="and no longer"),
        pytest.param(600, with_age("86400"), "safari", (), TWICE, id="ten minutes in Safari"),
        pytest.param(1, with_age("60", "*"), "standard", (), ONCE, id="a wildcard is kept"),
        pytest.param(1, with_age("60", "*"), "firefox", (), TWICE, id="but not in Firefox"),
        pytest.param(1, with_age("60"), "standard", ({"headers": [("X-A", "1")]}, {}), ONCE, id="fewer headers are covered"),
        pytest.param(1, with_age("60"), "standard", ({"credentials": "include"}, {}), ONCE, id="credentials cover their absence"),
        pytest.param(1, with_age("60"), "firefox", ({"credentials": "include"}, {}), TWICE, id="but not in Firefox, by credentials"),
        pytest.param(1, with_age("60"), "standard", ({}, {"credentials": "include"}), TWICE, id="their absence does not cover credentials"),
    ],
)  # fmt: skip
def test_what_is_kept(seconds: float, answer: Answer, profile: str, requests: tuple[Any, ...], wire: list[str]) -> None:
    assert asked_after(seconds, answer, profile, *requests) == wire


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
