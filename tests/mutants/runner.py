"""mutmut with the tests collected once, in the process from which every mutant is forked.

mutmut starts pytest anew for each mutant, which takes longer than most of the tests. It is run by its path, as this folder must not be the package
`tests` that pytest imports: python tests/mutants/runner.py run "flask_crossorigin.server.protocol.*"
"""

from __future__ import annotations

import math
from collections.abc import Iterable

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
    """Runs the tests of a mutant, quick ones first, until one fails."""

    session: pytest.Session

    def __init__(self) -> None:
        super().__init__()
        self.items: dict[str, pytest.Item] = {}

    def warm_up(self) -> None:
        # mutmut leaves a file open, of which pytest would complain in some test.
        arguments = ["--rootdir=.", "-q", "-x", "--tb=no", "--capture=no", "-p", "no:unraisableexception"]
        arguments += self._pytest_add_cli_args
        with change_cwd("mutants"):
            config = _prepareconfig([*arguments, *self._pytest_add_cli_args_test_selection])
            config._do_configure()
            self.session = pytest.Session.from_config(config)
            config.hook.pytest_sessionstart(session=self.session)
            config.hook.pytest_collection(session=self.session)
        self.items = {item.nodeid: item for item in self.session.items}

    def run_tests(self, *, mutant_name: str | None, tests: Iterable[str]) -> int:  # noqa: ARG002
        if not self.items:  # the trial without a mutant
            self.warm_up()
        names = set(tests) or set(self.items)
        self.session.items = sorted((self.items[name] for name in names), key=speed)
        with change_cwd("mutants"):
            try:
                self.session.config.hook.pytest_runtestloop(session=self.session)
            except pytest.Session.Failed:
                return 1
        return int(self.session.testsfailed > 0)


if __name__ == "__main__":
    vars(isolation)["PytestRunner"] = CollectedOnce
    cli()
