"""What happened, in one sentence for every kind of failure."""

from __future__ import annotations

from collections.abc import Callable

from ..browser.failures import MAX_REDIRECTS, Check
from ..browser.urls import parse
from .cases import Case
from .servers import is_method_refusal, is_refusal

_STATUS = {
    401: "401: the server wants a login for preflights, and browsers never send credentials with them",
    403: "403: the server refuses the preflight",
    404: "404: the server has nothing at this URL, or nothing that answers OPTIONS",
    405: "405: the route does not answer OPTIONS",
    413: "413: a server in front of the application finds the request too large",
    429: "429: a rate limit counts preflights",
    502: "502: the proxy did not reach the application",
    503: "503: the proxy has no application to send the request to",
    504: "504: the application did not answer the proxy in time",
}
# Why the network gave no response.
NETWORK = {
    "refused": "the connection was refused: no server listens at this host and port",
    "dns": "the host name does not exist",
    "tls": "TLS failed: the certificate is not trusted, or it belongs to another name",
    "plain": "the URL says https, and the server speaks plain http at this port",
    "timeout": "the server did not answer in time",
    "closed": "the server closed the connection without an answer",
    "failed": "the request failed on the network",
}


def title(case: Case) -> str:
    """Return what happened, in one sentence."""
    if is_method_refusal(case.exchange):
        return f"the server's policy does not allow the method {case.announced}"
    if case.check == "acao-missing" and is_refusal(case.exchange):
        refused = f"the server's policy does not allow the origin {case.blocked.place.origin}"
        is_write = case.exchange is not None and case.exchange.kind == "actual"
        return f"{refused}, and csrf_protection refused the request before the application ran" if is_write else refused
    return _TITLES[case.check](case)


def _missing_title(case: Case) -> str:
    moved = _moved(case)
    if case.status >= 500:
        raised = f": {case.raised}" if case.raised else ""
        hides = "so the browser hides the real error from JavaScript"
        return f"{case.subject} is an error page ({case.status}{raised}) without CORS headers, {hides}"
    if case.responsible.software == "frontend":
        return f"{case.subject} is a page of {case.responsible.name}, and not of the API: the URL has the wrong port"
    if case.is_html:
        return f"{case.subject}{moved} is an HTML page ({case.status}) without Access-Control-Allow-Origin"
    shown = f" ({case.status})" if case.status else ""
    return f"{case.subject}{shown}{moved} has no Access-Control-Allow-Origin header"


def _moved(case: Case) -> str:
    first, last = parse(case.blocked.place.first or case.blocked.place.url), parse(case.blocked.place.url)
    if first is None or last is None or first == last:
        return ""
    return (
        f", after a redirect to {last},"
        if first.origin == last.origin
        else f", after a redirect to another origin, {last},"
    )


def _multiple_title(case: Case) -> str:
    title = f"{case.subject} has more than one value in Access-Control-Allow-Origin: {case.value!r}"
    if case.server.where == "unknown":  # browsers show several lines as a list
        return title
    lines = case.blocked.failure.lines
    return f"{title}, in {lines} lines" if lines > 1 else f"{title}, in one line with a list"


def _redirect_title(case: Case) -> str:
    status = f" ({case.status})" if case.status else ""
    target = f" to {case.blocked.place.to}" if case.blocked.place.to else ""
    return f"the preflight is redirected{status}{target}, and browsers do not follow"


def _space_title(case: Case) -> str:
    where = f"the {case.header} network" if case.header else "another network"
    return f"the server is in {where}, and the request names {case.value}"


_TITLES: dict[Check, Callable[[Case], str]] = {
    "acao-missing": _missing_title,
    "acao-wildcard-credentials": lambda case: f"{case.subject} allows '*', which never allows credentials",
    "acao-multiple": _multiple_title,
    "acao-invalid": lambda case: f"{case.subject} allows {case.value!r}, which is not an origin",
    "acao-mismatch": lambda case: (
        f"{case.subject} allows {case.value!r}, and the page's origin is {case.blocked.place.origin!r}"
    ),
    "acac": lambda case: (
        f"{case.subject} does not allow credentials: Access-Control-Allow-Credentials is "
        f"{repr(case.value) if case.value else 'missing'}, and has to be 'true'"
    ),
    "status": lambda case: (
        f"the preflight's response has the status {_STATUS.get(case.status, str(case.status or 'of an error'))}"
    ),
    "redirect": _redirect_title,
    "acam-unparsable": lambda case: f"Access-Control-Allow-Methods is not a list of methods: {case.value!r}",
    "acah-unparsable": lambda case: f"Access-Control-Allow-Headers is not a list of header names: {case.value!r}",
    "method": lambda case: f"Access-Control-Allow-Methods does not list the method {case.value}",
    "header": lambda case: f"Access-Control-Allow-Headers does not list the request header {case.header}",
    "hop-check": lambda _: "a redirect response does not allow the origin of the page",
    "credentials": lambda _: "the redirect's Location has a username or password in it",
    "scheme": lambda case: f"the redirect leads to a URL with the scheme {case.value!r}, which pages may not fetch",
    "limit": lambda _: f"there are more than {MAX_REDIRECTS} redirects",
    "mode": lambda case: f"the response is a redirect ({case.value}), and the request says redirect: 'error'",
    "invalid": lambda case: f"the redirect's Location is not a URL: {case.value!r}",
    "stream": lambda _: "the redirect needs the body a second time, and a stream can be sent only once",
    "same-origin": lambda _: "the request says mode: 'same-origin', and the URL has another origin",
    "no-cors-redirect": lambda _: "the request says mode: 'no-cors', which has to follow redirects",
    "bad-port": lambda case: f"browsers do not connect to port {case.value}",
    "mixed-content": lambda _: "mixed content: a page on https may not load from http; the browser sends nothing",
    "request": lambda case: f"the browser refuses to make this request: {case.value}",
    "network": lambda case: NETWORK.get(case.header, NETWORK["failed"]),
    "lna-permission": lambda case: f"the user has not allowed the page to access the {case.value} network",
    "lna-insecure": lambda case: f"a page on http may not access the {case.value} network",
    "lna-mismatch": _space_title,
}
