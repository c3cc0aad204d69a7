"""What is fuzzed: five functions that take bytes, and fail by any exception that is not their own answer."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable
from typing import Any

from flask import Flask

from flask_crossorigin import CORS, CORSConfigError, CORSMiddleware, CORSPolicy, cross_origin
from flask_crossorigin.browser.client import Client, base_of
from flask_crossorigin.browser.values import Request, WireRequest, WireResponse
from flask_crossorigin.doctor.cases import Server
from flask_crossorigin.doctor.examine import examine
from flask_crossorigin.doctor.explain import explain
from flask_crossorigin.doctor.meanings import check_command, meanings
from flask_crossorigin.doctor.report import text as report_text

TRUSTED = "https://app.example"


def _flask() -> Flask:
    app = Flask("fuzzed")
    CORS(app, resources={"/api/*": {"origins": TRUSTED, "supports_credentials": True}, "/*": {"origins": "*"}})
    app.add_url_rule("/api/<name>", "item", cross_origin(methods="*")(lambda name: "x"), methods=["GET", "PUT"])
    return app


POLICY = CORSPolicy(origins=[TRUSTED, "https://*.wild.example", "https://pr-*.example.com"], methods="*")
APPLICATIONS: list[Any] = [
    CORSMiddleware(lambda _, start: start("200 OK", [("Vary", "Accept")]) or [b"x"], {"/*": POLICY, "/x/*": None}),  # type: ignore[arg-type, return-value, truthy-function]
    _flask(),
]


class Reader:
    """Cuts bytes into texts."""

    def __init__(self, data: bytes) -> None:
        self._parts = data.split(b"\xff\xfe")
        self._at = -1

    def bytes(self) -> bytes:
        self._at += 1
        return self._parts[self._at % len(self._parts)]

    def latin(self) -> str:
        return self.bytes().decode("latin-1")

    def text(self) -> str:
        return self.bytes().decode("utf-8", "surrogateescape")

    def number(self, limit: int) -> int:
        return sum(self.bytes()) % limit


def environ(data: bytes) -> None:
    """Send a request with any bytes in its headers: the answer is one of two statuses, and its headers are clean."""
    read = Reader(data)
    for app in APPLICATIONS:
        sent: list[tuple[str, str]] = []
        request = {
            "REQUEST_METHOD": ["OPTIONS", "GET", "PUT"][read.number(3)],
            "PATH_INFO": "/" + read.latin(),
            "SCRIPT_NAME": "",
            "QUERY_STRING": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.url_scheme": "http",
            "wsgi.errors": sys.stderr,
            "HTTP_ORIGIN": read.latin(),
            "HTTP_ACCESS_CONTROL_REQUEST_METHOD": read.latin(),
            "HTTP_ACCESS_CONTROL_REQUEST_HEADERS": read.latin(),
        }
        b"".join(app(request, lambda status, headers, *_: sent.extend(headers)))  # noqa: B023
        for name, value in sent:
            if name.lower().startswith(("access-control-", "vary")):
                assert value.isascii(), value
                assert value.replace("\t", " ").isprintable(), value  # a tab may stand in a list


def configuration(data: bytes) -> None:
    """Make a policy of any options: it is made, or an error says what is wrong with it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _configure(Reader(data))


def _configure(read: Reader) -> None:
    options: dict[str, Any] = {
        "origins": [read.text(), [read.text(), read.text()], TRUSTED, "*"][read.number(4)],
        "methods": read.text() or "GET",
        "allow_headers": [read.text()],
        "expose_headers": read.text(),
        "max_age": [read.number(100_000), read.text(), None][read.number(3)],
        "supports_credentials": [True, False, read.text()][read.number(3)],
    }
    try:
        CORSPolicy(**options)
    except CORSConfigError as error:
        str(error).encode()
    try:
        CORSPolicy.from_mapping({"CORS_ORIGINS": read.text(), "CORS_" + read.text(): read.text()})
    except CORSConfigError as error:
        str(error).encode()
    try:
        CORSMiddleware(APPLICATIONS[0], {"/" + read.text(): POLICY, read.text(): POLICY})
    except CORSConfigError as error:
        str(error).encode()


def _answering(read: Reader) -> Callable[[WireRequest], WireResponse]:
    def answer(_: WireRequest) -> WireResponse:
        names = ["Access-Control-Allow-Origin", "Access-Control-Allow-Methods", "Access-Control-Allow-Headers",
                 "Access-Control-Allow-Credentials", "Access-Control-Max-Age", "Location", "Set-Cookie", "Vary"]  # fmt: skip
        headers = [(names[read.number(len(names))], read.latin()) for _ in range(read.number(6))]
        status = [200, 204, 301, 302, 303, 307, 308, 403, 500][read.number(9)]
        return WireResponse(status, "x", [*headers, (names[0], "*")], read.bytes())

    return answer


def _request(read: Reader) -> Request:
    return Request(
        url=["/x", "https://api.example/", read.text()][read.number(3)],
        method=["GET", "PUT", "POST", read.text()][read.number(4)],
        headers=[(read.text(), read.text())],
        credentials=["omit", "include"][read.number(2)],  # type: ignore[arg-type]
        body=read.bytes() or None,
    )


def browser(data: bytes) -> None:
    """Let the model meet any answers: it has an outcome."""
    read = Reader(data)
    for profile in ("standard", "chrome", "firefox", "safari"):
        client = Client(_answering(read), TRUSTED, profile=profile, base=base_of(None))
        client.fetch(_request(read))


def explanation(data: bytes) -> None:
    """Explain any text: an explanation, or none."""
    text = data.decode("utf-8", "surrogateescape")
    for each in (text, f"Access to fetch at '{text}' from origin '{text}' has been blocked by CORS policy: {text}"):
        found = explain(each)
        if found is not None:
            check_command(found)
            list(meanings(found))


def report(data: bytes) -> None:
    """Report on any answers: a text."""
    read = Reader(data)
    client = Client(_answering(read), TRUSTED, profile="chrome", base=base_of(None))
    made = examine(client, _request(read), Server())
    report_text(made)
    made.as_json()


TARGETS = {each.__name__: each for each in (environ, configuration, browser, explanation, report)}
