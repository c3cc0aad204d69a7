"""Which policy a response falls under, as the application's side may say late."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.test import Client

from flask_crossorigin import CORSMiddleware, CORSPolicy
from flask_crossorigin.server.rules import COVERED_KEY, OVERRIDE, LatePolicy, late_policy, may_protect, path_on_entry

from ..helpers.cases import APP, OTHER
from ..helpers.wsgi import hello

FIRST, SECOND = CORSPolicy(origins=APP), CORSPolicy(origins=OTHER)
PROTECTED = CORSPolicy(origins=APP, csrf_protection=True)


class Deciding(LatePolicy):
    def of_response(self, environ: dict[str, Any]) -> CORSPolicy | None:
        return environ.get("decided")


@pytest.mark.parametrize(
    ("policy", "environ", "expected"),
    [
        pytest.param(FIRST, {}, FIRST, id="a policy that is known"),
        pytest.param(FIRST, {OVERRIDE: SECOND}, SECOND, id="another that the application has named"),
        pytest.param(Deciding(), {"decided": FIRST}, FIRST, id="one that is found late"),
        pytest.param(Deciding(), {"decided": FIRST, OVERRIDE: SECOND}, SECOND, id="one that is found late, and another that is named"),
        pytest.param(Deciding(), {}, None, id="none"),
    ],
)  # fmt: skip
def test_the_policy_of_a_response(policy: Any, environ: dict[str, Any], expected: CORSPolicy | None) -> None:
    assert late_policy(policy, environ) is expected


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        pytest.param(FIRST, FIRST, id="one policy"),
        pytest.param(lambda environ: FIRST if environ["PATH_INFO"] == "/x" else None, FIRST, id="a function"),
        pytest.param(Deciding(), None, id="one that is found late"),
        pytest.param(lambda environ: Deciding(), None, id="a function that leaves it to later"),
    ],
)
def test_what_is_said_of_a_path(policy: Any, expected: CORSPolicy | None) -> None:
    assert CORSMiddleware(hello, policy).policy_of("/x") is expected


TENANT = CORSPolicy(origins=[lambda origin, environ: environ["HTTP_X_TENANT"] == "a"])


@pytest.mark.parametrize(
    ("policy", "named", "origin", "allowed", "lines"),
    [
        pytest.param(Deciding(), None, APP, "own", 0, id="no policy: what the application wrote itself"),
        pytest.param(Deciding(), FIRST, APP, APP, 0, id="named, where none is found"),
        pytest.param(Deciding(), FIRST, OTHER, None, 1, id="named, and it refuses the origin"),
        pytest.param(Deciding(), TENANT, OTHER, OTHER, 0, id="named, and its function sees the request"),
        pytest.param(FIRST, None, APP, APP, 0, id="known"),
        pytest.param(FIRST, None, OTHER, None, 1, id="known, and it refuses the origin"),
        pytest.param(FIRST, SECOND, OTHER, OTHER, 1, id="known, and another is named"),
        pytest.param(TENANT, None, OTHER, OTHER, 0, id="known, and its function sees the request"),
        pytest.param(FIRST, SECOND, None, None, 0, id="another is named for a request without an origin"),
    ],
)
def test_what_a_response_gets(
    policy: Any, named: Any, origin: str | None, allowed: str | None, lines: int, caplog: pytest.LogCaptureFixture
) -> None:
    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        if named is not None:
            environ[OVERRIDE] = named
        return list(hello(environ, start_response))

    headers = {"X-Tenant": "a"} | ({"Origin": origin} if origin else {})
    response = Client(CORSMiddleware(app, policy)).get("/", headers=headers)
    assert response.headers.get("Access-Control-Allow-Origin") == allowed
    assert ("Vary" in response.headers) is not (named is None and isinstance(policy, Deciding))
    assert len(caplog.messages) == lines


@pytest.mark.parametrize(
    ("environ", "path"),
    [({}, ""), ({"PATH_INFO": "/x"}, "/x"), ({"PATH_INFO": "/x", COVERED_KEY: (Deciding(), "/entry")}, "/entry")],
    ids=["no path", "a path", "a path that the application has changed"],
)
def test_the_path_on_entry(environ: dict[str, Any], path: str) -> None:
    assert path_on_entry(environ) == path


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        pytest.param(FIRST, False, id="a policy"),
        pytest.param(PROTECTED, True, id="a policy that protects"),
        pytest.param({"/x": FIRST, "/y": None}, False, id="paths"),
        pytest.param({"/x": FIRST, "/y": PROTECTED}, True, id="paths, of which one protects"),
        pytest.param(lambda environ: FIRST, True, id="a function, which may return anything"),
        pytest.param(Deciding(), True, id="one that is found late"),
    ],
)
def test_whether_writes_may_be_refused(policy: Any, expected: bool) -> None:
    assert may_protect(policy) is expected
