"""Counts instructions instead of time: python -m benchmarks.instructions [CONTENDER ...]

Callgrind's counts repeat on a noisy machine, so that a change can be compared with what was before. Each number
is the difference between a long and a short run of the same process, for one call, with the base subtracted.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys

from .contenders import CONTENDERS
from .scenarios import POLICIES, REQUESTS, USUAL, environ

SHORT, LONG = 200, 1200


def run(contender: str, which: str, request: str, calls: int) -> None:
    """Call one contender, or its base, *calls* times; this is what callgrind watches."""
    make = CONTENDERS[contender][0 if which == "with" else 1]
    call = make(POLICIES["1 origin"])
    for each in [environ(REQUESTS[request]) for _ in range(LONG)][:calls]:
        call(each)


def counted(contender: str, which: str, request: str) -> float:
    """Return the instructions of one call."""
    totals = []
    for calls in (SHORT, LONG):
        command = [
            "valgrind",
            "--tool=callgrind",
            "--callgrind-out-file=/dev/null",
            sys.executable,
            "-m",
            __spec__.name,
        ]
        environment = os.environ | {"PYTHONHASHSEED": "0"}
        done = subprocess.run(
            [*command, "--run", contender, which, request, str(calls)], capture_output=True, text=True, env=environment
        )
        found = re.search(r"Collected : (\d+)", done.stderr)
        if found is None:
            raise SystemExit(done.stderr)
        totals.append(int(found[1]))
    return (totals[1] - totals[0]) / (LONG - SHORT)


def main(contenders: list[str]) -> None:
    """Print the instructions that each contender adds to its base."""
    print(f"{'contender':25} {'request':22} {'bare':>9} {'with':>9} {'added':>9}")
    for contender in contenders:
        for request in USUAL:
            base, with_ = (counted(contender, which, request) for which in ("base", "with"))
            print(f"{contender:25} {request:22} {base:9.0f} {with_:9.0f} {with_ - base:+9.0f}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        run(sys.argv[2], sys.argv[3], sys.argv[4], int(sys.argv[5]))
    else:
        main(sys.argv[1:] or ["CORSMiddleware", "wsgicors"])
