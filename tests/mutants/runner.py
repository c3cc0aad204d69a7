"""mutmut with the tests collected once, in the process from which every mutant is forked.

mutmut starts pytest anew for each mutant, which takes longer than most of the tests. Here a mutant meets those tests first that
have killed other mutants of its function, and tests for ``SECONDS`` at most: what survives may still be killed by the others.

It is run by its path, as this folder must not be the package `tests` that pytest imports:
python tests/mutants/runner.py run "flask_crossorigin.server.protocol.*"
"""

from __future__ import annotations

import contextlib
import itertools
import math
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from _pytest.config import _prepareconfig
from equivalent import EQUIVALENT  # type: ignore[import-not-found]
from mutmut.__main__ import cli
from mutmut.runners.harness import PytestRunner
from mutmut.state import state
from mutmut.utils.file_utils import change_cwd
from mutmut.workers import isolation

SECONDS = 10.0  # of tests for one mutant: a function that everything runs has half a minute of them


def speed(item: pytest.Item) -> tuple[int, str]:
    """Return a sort key: the quick tests first, those of a file together as far as that goes."""
    seconds = state().duration_by_test.get(item.nodeid, 0.0)
    return math.frexp(max(seconds, 1 / 1024))[1], item.path.name


def folder(item: pytest.Item) -> str:
    """Return the folder of a test, as tests/server."""
    return "/".join(item.nodeid.split("/")[:2])


# Every mutant is tried in a process of its own. What the next one has to know is in a file for each function.
def killers(mutant: str) -> Path:
    return Path("mutants", "killers", mutant.rpartition("__mutmut_")[0])


def note_killer(mutant: str, test: str) -> None:
    path = killers(mutant)
    path.parent.mkdir(exist_ok=True)
    with path.open("a") as file:
        file.write(f"{test}\n")


def chosen(items: list[pytest.Item], mutant: str) -> list[pytest.Item]:
    """Return the tests that *mutant* meets, likely ones first: that killed others, of its package, quick ones."""
    path = killers(mutant)
    kills = Counter(path.read_text().splitlines() if path.is_file() else ())
    near = {f"tests/{mutant.split('.')[1]}": 0, "tests/texts": 1}
    items = sorted(items, key=lambda item: (-kills[item.nodeid], near.get(folder(item), 2), *speed(item)))
    seconds = itertools.accumulate(state().duration_by_test.get(item.nodeid, 0.0) for item in items)
    return [item for item, total in zip(items, seconds, strict=True) if total <= SECONDS]


class CollectedOnce(PytestRunner):
    """Runs the tests of a mutant, likely ones and quick ones first, until one fails."""

    session: pytest.Session

    def __init__(self) -> None:
        super().__init__()
        self.items: dict[str, pytest.Item] = {}
        self.failed = ""  # the name of a test

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a test that fails; pytest calls this, as the object is one of its plugins."""
        if report.failed:
            self.failed = report.nodeid

    def warm_up(self) -> None:
        # mutmut leaves a file open, of which pytest would complain in some test.
        arguments = [
            "--rootdir=.",
            "-q",
            "-x",
            "--tb=no",
            "--assert=plain",
            "--capture=no",
            "-p",
            "no:unraisableexception",
        ]
        arguments += self._pytest_add_cli_args
        with change_cwd("mutants"):
            config = _prepareconfig([*arguments, *self._pytest_add_cli_args_test_selection])
            config._do_configure()
            config.pluginmanager.register(self)
            self.session = pytest.Session.from_config(config)
            config.hook.pytest_sessionstart(session=self.session)
            config.hook.pytest_collection(session=self.session)
        self.items = {item.nodeid: item for item in self.session.items}

    def run_tests(self, *, mutant_name: str | None, tests: Iterable[str]) -> int:
        if not self.items:  # the trial without a mutant
            self.warm_up()
        if mutant_name is None:
            self.session.items = list(self.items.values())
        elif mutant_name in EQUIVALENT:
            return 0
        else:
            self.session.items = chosen([self.items[name] for name in tests], mutant_name)
        with change_cwd("mutants"), contextlib.suppress(pytest.Session.Failed):
            self.session.config.hook.pytest_runtestloop(session=self.session)
        if mutant_name is not None and self.failed:
            note_killer(mutant_name, self.failed)
        return int(self.session.testsfailed > 0)


if __name__ == "__main__":
    vars(isolation)["PytestRunner"] = CollectedOnce
    cli()
