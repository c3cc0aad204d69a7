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

ORIGINS = Origins("http://localhost:8000", "http://localhost:8001", "http://localhost:8002")


def make() -> tuple[Client, Client]:
    """Return clients of the page and of the API."""
    state = States()
    labs = [Lab(ORIGINS, state), Lab(ORIGINS, state)]
    return Client(lab_page.create_app(ORIGINS, labs, state)), Client(labs[0])


PAGE, API = make()


@pytest.mark.parametrize("path", ["/", "/scenarios", "/run/simple-none/item"])
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
            "headers": st.text(max_size=40)
            | st.builds("{}: {}".format, st.text(max_size=20), st.text(max_size=20))
            | values,
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
    assert {"problem"} == set(response.get_json()) or {"token", "url", "prediction"} == set(response.get_json())


@pytest.mark.parametrize("body", [b"", b"[]", b"\xff", b'"x"', b"{", b'{"server": "\\ud800", "body": "\\udfff"}'])
def test_what_is_not_json_is_answered(body: bytes) -> None:
    headers = {"Host": "localhost:8000", "Origin": ORIGINS.page, "Content-Type": "application/json"}
    assert PAGE.post("/own", data=body, headers=headers).status_code == 200
