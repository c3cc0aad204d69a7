"""What to write instead, for every kind of failure; and which layer has to change.

Each advice is a sentence. Where a server has to change, the lines to write follow, in the words of that server.
"""

from __future__ import annotations

from collections.abc import Callable

from ..browser.failures import FAILURES, Check
from ..browser.urls import parse
from ..standard.headers import RESPONSE_PREFIX
from .cases import Case
from .export.grants import METHODS
from .no_header import missing_remedy, status_remedy
from .servers import PROXIES, PROXY_STATUSES, has_policy, is_method_refusal, is_refusal, was_cached
from .writing import add, place, write

# Why the network gave no response: what to do.
_NETWORK = {
    "refused": "start the server, or correct the host and the port of the URL",
    "dns": "correct the host name, or look at its DNS entry",
    "tls": (
        "install a certificate for this name. If it is of an authority of your own, add --cacert FILE, or --insecure, "
        "to this command; the browser needs the authority, too"
    ),
    "plain": "write http:// in the URL, or switch TLS on at this port",
    "timeout": "look at the server's log: it hangs, or a firewall drops the connection",
    "closed": "look at the server's log; if the server speaks plain HTTP, write http:// in the URL",
    "failed": "look at the request in the browser's network panel: it says why there is no response",
}


def remedy(case: Case) -> str:
    """Return what to write instead: a sentence, and below it the lines to paste, if there are any."""
    if case.software == "airplay":
        return "port 5000 is taken by AirPlay Receiver on macOS: run the application on another, flask run --port 5001"
    if case.responsible.name == "python -m http.server" and case.need != "syntax":
        return "python -m http.server cannot send CORS headers: use a server that can, such as Flask"
    if case.origin == "null" and (case.need in ("origin", "credentials") or has_policy(case.exchanges)):
        return (
            "open the page over http, and not as a file or in a sandboxed frame: python -m http.server 8000 serves the "
            "files of a folder at http://localhost:8000. Then list that origin. Do not allow 'null': every website can "
            "send it"
        )
    if _is_tainted(case) and case.need in ("origin", "credentials") and (case.value or has_policy(case.exchanges)):
        return (
            f"request the last URL in the page: fetch({case.blocked.place.url!r}). After a redirect from one origin to "
            "another, browsers send Origin: null, and no server should allow null: every website can send it"
        )
    if (named := case.server.remedy(case.blocked)) is not None:
        return named
    if is_method_refusal(case.exchange):
        return add(case, "method", case.announced)
    return _REMEDIES[case.check](case)


def layer(case: Case) -> str:
    """Return who has to change: ``client``, ``network``, ``application``, ``server``, or a program by its name."""
    kind, blocked = FAILURES[case.blocked.kind], case.blocked
    if kind.stage == "network":
        return "network"
    if kind.stage == "request" or blocked.kind == "redirect-mode":
        return "client"
    if case.check == "header" and case.header.lower().startswith(RESPONSE_PREFIX):
        return "client"
    if case.check == "method" and case.value != case.value.upper():
        return "client"
    if case.in_process or is_refusal(case.exchange):
        return "application"
    found = case.responsible
    if found.software == "unknown" and not found.evidence:
        return "server"
    return f"proxy ({found.name})" if found.software in PROXIES and case.status in PROXY_STATUSES else found.name


def _is_tainted(case: Case) -> bool:
    """Report whether redirects between origins made the page's origin ``null``."""
    sent = dict(case.exchange.headers).get("Origin") if case.exchange is not None else None
    return sent == "null" and case.origin != "null"


def _mismatch_remedy(case: Case) -> str:
    url, page, origin = parse(case.value), parse(case.origin), case.origin
    if url is not None and url.origin == origin:
        return f"write {origin!r}{place(case)}, {_too_much(case.value, origin)}"
    if was_cached(case.exchange):
        return "a cache sent the response for another origin: empty it, and send Vary: Origin on every response"
    grant = write(case, f"if you trust this page, {add(case, 'origin', origin)}:") + _CACHED
    if url is not None and page is not None and {url.host, page.host} == {"localhost", "127.0.0.1"}:
        return f"localhost and 127.0.0.1 are two origins: open the page at {case.value}. Or, {grant}"
    same_host = url is not None and page is not None and url.host == page.host
    if same_host and (url.scheme, page.port) != (page.scheme, url.port):  # type: ignore[union-attr]
        return f"scheme and port are part of an origin; {grant}"
    return grant


def _too_much(value: str, origin: str) -> str:
    """Return what is wrong with *value*, which means *origin*."""
    rest = value[len(origin) :] if value.lower().startswith(origin) else ""
    if rest:
        return "without the slash at the end" if rest == "/" else f"without {rest!r} at the end"
    return "in lower case"


_CACHED = (
    "\nIf it is listed there already, a cache sent another origin's response: send Vary: Origin on every response."
)


def _redirect_remedy(case: Case) -> str:
    hop = case.blocked.place
    url, target = parse(hop.url), parse(hop.to)
    if url is not None and target is not None:
        if target.path == f"{url.path}/":
            return f"call {target} with the slash{_SLASHES.get(case.software, '')}"
        if url.path == f"{target.path}/":
            return f"call {target} without the slash"
        if (url.scheme, target.scheme) == ("http", "https"):
            return f"call {target}: use https from the start"
    start = f"answer preflights before redirects{place(case)}"
    if target is not None and url is not None and (target.origin != url.origin or "login" in target.path):
        start = f"the server sends requests without a login to {hop.to}, and preflights never have one: {start}"
    elif hop.to:
        start = f"call {hop.to}, or {start}"
    return write(case, f"{start}:")


_SLASHES = {
    "flask-crossorigin": ", or write strict_slashes=False on the route",
    "flask-cors": ", or write strict_slashes=False on the route",
    "flask": ", or write strict_slashes=False on the route",
    "fastapi": ", or write FastAPI(redirect_slashes=False) and the route as the page calls it",
    "django": ", or write the pattern of the URL without the slash",
}


def _method_remedy(case: Case) -> str:
    if case.value != case.value.upper():
        return f"write method: {case.value.upper()!r} in the page: methods are compared with their case"
    if case.value.lower() in case.grants().methods:
        return write(
            case, f"methods are compared with their case: write {case.value!r}, and not {case.value.lower()!r}:"
        )
    note = "; with credentials '*' is not a wildcard" if case.credentials else ""
    default = case.software.startswith(("flask", "wsgi")) and case.value in METHODS
    default_note = ", or write no methods: it is one of the default" if default else ""
    return write(case, f"{add(case, 'method', case.value)}{default_note}{note}:")


def _header_remedy(case: Case) -> str:
    if case.header.lower().startswith(RESPONSE_PREFIX):
        return f"remove {case.header} from the request: it is a response header, which only the server sends"
    note = "; with credentials '*' is not a wildcard" if case.credentials else ""
    return write(case, f"{add(case, 'header', case.header)}{note}:")


def _credentials_remedy(case: Case) -> str:
    if case.check == "acac" and case.value.strip().lower() == "true":
        return write(case, f"write the value true, in lower case{place(case)}:")
    more = add(case, "credentials", "")
    return write(case, f"send the request without credentials, or {more}:")


def _multiple_remedy(case: Case) -> str:
    if case.blocked.failure.lines > 1:
        hide = {
            "nginx": "; in nginx, proxy_hide_header Access-Control-Allow-Origin; removes the application's",
            "apache": "; in Apache, Header unset Access-Control-Allow-Origin removes the application's",
        }.get(case.software, "")
        where = "two layers (a proxy, a second library, the code of a view), or two lines of one"
        return f"CORS headers are written twice, by {where}. Remove one of them{hide}"
    if case.server.where == "unknown" and case.software == "unknown":
        return (
            "if two layers write CORS headers (a proxy, a second library, the code of a view), remove one of them; if "
            "one line has a list, send the one origin that asks. The command below shows which it is"
        )
    start = "send one origin, the one that asks, and not a list"
    return write(case, f"{start}{place(case)}:")


def _lna_remedy(_: Case) -> str:
    return "serve the page over https, and let the user allow the access: no response header can allow it"


_REMEDIES: dict[Check, Callable[[Case], str]] = {
    "acao-missing": missing_remedy,
    "acao-wildcard-credentials": _credentials_remedy,
    "acao-multiple": _multiple_remedy,
    "acao-invalid": lambda case: write(
        case, f"write the origin with scheme, host and port, {case.origin!r}{place(case)}:"
    ),
    "acao-mismatch": _mismatch_remedy,
    "acac": _credentials_remedy,
    "status": status_remedy,
    "redirect": _redirect_remedy,
    "acam-unparsable": lambda case: write(case, "write methods with commas between them, as in GET, PUT:"),
    "acah-unparsable": lambda case: write(
        case, "write header names with commas between them, as in Content-Type, X-Token:"
    ),
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
    "request": lambda case: (
        "write a method that has a body, such as POST, or remove the body"
        if case.value.startswith("a request with method")
        else "change the request"
    ),
    "network": lambda case: _NETWORK.get(case.header, _NETWORK["failed"]),
    "lna-permission": _lna_remedy,
    "lna-insecure": _lna_remedy,
    "lna-mismatch": _lna_remedy,
}
