"""The doctor's warnings: what does not block this request, but fails elsewhere or surprises people."""

from __future__ import annotations

import ipaddress
import itertools
import re
from collections.abc import Iterator, Sequence

from ..browser.checks import MAX_AGE, ORIGIN, exposed_names, get
from ..browser.client import Exchange
from ..browser.fetch import BrowserModel
from ..browser.urls import URL, parse
from ..browser.values import Outcome, Request
from ..standard.headers import NORMALIZED_METHODS, is_worth_exposing, list_elements
from ..standard.remarks import cookie_without_credentials, not_exposed, response_header_sent
from .findings import Finding
from .servers import is_page


def warnings(
    outcome: Outcome,
    exchanges: Sequence[Exchange],
    request: Request,
    *,
    is_constant: bool = False,
    in_process: bool = False,
) -> Iterator[Finding]:
    """Yield everything about a request that does not block it, but is not as its author expects.

    *is_constant*: the server names the same origin whether one asks or none, so that nothing varies. *in_process*: the
    fixes are this library's options, and otherwise headers, which every server can send.
    """
    for name, _ in request.headers:
        if (remark := response_header_sent(name)) is not None:
            yield _warning("response-header-sent", *remark, "client")
    method = request.method
    if method != method.upper() and method.upper() == "PATCH":
        capitals = ", ".join(sorted(NORMALIZED_METHODS))
        title = f"the method {method!r} is not 'PATCH': browsers change only {capitals} to capitals"
        yield _warning("method-case", title, "write method: 'PATCH'", "client")
    for text in outcome.warnings:
        how = "allow_headers=[{!r}, {!r}]" if in_process else "Access-Control-Allow-Headers: {}, {}"
        remedy = f"list every header by name, as in {how.format('Authorization', 'Content-Type')}"
        yield _warning("standard", text, remedy, "server")
    for refused in outcome.cookies:
        yield _warning("cookie", f"the cookie {refused.name!r} {refused.reason}", refused.remedy, "server")
    for exchange, after in itertools.pairwise(exchanges):
        if exchange.status == 301 and (exchange.method, after.method) == ("POST", "GET"):
            title = f"the redirect (301) of {exchange.url} changes POST to GET, and the body is lost"
            yield _warning("method-changed", title, f"call {after.url}, where it leads", "client")
    last = parse(exchanges[-1].url) if exchanges else None
    if outcome.redirected and last is not None and _LOGIN.search(last.path) and is_page(exchanges[-1]):
        title = f"the request was redirected to {last}: JavaScript gets this login page, and not the data"
        remedy = "answer 401 to requests of JavaScript instead of a redirect, and send the request with credentials"
        yield _warning("login-page", title, remedy, "server")
    for exchange in exchanges:
        if exchange.kind == "actual" and exchange.status:
            yield from _response_warnings(exchange, request, is_constant, in_process)
        elif exchange.kind == "preflight":
            yield from _preflight_warnings(exchange)


_EXPOSE = "Access-Control-Expose-Headers"
_WITH_CREDENTIALS = (
    "send Access-Control-Allow-Credentials: true with an origin that is named, "
    "and write credentials: 'include' in the page"
)
_LOGIN = re.compile(r"log-?in|sign-?in|/auth", re.IGNORECASE)


def _preflight_warnings(exchange: Exchange) -> Iterator[Finding]:
    age = get(exchange.response_headers, MAX_AGE)
    if age is not None and re.fullmatch("-?[0-9]+", age.strip()) is None:
        title = f"Access-Control-Max-Age is not a number of seconds: {age!r}; browsers use five seconds"
        yield _warning("max-age", title, "write the number alone, as in Access-Control-Max-Age: 600", "server")


def _response_warnings(exchange: Exchange, request: Request, is_constant: bool, in_process: bool) -> Iterator[Finding]:
    headers = exchange.response_headers
    allowed = get(headers, ORIGIN)
    vary = [name.lower() for name in list_elements(get(headers, "vary") or "")]
    if allowed not in (None, "*") and not is_constant and not {"origin", "*"} & {*vary}:
        title = "Access-Control-Allow-Origin names an origin, and Vary does not name Origin"
        yield _warning(
            "vary", title, "send Vary: Origin on every response: a cache may send this one to another origin", "server"
        )
    sent_origin = get(exchange.headers, "origin")
    if allowed is None or sent_origin is None or 300 <= exchange.status <= 399:
        return
    readable = set(exposed_names(headers, request.credentials))
    for name, _ in headers:
        lower = name.lower()
        if lower not in readable and is_worth_exposing(lower):
            what, fix = not_exposed(name)
            yield _warning("not-exposed", what, fix if in_process else f"send {_EXPOSE}: {name}", "server")
    cookie = get(headers, "set-cookie")
    # In a response to a GET it is often nobody's login, but the cookie of a framework or a proxy.
    if request.credentials != "include" and cookie is not None and request.method == "POST":
        what, fix = cookie_without_credentials(cookie.partition("=")[0].strip())
        yield _warning("cookie", what, fix if in_process else _WITH_CREDENTIALS, "client")


def error_status(outcome: Outcome, exchanges: Sequence[Exchange], raised: str) -> str:
    """Return what to do about a response that JavaScript can read, and that is an error; empty if it is none.

    *raised*: the exception of the application, if it is known.
    """
    status = outcome.status
    if outcome.type not in ("basic", "cors") or status < 400 or not exchanges:
        return ""
    fix = _ERROR_FIXES.get(status, "look at the body of the response")
    if status >= 500:
        fix = f"correct the error {raised}" if raised else "look for the error in the server's log"
    elif status == 405 and (names := sorted(_listed(get(exchanges[-1].response_headers, "allow")))):
        fix = f"use a method that the server accepts for this URL: {', '.join(names)}"
    return f"the response is an error, and CORS is not its reason: {fix}"


def _listed(allow: str | None) -> set[str]:
    return {*list_elements(allow or "")} - {"HEAD", "OPTIONS"}


_REFUSED = "send what the application asks for, such as a login or a token"
_ERROR_FIXES = {
    401: _REFUSED,
    403: _REFUSED,
    404: "correct the URL, the server has nothing there",
    405: "use a method that the server accepts for this URL",
}


def local_network(outcome: Outcome, exchanges: Sequence[Exchange], browser: BrowserModel) -> Iterator[Finding]:
    """Yield a warning if the browser asks the user for permission.

    The server's network is more private than the page's.
    """
    page, server = parse(browser.origin), parse(outcome.url or (exchanges[-1].url if exchanges else ""))
    if page is None or server is None or address_space(server) == "public":
        return
    order = ("public", "local", "loopback")
    if order.index(address_space(page)) < order.index(address_space(server)):
        space = address_space(server)
        title = f"Local Network Access: the browser asks the user before this page may access the {space} network"
        start = "serve the page over https. The" if page.scheme != "https" else "the"
        remedy = f"{start} browser asks the user to allow {_SPACES[space]}: no response header can do it"
        yield _warning("local-network-access", title, remedy, "browser")


_SPACES = {"loopback": "requests to this computer", "local": "requests to the local network"}


def address_space(url: URL) -> str:
    """Return the address space of a host by its name: ``loopback``, ``local`` or ``public``.

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
