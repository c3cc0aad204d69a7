"""Snapshots: what pages can read from an application, so that a later one shows what has changed.

A snapshot maps "GET /items" to origins, and these to what happens to four requests: with and without credentials,
as a simple request and with a JSON content type, which needs a preflight.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeAlias

from ..browser.checks import SAFELISTED_RESPONSE_HEADERS
from ..browser.client import Client, Transport
from ..browser.urls import URL
from ..browser.values import Credentials, Request, WireRequest, WireResponse

Snapshot: TypeAlias = "dict[str, dict[str, dict[str, str]]]"

BLOCKED = "blocked"
PREFLIGHT_ALLOWED = "allowed by the preflight"
NOT_TRIED = "sent without a preflight, response not tried"
READABLE = "readable"

_RANKS = (BLOCKED, PREFLIGHT_ALLOWED, READABLE)
_REQUESTS: dict[str, tuple[Credentials, list[tuple[str, str]]]] = {
    "simple": ("omit", []),
    "simple, with credentials": ("include", []),
    "JSON": ("omit", [("Content-Type", "application/json")]),
    "JSON, with credentials": ("include", [("Content-Type", "application/json")]),
}
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Difference(NamedTuple):
    """What has changed for one request; *kind*: ``wider``, ``changed`` or ``narrower``."""

    kind: str
    request: str
    before: str
    after: str


class _NotSentError(Exception):
    """A request that could change something."""


def take(
    transport: Transport, base: URL, routes: Iterable[tuple[str, str]], origins: Iterable[str], *, all_methods: bool
) -> Snapshot:
    """Return what pages of *origins* can read from *routes*, pairs of a method and a path.

    Only GET, HEAD and OPTIONS are sent, unless *all_methods*: of other methods only the preflight is known.
    """
    return {
        f"{method} {path}": {
            origin: {
                name: _tried(
                    transport,
                    base,
                    Request(url=path, method=method, headers=headers, credentials=credentials),
                    origin,
                    all_methods,
                )
                for name, (credentials, headers) in _REQUESTS.items()
            }
            for origin in origins
        }
        for method, path in routes
    }


def _tried(transport: Transport, base: URL, request: Request, origin: str, all_methods: bool) -> str:
    kinds: list[str] = []

    def send(wire: WireRequest) -> WireResponse:
        kinds.append(wire.kind)
        if wire.kind == "actual" and wire.method not in _SAFE and not all_methods:
            raise _NotSentError
        return transport(wire)

    try:
        outcome = Client(send, origin, profile="standard", base=base).fetch(request)
    except _NotSentError:
        return PREFLIGHT_ALLOWED if "preflight" in kinds else NOT_TRIED
    if not outcome.readable:
        return BLOCKED
    names = sorted({name.lower() for name, _ in outcome.headers} - SAFELISTED_RESPONSE_HEADERS)
    return f"{READABLE}, with {' '.join(names)}" if names else READABLE


def differences(before: Snapshot, after: Snapshot) -> list[Difference]:
    """Return what has changed, the wider first."""
    found = [
        Difference(_kind(old, new), request, old, new)
        for request, old, new in _pairs(before, after)
        if old != new and {old, new} != {BLOCKED, NOT_TRIED}  # a new or former POST: nothing is known of it
    ]
    return sorted(found, key=lambda each: ("wider", "changed", "narrower").index(each.kind))


def _pairs(before: Snapshot, after: Snapshot) -> Iterator[tuple[str, str, str]]:
    """Yield each request in words with its result before and after; what is not in a snapshot is ``blocked``."""
    for route in dict.fromkeys(itertools.chain(before, after)):
        was, now = before.get(route, {}), after.get(route, {})
        for origin in dict.fromkeys(itertools.chain(was, now)):
            for name in _REQUESTS:
                old = was.get(origin, {}).get(name, BLOCKED)
                yield f"{route} from {origin} ({name})", old, now.get(origin, {}).get(name, BLOCKED)


def _kind(old: str, new: str) -> str:
    (was, old_headers), (now, new_headers) = _split(old), _split(new)
    if was in _RANKS and now in _RANKS and was != now:
        return "wider" if _RANKS.index(now) > _RANKS.index(was) else "narrower"
    if was == now:
        return "wider" if new_headers - old_headers else "narrower"
    return "changed"


def _split(result: str) -> tuple[str, frozenset[str]]:
    state, _, names = result.partition(", with ")
    return (state, frozenset(names.split()))
