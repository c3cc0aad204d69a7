"""What the audit finds in servers that allow too much."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable
from typing import TypeAlias

from flask_crossorigin.browser.client import Transport
from flask_crossorigin.browser.values import NoAnswerError, WireRequest, WireResponse
from flask_crossorigin.doctor.audit import Vulnerability, audit, merged, probes
from flask_crossorigin.doctor.writes import writes

from ..helpers.browser import at
from .diagnosed import CREDENTIALS, ORIGIN
from .recorded import Texts

WWW = "https://www.example.com"
API = "https://api.example.com/items"
Answer: TypeAlias = "tuple[int, list[tuple[str, str]]]"
VARY = ("Vary", "Origin")
WITH = (CREDENTIALS, "true")


def allowing(expression: str, *more: tuple[str, str], status: int = 200) -> Callable[[WireRequest, str], Answer]:
    """Return a server that allows what *expression* matches from its beginning, as bad code does."""

    def answer(_: WireRequest, origin: str) -> Answer:
        return status, [*([(ORIGIN, origin)] if origin and re.match(expression, origin) else []), VARY, *more]

    return answer


def always(status: int, *headers: tuple[str, str]) -> Callable[[WireRequest, str], Answer]:
    return lambda wire, origin: (status, list(headers))


def preflights(answer: Answer, other: Answer) -> Callable[[WireRequest, str], Answer]:
    return lambda wire, origin: answer if wire.method == "OPTIONS" else other


def failing(wire: WireRequest, origin: str) -> Answer:
    return (200 if origin in ("", WWW) else 500), [(ORIGIN, WWW), VARY]


def silent(wire: WireRequest, origin: str) -> Answer:
    raise NoAnswerError("timeout", "no answer")


def reflecting(wire: WireRequest, origin: str) -> Answer:
    return 200, [(ORIGIN, origin or "null"), WITH]


def capitals(wire: WireRequest, origin: str) -> Answer:
    return 200, [(ORIGIN, origin.upper()), VARY]


DOT = r"https://www\.example\.com"
SERVERS: dict[str, Callable[[WireRequest, str], Answer]] = {
    "one origin, exactly": allowing(f"{DOT}$"),
    "every origin is reflected": allowing(""),
    "every origin is reflected with credentials": allowing("", WITH),
    "every origin is reflected without Vary": reflecting,
    "every origin is reflected in capitals": capitals,
    "null with credentials": allowing("null$|" + DOT + "$", WITH),
    "no end": allowing(DOT, WITH),
    "an unescaped dot": allowing("https://www.example.com$", WITH),
    "no beginning": allowing(r".*example\.com$", WITH),
    "every subdomain": allowing(r"https://([a-z.]+\.)?www\.example\.com$"),
    "the other scheme": allowing(r"https?://www\.example\.com$"),
    "every port": allowing(DOT + "(:[0-9]+)?$"),
    "hosts of a third party": allowing(f"{DOT}$" + r"|https://.*\.github\.io$|https://jsbin\.com$"),
    "a developer's machine": allowing(f"{DOT}$|http://localhost"),
    "extensions and web views": allowing(f"{DOT}$|chrome-extension:|capacitor:"),
    "errors for others": failing,
    "errors for all": always(503),
    "an error for those with an origin": lambda wire, origin: ((500 if origin else 200), []),
    "an error for those without an origin": lambda wire, origin: ((200 if origin else 500), []),
    "no answer": silent,
    "a wildcard": always(200, (ORIGIN, "*")),
    "a wildcard with credentials": always(200, (ORIGIN, "*"), WITH),
    "two lines": always(200, (ORIGIN, WWW), (ORIGIN, WWW), VARY),
    "a list": always(200, (ORIGIN, f"{WWW}, https://b.example"), VARY),
    "credentials that are not true": always(200, (ORIGIN, WWW), (CREDENTIALS, "True"), VARY),
    "the same origin for all": always(200, (ORIGIN, WWW)),
    "no Vary": lambda wire, origin: (200, [(ORIGIN, WWW)] if origin == WWW else []),
    "Vary only with an origin": lambda wire, origin: (200, [(ORIGIN, WWW), VARY] if origin == WWW else []),
    "Vary: * everywhere": lambda wire, origin: (200, [("Vary", "*"), *([(ORIGIN, WWW)] if origin == WWW else [])]),
    "preflights are refused": lambda wire, origin: (
        (405 if wire.method == "OPTIONS" else 200),
        [VARY, *([(ORIGIN, WWW)] if origin == WWW else [])],
    ),
    "preflights are allowed to everybody": lambda wire, origin: (
        (200, [(ORIGIN, origin)]) if wire.method == "OPTIONS" else (200, [])
    ),
    "preflights with a wildcard": preflights((200, [(ORIGIN, "*")]), (200, [])),
    "nothing at all": always(200),
}


def transport(answer: Callable[[WireRequest, str], Answer]) -> Transport:
    def send(wire: WireRequest) -> WireResponse:
        status, headers = answer(wire, dict(wire.headers).get("Origin", ""))
        return WireResponse(status, "", headers)

    return send


def listed(found: Iterable[Vulnerability]) -> str:
    return "\n".join(
        f"{each.harm} | {each.attack} | {each.method} {each.url} | {each.origin} | {each.received} | {each.meaning} | "
        f"{each.remedy} | {' '.join(each.also)}"
        for each in found
    ) or "nothing"  # fmt: skip


def _audit(name: str, *meant: str) -> str:
    return listed(audit(transport(SERVERS[name]), at(API), [WWW], meant))


def _probes(origin: str) -> str:
    return "\n".join(f"{each.attack} | {each.origin[:80]} | {each.implied}" for each in probes(origin))


def _recorded_requests() -> str:
    """Return what is sent, each once, without the origins."""
    sent: list[str] = []

    def send(wire: WireRequest) -> WireResponse:
        names = [f"{name}: {value}" for name, value in wire.headers if name != "Origin"]
        sent.append(f"{wire.kind} {wire.method} {wire.url} {'; '.join(names)} {wire.body!r}")
        return WireResponse(200, "", [])

    audit(send, at(API), [WWW])
    list(writes(send, at(API), credentials=True))
    return "\n".join(dict.fromkeys(sent))


def _two_urls() -> str:
    send = transport(SERVERS["every origin is reflected with credentials"])
    found = [each for path in ("a", "b", "b") for each in audit(send, at(f"https://api.example.com/{path}"), [WWW])]
    return listed(merged(reversed(found)))


def _two_trusted() -> str:
    return listed(audit(transport(SERVERS["every port"]), at(API), [WWW, "https://b.example"]))


def _writes(status: int, credentials: bool) -> str:
    return listed(writes(transport(always(status)), at(API), credentials))


def _texts() -> Texts:
    found: dict[str, Callable[[], str]] = {name: functools.partial(_audit, name) for name in SERVERS}
    found["what is meant is not reported"] = functools.partial(_audit, "null with credentials", "null")
    for origin in (WWW, "http://localhost:3000", "https://127.0.0.1:8443", "capacitor://localhost"):
        found[f"attacks on {origin}"] = functools.partial(_probes, origin)
    found["what is sent"] = _recorded_requests
    found["two URLs"] = _two_urls
    found["two trusted origins"] = _two_trusted
    for status in (200, 302, 399, 400, 403):
        found[f"a POST that is answered with {status}"] = functools.partial(_writes, status, credentials=True)
    found["a POST where nobody logs in"] = functools.partial(_writes, 200, credentials=False)
    found["a POST without an answer"] = lambda: listed(writes(transport(silent), at(API), credentials=True))
    return found


TEXTS = _texts()
