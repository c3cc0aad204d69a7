"""What the doctor sends besides the request, and what it concludes from the responses."""

from __future__ import annotations

from flask_crossorigin.browser.client import Client
from flask_crossorigin.browser.values import Request, WireRequest, WireResponse
from flask_crossorigin.doctor.cases import Server
from flask_crossorigin.doctor.examine import examine
from flask_crossorigin.doctor.report import Report

from ..helpers.browser import at
from ..helpers.cases import APP

JSON = (("Content-Type", "application/json"),)


def asked(
    answers: dict[str, WireResponse], url: str = "https://api.example/items", **request: object
) -> tuple[Report, list[str]]:
    """Return the report on a request to a server that answers by the method, and the requests that it got."""
    sent: list[str] = []

    def send(wire: WireRequest) -> WireResponse:
        names = dict(wire.headers)
        sent.append(f"{wire.kind} {wire.method} {wire.url} {names.get('Origin')} {names.get('Accept')}")
        return answers[wire.method]

    client = Client(send, APP, profile="chrome", base=at("https://api.example/"))
    return examine(client, Request(url=url, **request), Server()), sent  # type: ignore[arg-type]


def test_two_more_requests_show_an_unknown_server() -> None:
    report, sent = asked({"GET": WireResponse(200, "OK", [])})
    assert sent == [
        f"actual GET https://api.example/items {APP} */*",
        "actual GET https://api.example/items None text/html,*/*",
        "actual GET https://api.example/flask-crossorigin-asks-for-a-page-that-is-not-there None text/html,*/*",
    ]
    assert [finding.kind for finding in report.findings] == ["response-acao-missing"]


def test_a_server_that_is_known_is_asked_nothing_more() -> None:
    report, sent = asked({"GET": WireResponse(200, "OK", [("X-Powered-By", "Express")])})
    assert len(sent) == 1
    assert report.findings[0].layer == "Express"


def test_past_a_failed_preflight_the_response_is_judged_by_its_own_status() -> None:
    express = ("X-Powered-By", "Express")
    answers = {"OPTIONS": WireResponse(405, "No", [express]), "GET": WireResponse(201, "Created", [express])}
    report, sent = asked(answers, headers=JSON)
    assert [line.split()[:2] for line in sent] == [["preflight", "OPTIONS"], ["actual", "GET"]]
    assert [finding.title for finding in report.findings] == [
        "the preflight's response (405) has no Access-Control-Allow-Origin header",
        "the preflight's response has the status 405: the route does not answer OPTIONS",
        "the response (201) has no Access-Control-Allow-Origin header",
    ]


def test_a_write_is_not_sent_past_a_failed_preflight() -> None:
    _, sent = asked({"OPTIONS": WireResponse(405, "No", [("X-Powered-By", "Express")])}, method="PUT")
    assert [line.split()[:2] for line in sent] == [["preflight", "OPTIONS"]]


def test_a_server_over_the_network_may_need_the_permission_of_the_user() -> None:
    allowed = [("Access-Control-Allow-Origin", "*")]
    report, _ = asked({"GET": WireResponse(200, "OK", allowed)}, url="https://localhost/items")
    assert [finding.kind for finding in report.findings] == ["local-network-access"]
