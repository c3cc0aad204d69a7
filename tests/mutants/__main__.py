"""Runs mutmut on modules, and prints what survives, by module: make mutants ARGS=flask_crossorigin/server/protocol.py

Without names: everything, which takes an hour or two. It goes on where it stopped, as long as no test has changed; a module that is named starts anew.
--changed: the modules that differ from main.
--minutes 5: stops after this time, and reports what was tried.
"""

from __future__ import annotations

import argparse
import collections
import contextlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

from .equivalent import EQUIVALENT

ROOT = Path(__file__).parents[2]
MUTANTS = ROOT / "mutants"  # where mutmut works
RUNNER = Path(__file__).with_name("runner.py")
RESULT = re.compile(r"^\s*(?P<name>\S+__mutmut_\d+): (?P<state>.+)$")
GOAL = {"server": 95, "extension": 95, "standard": 92, "options": 92, "browser": 92, "doctor": 88, "commands": 88}


def module_of(path: str) -> str:
    """Return a module by its path, as mutmut has it."""
    return path.removesuffix(".py").replace("/", ".")


def changed() -> list[str]:
    command = ["git", "diff", "--name-only", "origin/main...", "--", "flask_crossorigin/*.py"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return done.stdout.split()


def forget_old_results() -> None:
    """Remove what was found with other tests."""
    stamp = MUTANTS / "mutmut-stats.json"
    tests = (path.stat().st_mtime for path in (ROOT / "tests").rglob("*.py"))
    if stamp.exists() and max(tests) > stamp.stat().st_mtime:
        print("The tests have changed: all mutants are tried again.")
        shutil.rmtree(MUTANTS)


def results() -> dict[str, str]:
    """Return the state of every mutant that was tried."""
    command = [sys.executable, "-m", "mutmut", "results", "--all", "true"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found = filter(None, map(RESULT.match, done.stdout.splitlines()))
    return {each["name"]: each["state"] for each in found if each["state"] != "not checked"}


def report(tried: dict[str, str]) -> str:
    """Return tables by package and by module: mutants, killed, set aside, survivors, and the share that is killed."""
    counts: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    for name, state in tried.items():
        module = name.partition("flask_crossorigin.")[2].rpartition(".")[0] or "__init__"
        for key in {module, module.partition(".")[0], "all"}:
            counts[key]["equivalent" if name in EQUIVALENT else state] += 1
    packages = sorted(key for key in counts if "." not in key)
    return f"{_table(packages, counts)}\n\n{_table(sorted(set(counts) - set(packages)), counts)}"


def _table(keys: list[str], counts: dict[str, collections.Counter[str]]) -> str:
    lines = ["| | mutants | killed | set aside | survived | share | goal |", "|---|---|---|---|---|---|---|"]
    for key in keys:
        count = counts[key]
        killed = count["killed"] + count["timeout"] + count["caught by type check"]
        judged = sum(count.values()) - count["equivalent"]
        share = f"{100 * killed / judged:.1f} %" if judged else ""
        goal = f"{GOAL[key]} %" if key in GOAL else ""
        lines.append(
            f"| `{key}` | {sum(count.values()):,} | {killed:,} | {count['equivalent']} | {judged - killed} "
            f"| {share} | {goal} |"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("modules", nargs="*", help="as flask_crossorigin/server/protocol.py")
    parser.add_argument("--changed", action="store_true")
    parser.add_argument("--minutes", type=float)
    options = parser.parse_args()
    names = [f"{module_of(path)}.*" for path in (changed() if options.changed else options.modules)]
    if options.changed and not names:
        print("no module differs from main")
        return
    forget_old_results()
    seconds = options.minutes * 60 if options.minutes else None
    with contextlib.suppress(subprocess.TimeoutExpired):
        subprocess.run([sys.executable, RUNNER, "run", *names], cwd=ROOT, timeout=seconds, check=False)
    tried = results()
    survivors = [name for name, state in tried.items() if state in ("survived", "no tests") and name not in EQUIVALENT]
    print("\n".join(f"survived: {name}    python -m mutmut show {name}" for name in survivors))
    print(report(tried))


if __name__ == "__main__":
    main()
