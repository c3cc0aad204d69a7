"""Real browsers and servers. What is missing is skipped on a user's machine, and fails where CI is set."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[2]
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
# Headless as root in a container, and never a packet beyond this machine.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]


def missing(what: str) -> NoReturn:
    """Skip the test, or fail it in CI."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing, and CI is set: .ci/run installs it")
    pytest.skip(f"{what} is not installed")


@pytest.fixture(scope="module")  # no longer: while it lives this thread has an event loop, which async views object to
def chromium() -> Iterator[Browser]:
    path = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if path is None:
        missing("Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context()
    yield context.new_page()
    context.close()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


Start = Callable[..., subprocess.Popen[str]]


@contextmanager
def processes(logs: Path) -> Iterator[Start]:
    """Give a function that starts Python with a command line and waits for its port; all of it ends at the end."""
    running: list[subprocess.Popen[str]] = []

    def begin(*command: str, port: int | None = None, **environment: str) -> subprocess.Popen[str]:
        log = logs / f"{len(running)}.log"
        with log.open("w") as errors:
            process = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env=os.environ | environment,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        running.append(process)
        if port is not None:
            await_port(port, process, log)
        return process

    try:
        yield begin
    finally:
        for process in running:
            process.terminate()
            process.communicate(timeout=20)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    with processes(tmp_path) as begin:
        yield begin


def await_port(port: int, process: subprocess.Popen[str], log: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        assert process.poll() is None, f"the server ended with status {process.returncode}: {log.read_text()}"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"no answer on port {port}: {log.read_text()}")


def gunicorn(port: int, *options: str) -> list[str]:
    return ["-m", "gunicorn", "--bind", f"127.0.0.1:{port}", *options]


def waitress(port: int, *options: str) -> list[str]:
    return ["-m", "waitress", f"--listen=127.0.0.1:{port}", *options]


@contextmanager
def nginx_of(folder: Path, port: int, text: str) -> Iterator[None]:
    """Run nginx with the configuration *text*."""
    binary = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if binary is None:
        missing("nginx")
    config = folder / "nginx.conf"
    config.write_text(text)
    process = subprocess.Popen(
        [binary, "-p", str(folder), "-c", str(config), "-e", str(folder / "error.log")], text=True
    )
    try:
        await_port(port, process, folder / "error.log")
        yield
    finally:
        process.terminate()
        process.wait(20)


def nginx(folder: Path, port: int, location: str) -> AbstractContextManager[None]:
    """Run nginx with one *location*."""
    places = "".join(
        f"{kind}_temp_path {folder}/{kind}; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    server = f"server {{ listen 127.0.0.1:{port}; {location} }}"
    top = f"daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; events {{}}"
    return nginx_of(folder, port, f"{top} http {{ access_log off; {places} {server} }}")
