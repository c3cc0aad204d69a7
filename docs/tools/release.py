"""The steps of a release that can be a script: make release VERSION=1.2.3, and make release-check TAG=v1.2.3.

The version stands in setup.cfg alone; the changelog names it and its date.
"""

from __future__ import annotations

import datetime
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SETUP, CHANGES = ROOT / "setup.cfg", ROOT / "CHANGELOG.md"
VERSION = re.compile(r"^version = (.+)$", re.MULTILINE)
UNRELEASED = re.compile(r"^## \S+ \(unreleased\)$", re.MULTILINE)


def version() -> str:
    found = VERSION.search(SETUP.read_text(encoding="utf-8"))
    assert found is not None
    return found[1]


def problems(tag: str) -> list[str]:
    """Return what does not belong together."""
    number = tag.removeprefix("v")
    found = []
    if not re.fullmatch(r"\d+\.\d+\.\d+", number):
        found.append(f"TAG={tag!r} is not a version: write TAG=v1.2.3")
    if number != version():
        found.append(f"setup.cfg has the version {version()}, and the tag is {tag}")
    if not re.search(
        rf"^## {re.escape(number)} \(\d{{4}}-\d\d-\d\d\)$", CHANGES.read_text(encoding="utf-8"), re.MULTILINE
    ):
        found.append(f"CHANGELOG.md has no section '## {number} (year-month-day)'")
    return found


def prepare(number: str) -> None:
    """Write the version and the date of today, and commit and tag both; pushing is left to you."""
    changes = CHANGES.read_text(encoding="utf-8")
    if not re.fullmatch(r"\d+\.\d+\.\d+", number):
        raise SystemExit(f"VERSION={number!r} is not a version: write VERSION=1.2.3")
    if not UNRELEASED.search(changes):
        raise SystemExit(f"CHANGELOG.md has no section '## {number} (unreleased)': write there what is new")
    if subprocess.run(["git", "status", "--porcelain"], cwd=ROOT, capture_output=True, text=True, check=True).stdout:
        raise SystemExit("there are changes that are not committed: commit them first")
    today = datetime.datetime.now(tz=datetime.timezone.utc).date().isoformat()
    CHANGES.write_text(UNRELEASED.sub(f"## {number} ({today})", changes, count=1), encoding="utf-8")
    SETUP.write_text(VERSION.sub(f"version = {number}", SETUP.read_text(encoding="utf-8")), encoding="utf-8")
    for command in (["git", "commit", "--all", "--quiet", f"--message=Version {number}"], ["git", "tag", f"v{number}"]):
        subprocess.run(command, cwd=ROOT, check=True)
    print(f"Version {number} is committed and tagged. Publish it: git push origin main v{number}")


def main() -> None:
    if len(sys.argv) != 3 or sys.argv[1] not in ("check", "prepare"):
        raise SystemExit("make release VERSION=1.2.3, or make release-check TAG=v1.2.3")
    if sys.argv[1] == "prepare":
        prepare(sys.argv[2])
    elif found := problems(sys.argv[2]):
        raise SystemExit("\n".join(found))


if __name__ == "__main__":
    main()
