"""The model's side of a case: the same observations, from the browser model and without any network."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from flask_crossorigin.browser.client import Client
from flask_crossorigin.browser.urls import parse
from flask_crossorigin.browser.values import NoAnswerError, Outcome, Request, WireRequest, WireResponse

from .cases import Call, Case
from .site import BAD, RECORDED, common, filled

TRUTH = Path(__file__).parent / "truth"  # what each engine did, as tests.engines.record wrote it
ORIGINS = {
    "page": "http://localhost:8001",
    "api": "http://localhost:8002",
    "third": "http://localhost:8003",
    "elsewhere": "http://127.0.0.1:8002",
    "closed": "http://localhost:8004",
    "bad": BAD,
}


def named(text: str) -> str:
    """Return *text* with the names of the origins for them."""
    for name, origin in ORIGINS.items():
        text = text.replace(origin, f"{{{name}}}").replace(origin.upper(), "{PAGE}")
        text = text.replace(origin.removeprefix("http://"), f"{{{name}:host}}")
    return text


def observed(case: Case, number: int, profile: str) -> dict[str, Any]:
    """Return what the browser of *profile* does: the ``results`` of the calls, the ``wire`` and the ``console``."""
    wire: list[list[Any]] = []
    client = _client(case, number, profile, wire)
    results, console = [], []
    for call in case.calls:
        outcome = client.fetch(_request(call, number))
        results.append(_result(call, outcome))
        texts = [each.console for each in outcome.failures if each.kind == outcome.failures[0].kind]
        console.append([named(text) for text in texts])
    return {"results": results, "wire": wire, "console": console}


def failed_kinds(case: Case, number: int, profile: str) -> set[str]:
    """Return the kinds of failure that occur in a case."""
    client = _client(case, number, profile, [])
    return {each.kind for call in case.calls for each in client.fetch(_request(call, number)).failures}


def _client(case: Case, number: int, profile: str, wire: list[list[Any]]) -> Client:
    third_party = profile != "safari"  # WebKitGTK blocks these cookies by default
    base = _parsed(ORIGINS["page"])
    return Client(
        _serving(case, number, wire), ORIGINS["page"], profile=profile, base=base, third_party_cookies=third_party
    )


def _parsed(url: str) -> Any:
    found = parse(url)
    assert found is not None
    return found


def _serving(case: Case, number: int, wire: list[list[Any]]) -> Any:
    def send(request: WireRequest) -> WireResponse:
        if request.url.origin == ORIGINS["closed"]:
            raise NoAnswerError("refused", "connection refused")
        path = re.fullmatch(r"/c/\d+/(\d+)", request.url.path)
        if path is None:
            return WireResponse(200, "X", [])
        index = int(path[1])
        sent = {name.lower(): value for name, value in request.headers}
        headers = {name: named(sent[name]) for name in RECORDED if name in sent}
        wire.append([request.method, named(request.url.origin), index, headers])
        hop = case.hops[index]
        is_preflight = request.kind == "preflight"
        status, lines = hop.preflight if is_preflight else hop.actual
        received = [(name, filled(value, number, ORIGINS).strip(" \t")) for name, value in lines]
        return WireResponse(status, "X", [*received, *common(number, is_preflight)], b"x")

    return send


def _request(call: Call, number: int) -> Request:
    headers = list(call.headers)
    if call.body is not None and not any(name.lower() == "content-type" for name, _ in headers):
        headers.append(("Content-Type", "text/plain;charset=UTF-8"))
    return Request(
        url=f"{ORIGINS[call.host]}/c/{number}/{call.hop}",
        method=call.method,
        headers=headers,
        body=call.body.encode() if call.body is not None else None,
        credentials=call.credentials if call.api == "fetch" or call.credentials == "include" else "same-origin",  # type: ignore[arg-type]
        mode=call.mode,  # type: ignore[arg-type]
        redirect=call.redirect,  # type: ignore[arg-type]
        cache=call.cache,  # type: ignore[arg-type]
        initiator="fetch" if call.api == "fetch" else "xhr",
        upload_listeners=call.api == "xhr-upload",
    )


def _result(call: Call, outcome: Outcome) -> dict[str, Any]:
    if outcome.type == "error":
        return {"type": "error"}
    found = {
        "type": outcome.type if call.api == "fetch" else "",
        "status": outcome.status,
        "url": named(outcome.url),
        "headers": sorted({name.lower() for name, _ in outcome.headers}),
    }
    return found if call.api != "fetch" else found | {"redirected": outcome.redirected}


def differences(case: Case, number: int, profile: str, truth: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    """Return in what the model differs from the recorded *truth*: the kind, the model's and the engine's."""
    mine = observed(case, number, profile)
    found: list[tuple[str, Any, Any]] = []
    for ours, theirs, texts, written in zip(
        mine["results"], truth["results"], mine["console"], truth["console"], strict=True
    ):
        theirs = theirs if theirs["type"] == "error" else theirs | {"headers": sorted({name.lower() for name in theirs["headers"]} - {"date", "server", "content-length", "connection", "transfer-encoding"})}  # fmt: skip
        if (ours["type"] == "error") != (theirs["type"] == "error"):
            found.append(("verdict", ours, theirs))
        elif ours.get("headers") != theirs.get("headers"):
            found.append(("headers", ours.get("headers"), theirs.get("headers")))
        elif ours != theirs:
            found.append(("response", ours, theirs))
        elif (
            ours["type"] == "error" and written and not any(text and text in line for text in texts for line in written)
        ):
            found.append(("console", texts, written))
    if mine["wire"] != truth["wire"]:
        found.append(("wire", mine["wire"], truth["wire"]))
    return found
