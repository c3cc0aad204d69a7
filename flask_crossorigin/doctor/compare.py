"""Compares the response of an application in its process with the one over the network: which layer changed it?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..browser.checks import CREDENTIALS, EXPOSED, HEADERS, METHODS, ORIGIN, get
from ..browser.client import Exchange
from ..standard.headers import list_elements
from .findings import Finding
from .report import Report
from .servers import Software, proxy

_COMPARED = (ORIGIN, CREDENTIALS, METHODS, HEADERS, EXPOSED)


# What does it in each proxy.
_HINTS: dict[Software, dict[str, str]] = {
    "nginx": {
        "adds": " (add_header {} ...)",
        "removes": " (remove proxy_hide_header {}, or an error_page that replaces the response)",
        "status": " (look for if ($request_method = OPTIONS), limit_except, auth_basic, or return)",
        "status 413": " (client_max_body_size 20m;)",
        "status 502": " (start the application, or correct proxy_pass)",
        "status 504": " (proxy_read_timeout, or find out why the application is slow)",
    },
    "apache": {
        "adds": " (Header set {} ...)",
        "removes": " (remove Header unset {})",
        "status": " (look for <Limit>, <LimitExcept>, Require, or RewriteRule)",
        "status 413": " (LimitRequestBody)",
        "status 503": " (start the application, or correct ProxyPass)",
    },
}


def compare(outside: Report, inside: Report) -> list[Finding]:
    """Return the differences between the report *outside*, over the network, and *inside*, of the process."""
    found: list[Finding] = []
    for kind in ("preflight", "actual"):
        seen, said = _of(outside.exchanges, kind), _of(inside.exchanges, kind)
        if seen is not None and said is not None and seen.status:
            found += _differences(seen, said)
    return found


def _of(exchanges: Sequence[Exchange], kind: str) -> Exchange | None:
    return next((exchange for exchange in exchanges if exchange.kind == kind), None)


def _differences(seen: Exchange, said: Exchange) -> Iterator[Finding]:
    found = proxy(seen)
    layer = found.name if found is not None else "a layer in front of the application"
    there = found.name if found is not None else "that layer"
    hints = _HINTS.get(found.software, {}) if found is not None else {}
    what = "the preflight" if seen.kind == "preflight" else "the response"
    if seen.status != said.status:
        title = f"{what} has the status {seen.status} over the network, and {said.status} in the process"
        where = hints.get(f"status {seen.status}", hints.get("status", ""))
        yield _finding(title, f"change {there} so that it passes the request on to the application{where}", layer, seen)
    for name in _COMPARED:
        outer, inner = _values(seen, name), _values(said, name)
        shown = "-".join(part.capitalize() for part in name.split("-"))
        if len(outer) > len(inner) and inner:
            title = f"{layer} adds a second {shown}: {', '.join(outer)!r}"
            where = hints.get("adds", "").format(shown)
            remedy = f"write CORS headers in one layer only: remove the line that adds {shown} from {there}{where}"
            yield _finding(title, remedy, layer, seen)
        elif outer and not inner:
            yield _finding(f"{layer} adds {shown}: {outer[0]!r}", "write CORS headers in one layer only", layer, seen)
        elif inner and not outer:
            where = hints.get("removes", "").format(shown)
            remedy = f"change {there} so that it keeps the application's headers{where}"
            yield _finding(f"{layer} removes {shown}", remedy, layer, seen)
        elif outer != inner:
            title = f"{layer} changes {shown} from {inner[0]!r} to {outer[0]!r}"
            yield _finding(
                title, "look for a cache that ignores Vary: Origin, or a rule that changes headers", layer, seen
            )
    vary = [value.lower() for value in list_elements(get(seen.response_headers, "vary") or "")]
    if "origin" not in vary and "origin" in (get(said.response_headers, "vary") or "").lower():
        yield _finding(f"{layer} removes Vary: Origin", "change it so that it keeps Vary: caches need it", layer, seen)


def _values(exchange: Exchange, name: str) -> list[str]:
    return [value for each, value in exchange.response_headers if each.lower() == name]


def _finding(title: str, remedy: str, layer: str, seen: Exchange) -> Finding:
    sent = f"{seen.method} {seen.url}"
    return Finding(kind="layer", blocks=True, title=title, remedy=remedy, layer=layer, sent=sent)
