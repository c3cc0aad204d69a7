"""The preflight cache: for how long, and what for."""

from __future__ import annotations

from typing import Any

import pytest

from flask_crossorigin.browser.preflight_cache import max_age
from flask_crossorigin.browser.profiles import PROFILES
from flask_crossorigin.browser.values import Request, WireResponse

from ..helpers.browser import Clock, Net, browser, ok
from ..helpers.headers import allow


@pytest.mark.parametrize(
    ("value", "ages"),
    [
        pytest.param(None, (5, 5, 5, 5), id="none given"),
        pytest.param("100000", (86400, 7200, 86400, 600), id="the caps"),
        pytest.param("600", (600, 600, 600, 600), id="what all keep"),
        pytest.param("7200", (7200, 7200, 7200, 600), id="two hours"),
        pytest.param("0", (0, 0, 0, 0), id="zero"),
        pytest.param("-1", (5, 0, 0, 0), id="negative"),
        pytest.param("abc", (5, 5, 0, 5), id="not a number"),
        pytest.param("5, 6", (5, 5, 0, 5), id="two lines"),
    ],
)
def test_max_age(value: str | None, ages: tuple[int, ...]) -> None:
    headers = [("Access-Control-Max-Age", value)] if value is not None else []
    assert tuple(max_age(headers, PROFILES[name]) for name in ("standard", "chrome", "firefox", "safari")) == ages


def asked_after(
    seconds: float, answer: WireResponse, profile: str = "standard", first: Any = None, second: Any = None
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


def with_age(value: str | None, methods: str = "PUT", names: str = "x-a") -> WireResponse:
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
def test_what_is_kept(
    seconds: float, answer: WireResponse, profile: str, requests: tuple[Any, ...], wire: list[str]
) -> None:
    assert asked_after(seconds, answer, profile, *requests) == wire
