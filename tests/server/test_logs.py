"""What is logged in production: one line a reason and origin, few, short, escaped; nothing for what succeeds."""

from __future__ import annotations

import logging
import sys
from typing import Any

import pytest
from werkzeug.test import Client

from flask_crossorigin import CORSMiddleware
from flask_crossorigin.server import logs
from flask_crossorigin.server.logs import LimitedLog

from ..helpers.cases import APP, OTHER
from ..helpers.wsgi import hello, preflight, request


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(logs.time, "monotonic", lambda: now[0])  # type: ignore[attr-defined]
    return now


def test_a_refused_origin_is_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    app = CORSMiddleware(hello, origins=APP)
    for _ in range(3):
        request(app, path="/x", origin=OTHER)
        preflight(app, "/y", OTHER)
    assert [(record.name, record.levelno) for record in caplog.records] == [("flask_crossorigin", logging.WARNING)]
    assert caplog.messages == [
        "CORS: origin 'https://other.example' is not in origins; first seen on 'GET' '/x'. Browsers hide such responses from JavaScript."
    ]


def test_an_origin_that_is_none_has_a_line_of_its_own(caplog: pytest.LogCaptureFixture) -> None:
    app = CORSMiddleware(hello, origins=APP)
    preflight(app, "/", "https://a.example/path")
    request(app, origin="null")
    assert ["is not an origin;" in message for message in caplog.messages] == [True, False]


def test_what_succeeds_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    app = CORSMiddleware(hello, origins=APP)
    request(app, origin=APP)
    request(app)
    preflight(app, "/", APP)
    request(CORSMiddleware(hello, origins="*"), origin=OTHER)
    assert not caplog.records


def test_a_same_origin_request_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    request(CORSMiddleware(hello, origins=APP), "POST", origin="https://api.example", host="api.example")
    assert not caplog.records


def test_control_characters_are_escaped_and_long_values_cut(caplog: pytest.LogCaptureFixture) -> None:
    app = CORSMiddleware(hello, origins=APP)
    request(app, path="/\x1b[31m\nfake line", origin="https://a\r\nWARNING fake\x00" + "x" * 8192)
    (message,) = caplog.messages
    assert message.isprintable()
    assert "\\r\\nWARNING fake\\x00" in message
    assert len(message) < 600


def test_there_are_few_lines_in_a_period(caplog: pytest.LogCaptureFixture, clock: list[float]) -> None:
    app = CORSMiddleware(hello, origins=APP)
    for number in range(100):
        request(app, origin=f"https://o{number}.example")
    assert len(caplog.messages) == 10
    clock[0] += 60
    request(app, origin="https://later.example")
    assert caplog.messages[-1].endswith("(90 more messages were not logged)")
    request(app, origin="https://latest.example")
    assert "held back" not in caplog.messages[-1]


def test_what_is_remembered_is_bounded(clock: list[float]) -> None:
    log = LimitedLog()
    for number in range(2000):
        clock[0] += 60
        log.log(logging.WARNING, f"{number}{'x' * 190}", "CORS: %s", number)
    remembered: Any = log.__dict__["_seen"]
    assert len(remembered) <= 256
    assert sum(map(sys.getsizeof, remembered)) < 128 * 1024


def test_a_method_that_is_not_listed_is_not_called_an_origin(caplog: pytest.LogCaptureFixture) -> None:
    app = CORSMiddleware(
        lambda environ, start: (start("200 OK", []), [b""])[1], origins=["https://a.example"], methods=["PUT"]
    )
    for _ in range(2):
        headers = {"Origin": "https://a.example", "Access-Control-Request-Method": "GET"}
        assert Client(app).options("/", headers=headers).status_code == 403
    assert [record.getMessage() for record in caplog.records] == [
        "CORS: origin 'https://a.example' may not use the method that its preflight names; first seen on 'OPTIONS' '/'. "
        "Browsers hide such responses from JavaScript."
    ]


def test_a_refused_write_is_logged_once_for_each_origin(caplog: pytest.LogCaptureFixture) -> None:
    app = CORSMiddleware(hello, origins=APP, csrf_protection=True)
    for origin in (OTHER, OTHER, "https://third.example", None, None):
        headers = {"Origin": origin} if origin else {}
        Client(app).post("/x", headers=headers | {"Sec-Fetch-Site": "cross-site"})
    assert caplog.messages == [
        f"CORS: a page of origin {shown} may not write; first seen on 'POST' '/x'. The application did not run."
        for shown in ("'https://other.example'", "'https://third.example'", "None")
    ]


def test_an_origin_may_be_refused_once_for_reading_and_once_for_writing(caplog: pytest.LogCaptureFixture) -> None:
    app = CORSMiddleware(hello, origins=APP, csrf_protection=True)
    for method in ("GET", "POST"):
        Client(app).open("/x", method=method, headers={"Origin": OTHER, "Sec-Fetch-Site": "cross-site"})
    assert [message.partition(";")[0] for message in caplog.messages] == [
        "CORS: origin 'https://other.example' is not in origins",
        "CORS: a page of origin 'https://other.example' may not write",
    ]
