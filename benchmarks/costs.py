"""What the library costs besides time on a request: memory, and its import."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import tracemalloc

from .scenarios import environ

_IMPORT = "import flask, time; start = time.perf_counter(); import {0}; {0}.CORS; print(time.perf_counter() - start)"


def bytes_an_origin(number: int) -> float:
    """Return the bytes that a policy takes for each of *number* exact origins, beyond their strings."""
    from flask_crossorigin import CORSPolicy

    CORSPolicy(origins=["https://app.example"])  # whatever is loaded once
    origins = [f"https://o{index}.example" for index in range(number)]
    tracemalloc.start()
    policy = CORSPolicy(origins=origins)
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    del policy
    return size / number


def retained(number: int) -> int:
    """Return the bytes that a middleware keeps after *number* requests with hostile values, no two alike."""
    from flask_crossorigin import CORSMiddleware

    def app(_: object, start_response: object) -> list[bytes]:
        start_response("200 OK", [])  # type: ignore[operator]
        return []

    wrapped = CORSMiddleware(app, origins=["https://app.example", "https://*.app.example"], methods="*")
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    for index in range(number):
        names = f"x-{index}," + "a" * (index % 4096)
        request = {
            "HTTP_ORIGIN": f"https://h{index}.app.example" if index % 3 else f"https://{index}.evil.example",
            "HTTP_ACCESS_CONTROL_REQUEST_METHOD": f"M{index}",
            "HTTP_ACCESS_CONTROL_REQUEST_HEADERS": names,
            "REQUEST_METHOD": "OPTIONS" if index % 2 else "GET",
            "PATH_INFO": f"/{index}",
        }
        wrapped(environ(request), lambda *_: None)  # type: ignore[arg-type]
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return after - before


def import_times(rounds: int) -> dict[str, dict[str, float]]:
    """Return the milliseconds that each library's import adds to Flask's: the least and the median."""
    times: dict[str, list[float]] = {"flask_crossorigin": [], "flask_cors": []}
    with tempfile.TemporaryDirectory() as folder:  # compiled files of our own, wherever the environment wants none
        environment = os.environ | {"PYTHONPYCACHEPREFIX": folder}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for _ in range(rounds + 1):
            for name, found in times.items():
                command = [sys.executable, "-c", _IMPORT.format(name)]
                done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
                found.append(float(done.stdout) * 1000)
    return {
        name: {"least": min(found[1:]), "median": statistics.median(found[1:])}  # the first compiles
        for name, found in times.items()
    }
