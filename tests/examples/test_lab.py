"""The lab's own server: who reaches it, and that it answers whatever is typed. Browsers drive it in tests/e2e."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.test import Client

sys.path.insert(0, str(Path(__file__).parents[2] / "examples" / "lab"))
import page as lab_page
from applications import Lab, Origins, States
from checks import timeline
from code_shown import WIDTH
from described import described
from explaining import read_headers
from prediction import predict_scenario, request_of, url_of
from scenarios import BY_ID, Request

from flask_crossorigin.browser.client import Client as BrowserClient
from flask_crossorigin.browser.client import Exchange, wsgi_transport
from flask_crossorigin.browser.urls import parse
from flask_crossorigin.browser.values import Request as Fetch
from flask_crossorigin.browser.values import WireRequest, WireResponse

ORIGINS = Origins("http://localhost:8000", "http://localhost:8001", "http://localhost:8002", "http://localhost:8003")


def make() -> tuple[Client, Client]:
    """Return clients of the page and of the API."""
    state = States()
    labs = [Lab(ORIGINS, state), Lab(ORIGINS, state)]
    return Client(lab_page.create_app(ORIGINS, labs, state, {})), Client(labs[0])


PAGE, API = make()


@pytest.mark.parametrize("path", ["/", "/errors", "/servers", "/run/simple-none/item"])
@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "localhost", "127.0.0.1:8000", ""])
def test_a_foreign_host_does_not_reach_the_page(path: str, host: str) -> None:
    assert PAGE.get(path, headers={"Host": host}).status_code == 403
    assert PAGE.get(path, headers={"Host": "localhost:8000"}).status_code == 200


def test_a_foreign_host_does_not_reach_the_servers() -> None:
    assert API.get("/simple-none/item", headers={"Host": "evil.example:8001"}).status_code == 403
    for host in ("localhost:8001", "127.0.0.1:8001"):
        assert API.get("/simple-none/item", headers={"Host": host}).status_code == 200


def test_the_page_may_not_be_framed_and_its_frame_only_by_the_page() -> None:
    headers = PAGE.get("/", headers={"Host": "localhost:8000"}).headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    frame = API.get("/frame", headers={"Host": "localhost:8001"})
    assert frame.headers["Content-Security-Policy"] == "frame-ancestors http://localhost:8000"


@pytest.mark.parametrize("path", ["", "*", "/", "//", "/own", "/own/", "/nothing/here"])
def test_a_path_of_nothing_is_a_404(path: str) -> None:
    environ = {"PATH_INFO": path, "HTTP_HOST": "localhost:8001", "SCRIPT_NAME": "", "REQUEST_METHOD": "GET"}
    seen: list[str] = []
    Lab(ORIGINS, States())(environ, lambda status, headers: seen.append(status))
    assert seen == ["404 Not Found"]


values = st.text(max_size=30) | st.none() | st.integers() | st.lists(st.text(max_size=3), max_size=2)


@given(
    st.fixed_dictionaries(
        {
            "server": st.sampled_from(["CORS(app)", "CORS(app, origins='*', methods=['GET'])"]) | values,
            "method": st.sampled_from(["GET", "POST", "PUT", "patch"]) | values,
            "credentials": st.sampled_from(["omit", "include"]) | values,
            "mode": st.sampled_from(["cors", "no-cors"]) | values,
            "headers": st.dictionaries(st.text(max_size=20), st.text(max_size=20), max_size=2) | values,
            "path": st.just("item") | values,
            "body": values,
            "token": values,
            "profile": st.sampled_from(["chrome", "firefox", "safari"]) | values,
        }
    )
)
@settings(max_examples=300)
def test_whatever_is_typed_is_answered(typed: dict[str, Any]) -> None:
    headers = {"Host": "localhost:8000", "Origin": ORIGINS.page}
    response = PAGE.post("/own", json=typed, headers=headers)
    assert response.status_code == 200
    assert {"problem"} == set(response.get_json()) or {"token", "url", "predictions"} == set(response.get_json())
    seen = PAGE.post("/seen/t-1", json={"request": typed, "profile": typed["profile"]}, headers=headers)
    assert seen.get_json() == {"exchanges": [], "counts": {}}


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b'"x"', b"{", b'{"server": "\\ud800", "body": "\\udfff"}'])
def test_what_is_not_json_is_answered(body: bytes) -> None:
    headers = {"Host": "localhost:8000", "Origin": ORIGINS.page, "Content-Type": "application/json"}
    assert PAGE.post("/own", data=body, headers=headers).status_code == 200


@pytest.mark.parametrize("profile", lab_page.PROFILES)
@pytest.mark.parametrize("name", [name for name in BY_ID if name not in ("vary", "server-stopped")])
def test_the_checks_of_the_timeline_agree_with_the_prediction(name: str, profile: str) -> None:
    """The checks run on what was recorded; the prediction is the model's. One fails in both, or none does."""
    scenario, states = BY_ID[name], States()
    labs = {ORIGINS.api: Lab(ORIGINS, states), ORIGINS.third: Lab(ORIGINS, states)}
    labs[ORIGINS.elsewhere] = labs[ORIGINS.page] = labs[ORIGINS.api]
    for is_fixed in (False, True):
        asked = request_of(scenario, is_fixed=is_fixed)
        if is_fixed:
            states.of("").fixed.add(name)
        found = predict_scenario(scenario, profile, ORIGINS, states.of(""))
        exchanges = [recorded(wire, labs) for wire in sent(asked, name, profile, labs)]
        rows = [check for each in timeline(exchanges, asked, profile, ORIGINS) for check in each["checks"]]
        assert (False in [row["ok"] for row in rows]) == (found["outcome"] == "blocked")
        assert all(row["link"].startswith("https://") for row in rows)


def sent(asked: Request, name: str, profile: str, labs: dict[str, Lab]) -> list[Exchange]:
    """Return what the browser model sends to the lab."""
    origin = "null" if asked.kind == "sandbox" else ORIGINS.page
    apps = {each: wsgi_transport(lab) for each, lab in labs.items()}

    def send(wire: WireRequest) -> WireResponse:
        path = wire.url.path.removeprefix("/run")
        return apps[wire.url.origin](wire._replace(url=wire.url._replace(path=path)))

    base = parse(ORIGINS.page)
    assert base is not None
    client = BrowserClient(send, origin, profile=profile, base=base)
    client.fetch(
        Fetch(
            url=url_of(asked, name, ORIGINS, ""),
            method=asked.method,
            headers=tuple(asked.headers.items()),
            body=asked.body.encode() if asked.body is not None else None,
            credentials=asked.credentials,  # type: ignore[arg-type]
            mode=asked.mode,  # type: ignore[arg-type]
        )
    )
    return list(client.exchanges)


def recorded(exchange: Exchange, labs: dict[str, Lab]) -> dict[str, Any]:
    url = parse(exchange.url)
    assert url is not None
    return {
        "line": f"{exchange.method} {url.path}",
        "host": url.netloc,
        "sent": [list(header) for header in exchange.headers],
        "status": f"{exchange.status} {exchange.reason}",
        "received": [list(header) for header in exchange.response_headers],
    }


@pytest.mark.parametrize("name", BY_ID)
def test_no_line_of_code_is_wider_than_the_page(name: str) -> None:
    for is_fixed in (False, True):
        shown = described(name, ORIGINS, is_fixed=is_fixed)
        lines = [*shown["server"]["text"].splitlines(), *shown["codes"]["fetch"]["text"].splitlines()]
        assert [line for line in lines if len(line) > WIDTH] == []
        compile(shown["server"]["text"], name, "exec")


@pytest.mark.parametrize(
    ("text", "headers"),
    [
        ("HTTP/1.1 200 OK\nVary: Origin\n", [("Vary", "Origin")]),
        (":status: 200\nvary:Origin\n\n", [("vary", "Origin")]),
        ("X-A: b: c", [("X-A", "b: c")]),
        ("no header\n: x\nA b: c", []),
        ("content-type:\ntext/plain\nvary\nOrigin", [("content-type", "text/plain"), ("vary", "Origin")]),
    ],
    ids=[
        "of curl -i",
        "of HTTP/2",
        "a colon in the value",
        "nothing that is a header",
        "names and values as lines of their own",
    ],
)
def test_headers_are_read_from_what_people_paste(text: str, headers: list[tuple[str, str]]) -> None:
    assert read_headers(text) == headers
