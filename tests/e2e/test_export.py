"""Each server that ``export`` writes for, with the file that it prints: pages can do there what the policy allows here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from flask_crossorigin import CORSMiddleware, CORSPolicy
from flask_crossorigin.browser.client import Client, Transport, network_transport, wsgi_transport
from flask_crossorigin.browser.urls import parse
from flask_crossorigin.browser.values import Request
from flask_crossorigin.commands.export import grants_of
from flask_crossorigin.commands.group import cors
from flask_crossorigin.doctor.export import TARGETS, Target, whole

from .conftest import ROOT, free_port
from .servers import running

POLICIES = {
    "everyone": {"origins": "*"},
    "nobody": {"origins": []},
    "a list, with credentials": {
        "origins": ["https://app.example", "http://localhost:3000"],
        "supports_credentials": True,
        "allow_headers": ["Content-Type", "X-Token"],
        "expose_headers": ["X-Total-Count"],
    },
    "patterns": {
        "origins": ["https://*.app.example", "https://pr-*.preview.example", "http://localhost:*", "null"],
        "allow_null_origin": True,
        "methods": ["GET", "PUT"],
        "allow_headers": ["X-Token"],
        "expose_headers": "*",
        "max_age": None,
    },
    "everyone and everything": {"origins": "*", "methods": "*", "expose_headers": ["X-Total-Count"], "max_age": 0},
}  # fmt: skip
ORIGINS = [
    "https://app.example",
    "https://a.b.app.example",
    "https://evil-app.example",
    "https://app.example.evil.test",
    "https://appXexample",
    "https://pr-1.preview.example",
    "https://pr-.preview.example",
    "https://x.pr-1.preview.example",
    "http://localhost",
    "http://localhost:3000",
    "http://localhost.evil.test:3000",
    "http://app.example",
    "https://app.example:8443",
    "null",
]
REQUESTS = [
    Request(url="/"),
    Request(url="/", credentials="include"),
    Request(url="/", method="POST", body=b"{}", headers=(("Content-Type", "application/json"),)),
    Request(url="/", method="PUT", headers=(("X-Token", "1"),), credentials="include"),
    Request(url="/", method="DELETE"),
    Request(url="/", headers=(("Authorization", "Bearer 1"),)),
    Request(url="/missing"),
    Request(url="/error"),  # nginx and Apache pass it on; the other files know no such path
]


def application(environ: dict[str, Any], start_response: Any) -> Any:
    """What the files serve, and what is behind nginx and Apache: with CORS headers of its own, that have to go."""
    found = environ["PATH_INFO"] == "/"
    status = "200 OK" if found else "500 Internal Server Error" if environ["PATH_INFO"] == "/error" else "404 Not Found"
    headers = [("Content-Type", "text/plain"), ("Access-Control-Allow-Origin", "https://upstream.example")]
    start_response(status, [*headers, *([("X-Total-Count", "1")] if found else [])])
    return [b"ok"]


def seen(transport: Transport, origin: str, base: str, request: Request) -> Any:
    """Return what a page can read: a failure's kind, or the status and the names that the policy exposes."""
    url = parse(base)
    assert url is not None
    outcome = Client(transport, origin, profile="standard", base=url).fetch(request)
    if not outcome.readable:
        return "blocked"
    return outcome.status, "x-total-count" in {name.lower() for name, _ in outcome.headers}


@pytest.fixture(scope="module")
def upstream(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    text = f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom tests.e2e.test_export import application as app\n"
    with running("upstream", tmp_path_factory.mktemp("upstream"), text) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("target", TARGETS)
def test_pages_can_do_there_what_they_can_do_here(target: Target, policy: str, upstream: str, tmp_path: Path) -> None:
    ours = CORSPolicy(**POLICIES[policy])  # type: ignore[arg-type]
    here = wsgi_transport(CORSMiddleware(application, ours))
    port = free_port()
    with running(target, tmp_path / "server", whole(target, grants_of(ours), port, upstream), port):
        there, base = network_transport(), f"http://127.0.0.1:{port}/"
        for origin in ORIGINS:
            for request in REQUESTS if target in ("nginx", "apache") else REQUESTS[:-1]:
                wanted = seen(here, origin, base, request)
                assert seen(there, origin, base, request) == wanted, (origin, request)


@pytest.mark.parametrize(
    ("target", "before", "after"),
    [
        ("express", ".send('ok')", ".no.send('ok')"),
        ("fastapi", "    return Plain", "    1 / 0\n    return Plain"),
        ("django", "    return Http", "    1 / 0\n    return Http"),
        ("php", "echo 'ok';", "throw new Exception();"),
        ("flask", '    return "ok"', '    1 / 0\n    return "ok"'),
    ],
)
def test_the_page_can_read_that_the_application_failed(target: Target, before: str, after: str, tmp_path: Path) -> None:
    policy = CORSPolicy(**POLICIES["a list, with credentials"])  # type: ignore[arg-type]
    text = whole(target, grants_of(policy), 0, "")
    assert before in text
    with running(target, tmp_path / "server", text.replace(before, after)) as port:
        url = f"http://127.0.0.1:{port}/"
        assert seen(network_transport(), "https://app.example", url, Request(url=url, credentials="include"))[0] == 500
        assert seen(network_transport(), "https://evil.test", url, Request(url=url)) == "blocked"


@pytest.mark.parametrize("target", ["nginx", "apache"])
def test_the_proxy_sends_the_headers_when_nothing_is_behind_it(target: Target, tmp_path: Path) -> None:
    policy, port = CORSPolicy(origins=["https://app.example"]), free_port()
    text = whole(target, grants_of(policy), port, f"http://127.0.0.1:{free_port()}")
    with running(target, tmp_path / "server", text, port):
        url = f"http://127.0.0.1:{port}/"
        assert seen(network_transport(), "https://app.example", url, Request(url=url))[0] in (502, 503)


def test_the_command_prints_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CORS_ORIGINS", "https://app.example")
    done = CliRunner().invoke(cors, ["export", "--to", "php", "--whole"])
    assert done.output == whole("php", grants_of(CORSPolicy(origins=["https://app.example"])), 8080, "")
