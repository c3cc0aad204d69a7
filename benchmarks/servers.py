"""Requests per second of real servers on loopback, measured with wrk; and the applications that they serve."""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .contenders import Policy, flask, flask_cors_app, flask_ours_app
from .scenarios import APP

SECONDS = 2
APPS = {"no CORS": flask, "CORS(app)": flask_ours_app, "flask-cors": flask_cors_app}
COMMANDS = {
    "gunicorn": ("gunicorn", "--workers=1", "--threads=4", "--bind=127.0.0.1:{port}", "benchmarks.servers:application"),
    "waitress": ("waitress", "--listen=127.0.0.1:{port}", "benchmarks.servers:application"),
}
SCRIPTS = {
    "GET": f"""wrk.headers["Origin"] = "{APP}"
""",
    "preflight": f"""wrk.method = "OPTIONS"
wrk.headers["Origin"] = "{APP}"
wrk.headers["Access-Control-Request-Method"] = "PUT"
wrk.headers["Access-Control-Request-Headers"] = "content-type"
""",
}


# What the servers import, in a process of their own.
application = APPS[os.environ["CONTENDER"]](Policy()) if "CONTENDER" in os.environ else None


def measured(rounds: int) -> list[dict[str, Any]]:
    """Return the requests per second of each server, request and contender, contenders taking turns."""
    if shutil.which("wrk") is None:
        raise FileNotFoundError("wrk is not installed: apt-get install wrk")
    found = []
    for server in COMMANDS:
        rates: dict[tuple[str, str], list[float]] = {}
        for _ in range(rounds):
            for contender in APPS:
                with _serving(server, contender) as port:
                    for request in SCRIPTS:
                        rates.setdefault((request, contender), []).append(_rate(port, request))
        found += [
            {"server": server, "request": request, "contender": contender, "per second": statistics.median(each)}
            for (request, contender), each in rates.items()
        ]
    return found


@contextmanager
def _serving(server: str, contender: str) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    module, *arguments = (part.format(port=port) for part in COMMANDS[server])
    command = [sys.executable, "-m", module, *arguments]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, env=os.environ | {"CONTENDER": contender}, **quiet)  # type: ignore[call-overload]
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + 10
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"{process.args} does not answer")


def _rate(port: int, request: str) -> float:
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder, "request.lua")
        script.write_text(SCRIPTS[request])
        command = ["wrk", "-t1", "-c4", f"-d{SECONDS}s", f"-s{script}", f"http://127.0.0.1:{port}/"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=SECONDS + 20, check=True)
    if "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise RuntimeError(done.stdout)
    return float(done.stdout.partition("Requests/sec:")[2].split()[0])
