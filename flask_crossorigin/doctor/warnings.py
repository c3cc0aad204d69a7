"""What does not block a request, and will surprise somebody: warnings of the doctor."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence

from ..browser.checks import ORIGIN, exposed_names, get
from ..browser.client import Exchange
from ..browser.fetch import BrowserModel
from ..browser.urls import URL, parse
from ..browser.values import Outcome, Request
from ..standard.headers import NORMALIZED_METHODS, RESPONSE_PREFIX, is_worth_exposing, list_elements
from .findings import Finding


def warnings(outcome: Outcome, exchanges: Sequence[Exchange], request: Request) -> Iterator[Finding]:
    """Yield what does not block the request, and will surprise somebody."""
    for name, _ in request.headers:
        lower = name.lower()
        if lower.startswith(RESPONSE_PREFIX) and not lower.startswith(f"{RESPONSE_PREFIX}request-"):
            title = f"the request has {name}, which is a response header"
            yield _warning("response-header-sent", title, "remove it from the request: the server sends it", "client")
    method = request.method
    if method != method.upper() and method.upper() == "PATCH":
        capitals = ", ".join(sorted(NORMALIZED_METHODS))
        title = f"the method {method!r} is not 'PATCH': browsers put only {capitals} in capitals"
        yield _warning("method-case", title, "write method: 'PATCH'", "client")
    for text in outcome.warnings:
        yield _warning("standard", text, "write allow_headers=['Authorization', ...] with every name you use", "server")
    for refused in outcome.cookies:
        yield _warning("cookie", f"the cookie {refused.name!r} {refused.reason}", refused.remedy, "server")
    for exchange in exchanges:
        if exchange.kind == "actual" and exchange.status:
            yield from _response_warnings(exchange, request)


def _response_warnings(exchange: Exchange, request: Request) -> Iterator[Finding]:
    headers = exchange.response_headers
    allowed = get(headers, ORIGIN)
    vary = [name.lower() for name in list_elements(get(headers, "vary") or "")]
    if allowed not in (None, "*") and not {"origin", "*"} & {*vary}:
        title = "Access-Control-Allow-Origin names an origin, and Vary does not name Origin"
        yield _warning(
            "vary", title, "send Vary: Origin on every response: caches hand this one to other origins", "server"
        )
    sent_origin = get(exchange.headers, "origin")
    if allowed is None or sent_origin is None:
        return
    readable = set(exposed_names(headers, request.credentials))
    for name, _ in headers:
        lower = name.lower()
        if lower not in readable and is_worth_exposing(lower):
            remedy = f"write expose_headers=[{name!r}]: Access-Control-Expose-Headers: {name}"
            yield _warning("not-exposed", f"script cannot read {name}", remedy, "server")
    if request.credentials != "include" and get(headers, "set-cookie") is not None:
        title = "the response sets a cookie, which browsers drop without credentials: 'include'"
        yield _warning("cookie", title, "write credentials: 'include', and supports_credentials=True", "client")


def local_network(outcome: Outcome, exchanges: Sequence[Exchange], browser: BrowserModel) -> Iterator[Finding]:
    """Yield that the user will be asked, if the page is of a less private network than the server."""
    page, server = parse(browser.origin), parse(outcome.url or (exchanges[-1].url if exchanges else ""))
    if page is None or server is None or address_space(server) == "public":
        return
    order = ("public", "local", "loopback")
    if order.index(address_space(page)) < order.index(address_space(server)):
        space = address_space(server)
        title = f"Local Network Access: a page from elsewhere asks for an address of the {space} network"
        remedy = (
            f"no header helps: serve the page over https, and let the user grant the permission for the {space} network"
        )
        yield _warning("local-network-access", title, remedy, "browser")


def address_space(url: URL) -> str:
    """Return where a host is, as far as its name tells: ``loopback``, ``local`` or ``public``.

    https://wicg.github.io/local-network-access/#ip-address-space-section
    """
    host = url.host.strip("[]")
    if host == "localhost" or host.endswith(".localhost"):
        return "loopback"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return "local" if host.endswith(".local") else "public"
    if address.is_loopback or address.is_unspecified:
        return "loopback"
    return "local" if address.is_private or address.is_link_local else "public"


def _warning(kind: str, title: str, remedy: str, layer: str) -> Finding:
    return Finding(kind=kind, blocks=False, title=title, remedy=remedy, layer=layer)
