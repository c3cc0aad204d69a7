"""What is said of a failure: what happened, which layer spoiled it, and what to write instead."""

from __future__ import annotations

from ..browser.client import Exchange
from ..browser.failures import RULES
from ..browser.urls import parse
from ..browser.values import Blocked
from ..standard.headers import RESPONSE_PREFIX
from .servers import intermediary, is_airplay, is_refusal

_STATUS = {
    401: "401: something asks preflights for credentials, which browsers never send with them",
    403: "403: something refuses the preflight",
    404: "404: nothing is served under this URL, or nothing that answers OPTIONS",
    405: "405: the route does not answer OPTIONS, so nothing there knows of CORS",
    413: "413: something in front of the application finds the request too large",
    429: "429: a rate limit counts preflights",
    502: "502: the proxy reached no application",
    503: "503: the proxy has no application to ask",
    504: "504: the application did not answer the proxy in time",
}


_NETWORK = {
    "refused": ("the connection was refused: nothing listens there", "start the server, and look at host and port"),
    "dns": ("the host name is not known", "look at how it is written, and at the DNS"),
    "tls": ("TLS failed: its certificate is not trusted, or of another name", "open the URL; mend the certificate"),
    "timeout": ("there was no answer in time", "look at whether the server hangs, or a firewall drops the connection"),
    "closed": ("the connection was closed without an answer", "look at the server's log; is it https, and not http?"),
    "failed": ("the request failed on the network", "look at the browser's network panel for the net:: error"),
}  # fmt: skip


def title(blocked: Blocked, exchange: Exchange | None) -> str:
    """Return what happened, in one line."""
    failure, status = blocked.failure, blocked.place.status or 0
    kind = failure.kind.removeprefix("response-").removeprefix("preflight-")
    which = "the preflight's answer" if failure.kind.startswith("preflight-") else "the response"
    which = "the redirect" if failure.on_redirect else which
    if failure.kind == "network":
        return _NETWORK.get(failure.header, _NETWORK["failed"])[0]
    if kind in ("acao-missing", "status") and is_refusal(exchange):
        return f"the origin {blocked.place.origin} is not in the policy's origins"
    if kind == "acao-missing":
        if status >= 500:
            return f"{which} is an error page ({status}) without CORS headers, which hides the error itself"
        shown = f" ({status})" if status else ""
        return f"{which}{shown} has no Access-Control-Allow-Origin"
    titles = {
        "acao-wildcard-credentials": f"{which} allows '*', which does not serve requests with credentials",
        "acao-multiple": f"{which} has more than one Access-Control-Allow-Origin: {failure.value!r}",
        "acao-invalid": f"{which} allows {failure.value!r}, which is not an origin",
        "acao-mismatch": f"{which} allows {failure.value!r}, and the page is {blocked.place.origin!r}",
        "acac": f"{which} has Access-Control-Allow-Credentials: {failure.value or '(nothing)'}, and not 'true'",
        "status": f"the preflight is answered {_STATUS.get(status, str(status or 'with an error'))}",
        "redirect": f"the preflight is redirected ({status}) to {blocked.place.to}; browsers never follow",
        "acam-unparsable": f"Access-Control-Allow-Methods is no list of methods: {failure.value!r}",
        "acah-unparsable": f"Access-Control-Allow-Headers is no list of names: {failure.value!r}",
        "method": f"the method {failure.value} is not in Access-Control-Allow-Methods",
        "header": f"the request header {failure.header} is not in Access-Control-Allow-Headers",
        "redirect-credentials": "the redirect's Location has a username or password in it",
        "redirect-scheme": f"the redirect leads to {failure.value}:, which no page may fetch",
        "mode-same-origin": "the request's mode is 'same-origin', and the URL is of another origin",
        "mixed-content": "mixed content: a page of https may not load from http; nothing is sent",
        "bad-port": f"browsers connect to no server on port {failure.value}",
        "request-invalid": f"no page can make this request: {failure.value}",
        "redirect-limit": "there are more than 20 redirects",
        "redirect-invalid": f"the redirect's Location is no URL: {failure.value!r}",
    }
    return titles.get(kind, RULES[failure.kind].step if failure.kind in RULES else failure.kind)


def remedy(blocked: Blocked, exchange: Exchange | None, origin: str) -> str:
    """Return what to write instead."""
    failure, status = blocked.failure, blocked.place.status or 0
    kind = failure.kind.removeprefix("response-").removeprefix("preflight-")
    if failure.kind == "network":
        return _NETWORK.get(failure.header, _NETWORK["failed"])[1]
    if is_airplay(exchange):
        return "port 5000 is taken by AirPlay Receiver on macOS: run the application on another, flask run --port 5001"
    if kind in ("acao-missing", "status", "redirect") and is_refusal(exchange):
        return f"add {origin!r} to origins, if you trust it; what is listed now is not that, to the letter"
    if kind in ("acao-missing", "status") and status in (401, 403, 404, 405) and failure.kind.startswith("preflight"):
        return f"answer preflights before authentication and routing: CORS(app, origins=[{origin!r}]) does"
    remedies = {
        "acao-missing": _missing_remedy(status, origin),
        "acao-wildcard-credentials": f"write origins=[{origin!r}] with supports_credentials=True, or send none",
        "acao-multiple": "let one layer write CORS headers: remove them from the proxy, or the second library",
        "acao-invalid": f"write the origin as scheme, host and port: {origin!r}",
        "acao-mismatch": _mismatch_remedy(failure.value, origin),
        "acac": f"write supports_credentials=True with origins=[{origin!r}], or send no credentials",
        "status": "let OPTIONS through to the application, and answer it with 200 there",
        "redirect": _redirect_remedy(blocked),
        "acam-unparsable": "write a list with commas: methods=['GET', 'PUT']",
        "acah-unparsable": "write a list with commas: allow_headers=['Content-Type']",
        "method": _method_remedy(failure.value),
        "header": _header_remedy(failure.header),
        "redirect-credentials": "leave user:password@ out of the Location",
        "redirect-scheme": "redirect to http or https",
        "mode-same-origin": "write mode: 'cors'",
        "mixed-content": "serve the API over https",
        "bad-port": "serve it on another port",
        "request-invalid": "change the request",
        "redirect-limit": "look for a loop: a redirect that leads back",
        "redirect-mode": "leave redirect: 'error' out, or call the final URL",
        "redirect-invalid": "send a valid URL in Location",
        "redirect-stream": "send the body as text or bytes, or call the final URL",
        "no-cors-redirect": "leave mode 'no-cors' out",
    }
    return remedies.get(kind, "see the rule")


def _missing_remedy(status: int, origin: str) -> str:
    call = f"CORS(app, origins=[{origin!r}])"
    if status >= 500:
        return f"look into the server's log for the error; {call} puts the headers on error pages too"
    return f"write {call}; if that is there, something in front of the application answers in its place"


def _mismatch_remedy(value: str, origin: str) -> str:
    url = parse(value)
    if url is not None and url.origin == origin:
        return f"write {origin!r}: no slash at the end, no path, no default port, lower case"
    page = parse(origin)
    if url is not None and page is not None and {url.host, page.host} == {"localhost", "127.0.0.1"}:
        return f"localhost and 127.0.0.1 are two origins: open the page under {value}, or add {origin!r} to origins"
    if (
        url is not None
        and page is not None
        and (url.scheme, page.port) != (page.scheme, url.port)
        and url.host == page.host
    ):
        return f"scheme and port belong to an origin: add {origin!r} to origins"
    return f"add {origin!r} to origins; if it is listed, a cache keeps another origin's answer: send Vary: Origin"


def _redirect_remedy(blocked: Blocked) -> str:
    url, target = parse(blocked.place.url), parse(blocked.place.to)
    if url is not None and target is not None:
        if target.path == f"{url.path}/":
            return f"call {target} with the slash, or write strict_slashes=False on the route"
        if url.path == f"{target.path}/":
            return f"call {target} without the slash"
        if (url.scheme, target.scheme) == ("http", "https"):
            return f"call {target}: https from the start"
    return f"call {blocked.place.to} itself, and answer preflights before redirects: CORS(app) does"


def _method_remedy(method: str) -> str:
    if method != method.upper():
        return f"write method: {method.upper()!r} in the page: methods are compared with their case"
    return f"add {method!r} to methods; '*' does not count with credentials"


def _header_remedy(name: str) -> str:
    if name.lower().startswith(RESPONSE_PREFIX):
        return f"remove {name} from the request: it is a response header, which the server sends"
    return f"add {name!r} to allow_headers; '*' does not count with credentials"


def layer(blocked: Blocked, exchange: Exchange | None, *, in_process: bool) -> str:
    """Return who spoiled the request: the client, the application, a proxy by its name."""
    kind = blocked.kind
    if kind in (
        "request-invalid",
        "mode-same-origin",
        "mixed-content",
        "bad-port",
        "no-cors-redirect",
        "redirect-mode",
    ):
        return "client"
    if kind == "network":
        return "network"
    if kind == "preflight-header" and blocked.failure.header.lower().startswith(RESPONSE_PREFIX):
        return "client"
    if kind == "preflight-method" and blocked.failure.value != blocked.failure.value.upper():
        return "client"
    if in_process:
        return "application"
    if is_refusal(exchange):
        return "application"
    name = intermediary(exchange)
    return f"proxy ({name})" if name and blocked.place.status in (413, 502, 503, 504) else name or "server"
