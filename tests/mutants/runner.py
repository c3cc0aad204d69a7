"""mutmut with the tests collected once, in the process from which every mutant is forked.

mutmut starts pytest anew for each mutant, which takes longer than most of the tests. Here a mutant meets those tests first that have killed other mutants
of its function. It is run by its path, as this folder must not be the package
`tests` that pytest imports: python tests/mutants/runner.py run "flask_crossorigin.server.protocol.*"
"""

from __future__ import annotations

import contextlib
import math
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from _pytest.config import _prepareconfig
from mutmut.__main__ import cli
from mutmut.runners.harness import PytestRunner
from mutmut.state import state
from mutmut.utils.file_utils import change_cwd
from mutmut.workers import isolation


def speed(item: pytest.Item) -> tuple[int, str]:
    """Return a sort key: the quick tests first, those of a file together as far as that goes."""
    seconds = state().duration_by_test.get(item.nodeid, 0.0)
    return math.frexp(max(seconds, 1 / 1024))[1], item.path.name


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
        arguments = ["--rootdir=.", "-q", "-x", "--tb=no", "--capture=no", "-p", "no:unraisableexception"]
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
        names = set(tests) or set(self.items)
        function = (mutant_name or "").rpartition("__mutmut_")[0]
        killers = Path("mutants", "killers", function).absolute()  # every mutant has a process of its own
        kills = Counter(killers.read_text().splitlines() if killers.is_file() else ())
        self.session.items = sorted(
            (self.items[name] for name in names), key=lambda item: (-kills[item.nodeid], *speed(item))
        )
        with change_cwd("mutants"), contextlib.suppress(pytest.Session.Failed):
            self.session.config.hook.pytest_runtestloop(session=self.session)
        if function and self.failed:
            killers.parent.mkdir(exist_ok=True)
            with killers.open("a") as file:
                file.write(f"{self.failed}\n")
        return int(self.session.testsfailed > 0)


if __name__ == "__main__":
    vars(isolation)["PytestRunner"] = CollectedOnce
    cli()
