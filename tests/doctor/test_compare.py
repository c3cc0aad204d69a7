"""Which layer between the application and the browser changed an answer."""

from __future__ import annotations

from typing import Any

from flask_crossorigin.browser.client import Client, base_of, wsgi_transport
from flask_crossorigin.browser.values import Request
from flask_crossorigin.doctor.cases import Server
from flask_crossorigin.doctor.compare import compare
from flask_crossorigin.doctor.examine import examine

from ..helpers.cases import APP
from ..helpers.commands import ALLOW, wsgi_app


def test_the_layers_between_are_told_apart() -> None:
    def report_of(*headers: tuple[str, str]) -> Any:
        base = base_of(None)
        client = Client(wsgi_transport(wsgi_app("200 OK", *headers)), APP, profile="chrome", base=base)
        return examine(client, Request(url="/"), Server())

    inside = report_of(ALLOW, ("Vary", "Origin"))
    for headers, title in (
        (
            [("Access-Control-Allow-Origin", "https://b.example"), ("Vary", "Origin")],
            "changes Access-Control-Allow-Origin from 'https://app.example' to",
        ),
        (
            [ALLOW, ("Vary", "Origin"), ("Access-Control-Allow-Credentials", "true"), ("Via", "1.1 x")],
            "a proxy adds Access-Control-Allow-Credentials: 'true'",
        ),
        ([("Vary", "Origin"), ("CF-Ray", "1")], "Cloudflare removes Access-Control-Allow-Origin"),
        ([ALLOW], "removes Vary: Origin"),
    ):
        (finding, *_) = compare(report_of(*headers), inside)
        assert title in finding.title
