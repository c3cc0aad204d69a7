"""What happened, which layer caused it, and what to write instead: one sentence each, for every kind of failure."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from ..browser.client import Exchange
from ..browser.failures import FAILURES, MAX_REDIRECTS, Check
from ..browser.urls import parse
from ..browser.values import Blocked
from ..standard.headers import RESPONSE_PREFIX
from .servers import intermediary, is_airplay, is_refusal

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
# Why the network gave no response: what happened, and what to do.
_NETWORK = {
    "refused": (
        "the connection was refused: no server listens at this host and port",
        "start the server, or correct the host and the port of the URL",
    ),
    "dns": ("the host name does not exist", "correct the host name, or look at its DNS entry"),
    "tls": (
        "TLS failed: the certificate is not trusted, or it belongs to another name",
        "open the URL in the browser to see the certificate error, and install a certificate for this name",
    ),
    "timeout": (
        "the server did not answer in time",
        "look at the server's log: it hangs, or a firewall drops the connection",
    ),
    "closed": (
        "the server closed the connection without an answer",
        "look at the server's log; if the server speaks plain HTTP, write http:// in the URL",
    ),
    "failed": ("the request failed on the network", "look at the browser's network panel for the net:: error"),
}


class _Case(NamedTuple):
    """One failure with the response that caused it, as the sentences below need it."""

    blocked: Blocked
    exchange: Exchange | None
    origin: str  # of the page

    @property
    def value(self) -> str:
        return self.blocked.failure.value

    @property
    def header(self) -> str:
        return self.blocked.failure.header

    @property
    def status(self) -> int:
        return self.blocked.place.status or 0

    @property
    def check(self) -> Check:
        return FAILURES[self.blocked.failure.kind].check

    @property
    def is_preflight(self) -> bool:
        return FAILURES[self.blocked.failure.kind].stage == "preflight"

    @property
    def subject(self) -> str:
        """The response that failed, as the subject of a sentence."""
        if self.blocked.failure.on_redirect:
            return "the redirect"
        return "the preflight's response" if self.is_preflight else "the response"


def title(blocked: Blocked, exchange: Exchange | None) -> str:
    """Return what happened, in one sentence."""
    case = _Case(blocked, exchange, blocked.place.origin)
    if case.check in ("acao-missing", "status") and is_refusal(exchange):
        return f"the server's policy does not allow the origin {blocked.place.origin}"
    return _TITLES[case.check](case)


def remedy(blocked: Blocked, exchange: Exchange | None, origin: str) -> str:
    """Return what to write instead; *origin*: the page's."""
    case = _Case(blocked, exchange, origin)
    if is_airplay(exchange):
        return "port 5000 is taken by AirPlay Receiver on macOS: run the application on another, flask run --port 5001"
    if case.check in ("acao-missing", "status", "redirect") and is_refusal(exchange):
        return f"if you trust this page, add {origin!r} to origins; origins are compared letter by letter"
    if case.is_preflight and case.check in ("acao-missing", "status") and case.status in (401, 403, 404, 405):
        return f"answer preflights before authentication and routing: CORS(app, origins=[{origin!r}]) does this"
    return _REMEDIES[case.check](case)


def _missing_title(case: _Case) -> str:
    if case.status >= 500:
        hides = "so the browser hides the real error from JavaScript"
        return f"{case.subject} is an error page ({case.status}) without CORS headers, {hides}"
    shown = f" ({case.status})" if case.status else ""
    return f"{case.subject}{shown} has no Access-Control-Allow-Origin header"


def _missing_remedy(case: _Case) -> str:
    call = f"CORS(app, origins=[{case.origin!r}])"
    if case.status >= 500:
        return f"look for the error in the server's log; {call} adds the headers to error pages too"
    return f"write {call} if this page may read the response; if CORS is there already, add the origin to its list"


def _mismatch_remedy(case: _Case) -> str:
    url, page, origin = parse(case.value), parse(case.origin), case.origin
    if url is not None and url.origin == origin:
        return f"write {origin!r}: without a slash at the end, a path or the default port, and in lower case"
    if url is not None and page is not None and {url.host, page.host} == {"localhost", "127.0.0.1"}:
        return f"localhost and 127.0.0.1 are two origins: open the page at {case.value}, or add {origin!r} to origins"
    same_host = url is not None and page is not None and url.host == page.host
    if same_host and (url.scheme, page.port) != (page.scheme, url.port):  # type: ignore[union-attr]
        return f"scheme and port are part of an origin: add {origin!r} to origins"
    return f"add {origin!r} to origins; if it is listed, a cache sent another origin's response: send Vary: Origin"


def _redirect_remedy(case: _Case) -> str:
    place = case.blocked.place
    url, target = parse(place.url), parse(place.to)
    if url is not None and target is not None:
        if target.path == f"{url.path}/":
            return f"call {target} with the slash, or write strict_slashes=False on the route"
        if url.path == f"{target.path}/":
            return f"call {target} without the slash"
        if (url.scheme, target.scheme) == ("http", "https"):
            return f"call {target}: use https from the start"
    return f"call {place.to}, and answer preflights before redirects: CORS(app) does this"


def _method_remedy(case: _Case) -> str:
    if case.value != case.value.upper():
        return f"write method: {case.value.upper()!r} in the page: methods are compared with their case"
    return f"add {case.value!r} to methods; with credentials '*' is not a wildcard"


def _header_remedy(case: _Case) -> str:
    if case.header.lower().startswith(RESPONSE_PREFIX):
        return f"remove {case.header} from the request: it is a response header, which only the server sends"
    return f"add {case.header!r} to allow_headers; with credentials '*' is not a wildcard"


def _lna_remedy(_: _Case) -> str:
    return "serve the page over https, and let the user allow the access: no response header can allow it"


_TITLES: dict[Check, Callable[[_Case], str]] = {
    "acao-missing": _missing_title,
    "acao-wildcard-credentials": lambda case: f"{case.subject} allows '*', which never allows credentials",
    "acao-multiple": lambda case: (
        f"{case.subject} has more than one value in Access-Control-Allow-Origin: {case.value!r}"
    ),
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
    "redirect": lambda case: (
        f"the preflight is redirected ({case.status}) to {case.blocked.place.to}, and browsers do not follow"
    ),
    "acam-unparsable": lambda case: f"Access-Control-Allow-Methods is not a list of methods: {case.value!r}",
    "acah-unparsable": lambda case: f"Access-Control-Allow-Headers is not a list of header names: {case.value!r}",
    "method": lambda case: f"Access-Control-Allow-Methods does not list the method {case.value}",
    "header": lambda case: f"Access-Control-Allow-Headers does not list the request header {case.header}",
    "hop-check": lambda _: "a redirect response does not allow the origin of the page",
    "credentials": lambda _: "the redirect's Location has a username or password in it",
    "scheme": lambda case: f"the redirect leads to a {case.value}: URL, which pages may not fetch",
    "limit": lambda _: f"there are more than {MAX_REDIRECTS} redirects",
    "mode": lambda case: f"the response is a redirect ({case.value}), and the request says redirect: 'error'",
    "invalid": lambda case: f"the redirect's Location is not a URL: {case.value!r}",
    "stream": lambda _: "the redirect needs the body a second time, and a stream can be sent only once",
    "same-origin": lambda _: "the request says mode: 'same-origin', and the URL has another origin",
    "no-cors-redirect": lambda _: "the request says mode: 'no-cors', which has to follow redirects",
    "bad-port": lambda case: f"browsers do not connect to port {case.value}",
    "mixed-content": lambda _: "mixed content: a page on https may not load from http; the browser sends nothing",
    "request": lambda case: f"the browser refuses to make this request: {case.value}",
    "network": lambda case: _NETWORK.get(case.header, _NETWORK["failed"])[0],
    "lna-permission": lambda case: f"the user has not allowed the page to access the {case.value} network",
    "lna-insecure": lambda case: f"a page on http may not access the {case.value} network",
    "lna-mismatch": lambda case: f"the server is in the {case.header} network, and the request names {case.value}",
}

_REMEDIES: dict[Check, Callable[[_Case], str]] = {
    "acao-missing": _missing_remedy,
    "acao-wildcard-credentials": lambda case: (
        f"write origins=[{case.origin!r}] and supports_credentials=True, or send the request without credentials"
    ),
    "acao-multiple": lambda _: "write the CORS headers in one place: remove them from the proxy or the second library",
    "acao-invalid": lambda case: f"write the origin with scheme, host and port: {case.origin!r}",
    "acao-mismatch": _mismatch_remedy,
    "acac": lambda case: (
        f"write supports_credentials=True with origins=[{case.origin!r}], or send the request without credentials"
    ),
    "status": lambda _: "pass OPTIONS requests on to the application, and answer them with status 200 there",
    "redirect": _redirect_remedy,
    "acam-unparsable": lambda _: "write a list with commas: methods=['GET', 'PUT']",
    "acah-unparsable": lambda _: "write a list with commas: allow_headers=['Content-Type']",
    "method": _method_remedy,
    "header": _header_remedy,
    "hop-check": lambda _: "call the final URL, or send the CORS headers on the redirect too",
    "credentials": lambda _: "remove user:password@ from the Location",
    "scheme": lambda _: "redirect to http or https",
    "limit": lambda _: "look for a loop: a redirect that leads back",
    "mode": lambda _: "remove redirect: 'error', or call the final URL",
    "invalid": lambda _: "send a valid URL in Location",
    "stream": lambda _: "send the body as text or bytes, or call the final URL",
    "same-origin": lambda _: "write mode: 'cors'",
    "no-cors-redirect": lambda _: "remove mode: 'no-cors'",
    "bad-port": lambda _: "run the server on another port",
    "mixed-content": lambda _: "serve the API over https",
    "request": lambda _: "change the request",
    "network": lambda case: _NETWORK.get(case.header, _NETWORK["failed"])[1],
    "lna-permission": _lna_remedy,
    "lna-insecure": _lna_remedy,
    "lna-mismatch": _lna_remedy,
}


def layer(blocked: Blocked, exchange: Exchange | None, *, in_process: bool) -> str:
    """Return who has to change: ``client``, ``network``, ``application``, ``server``, or a proxy by its name."""
    case = _Case(blocked, exchange, blocked.place.origin)
    kind = FAILURES[blocked.kind]
    if kind.stage == "network":
        return "network"
    if kind.stage == "request" or blocked.kind == "redirect-mode":
        return "client"
    if blocked.kind == "preflight-header" and case.header.lower().startswith(RESPONSE_PREFIX):
        return "client"
    if blocked.kind == "preflight-method" and case.value != case.value.upper():
        return "client"
    if in_process or is_refusal(exchange):
        return "application"
    name = intermediary(exchange)
    return f"proxy ({name})" if name and case.status in (413, 502, 503, 504) else name or "server"
