"""The lab's servers: an application for each scenario, made of the lines that it shows, and a record of exchanges."""

from __future__ import annotations

import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from code_reader import PARSING, Server, read
from flask import Flask, Response, abort, redirect, request
from scenarios import BY_ID, Scenario

from flask_crossorigin import CORS

sys.path.insert(0, str(Path(__file__).parents[1]))
from bridge import Upstream, add_bridge

HERE = Path(__file__).parent
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
MAX_OWN = 100  # policies of one's own that are kept
KEPT = 400  # exchanges
MAX_TABS = 100
MAX_NAME = 40  # characters of a tab's name

FRAME = """<!doctype html><title>frame</title><script>
onmessage = async ({data, source}) => {
  let result;
  try {
    const response = await fetch(data.url, data.options);
    const [body, headers] = [await response.text(), [...response.headers]];
    result = {outcome: "readable", status: response.status, body, headers};
  } catch (error) { result = {outcome: "blocked", error: String(error)}; }
  source.postMessage({lab: data.id, result}, "*");
};
</script>"""


@dataclass(frozen=True)
class Origins:
    """The lab's origins. *stopped*: nobody listens there. *elsewhere* is the API under another host, another site."""

    page: str
    api: str
    third: str
    stopped: str

    @property
    def elsewhere(self) -> str:
        return self.api.replace("localhost", "127.0.0.1")

    @property
    def all(self) -> tuple[str, ...]:
        return (self.page, self.api, self.third, self.elsewhere)

    def fill(self, text: str) -> str:
        """Return *text* with the origins in place of their names."""
        names = {
            "{page}": self.page,
            "{api}": self.api,
            "{third}": self.third,
            "{stopped}": self.stopped,
            "{elsewhere}": self.elsewhere,
            "{page_https}": self.page.replace("http:", "https:"),
            "{page_127}": self.page.replace("localhost", "127.0.0.1"),
        }
        for name, value in names.items():
            text = text.replace(name, value)
        return text


@dataclass
class State:
    """What has been changed: the scenarios that are fixed, and the users' own policies by their token."""

    fixed: set[str] = field(default_factory=set)
    own: dict[str, Server] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def copy(self) -> State:
        """Return the same as it stands now, while other requests may change this one."""
        return State(set(self.fixed), dict(self.own), dict(self.counts))

    def keep(self, token: str, server: Server) -> None:
        while len(self.own) >= MAX_OWN:
            del self.own[next(iter(self.own))]
        self.own[token] = server


class States:
    """A state for each tab of a browser, so that two do not disturb each other; the oldest is forgotten."""

    def __init__(self) -> None:
        self._by_tab: dict[str, State] = {}
        self._lock = threading.Lock()

    def of(self, run: str) -> State:
        """Return the state of the tab whose name *run* begins with, as in ``t1f3a-77``."""
        tab = run.partition("-")[0][:MAX_NAME]
        with self._lock:  # a tab sends several requests at once
            state = self._by_tab.pop(tab, None) or State()
            while len(self._by_tab) >= MAX_TABS:
                del self._by_tab[next(iter(self._by_tab))]
            self._by_tab[tab] = state
        return state


# What an application does beside its CORS lines: the code as it is shown.
SETTINGS = {
    "cookie": '@app.get("/item")\ndef item():\n'
    "    response = make_response(f\"visits={request.cookies.get('visits', 0)}\")\n"
    '    response.set_cookie("visits", "1", samesite="Lax")\n    return response',
    "login": '@app.before_request\ndef login():\n    if "Authorization" not in request.headers:\n        abort(401)',
    "slash": '@app.put("/item/")\ndef item():\n    return {"method": request.method}',
    "no-options": '@app.route("/item", methods=["PUT"], provide_automatic_options=False)\n'
    'def item():\n    return {"method": request.method}',
    "in-view": '@app.get("/crash")\ndef crash():\n    raise RuntimeError  # before the header is set',
    "total": 'response.headers["X-Total-Count"] = "3"',
    "redirect": '@app.get("/item")\ndef item():\n    return redirect("{third}/landed")',
    "events": '@app.get("/events")\ndef events():\n    return Response(events(), mimetype="text/event-stream")',
    "font": '@app.get("/font")\ndef font():\n    return send_file("dot.ttf")',
    "weather": 'add_bridge(app, {"weather": Upstream("{third}", "third-party/weather")})',  # examples/bridge.py
}  # fmt: skip


def make_application(scenario: Scenario, server: Server, origins: Origins, count: Callable[[], int]) -> Flask:
    """Return the application of *scenario* with the lines of *server*."""
    with PARSING:
        return _made(scenario, server, origins, count)


def _made(scenario: Scenario, server: Server, origins: Origins, count: Callable[[], int]) -> Flask:
    app = Flask(f"lab-{scenario.id}", root_path=str(HERE))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.logger.disabled = True
    setting = scenario.setting

    def item() -> Any:
        if setting == "redirect":
            return redirect(f"{origins.third}/{scenario.id}/landed?{request.query_string.decode()}")
        done = count() if request.method not in ("GET", "HEAD") else 0
        if setting == "cookie":
            response = Response(f"visits={request.cookies.get('visits', 0)}")
            response.set_cookie("visits", "1", samesite="Lax", path=f"/{scenario.id}")
            return response
        return {"method": request.method} | ({"executed": done} if done else {})

    rule = "/item/" if setting == "slash" else "/item"
    methods = ["PUT"] if setting == "no-options" else METHODS
    app.add_url_rule(
        rule, "item", item, methods=methods, provide_automatic_options=False if setting == "no-options" else None
    )
    app.add_url_rule("/landed", "landed", lambda: {"landed": True})
    app.add_url_rule("/crash", "crash", _crash)
    app.add_url_rule("/weather", "weather", lambda: {"weather": "rain"})
    app.add_url_rule("/events", "events", lambda: Response("data: hello\n\n", mimetype="text/event-stream"))
    app.add_url_rule("/font", "font", lambda: Response((HERE / "static" / "dot.ttf").read_bytes(), mimetype="font/ttf"))
    if setting == "login":
        app.before_request(lambda: None if "Authorization" in request.headers else abort(401))
    if setting == "weather":
        add_bridge(app, {"weather": Upstream(origins.third, "third-party/weather")})
    if setting == "total":
        app.after_request(lambda response: _with(response, "X-Total-Count", "3"))
    if server.headers:
        app.after_request(lambda response: _with_headers(server, response))
    if server.options is not None:
        CORS(app, **server.options)
    return app


def _crash() -> Any:
    raise RuntimeError("the view failed")


def _with(response: Response, name: str, value: str) -> Response:
    response.headers[name] = value
    return response


def _with_headers(server: Server, response: Response) -> Response:
    for name, value, added in server.headers:
        text = value(request)
        if text is not None:
            response.headers.add(name, text) if added else response.headers.set(name, text)
    return response


class Lab:
    """A WSGI application: ``/<scenario>/...``, ``/own/<token>/...``, and the frame of the second page.

    *exchanges*: what came in and went out last, by the ``run`` of its query; ``None`` for none.
    """

    def __init__(self, origins: Origins, states: States, *, records: bool = True, is_third: bool = False) -> None:
        self.origins = origins
        self.states = states
        self.is_third = is_third  # a third party's server, which no fix changes
        self.exchanges: deque[dict[str, Any]] | None = deque(maxlen=KEPT) if records else None
        self._made: dict[tuple[str, bool], Flask] = {}
        self._lock = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        # A name that somebody else's DNS leads to this machine must not reach the lab.
        if f"http://{environ.get('HTTP_HOST')}" not in self.origins.all:
            start_response("403 Forbidden", [("Content-Type", "text/plain"), ("Content-Length", "0")])
            return [b""]
        name, *rest = environ["PATH_INFO"].removeprefix("/").split("/")
        if name == "frame":
            frame_policy = ("Content-Security-Policy", f"frame-ancestors {self.origins.page}")
            framing = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(FRAME)))]
            start_response("200 OK", [*framing, frame_policy])
            return [FRAME.encode()]
        app = self._find(name, rest, self.states.of(_run(environ)))
        if app is None:
            start_response("404 Not Found", [("Content-Type", "text/plain"), ("Content-Length", "0")])
            return [b""]
        shift = 2 if name == "own" else 1
        parts = environ["PATH_INFO"].split("/")
        inner = environ | {
            "SCRIPT_NAME": environ["SCRIPT_NAME"] + "/".join(parts[: shift + 1]),
            "PATH_INFO": "/" + "/".join(parts[shift + 1 :]),
        }
        return app(inner, self._recording(environ, start_response))

    def _recording(self, environ: dict[str, Any], start_response: Any) -> Any:
        if self.exchanges is None:
            return start_response

        arrived = now()

        def start(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
            record = {
                "run": _run(environ),
                "line": f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}",
                "host": environ.get("HTTP_HOST", ""),
                "sent": _sent(environ),
                "status": status,
                "received": [list(header) for header in headers],
                "arrived": arrived,
                "answered": now(),
            }
            assert self.exchanges is not None
            self.exchanges.append(record)
            return start_response(status, headers, *exc_info)

        return start

    def _find(self, name: str, rest: list[str], state: State) -> Flask | None:
        if name == "own" and rest and rest[0] in state.own:
            return make_application(_OWN, state.own[rest[0]], self.origins, lambda: self._count("own"))
        scenario = BY_ID.get(name)
        if scenario is None:
            return None
        is_foreign = self.is_third and scenario.setting == "weather"
        fixed = name in state.fixed and scenario.fixed is not None and not is_foreign
        with self._lock:
            if (name, fixed) not in self._made:
                text = scenario.fixed if fixed and scenario.fixed is not None else scenario.server
                server = read(self.origins.fill(text))
                self._made[name, fixed] = make_application(scenario, server, self.origins, lambda: self._count(name))
        return self._made[name, fixed]

    def _count(self, name: str) -> int:
        """Count a request that is being executed, for the tab that sent it."""
        state = self.states.of(request.args.get("run", ""))
        with self._lock:
            state.counts[name] = state.counts.get(name, 0) + 1
            return state.counts[name]


def now() -> float:
    """Return the milliseconds since 1970, as ``Date.now()`` does in the browser of the same machine."""
    return round(time.time() * 1000, 1)


def _run(environ: dict[str, Any]) -> str:
    return str(environ.get("QUERY_STRING", "")).partition("run=")[2].partition("&")[0]


_OWN = Scenario("own", "", "", "", request=BY_ID["simple-none"].request, server="", outcome="")


def _sent(environ: dict[str, Any]) -> list[list[str]]:
    """Return the request's headers, as a server sees them."""
    headers = [
        [key.removeprefix("HTTP_").replace("_", "-").title(), value]
        for key, value in environ.items()
        if key.startswith("HTTP_") or (key in ("CONTENT_TYPE", "CONTENT_LENGTH") and value)
    ]
    return sorted(headers)
