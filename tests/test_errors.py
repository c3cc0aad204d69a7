"""How messages show what somebody has written."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable

import pytest
from flask import Flask

import flask_crossorigin
from flask_crossorigin import CORS, CORSConfigError
from flask_crossorigin.errors import SHOWN, Problems, escaped, shown

from .helpers.commands import run


class Odd:
    def __repr__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize(
    ("value", "text"),
    [("a", "'a'"), (Odd(), "<tests.test_errors.Odd object"), (10**5000, "<int object"), ([type("\x1b[2J", (), {})], "[<class"), ("x" * 9999, "'xxx")],
    ids=["a text", "an object whose repr raises", "a number with too many digits", "control characters", "a long text"],
)  # fmt: skip
def test_a_value_is_shown_whatever_it_is(value: object, text: str) -> None:
    found = shown(value)
    assert text.lstrip("[") in found
    assert found.isprintable()
    assert len(found) <= SHOWN


@pytest.mark.parametrize(
    "copied", [copy.copy, lambda error: pickle.loads(pickle.dumps(error))], ids=["copied", "pickled"]
)
def test_an_error_keeps_its_problems_in_another_process(copied: Callable[[CORSConfigError], CORSConfigError]) -> None:
    problems = Problems()
    problems.add("origins", "x", "invalid", "is wrong", "write y")
    with pytest.raises(CORSConfigError) as raised:
        problems.raise_any()
    assert copied(raised.value).problems == raised.value.problems
    assert str(copied(raised.value)) == "origins: 'x' is wrong: write y"


def test_what_the_package_has_is_loaded_when_it_is_asked_for() -> None:
    for name in ("CORS", "cross_origin", "wrap"):
        vars(flask_crossorigin).pop(name, None)
    assert flask_crossorigin.CORS is CORS
    assert vars(flask_crossorigin)["CORS"] is CORS
    assert flask_crossorigin.wrap.__module__ == "flask_crossorigin.server.wrap"
    with pytest.raises(AttributeError, match=r"^module 'flask_crossorigin' has no attribute 'cors'$"):
        flask_crossorigin.cors  # type: ignore[attr-defined]  # noqa: B018


def test_control_characters_are_escaped() -> None:
    assert escaped("a\x1b[2Jb\n") == "a\\x1b[2Jb\\n"
    assert escaped("plain") == "plain"


@pytest.mark.parametrize(
    ("name", "message"),
    [("no_such_module:app", "--app: No module named 'no_such_module'"), ("tests.helpers.broken:app", "does not start: origins: 'app' is not an origin")],
    ids=["a module that is not there", "an application that does not start"],
)  # fmt: skip
def test_an_application_that_cannot_be_loaded_is_a_usage_error(name: str, message: str) -> None:
    result = run(None, "check", "/", "--origin", "https://app.example", "--app", name)
    assert (result.exit_code, message in " ".join(result.stderr.split())) == (2, True)


def test_a_positional_value_that_would_be_refused_is_not_repeated() -> None:
    with pytest.raises(
        TypeError, match=r"write CORS\(app, origins=\['https://app.example'\]\) .* because origins: 'app'"
    ):
        CORS(Flask("x"), "app")  # type: ignore[arg-type]


def test_an_application_that_raises_when_it_is_imported_is_one_line_with_its_place() -> None:
    arguments = ("check", "/", "--origin", "https://app.example", "--app", "tests.helpers.raising:app")
    result = run(None, *arguments)
    assert result.exit_code == 2
    line = " ".join(result.stderr.split())
    assert "tests.helpers.raising:app does not start: KeyError: 'missing' (tests/helpers/raising.py:8)" in line
    assert "For its traceback: --traceback before the command" in line
    assert isinstance(run(None, "--traceback", *arguments).exception, KeyError)
