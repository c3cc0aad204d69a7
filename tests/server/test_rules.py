"""Which policy a response falls under, as the application's side may say late."""

from __future__ import annotations

from typing import Any

import pytest

from flask_crossorigin import CORSMiddleware, CORSPolicy
from flask_crossorigin.server.rules import OVERRIDE, LatePolicy, late_policy

from ..helpers.cases import APP, OTHER
from ..helpers.wsgi import hello

FIRST, SECOND = CORSPolicy(origins=APP), CORSPolicy(origins=OTHER)


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
