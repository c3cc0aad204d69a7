"""The commands that ask a URL, with another transport in place of the network."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from flask_crossorigin.browser.client import wsgi_transport
from flask_crossorigin.browser.values import NoAnswerError, WireRequest, WireResponse
from flask_crossorigin.commands import common

from ..helpers.cases import APP, OTHER
from ..helpers.commands import flask_app, run, wsgi_app

ALLOWED = (("Access-Control-Allow-Origin", APP), ("Vary", "Origin"))


class Network:
    """Notes how transports are made, and what is sent."""

    def __init__(self, answer: Callable[[WireRequest], WireResponse]) -> None:
        self.made: list[dict[str, Any]] = []
        self.sent: list[WireRequest] = []
        self._answer = answer

    def transport(self, **options: Any) -> Callable[[WireRequest], WireResponse]:
        self.made.append(options)

        def send(wire: WireRequest) -> WireResponse:
            self.sent.append(wire)
            return self._answer(wire)

        return send


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Network:
    made = Network(wsgi_transport(wsgi_app("200 OK", *ALLOWED)))
    monkeypatch.setattr(common, "network_transport", made.transport)
    return made


def test_a_url_is_asked_over_the_network(network: Network) -> None:
    result = run(None, "check", "https://api.example/a?b=c", "--origin", APP)
    assert result.output.startswith(f"ALLOWED: GET https://api.example/a?b=c from {APP} (200)")
    assert network.made == [{"authorities": None, "verify": True}]
    assert [str(wire.url) for wire in network.sent] == ["https://api.example/a?b=c"] * 2  # the second without an origin


def test_a_relative_redirect_stays_on_the_server(network: Network) -> None:
    answers = {"/a": WireResponse(302, "", [*ALLOWED, ("Location", "/b")])}
    network._answer = lambda wire: answers.get(wire.url.path, WireResponse(200, "", [*ALLOWED]))
    run(None, "check", "https://api.example/a", "--origin", APP)
    assert str(network.sent[1].url) == "https://api.example/b"


@pytest.mark.parametrize("profile", ["chrome", "safari"])
def test_the_browser_is_the_one_that_was_named(network: Network, profile: str) -> None:
    result = run(None, "check", "--json", "https://api.example/", "--origin", APP, "--browser", profile)
    assert json.loads(result.output)["browser"] == profile


@pytest.mark.parametrize(
    ("options", "made"),
    [
        ((), {"authorities": None, "verify": True}),
        (("--insecure",), {"authorities": None, "verify": False}),
        (("--cacert", "ours.pem"), {"authorities": "ours.pem", "verify": True}),
    ],
    ids=["as usual", "certificates are not checked", "authorities of one's own"],
)
@pytest.mark.parametrize(
    "command", [("check", "https://api.example/", "--origin", APP), ("audit", "https://api.example/")]
)
def test_how_certificates_are_checked(
    network: Network, command: tuple[str, ...], options: tuple[str, ...], made: dict[str, Any]
) -> None:
    run(None, *command, *options)
    assert network.made == [made]


def test_without_its_package_the_command_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(**_: Any) -> None:
        raise ImportError("a URL needs httpx: pip install 'flask-crossorigin[check]'")

    monkeypatch.setattr(common, "network_transport", missing)
    result = run(None, "check", "https://api.example/", "--origin", APP)
    assert result.exit_code == 2
    assert result.output.endswith("Error: a URL needs httpx: pip install 'flask-crossorigin[check]'\n")


AGAINST = {
    "the path of the application is asked there": (
        "/api/items?a=b",
        "http://127.0.0.1:81",
        "http://127.0.0.1:81/api/items?a=b",
    ),
    "no query": ("/api/items", "http://127.0.0.1:81/", "http://127.0.0.1:81/api/items"),
    "a whole URL is asked as it is": ("/api/items", "http://127.0.0.1:81/v1/items?x", "http://127.0.0.1:81/v1/items?x"),
    "the path of a URL": ("https://api.example/api/items?a", "http://127.0.0.1:81", "http://127.0.0.1:81/api/items?a"),
}


@pytest.mark.parametrize(("target", "against", "asked"), AGAINST.values(), ids=AGAINST)
def test_the_process_is_compared_with_a_url(network: Network, target: str, against: str, asked: str) -> None:
    result = run(flask_app(), "check", "--json", target, "--origin", APP, "--against", against, "--browser", "firefox")
    found = json.loads(result.output)
    assert {str(wire.url) for wire in network.sent} == {asked}
    assert found["request"] == {
        "method": "GET", "url": asked, "origin": APP, "credentials": "same-origin", "mode": "cors", "headers": [],
    }  # fmt: skip
    assert found["browser"] == "firefox"
    assert [each["title"] for each in found["findings"] if each["kind"] == "layer"] == [
        "a layer in front of the application removes Access-Control-Allow-Credentials"
    ]


def test_the_process_that_is_compared_is_the_one_of_app(network: Network) -> None:
    arguments = ("check", "--json", "/bare", "--origin", APP, "--against", "http://127.0.0.1:81")
    result = run(None, *arguments, "--app", "tests.helpers.commands:bare_app")
    layers = [each["title"] for each in json.loads(result.output)["findings"] if each["kind"] == "layer"]
    assert layers == [f"a layer in front of the application adds Access-Control-Allow-Origin: {APP!r}"]


def test_an_audit_of_a_url_tries_what_is_like_its_own_origin(network: Network) -> None:
    result = run(None, "audit", "https://api.example/items")
    assert result.exit_code == 0
    assert result.output == (
        "Tried 48 origins with GET and OPTIONS on 1 URL: /items\n"
        "Writes were not tried: --all-methods sends POST requests as other sites can, and may change data.\n"
        "Nothing found.\n"
    )
    first = network.sent[0]
    assert (first.kind, first.method, str(first.url), first.headers) == (
        "actual",
        "GET",
        "https://api.example/items",
        [],
    )
    assert "https://api.example.flask-crossorigin.invalid" in {
        dict(wire.headers).get("Origin") for wire in network.sent
    }


def test_an_audit_of_a_url_tries_what_is_like_a_trusted_origin(network: Network) -> None:
    run(None, "audit", "https://api.example/items", "--trusted", OTHER)
    tried = {dict(wire.headers).get("Origin") for wire in network.sent}
    assert f"{OTHER}.flask-crossorigin.invalid" in tried
    assert "https://api.example.flask-crossorigin.invalid" not in tried


def test_an_audit_of_a_url_sends_posts_only_if_it_is_told_to(network: Network) -> None:
    run(None, "audit", "https://api.example/items")
    assert {wire.method for wire in network.sent} == {"GET", "OPTIONS"}
    result = run(None, "audit", "https://api.example/items", "--all-methods")
    assert {wire.method for wire in network.sent} == {"GET", "OPTIONS", "POST"}
    assert "MEDIUM: a form of a foreign page is executed: POST https://api.example/items" in result.output


def test_an_audit_says_that_nothing_answers(network: Network) -> None:
    def silent(wire: WireRequest) -> WireResponse:
        raise NoAnswerError("refused", "the connection was refused")

    network._answer = silent
    result = run(None, "audit", "https://api.example/items")
    assert result.exit_code == 2
    assert result.output.endswith("Error: https://api.example/items does not answer: the connection was refused\n")


OPTIONS = {
    "--app": (common.app_option, [("application", ["--app"], "MODULE:APP", False, "The WSGI application, as package.module:app. With 'flask cors', use 'flask --app' instead.")]),
    "--json": (common.json_option, [("as_json", ["--json"], None, True, "Print JSON.")]),
    "of the network": (common.network_options, [
        ("insecure", ["--insecure"], None, True, "Do not check certificates."),
        ("authorities", ["--cacert"], "FILE", False, "Trust the authorities in this file, too."),
    ]),
}  # fmt: skip


@pytest.mark.parametrize(("add", "expected"), OPTIONS.values(), ids=OPTIONS)
def test_the_options_that_commands_share(add: Any, expected: list[Any]) -> None:
    def command() -> None: ...

    assert add(command) is command
    options: Any = command.__click_params__  # type: ignore[attr-defined]
    assert [(each.name, each.opts, each.metavar, each.is_flag, each.help) for each in options] == expected
