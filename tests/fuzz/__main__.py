"""Fuzzes with atheris: python -m tests.fuzz [TARGET ...] [--seconds 30]

Each target runs in a process of its own. What makes one fail is printed, and kept in a file crash-... of this folder.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

NAMES = ("environ", "configuration", "browser", "explanation", "report")


def run(name: str, seconds: int) -> None:
    """Fuzz one target in this process; atheris ends it."""
    import logging

    import atheris

    logging.disable()
    with atheris.instrument_imports(include=["flask_crossorigin"]):
        from .targets import TARGETS

    atheris.Setup([sys.argv[0], f"-max_total_time={seconds}", "-max_len=4096", "-verbosity=0"], TARGETS[name])
    atheris.Fuzz()


def main() -> None:
    """Fuzz the targets, one after the other; exit 1 if one fails."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("target", nargs="*", metavar="TARGET", help=", ".join(NAMES))
    parser.add_argument("--seconds", type=int, default=30, help="for each target (default: %(default)s)")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    for unknown in {*options.target} - {*NAMES}:
        parser.error(f"{unknown} is not one of {', '.join(NAMES)}")
    if options.here:
        run(options.target[0], options.seconds)
    failed = []
    for name in options.target or NAMES:
        print(f"{name}: {options.seconds} s ...", flush=True)
        command = [sys.executable, "-m", "tests.fuzz", name, "--seconds", str(options.seconds), "--here"]
        if subprocess.run(command, check=False).returncode:
            failed.append(name)
    print(f"failed: {', '.join(failed)}" if failed else "nothing found")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
