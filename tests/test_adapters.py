"""One table, every adapter: with WebTest's lint, under wsgiref.validate, and as a bare call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from wsgiref.validate import validator

import pytest
from webtest.lint import middleware as lint

from .helpers.adapters import ADAPTERS, App
from .helpers.cases import CASES, Case
from .helpers.wsgi import Result, call, environ_for, normal

CHECKERS: dict[str, Callable[[App], App]] = {
    "called as it is": lambda app: app,
    "under WebTest's lint": lint,
    "under wsgiref.validate": validator,
}


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("checker", CHECKERS)
@pytest.mark.parametrize("adapter", ADAPTERS)
def test_every_adapter_gives_the_answer_of_the_table(adapter: str, checker: str, case: Case) -> None:
    wrapped, bare = _made(adapter, case.policy)
    result = _run(CHECKERS[checker](wrapped), case)
    assert result.code == case.status
    if "Content-Length" in case.answers:
        assert result.all == normal(case.answers.items())
    else:
        assert result.ours == normal(case.answers.items())
        assert result.others == _run(bare, case).others
    if case.body is not None:
        assert result.body == case.body


_known: dict[tuple[str, str], tuple[App, App]] = {}  # most of the time goes into making them


def _made(adapter: str, policy: dict[str, Any]) -> tuple[App, App]:
    key = adapter, repr(policy)
    if key not in _known:
        _known[key] = ADAPTERS[adapter](policy)
    return _known[key]


def _run(app: App, case: Case) -> Result:
    environ: dict[str, Any] = environ_for(*case.request)
    return call(app, environ)
