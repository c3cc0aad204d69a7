"""Run the suites of other projects, from their source archives, without and with the wrapper.

    python -m tests.suites              # all of them: some two minutes
    python -m tests.suites werkzeug     # one of them

Each suite runs twice. A test that passes without the wrapper and fails with it is reported, unless ``EXPECTED`` says why.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import venv
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, kw_only=True)
class Suite:
    package: str
    needs: tuple[str, ...]
    tests: str = "tests"


SUITES = {
    "flask": Suite(package="flask", needs=("pytest < 9", "asgiref", "greenlet", "python-dotenv")),
    "werkzeug": Suite(package="werkzeug", needs=("cffi", "cryptography", "ephemeral-port-reserve", "watchdog")),
    "webtest": Suite(package="webtest", needs=("WSGIProxy2", "PasteDeploy", "pyquery", "flask")),
    "bottle": Suite(package="bottle", needs=("mako", "jinja2"), tests="test"),
}
# Tests that assert what the wrapper changes on purpose, each with what it asserts.
_NO_VARY = "compares all headers, without Vary: Origin"
_VARY = "asserts that Vary is Cookie and nothing else"
EXPECTED = {
    "tests/test_basic.py::test_session_refresh_vary": _VARY,
    "tests/test_basic.py::test_session_vary_cookie": _VARY,
    "tests/test_test.py::test_lazy_start_response_empty_response_app": _NO_VARY,
    "tests/test_test.py::test_no_content_type_header_addition": _NO_VARY,
    "tests/test_test.py::test_run_wsgi_app_closing_iterator": _NO_VARY,
    "tests/test_test.py::test_run_wsgi_apps": _NO_VARY,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.suites", description=__doc__.splitlines()[0])
    parser.add_argument(
        "suites", nargs="*", metavar="SUITE", help=f"of {', '.join(SUITES)}; all of them if none is given"
    )
    chosen = parser.parse_args().suites or list(SUITES)
    if unknown := set(chosen) - set(SUITES):
        parser.error(f"no suite is called {', '.join(sorted(unknown))}: there are {', '.join(SUITES)}")
    return max(run(name, SUITES[name]) for name in chosen)


def run(name: str, suite: Suite) -> int:
    """Run one suite twice and print what the wrapper broke: 0 if nothing."""
    with tempfile.TemporaryDirectory() as folder:
        source, python = _prepare(suite, Path(folder))
        before, passed = _failures(suite, source, python)
        shutil.copy(Path(__file__).with_name("active.py"), source)
        after, still = _failures(suite, source, python, "-p", "active")
    broken = after - before
    unexpected = sorted(broken - set(EXPECTED))
    print(f"{name}: {passed} passed without the wrapper, {still} with it")
    for test in sorted(broken & set(EXPECTED)):
        print(f"  expected: {test}: {EXPECTED[test]}")
    for test in unexpected:
        print(f"  BROKEN: {test}")
    return 1 if unexpected or not still else 0


def _prepare(suite: Suite, folder: Path) -> tuple[Path, str]:
    """Give the folder of the unpacked source archive, and a Python that has the package and what its tests need."""
    venv.create(folder / "venv", with_pip=True)
    python = str(folder / "venv" / "bin" / "python")
    pip = [python, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run(
        [*pip, "download", "--no-binary", suite.package, "--no-deps", "--dest", folder, suite.package], check=True
    )
    with tarfile.open(next(folder.glob("*.tar.gz"))) as archive:
        archive.extractall(folder / "source")
    source = next((folder / "source").iterdir())
    subprocess.run([*pip, "install", source, ROOT, "flask", "pytest", "pytest-timeout", *suite.needs], check=True)
    return source, python


def _failures(suite: Suite, source: Path, python: str, *options: str) -> tuple[set[str], int]:
    """Give the test functions that fail, and how many tests pass."""
    command = [
        python,
        "-m",
        "pytest",
        "-q",
        "-rfE",
        "--tb=no",
        "--timeout=20",
        "-p",
        "no:cacheprovider",
        *options,
        suite.tests,
    ]
    output = subprocess.run(
        command, cwd=source, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=300
    ).stdout
    failed = {match[1] for match in re.finditer(r"^(?:FAILED|ERROR) ([^\s\[]+)", output, re.MULTILINE)}
    passed = re.search(r"(\d+) passed", output)
    if passed is None:
        print(output[-3000:])
    return failed, int(passed[1]) if passed else 0


if __name__ == "__main__":
    sys.exit(main())
