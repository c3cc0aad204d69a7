"""The script of a release, in a copy of the project."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in ("setup.cfg", "CHANGELOG.md"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "docs" / "tools").mkdir(parents=True)
    shutil.copy(ROOT / "docs" / "tools" / "release.py", tmp_path / "docs" / "tools" / "release.py")
    changes = re.sub(
        r"^## .*$", "## 1.2.3 (unreleased)", (tmp_path / "CHANGELOG.md").read_text(), count=1, flags=re.MULTILINE
    )
    (tmp_path / "CHANGELOG.md").write_text(changes)
    for command in (
        "init --quiet",
        "config user.name a",
        "config user.email a@a.example",
        "add --all",
        "commit --quiet -m start",
    ):
        subprocess.run(["git", *command.split()], cwd=tmp_path, check=True)
    return tmp_path


def run(copy: Path, *words: str) -> subprocess.CompletedProcess[str]:
    script = copy / "docs" / "tools" / "release.py"
    return subprocess.run([sys.executable, script, *words], capture_output=True, text=True, check=False)


def test_a_release_is_prepared_and_then_belongs_together(copy: Path) -> None:
    assert run(copy, "check", "v1.2.3").returncode == 1
    done = run(copy, "prepare", "1.2.3")
    assert done.stdout == "Version 1.2.3 is committed and tagged. Publish it: git push origin main v1.2.3\n", (
        done.stderr
    )
    assert "\nversion = 1.2.3\n" in (copy / "setup.cfg").read_text()
    assert re.search(r"^## 1\.2\.3 \(\d{4}-\d\d-\d\d\)$", (copy / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert subprocess.run(["git", "tag"], cwd=copy, capture_output=True, text=True, check=True).stdout == "v1.2.3\n"
    assert run(copy, "check", "v1.2.3").returncode == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("prepare", "1.2"), "VERSION='1.2' is not a version: write VERSION=1.2.3\n"),
        (("check", "v1.2.4"), "setup.cfg has the version 0.1.0, and the tag is v1.2.4\nCHANGELOG.md has no section '## 1.2.4 (year-month-day)'\n"),
        ((), "make release VERSION=1.2.3, or make release-check TAG=v1.2.3\n"),
    ],
    ids=["a wrong version", "a tag that does not belong", "without words"],
)  # fmt: skip
def test_what_is_wrong_is_said(copy: Path, words: tuple[str, ...], message: str) -> None:
    assert run(copy, *words).stderr == message


def test_what_is_not_committed_stops_it(copy: Path) -> None:
    (copy / "new").write_text("x")
    assert "changes that are not committed" in run(copy, "prepare", "1.2.3").stderr
