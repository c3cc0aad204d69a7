"""Compares this library with its peers in one run: python -m benchmarks [--quick] [--json FILE].

Every contender has a process of its own, in which it takes turns with the same application without CORS. What is
printed is the median of what it adds, in microseconds, with the quartiles of that; and the ratio to the peer that does the same.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import platform
import statistics
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

from . import costs, servers
from .contenders import CONTENDERS
from .scenarios import HOSTILE, POLICIES, USUAL

PACKAGES = (
    "flask-crossorigin",
    "flask-cors",
    "wsgicors",
    "django-cors-headers",
    "starlette",
    "flask",
    "werkzeug",
    "django",
)
# With whom the last column compares.
PEER_OF = {
    "CORS(app)": "flask-cors",
    "CORS(blueprint)": "flask-cors",
    "@cross_origin": "flask-cors @cross_origin",
    "CORSMiddleware on Django": "django-cors-headers",
    "CORSMiddleware": "wsgicors",
}
PEERS = frozenset(PEER_OF.values())
MANY = ("1 origin", "10 origins", "1,000 origins", "10,000 origins", "100,000 origins")
PATTERNS = ("100 wildcards", "100 wildcards in labels", "10,000 wildcards")
PATHS = ("1 path", "10 paths", "100 paths")
ROUTES = ("10 routes", "1,000 routes")


def plan(quick: bool) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return what to measure: contender, policy, requests."""
    todo = [(contender, "1 origin", USUAL) for contender in CONTENDERS]
    todo += [("CORS(app)", "*", USUAL), ("flask-cors", "*", USUAL)]
    todo += [("@cross_origin", "1 origin", ("preflight, converters", "preflight, mixed"))]
    if quick:
        return todo
    todo += [("flask-cors @cross_origin", "1 origin", ("preflight, converters",))]
    for contender in ("CORSMiddleware", "CORS(app)", "flask-cors"):
        todo += [(contender, policy, USUAL) for policy in (*MANY[1:], *PATTERNS, *PATHS)]
        todo += [(contender, "1 origin", HOSTILE)]
    todo += [
        (contender, policy, USUAL) for contender in ("@cross_origin", "flask-cors @cross_origin") for policy in ROUTES
    ]
    return todo


def measured(contender: str, policy: str, rounds: int, requests: tuple[str, ...]) -> dict[str, Any]:
    """Run one worker, and return what it says."""
    command = [sys.executable, "-m", "benchmarks.worker", contender, policy, str(rounds), json.dumps(requests)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    if done.returncode:
        return {"error": done.stderr.strip().splitlines()[-1]}
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def summary(turns: dict[str, list[float]]) -> dict[str, float]:
    """Return the median of what the contender adds to its base, with its quartiles, and both medians."""
    added = [with_ - base for base, with_ in zip(turns["base"], turns["with"], strict=True)]
    low, middle, high = statistics.quantiles(added, n=4)
    return {
        "added": middle,
        "low": low,
        "high": high,
        "base": statistics.median(turns["base"]),
        "with": statistics.median(turns["with"]),
    }


def show(
    contender: str,
    policy: str,
    request: str,
    found: dict[str, float],
    peers: dict[tuple[str, str, str], dict[str, float]],
) -> None:
    """Print one line: what was added, and how that compares with the peer under the same policy."""
    ratio = ""
    peer = peers.get((PEER_OF.get(contender, ""), policy, request))
    if peer is not None:
        # A preflight is answered in place of the application: whole answers are compared, and not differences.
        mine, theirs = (found["with"], peer["with"]) if "preflight" in request else (found["added"], peer["added"])
        ratio = f"{theirs / mine:6.1f} x" if mine > 0 else "   below the noise"
    spread = f"{found['low']:+8.2f} {found['high']:+8.2f}"
    print(
        f"{contender:25} {policy:16} {request:22} {found['base']:8.2f} {found['added']:+9.2f}  {spread} {ratio}",
        flush=True,
    )


def main() -> None:
    """Measure everything, print it, and write it down."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="This library and its peers, side by side."
    )
    parser.add_argument("--quick", action="store_true", help="under a minute: one policy, fewer rounds, no servers")
    parser.add_argument("--json", type=Path, help="write everything that was measured to this file")
    options = parser.parse_args()
    versions = {name: metadata.version(name) for name in PACKAGES}
    machine = f"{platform.python_implementation()} {platform.python_version()}, {platform.machine()}, {platform.system()}, {os.cpu_count()} cores"
    print(f"{machine}\n{', '.join(f'{name} {version}' for name, version in versions.items())}\n")
    report: dict[str, Any] = {"machine": machine, "versions": versions, "measured": requests(options.quick)}
    report |= others(options.quick)
    if options.json:
        options.json.write_text(json.dumps(report, indent=1))


def requests(quick: bool) -> list[dict[str, Any]]:
    """Measure and print what each contender adds to a request."""
    print(
        f"{'contender':25} {'policy':16} {'request':22} {'bare us':>8} {'added us':>9}  {'quartiles':>17} {'against its peer':>9}"
    )
    peers: dict[tuple[str, str, str], dict[str, float]] = {}
    everything = []
    order = sorted(plan(quick), key=lambda row: (list(POLICIES).index(row[1]), row[0] not in PEERS))
    for contender, policy, names in order:
        result = measured(contender, policy, 7 if quick else 21, names)
        if "error" in result:
            print(f"{contender:25} {policy:16} {result['error']}", flush=True)
            continue
        for request in names:
            found = summary(result[request])
            if contender in PEERS:
                peers[contender, policy, request] = found
            show(contender, policy, request, found, peers)
            everything.append(
                {"contender": contender, "policy": policy, "request": request, "setup": result["setup"]} | found
            )
    return everything


def others(quick: bool) -> dict[str, Any]:
    """Measure and print memory, import time and, unless *quick*, requests per second of servers."""
    logging.disable(logging.CRITICAL)  # of refusals
    number, values = (10_000, 20_000) if quick else (100_000, 1_000_000)
    memory, kept = costs.bytes_an_origin(number), costs.retained(values)
    print(
        f"\nmemory: {memory:.0f} bytes an origin of {number:,}; {kept / 1024:.0f} KiB kept after {values:,} hostile values"
    )
    imports = costs.import_times(5 if quick else 40)
    for name, times in imports.items():
        print(f"import of {name} over Flask: {times['least']:.2f} ms at least, median {times['median']:.2f} ms")
    served: list[dict[str, Any]] = []
    if not quick:
        try:
            served = servers.measured(rounds=3)
        except FileNotFoundError as error:
            print(f"servers: {error}")
    for row in served:
        print(
            f"{row['server']:10} {row['request']:10} {row['contender']:12} {row['per second']:8.0f} requests/s",
            flush=True,
        )
    return {"bytes an origin": memory, "bytes kept": kept, "imports": imports, "servers": served}


if __name__ == "__main__":
    main()
