"""Counts instructions instead of time: python -m benchmarks.instructions [--request NAME]... [--policy NAME] [CONTENDER ...]

Callgrind's counts repeat on a noisy machine, so that a change can be compared with what was before. Each number
is the difference between a long and a short run of the same process, for one call; "added" is without the base.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from .contenders import CONTENDERS
from .scenarios import POLICIES, REQUESTS, USUAL, environ

SHORT, LONG = 200, 1200
CALLGRIND = ("valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null")


def run(contender: str, which: str, policy: str, request: str, calls: int) -> None:
    """Call one contender, or its base, *calls* times; this is what callgrind watches."""
    make = CONTENDERS[contender][0 if which == "with" else 1]
    call = make(POLICIES[policy])
    for each in [environ(REQUESTS[request]) for _ in range(LONG)][:calls]:
        call(each)


def instructions(contender: str, which: str, policy: str, request: str) -> float:
    """Return the instructions of one call.  Raises ``SystemExit`` if the contender cannot be run."""
    totals = []
    for calls in (SHORT, LONG):
        command = [
            *CALLGRIND,
            sys.executable,
            "-m",
            __spec__.name,
            "--run",
            contender,
            which,
            policy,
            request,
            str(calls),
        ]
        environment = os.environ | {"PYTHONHASHSEED": "0"}
        done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=600)
        found = re.search(r"Collected : (\d+)", done.stderr)
        if done.returncode or found is None:
            raise SystemExit(done.stderr)
        totals.append(int(found[1]))
    return (totals[1] - totals[0]) / (LONG - SHORT)


def main() -> None:
    """Print the instructions that each contender adds to its base."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.instructions", description=__doc__)
    parser.add_argument("contender", nargs="*", default=["CORSMiddleware"], metavar="CONTENDER")
    parser.add_argument("--request", action="append", choices=[*REQUESTS])
    parser.add_argument("--policy", default="1 origin", choices=[*POLICIES])
    options = parser.parse_args()
    print(f"{'contender':25} {'request':22} {'bare':>9} {'with':>9} {'added':>9}")
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for contender in options.contender:
            for request in options.request or USUAL:
                turns = [
                    pool.submit(instructions, contender, which, options.policy, request) for which in ("base", "with")
                ]
                base, with_ = (turn.result() for turn in turns)
                print(f"{contender:25} {request:22} {base:9.0f} {with_:9.0f} {with_ - base:+9.0f}", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--run"]:
        run(sys.argv[2], sys.argv[3], sys.argv[4], sys.argv[5], int(sys.argv[6]))
    else:
        main()
