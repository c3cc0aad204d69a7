"""Mixed load for a while: python -m benchmarks.soak [--minutes 10]

One Flask application under waitress and under gunicorn, each for half the time. Four clients on loopback send valid and
hostile requests and check every answer. Printed: requests, wrong answers (there must be none), errors, latency, memory.
"""

from __future__ import annotations

import argparse
import http.client
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

APP, OTHER = "https://app.example", "https://other.example"
CLIENTS = 4


def application() -> Any:
    """Return the application that the servers serve."""
    from flask import Flask

    from flask_crossorigin import CORS, cross_origin

    made = Flask("soak")
    CORS(made, resources={"/api/*": {"origins": [APP, "https://*.wild.example"], "supports_credentials": True}})
    made.add_url_rule("/api/items", "items", lambda: "items", methods=["GET", "POST"])
    made.add_url_rule("/api/own/<name>", "own", cross_origin(origins=OTHER)(lambda name: name), methods=["GET", "PUT"])
    made.add_url_rule("/plain", "plain", lambda: "plain")
    return made


class Case(NamedTuple):
    """A request, and what its answer must have: the status and Access-Control-Allow-Origin."""

    method: str
    path: str
    headers: dict[str, str]
    status: int
    allowed: str | None


def _preflight(path: str, origin: str, status: int, allowed: str | None, method: str = "PUT") -> Case:
    headers = {"Origin": origin, "Access-Control-Request-Method": method, "Access-Control-Request-Headers": "x-a"}
    return Case("OPTIONS", path, headers, status, allowed)


def cases(rng: random.Random) -> Case:
    """Return one request, valid or hostile."""
    junk = "".join(chr(rng.randrange(33, 127)) for _ in range(rng.randrange(1, 600)))
    return rng.choice(
        [
            Case("GET", "/api/items", {"Origin": APP}, 200, APP),
            Case("GET", "/api/items", {"Origin": "https://a.wild.example"}, 200, "https://a.wild.example"),
            Case("GET", "/api/items", {}, 200, None),
            Case("GET", "/api/items", {"Origin": OTHER}, 200, None),
            Case("GET", "/api/own/x", {"Origin": OTHER}, 200, OTHER),
            Case("GET", "/plain", {"Origin": APP}, 200, None),
            _preflight("/api/items", APP, 200, APP),
            _preflight("/api/own/x", OTHER, 200, OTHER),
            _preflight("/api/own/x", APP, 403, None),
            Case("GET", "/api/items", {"Origin": f"{APP}.{junk}"}, 200, None),
            Case("GET", "/api/items", {"Origin": junk}, 200, None),
            Case("GET", "/api" + "/" * rng.randrange(1, 3000), {"Origin": APP}, 404, None),
            _preflight("/api/items", f"{APP}/{junk}", 403, None),
            _preflight("/api/items", APP, 200, APP, method="Z" * rng.randrange(1, 200)),
        ]
    )


def free_port() -> int:
    """Return a port of this machine that is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def await_port(port: int, seconds: float = 20.0) -> None:
    """Return when a server listens on *port*.  Raises ``TimeoutError``."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise TimeoutError(f"no server listens on port {port}")


class Load:
    """What the clients saw."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.latencies: list[float] = []
        self.wrong: list[str] = []
        self.errors = 0

    def client(self, port: int, end: float, seed: int) -> None:
        """Send requests until *end*."""
        rng = random.Random(seed)
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        while time.monotonic() < end:
            case = cases(rng)
            start = time.perf_counter()
            try:
                connection.request(case.method, case.path, headers=case.headers)
                response = connection.getresponse()
                response.read()
            except (OSError, http.client.HTTPException):
                connection.close()
                with self.lock:
                    self.errors += 1
                continue
            self._note(case, response, time.perf_counter() - start)

    def _note(self, case: Case, response: Any, seconds: float) -> None:
        allowed = response.getheader("Access-Control-Allow-Origin")
        right = (response.status, allowed) == (case.status, case.allowed)
        if case.path.startswith("/api/") and not case.path[4:].strip("/"):
            # Werkzeug may redirect slashes only; a long row of them falls under no policy
            right = response.status < 500 and allowed in (None, APP)
        with self.lock:
            self.latencies.append(seconds)
            if not right and len(self.wrong) < 20:
                self.wrong.append(f"{case.method} {case.path[:60]} {case.headers}: {response.status} {allowed}")


def memory(pid: int) -> int:
    """Return the resident memory of a process and its children, in KiB."""
    total = 0
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):
            fields = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
            if str(pid) in (fields["Pid"].strip(), fields["PPid"].strip()) and "VmRSS" in fields:
                total += int(fields["VmRSS"].split()[0])
    return total


SERVERS: dict[str, Callable[[int], list[str]]] = {
    "waitress": lambda port: ["-m", "waitress", f"--listen=127.0.0.1:{port}", "--call", "benchmarks.soak:application"],
    "gunicorn": lambda port: ["-m", "gunicorn", "-w", "1", "--threads", "4", "-b", f"127.0.0.1:{port}", "--log-level", "error", "benchmarks.soak:application()"],
}  # fmt: skip


def soak(name: str, seconds: float) -> bool:
    """Load one server; report whether every answer was right."""
    port, load = free_port(), Load()
    server = subprocess.Popen([sys.executable, *SERVERS[name](port)], stderr=subprocess.DEVNULL)
    try:
        await_port(port)
        end = time.monotonic() + seconds
        clients = [threading.Thread(target=load.client, args=(port, end, seed)) for seed in range(CLIENTS)]
        for client in clients:
            client.start()
        time.sleep(min(5.0, seconds / 4))
        before = memory(server.pid)
        for client in clients:
            client.join()
        after = memory(server.pid)
    finally:
        server.terminate()
        server.wait(20)
    ordered = sorted(load.latencies)
    half, most = (ordered[int(len(ordered) * share)] * 1000 for share in (0.5, 0.99))
    print(
        f"{name}: {len(ordered):,} requests, {len(load.wrong)} wrong answers, {load.errors} errors, median {half:.1f} ms, "
        f"99 % below {most:.1f} ms, slowest {ordered[-1] * 1000:.0f} ms, memory {before:,} -> {after:,} KiB",
        flush=True,
    )
    print("".join(f"  {line}\n" for line in load.wrong), end="")
    return not load.wrong and not load.errors


def main() -> None:
    """Load each server; exit 1 if an answer was wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, help="in all (default: %(default)s)")
    options = parser.parse_args()
    right = [soak(name, options.minutes * 60 / len(SERVERS)) for name in SERVERS]
    sys.exit(not all(right))


if __name__ == "__main__":
    main()
