"""What the browser model predicts for a scenario, with servers of its own, so that counters are not changed."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from applications import Lab, Origins, State, States
from checks import section
from scenarios import Request, Scenario

from flask_crossorigin.browser.client import Client, wsgi_transport
from flask_crossorigin.browser.failures import FAILURES
from flask_crossorigin.browser.urls import parse
from flask_crossorigin.browser.values import NoAnswerError, Outcome, WireRequest, WireResponse
from flask_crossorigin.browser.values import Request as Fetch
from flask_crossorigin.doctor.cases import Server
from flask_crossorigin.doctor.examine import blocking, warnings
from flask_crossorigin.doctor.findings import Finding

RUN = {"run": "model"}


def url_of(request: Request, name: str, origins: Origins, run: str) -> str:
    """Return the URL that the page sends *request* to."""
    host = f"{origins.page}/run" if request.host == "page" else getattr(origins, request.host)
    return f"{host}/{name}/{request.path}?{urlencode({'run': run})}"


def predict(request: Request, name: str, profile: str, origins: Origins, state: State) -> dict[str, Any]:
    """Return what the browser of *profile* would do, and say."""
    lab = Lab(origins, _Only(state.copy()), records=False)
    transport = _Cached(_served(lab, origins))
    origin = "null" if request.kind == "sandbox" else origins.page
    client = _client(transport, origin, profile, origins)
    fetch = _fetch(request, name, profile, origins)
    for _ in range(request.times - 1):
        client.fetch(fetch)
    if request.kind == "two-pages":
        client.fetch(fetch)
        transport.is_caching = profile != "safari"  # WebKit keeps the frame's cache apart
        client = _client(transport, origins.third, profile, origins)
    start = len(client.exchanges)
    outcome = client.fetch(fetch) if request.kind != "form" else _posted(client, request, fetch)
    exchanges = tuple(client.exchanges[start:])
    found = [*blocking(outcome, exchanges, client.browser, fetch, Server(where="process"))]
    found += warnings(outcome, exchanges, fetch)
    if request.kind == "form":
        found = [_FORM] if exchanges[-1].status != REFUSED else []
    return {
        "outcome": _word(outcome, request),
        "status": outcome.status,
        "kind": outcome.failures[0].kind if outcome.failures else "",
        "console": _console(outcome, profile),
        "scriptSees": outcome.script_sees if request.kind not in ("font", "events") else "",
        "headers": sorted({header.lower() for header, _ in outcome.headers}),
        "section": section(outcome.failures[0].kind) if outcome.failures else "",
        "rule": FAILURES[outcome.failures[0].kind].rule if outcome.failures else "",
        "link": FAILURES[outcome.failures[0].kind].link if outcome.failures else "",
        "preflight": list(outcome.reasons),
        "findings": [{"title": _sentence(each.title), "remedy": _sentence(each.remedy)} for each in found],
    }


REFUSED = 403
_FORM = Finding(
    kind="form",
    blocks=False,
    title="the server executed the form of another origin, with the user's cookies if there are any",
    remedy="write csrf_protection=True: then the library refuses the form before the application runs",
)


class _Only(States):
    """One state, whatever the tab: a copy, so that a prediction changes nothing."""

    def __init__(self, state: State) -> None:
        self._state = state

    def of(self, run: str) -> State:
        return self._state


def _posted(client: Client, request: Request, fetch: Fetch) -> Outcome:
    """Return what the page learns of a form that it sends: nothing."""
    url = parse(fetch.url)
    assert url is not None
    client.navigate(request.method, url, fetch.body, request.headers["Content-Type"])
    return Outcome(url=fetch.url, type="opaque")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].replace(f"?{urlencode(RUN)}", "")


def _console(outcome: Outcome, profile: str) -> str:
    if not outcome.failures:
        return ""
    if outcome.failures[0].kind == "network" and profile == "chrome":
        return "net::ERR_CONNECTION_REFUSED"  # the URL stands beside it, in the engine's own way
    return outcome.failures[0].console.replace(f"?{urlencode(RUN)}", "")


def _word(outcome: Outcome, request: Request) -> str:
    if outcome.type == "opaque":
        return "readable" if request.kind == "font" else "opaque"
    if outcome.readable:
        return "readable"
    stage = FAILURES[outcome.failures[0].kind].stage
    return {"network": "dead", "request": "unsent"}.get(stage, "blocked")


def _fetch(request: Request, name: str, profile: str, origins: Origins) -> Fetch:
    mode = "no-cors" if request.kind == "font" and profile == "safari" else request.mode  # WebKit checks no fonts
    return Fetch(
        url=url_of(request, name, origins, RUN["run"]),
        method=request.method,
        headers=tuple(request.headers.items()),
        body=request.body.encode() if request.body is not None else None,
        initiator=request.kind if request.kind in ("font", "events") else "fetch",
        credentials=request.credentials,  # type: ignore[arg-type]
        mode=mode,  # type: ignore[arg-type]
    )


def _client(transport: Any, origin: str, profile: str, origins: Origins) -> Client:
    base = parse(origins.page)
    assert base is not None
    return Client(transport, origin, profile=profile, base=base)


def _served(lab: Lab, origins: Origins) -> Any:
    """Return a transport that knows the lab's origins, the page's own under ``/run``."""
    to_lab = wsgi_transport(lab)

    def send(wire: WireRequest) -> WireResponse:
        if wire.url.origin == origins.stopped:
            raise NoAnswerError("refused", "connection refused")
        if wire.url.origin == origins.page:
            wire = wire._replace(url=wire.url._replace(path=wire.url.path.removeprefix("/run")))
        return to_lab(wire)

    return send


class _Cached:
    """The HTTP cache, as far as one scenario needs it: an answer without ``Vary: Origin`` serves everybody."""

    def __init__(self, send: Any) -> None:
        self.send = send
        self.is_caching = False
        self.kept: dict[str, WireResponse] = {}

    def __call__(self, wire: WireRequest) -> WireResponse:
        if self.is_caching and str(wire.url) in self.kept:
            return self.kept[str(wire.url)]
        answer: WireResponse = self.send(wire)
        headers = {name.lower(): value for name, value in answer.headers}
        if "max-age" in headers.get("cache-control", "") and "origin" not in headers.get("vary", "").lower():
            self.kept[str(wire.url)] = answer
        return answer


def predict_scenario(scenario: Scenario, profile: str, origins: Origins, state: State) -> dict[str, Any]:
    """Return the prediction for *scenario* as it stands, fixed or not."""
    found = predict(request_of(scenario, is_fixed=scenario.id in state.fixed), scenario.id, profile, origins, state)
    if scenario.remedy and found["findings"]:
        found["findings"] = [found["findings"][0] | {"remedy": origins.fill(scenario.remedy).removesuffix(".")}]
    return found


def request_of(scenario: Scenario, *, is_fixed: bool) -> Request:
    """Return what the page sends in *scenario*, before or after the fix."""
    return scenario.fixed_request if is_fixed and scenario.fixed_request is not None else scenario.request
