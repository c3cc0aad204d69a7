"""The group of commands, and the ways in which it is called."""

from __future__ import annotations

import runpy

import pytest

from flask_crossorigin.commands.group import cors, main

from ..helpers.cases import APP


def test_python_m_runs_the_same_commands(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["flask_crossorigin", "check", "/", "--origin", APP])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("flask_crossorigin", run_name="__main__")
    assert ended.value.code == 2
    assert "add --app package.module:app" in capsys.readouterr().err


def test_the_group_is_named_as_it_was_called(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["anything", "--help"])
    for name, call in (("flask-crossorigin", main), ("python -m x", lambda: main("python -m x"))):
        with pytest.raises(SystemExit):
            call()
        assert capsys.readouterr().out.startswith(f"Usage: {name} [OPTIONS] COMMAND [ARGS]...")


def test_the_commands_hang_in_flask() -> None:
    from importlib.metadata import entry_points

    (entry,) = (each for each in entry_points(group="flask.commands") if each.name == "cors")
    assert entry.load() is cors
