"""One application under every server: the same answers everywhere."""

from __future__ import annotations

import http.client
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from .conftest import ROOT, await_port, free_port, gunicorn, missing, processes, waitress

APP = "https://app.example"
PREFLIGHT = {"Origin": APP, "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "content-type"}
LISTS = {
    "access-control-allow-methods": "GET, HEAD, POST, PUT, PATCH, DELETE",
    "access-control-allow-headers": "content-type",
    "access-control-max-age": "600",
    "vary": "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
    "content-length": "0",
    "content-type": "text/plain; charset=utf-8",
}
ALLOWED = {"access-control-allow-origin": APP, "vary": "Origin"}
COMPARED = {*LISTS, *ALLOWED} - {"content-length", "content-type"}

REQUESTS = [
    pytest.param("GET", "/items", {"Origin": APP}, 200, ALLOWED, b"items", id="allowed"),
    pytest.param("GET", "/items", {"Origin": "https://evil.example"}, 200, {"vary": "Origin"}, b"items", id="refused"),
    pytest.param("GET", "/items", {}, 200, {"vary": "Origin"}, b"items", id="without Origin"),
    pytest.param("PUT", "/items", {"Origin": APP}, 200, ALLOWED, b"items", id="PUT"),
    pytest.param("HEAD", "/items", {"Origin": APP}, 200, ALLOWED, b"", id="HEAD"),
    pytest.param("OPTIONS", "/items", PREFLIGHT, 200, {**LISTS, "access-control-allow-origin": APP}, b"", id="preflight"),
    pytest.param("OPTIONS", "/items", PREFLIGHT | {"Origin": "null"}, 403, {"vary": LISTS["vary"]}, b"Origin not allowed", id="preflight refused"),
    pytest.param("GET", "/missing", {"Origin": APP}, 404, ALLOWED, None, id="404"),
    pytest.param("DELETE", "/items", {"Origin": APP}, 405, ALLOWED, None, id="405"),
    pytest.param("GET", "/fails", {"Origin": APP}, 500, ALLOWED, None, id="500"),
]  # fmt: skip

PACKAGES = ("flask_crossorigin", "flask", "werkzeug", "jinja2", "markupsafe", "itsdangerous", "click", "blinker")
NAME = "tests.e2e.behind:app"


def executed(name: str, *arguments: str) -> list[str]:
    """Return what Python is to be started with, to become another program of its own environment."""
    path = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    if path is None:
        missing(name)
    return ["-c", "import os, sys; os.execv(sys.argv[1], sys.argv[1:])", path, *arguments]


SERVERS: dict[str, Callable[[int], list[str]]] = {
    "gunicorn sync": lambda port: gunicorn(port, NAME),
    "gunicorn gthread": lambda port: gunicorn(port, "--threads", "2", NAME),
    "gunicorn gevent": lambda port: gunicorn(port, "--worker-class", "gevent", NAME),
    "waitress": lambda port: waitress(port, NAME),
    "cheroot": lambda port: ["-m", "cheroot", "--bind", f"127.0.0.1:{port}", NAME],
    "uWSGI": lambda port: executed("uwsgi", "--http-socket", f"127.0.0.1:{port}", "--module", NAME, "--home", sys.prefix, "--master", "--threads", "2", "--die-on-term", "--need-app"),
}  # fmt: skip


@contextmanager
def apache(port: int) -> Iterator[None]:
    """Run Debian's Apache with its mod_wsgi, whose Python has to be this one's version."""
    binary = shutil.which("apache2") or shutil.which("apache2", path="/usr/sbin")
    modules = Path("/usr/lib/apache2/modules")
    if binary is None or not (modules / "mod_wsgi.so").exists():
        missing("Apache with mod_wsgi")
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if not (modules / f"mod_wsgi.so-{version}").exists():
        pytest.skip(f"mod_wsgi is not for Python {version}")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        for name in PACKAGES:  # Apache's user may read nothing of ours
            spec = importlib.util.find_spec(name)
            assert spec is not None
            assert spec.origin is not None
            shutil.copytree(Path(spec.origin).parent, Path(folder, "site", name))
        shutil.copy(ROOT / "tests" / "e2e" / "behind.py", folder)
        config = Path(folder, "httpd.conf")
        users = "User www-data\nGroup www-data\n" if os.getuid() == 0 else ""
        config.write_text(
            f"LoadModule mpm_event_module {modules}/mod_mpm_event.so\nLoadModule authz_core_module {modules}/mod_authz_core.so\n"
            f"LoadModule wsgi_module {modules}/mod_wsgi.so\nServerName localhost\nPidFile {folder}/pid\nErrorLog {folder}/error.log\n{users}"
            f"Listen 127.0.0.1:{port}\nWSGISocketPrefix {folder}/wsgi\nWSGIApplicationGroup %{{GLOBAL}}\nWSGIProcessGroup lab\n"
            f"WSGIDaemonProcess lab threads=2 python-path={folder}/site\nWSGIScriptAlias / {folder}/behind.py\n"
            f"<Directory {folder}>\nRequire all granted\n</Directory>\n"
        )
        process = subprocess.Popen([binary, "-d", folder, "-f", str(config), "-DFOREGROUND"], text=True)
        try:
            await_port(port, process, Path(folder, "error.log"))
            yield
        finally:
            process.terminate()
            process.wait(20)


@pytest.fixture(scope="module", params=[*SERVERS, "Apache with mod_wsgi"])
def port(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    number = free_port()
    if request.param in SERVERS:
        with processes(tmp_path_factory.mktemp("server")) as start:
            start(*SERVERS[request.param](number), port=number, PYTHONPATH=str(ROOT))
            yield number
    else:
        with apache(number):
            yield number


@pytest.mark.parametrize(("method", "path", "headers", "status", "expected", "body"), REQUESTS)
def test_every_server_answers_alike(
    port: int,
    method: str,
    path: str,
    headers: dict[str, str],
    status: int,
    expected: dict[str, str],
    body: bytes | None,
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    # Apache writes lists without blanks.
    seen = [(name.lower(), value.replace(", ", ",")) for name, value in answer.getheaders()]
    content = answer.read()
    connection.close()
    assert answer.status == status
    assert sorted(pair for pair in seen if pair[0] in COMPARED) == sorted(
        (name, value.replace(", ", ",")) for name, value in expected.items() if name in COMPARED
    )
    assert body is None or content == body
