"""The model against real engines: generated answers are served to both, and verdict, headers and texts agree."""

from __future__ import annotations

import random
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from werkzeug.serving import WSGIRequestHandler, make_server

from flask_crossorigin.browser.client import Client, network_transport
from flask_crossorigin.browser.urls import parse
from flask_crossorigin.browser.values import Outcome, Request

from .engines import ENGINES

CASES = 400
REDIRECTS = 120
BATCH = 50  # Firefox keeps 250 lines of its console, and writes two for some
SEED = 20261121

# All at once, but not more than a server takes; what is readable, or nothing.
FETCH_ALL = """
async (cases) => {
  // With a listener on its upload, which asks for a preflight whatever else is sent.
  const byXHR = (url, options) => new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open(options.method, url);
    request.withCredentials = options.credentials === "include";
    for (const [name, value] of Object.entries(options.headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = () => {};
    const names = () => request.getAllResponseHeaders().split("\\r\\n").filter(Boolean).map((line) => line.split(":")[0]);
    request.onload = () => resolve({readable: true, status: request.status, headers: names()});
    request.onerror = () => resolve({readable: false, error: "error event"});
    request.send(options.body ?? null);
  });
  const results = new Array(cases.length);
  let next = 0;
  const work = async () => {
    while (next < cases.length) {
      const index = next++;
      const [url, options] = cases[index];
      if (options.xhr) {
        results[index] = await byXHR(url, options);
        continue;
      }
      try {
        const response = await fetch(url, options);
        await response.text();
        results[index] = {readable: true, status: response.status, headers: [...response.headers.keys()]};
      } catch (error) {
        results[index] = {readable: false, error: String(error)};
      }
    }
  };
  await Promise.all(Array.from({length: 8}, work));
  return results;
}
"""


@dataclass
class Case:
    """One request, and what the server answers to its preflight and to itself."""

    options: dict[str, Any]
    preflight: tuple[int, list[tuple[str, str]]]
    actual: tuple[int, list[tuple[str, str]]]
    url: str = field(default="")


def generated(number: int, page: str) -> list[Case]:
    choose = random.Random(SEED)
    good = [page] * 6
    origins = [
        *good,
        *good,
        "*",
        "*",
        None,
        f"{page}/",
        "null",
        "",
        "example.com",
        f"{page}, https://b.example",
        "https://b.example",
        (page, page),
        ("*", "*"),
        "* ",
        page.upper(),
        "localhost:3000",
        f"{page} https://b.example",
    ]
    methods = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "patch", "FOO", "put"]
    lists = [
        None,
        "*",
        "PUT, PATCH, DELETE, FOO",
        "PUT, PATCH, DELETE, FOO, patch",
        "put",
        "PUT,,PATCH",
        "P@T, PUT",
        "",
        "GET",
        ("PUT", "PATCH, DELETE"),
    ]
    names = [
        None,
        "*",
        "x-one, content-type, authorization, x-two",
        "X-One, Content-Type",
        "x one",
        "",
        "*, authorization",
        "x-two",
        ("x-one, x-two", "content-type"),
    ]
    request_headers = [{}, {}, {"X-One": "1"}, {"Authorization": "a"}, {"Content-Type": "application/json"}, {"X-Two": "2", "X-One": "1", "Content-Type": "text/x"}, {"Accept-Language": "a" * 129}, {"Accept": '"'}, {"Range": "bytes=0-9"}, {"Range": "bytes=-9"}, {"Content-Type": "text/plain"}]  # fmt: skip
    exposed = [None, "*", "x-total, etag", "x total", "X-Total"]
    truth = ["true", "true", "true", None, "True", "false", ""]

    def headers(credentials: str) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        for name, value in (
            ("Access-Control-Allow-Origin", choose.choice(origins)),
            (
                "Access-Control-Allow-Credentials",
                choose.choice(truth) if credentials == "include" else choose.choice([None, "true", "x"]),
            ),
        ):
            found += [(name, each) for each in ([value] if isinstance(value, str) else value or [])]
        return found

    def listed(name: str, value: Any) -> list[tuple[str, str]]:
        return [(name, each) for each in ([value] if isinstance(value, str) else value or [])]

    cases = []
    for _ in range(number):
        method = choose.choice(methods)
        credentials = choose.choice(["omit", "same-origin", "include"])
        options: dict[str, Any] = {
            "method": method,
            "credentials": credentials,
            "headers": choose.choice(request_headers),
        }
        if credentials != "omit" and choose.random() < 0.25:
            options["xhr"] = True
        if method in ("POST", "PUT", "put") and choose.random() < 0.5:
            options["body"] = "x"
        preflight = (
            headers(credentials)
            + listed("Access-Control-Allow-Methods", choose.choice(lists))
            + listed("Access-Control-Allow-Headers", choose.choice(names))
        )
        status = choose.choice([200] * 12 + [204, 302, 308, 401, 404, 405, 500, 304, 299])
        if status in (302, 308):
            preflight.append(("Location", "/elsewhere"))
        actual = (
            headers(credentials)
            + listed("Access-Control-Expose-Headers", choose.choice(exposed))
            + [("X-Total", "1"), ("ETag", '"a"')]
        )
        cases.append(Case(options, (status, preflight), (choose.choice([200, 200, 404, 500]), actual)))
    return cases


class Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass


class Site:
    """Serves the cases under /case/<index>, where their redirects lead under /end/<index>, and an empty page."""

    def __init__(self) -> None:
        self.cases: list[Case] = []
        self.ends: dict[int, Case] = {}
        self.server = make_server("127.0.0.1", 0, self, threaded=True, request_handler=Quiet)
        self.port = self.server.port
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        path = environ["PATH_INFO"]
        kind, _, index = path.strip("/").partition("/")
        if kind not in ("case", "end"):
            start_response("200 OK", [("Content-Type", "text/html"), ("Content-Length", "15")])
            return [b"<title>p</title"]
        case = self.cases[int(index)] if kind == "case" else self.ends[int(index)]
        is_preflight = environ["REQUEST_METHOD"] == "OPTIONS"
        status, headers = case.preflight if is_preflight else case.actual
        body = b"" if is_preflight or environ["REQUEST_METHOD"] == "HEAD" else b"x"
        start_response(f"{status} X", [*headers, ("Content-Type", "text/plain"), ("Cache-Control", "no-store")])
        return [body]

    def close(self) -> None:
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def redirected(number: int, page: str, api: str, third: str, first: int) -> tuple[list[Case], list[Case]]:
    """Return cases whose answers lead to another place, and what is answered there under the same number."""
    choose = random.Random(SEED)
    starts, ends = [], []
    for index in range(first, first + number):
        status = choose.choice([301, 302, 303, 307, 308])
        credentials = choose.choice(["omit", "include"])
        place = choose.choice([third, third, third, api, page])
        userinfo = choose.choice(["", "", "", "", "", "u:p@"])
        location = choose.choice(
            [f"{place.replace('//', '//' + userinfo)}/end/{index}"] * 8 + ["ftp://localhost/", f"/end/{index}"]
        )
        method = choose.choice(["GET", "POST", "PUT"])
        headers = choose.choice([{}, {}, {"Authorization": "a"}, {"X-One": "1"}])

        def answer(origins: list[str | None]) -> list[tuple[str, str]]:
            origin = choose.choice(origins)
            named = [] if origin is None else [("Access-Control-Allow-Origin", origin)]
            lists = [("Access-Control-Allow-Methods", "PUT"), ("Access-Control-Allow-Headers", "x-one, authorization")]
            return [*named, *lists, ("Access-Control-Allow-Credentials", "true")]

        options = {"method": method, "credentials": credentials, "headers": headers}
        hop = answer([page, page, page, page, "*", None])
        starts.append(Case(options, (200, answer([page])), (status, [*hop, ("Location", location)])))
        end = answer(["null", "null", page, page, "*", None])
        ends.append(Case(options, (200, end), (200, end)))
    return starts, ends


@pytest.fixture(scope="module")
def sites() -> Iterator[tuple[str, list[Case]]]:
    _, api, _ = servers = Site(), Site(), Site()
    origin, second, other = (f"http://localhost:{server.port}" for server in servers)
    starts, ends = redirected(REDIRECTS, origin, second, other, CASES)
    api.cases = generated(CASES, origin) + starts
    for index, case in enumerate(api.cases):
        case.url = f"{second}/case/{index}"
    for server in servers:
        server.ends = dict(enumerate(ends, CASES))
    yield origin, api.cases
    for server in servers:
        server.close()


@pytest.mark.parametrize("profile", ENGINES)
def test_the_model_agrees_with_the_engine(profile: str, sites: tuple[str, list[Case]]) -> None:
    origin, cases = sites
    with ENGINES[profile]() as engine:
        engine.open(f"{origin}/")
        results, console = [], []
        for start in range(0, len(cases), BATCH):
            results += engine.run(FETCH_ALL, [[case.url, case.options] for case in cases[start : start + BATCH]])
            console += engine.console()
    base = parse(f"{origin}/")
    assert base is not None
    transport = network_transport()
    differences = []
    for case, result in zip(cases, results, strict=True):
        options = case.options
        body = options["body"].encode() if "body" in options else None
        headers = list(options["headers"].items())
        if body is not None and "Content-Type" not in options["headers"]:
            headers.append(("Content-Type", "text/plain;charset=UTF-8"))
        request = Request(
            url=case.url,
            method=options["method"],
            headers=headers,
            body=body,
            credentials=options["credentials"],
            upload_listeners="xhr" in options,
        )
        outcome = Client(transport, origin, profile=profile, base=base).fetch(request)
        differences += differing(case, outcome, result, console if engine.has_console else None)
    assert not differences, "\n".join(map(str, differences))


def differing(case: Case, outcome: Outcome, result: dict[str, Any], console: list[str] | None) -> list[Any]:
    number = case.url.rpartition("/")[2]
    written = [line for line in console or () if re.search(rf"/(case|end)/{number}(?!\d)", line)]
    if outcome.readable != result["readable"]:
        return [("verdict", case, outcome, result, written)]
    if outcome.readable:
        names = sorted({name.lower() for name, _ in outcome.headers})
        return [] if names == sorted(result["headers"]) else [("headers", case, names, result)]
    if console is None:
        return []
    first = outcome.failures[0]
    # Of several names that are not allowed Chromium writes the first of a hash table.
    texts = [each.console for each in outcome.failures if each.kind == first.kind]
    if any(text in line for text in texts for line in written):
        return []
    return [("console", case, texts, written)]
