"""Serves the cases to a real engine, records what arrives, and takes what the page reports.

Three servers: the page's, the API's and a third origin; ``{elsewhere}`` is the API under another host.
"""

from __future__ import annotations

import json
import re
import socket
import threading
from collections import defaultdict
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

from .cases import Case

# The request headers of which a case may speak.
RECORDED = ("origin", "access-control-request-method", "access-control-request-headers", "cookie", "authorization", "x-one", "x-two", "content-type", "content-language")  # fmt: skip

BAD = "http://localhost:6000"  # X11's port, which browsers block
PAGE = """<!doctype html><title>cases</title><script type="module">
const AT_ONCE = Number(new URL(location).searchParams.get("at-once"));

const byXHR = (url, call) => new Promise((resolve) => {
  const request = new XMLHttpRequest();
  request.open(call.method, url);
  request.withCredentials = call.credentials === "include";
  for (const [name, value] of call.headers) request.setRequestHeader(name, value);
  if (call.api === "xhr-upload") request.upload.onprogress = () => {};
  const names = () => request.getAllResponseHeaders().split("\\r\\n").filter(Boolean).map((line) => line.split(":")[0]);
  request.onload = () => resolve({type: "", status: request.status, url: request.responseURL, headers: names()});
  request.onerror = () => resolve({type: "error"});
  request.send(call.body);
});

async function byFetch(url, call) {
  const {method, credentials, mode, redirect, cache} = call;
  const headers = new Headers();
  const options = {method, credentials, mode, redirect, cache, headers};
  if (call.body !== null) options.body = call.body;
  try {
    for (const [name, value] of call.headers) headers.append(name, value);
    const response = await fetch(url, options);
    await response.text();
    return {type: response.type, status: response.status, url: response.url, redirected: response.redirected, headers: [...response.headers.keys()]};
  } catch { return {type: "error"}; }
}

async function run({calls}) {
  const results = [];
  for (const call of calls) results.push(await (call.api === "fetch" ? byFetch : byXHR)(call.url, call));
  return results;
}

for (let number = 0; ; number++) {
  const cases = await (await fetch(`/batch/${number}`)).json();
  if (!cases) break;
  const results = new Array(cases.length);
  let next = 0;
  const work = async () => { while (next < cases.length) { const index = next++; results[index] = await run(cases[index]); } };
  await Promise.all(Array.from({length: AT_ONCE}, work));
  await fetch("/results", {method: "POST", body: JSON.stringify(results)});
}
document.title = "done";
</script>"""


class Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None: ...


class Site:
    """The three servers. ``give`` hands a batch to the page, ``results`` waits for what it reports."""

    def __init__(self, cases: list[Case]) -> None:
        self.cases = cases
        self.wire: dict[int, list[list[Any]]] = defaultdict(list)
        self._batches: list[list[Any] | None] = []
        self._results: list[Any] = []
        self._changed = threading.Condition()
        self._servers = [make_server("127.0.0.1", 0, self, threaded=True, request_handler=Quiet) for _ in range(3)]
        page, api, third = (f"http://localhost:{server.port}" for server in self._servers)
        self._closed = socket.socket()  # keeps a port on which nobody listens
        self._closed.bind(("127.0.0.1", 0))
        closed = f"http://localhost:{self._closed.getsockname()[1]}"
        elsewhere = api.replace("localhost", "127.0.0.1")
        self.origins = {"page": page, "api": api, "third": third, "elsewhere": elsewhere, "closed": closed, "bad": BAD}
        for server in self._servers:
            threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()

    def fill(self, text: str, case: int) -> str:
        """Return *text* with the origins for their names."""
        return filled(text, case, self.origins)

    def named(self, text: str) -> str:
        """Return *text* with the names of the origins for them, the reverse of ``fill``."""
        for name, origin in self.origins.items():
            text = text.replace(origin, f"{{{name}}}").replace(origin.upper(), "{PAGE}")
            text = text.replace(origin.removeprefix("http://"), f"{{{name}:host}}")
        return text

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        path = environ["PATH_INFO"]
        found = re.fullmatch(r"/c/(\d+)/(\d+)", path)
        if found is None:
            return self._control(path, environ, start_response)
        number, index = int(found[1]), int(found[2])
        self.wire[number].append(self._recorded(environ, index))
        hop = self.cases[number].hops[index]
        is_preflight = environ["REQUEST_METHOD"] == "OPTIONS"
        status, headers = hop.preflight if is_preflight else hop.actual
        lines = [(name, self.fill(value, number)) for name, value in headers]
        start_response(f"{status} X", [*lines, *common(number, is_preflight)])
        return [b"" if is_preflight or environ["REQUEST_METHOD"] == "HEAD" or status in (204, 304) else b"x"]

    def _recorded(self, environ: dict[str, Any], hop: int) -> list[Any]:
        sent = {key.removeprefix("HTTP_").replace("_", "-").lower(): value for key, value in environ.items() if key.startswith("HTTP_") or (key == "CONTENT_TYPE" and value)}  # fmt: skip
        host = self.named(f"http://{environ['HTTP_HOST']}")
        return [
            environ["REQUEST_METHOD"],
            host,
            hop,
            {name: self.named(sent[name]) for name in RECORDED if name in sent},
        ]

    def _control(self, path: str, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        text, kind = PAGE, "text/html"
        if path.startswith("/batch/"):
            text, kind = json.dumps(self._batch(int(path.rpartition("/")[2]))), "application/json"
        elif path == "/empty":
            text = "<!doctype html><title>empty</title>"
        elif path == "/results":
            body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            with self._changed:
                self._results.append(json.loads(body))
                self._changed.notify_all()
        start_response("200 OK", [("Content-Type", kind), ("Content-Length", str(len(text.encode())))])
        return [text.encode()]

    def _batch(self, number: int) -> list[Any] | None:
        with self._changed:
            self._changed.wait_for(lambda: len(self._batches) > number)
            return self._batches[number]

    def give(self, numbers: list[int] | None) -> None:
        """Hand the cases with these numbers to the page; ``None`` ends it."""
        batch = None if numbers is None else [self._with_urls(number) for number in numbers]
        with self._changed:
            self._batches.append(batch)
            self._changed.notify_all()

    def _with_urls(self, number: int) -> dict[str, Any]:
        case = self.cases[number].as_json()
        for call in case["calls"]:
            call["url"] = f"{self.origins[call['host']]}/c/{number}/{call['hop']}"
        return case

    def results(self, batch: int, seconds: float = 120) -> list[list[dict[str, Any]]]:
        """Return what the page reports of a batch, with names for origins."""
        with self._changed:
            if not self._changed.wait_for(lambda: len(self._results) > batch, seconds):
                raise TimeoutError(f"batch {batch} was not reported")
            found: list[list[dict[str, Any]]] = json.loads(self.named(json.dumps(self._results[batch])))
            return found

    def close(self) -> None:
        self._closed.close()
        for server in self._servers:
            server.shutdown()
            server.server_close()


def common(case: int, is_preflight: bool) -> list[tuple[str, str]]:
    """Return the headers that every answer has; the cookies show what is sent along."""
    cookies = ["lax=1; SameSite=Lax", "none=1; SameSite=None", "strict=1; SameSite=Strict"]
    lines = [] if is_preflight else [("Set-Cookie", f"{cookie}; Path=/c/{case}") for cookie in cookies]
    return [("Content-Type", "text/plain"), ("Cache-Control", "no-store"), *lines]


def filled(text: str, case: int, origins: dict[str, str]) -> str:
    """Return *text* with the case's number, and with the origins for their names."""
    for name, origin in origins.items():
        text = text.replace(f"{{{name}}}", origin).replace(f"{{{name}:host}}", origin.removeprefix("http://"))
        text = text.replace(f"u:p@{origin}", origin.replace("//", "//u:p@"))
    return text.replace("{case}", str(case)).replace("{PAGE}", origins["page"].upper())
