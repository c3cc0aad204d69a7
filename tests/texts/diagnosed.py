"""What the doctor says of servers that block a request: each failure, and each in the words of each server."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from flask_crossorigin.browser.client import Client, Transport
from flask_crossorigin.browser.values import NoAnswerError, Request, WireRequest, WireResponse
from flask_crossorigin.doctor.cases import Server
from flask_crossorigin.doctor.examine import examine
from flask_crossorigin.doctor.findings import Finding
from flask_crossorigin.doctor.report import Report, text

from ..helpers.browser import at
from .recorded import Texts

PAGE = "https://app.example"
API = "https://api.example/items"
ORIGIN, CREDENTIALS = "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials"
METHODS, HEADERS = "Access-Control-Allow-Methods", "Access-Control-Allow-Headers"


class Answer(NamedTuple):
    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""


class Case(NamedTuple):
    """A request, and what the server answers: to preflights, and by URL to the others."""

    request: Mapping[str, Any]
    preflight: Answer
    actual: Answer | Mapping[str, Answer] | str
    page: str = PAGE


ALLOWED = ((ORIGIN, PAGE), ("Vary", "Origin"))
STAR = ((ORIGIN, "*"),)
OK, BARE = Answer(200, ALLOWED), Answer(200)
PUT: dict[str, Any] = {"method": "PUT"}
WITH: dict[str, Any] = {"credentials": "include"}
PUTS = (*ALLOWED, (METHODS, "GET, PUT"))
HTML = b"<!doctype html><title>Shop</title>"
FORBIDDEN = b"Origin not allowed"


def get(answer: Answer, page: str = PAGE, **request: Any) -> Case:
    return Case(request, OK, answer, page)


def put(answer: Answer, page: str = PAGE, **request: Any) -> Case:
    return Case({**PUT, **request}, answer, OK, page)


def to(location: str, status: int = 302, url: str = API, **request: Any) -> Case:
    first = Answer(status, (*ALLOWED, ("Location", location)))
    return Case({"url": url, **request}, first, {url: first, "": Answer(200, STAR, HTML)})


CASES: dict[str, Case] = {
    "no header on the response": get(BARE),
    "no header on the response, POST of JSON": Case(
        {"method": "POST", "headers": (("Content-Type", "application/json"),), "body": b"{}"}, BARE, BARE
    ),
    "no header on an error": get(Answer(404)),
    "no header on a page": get(Answer(200, (), HTML)),
    "no header on a page that is missing": get(Answer(404, (), HTML)),
    "no header on a 500": get(Answer(500, (), b"Internal Server Error")),
    "no header on a 502": get(Answer(502)),
    "no header on a 503": get(Answer(503)),
    "no header on a 504": get(Answer(504)),
    "no header on a 413": get(Answer(413)),
    "no header on a response from a cache": get(Answer(200, (("Age", "12"),))),
    "no header, and a list exists": get(Answer(200, (("Vary", "Accept, Origin"),))),
    "a header that is spelt wrong": get(Answer(200, (("Access-Control-Allow-Origins", "*"),))),
    "refused by this library": put(Answer(403, (), FORBIDDEN)),
    "refused by csrf_protection": get(Answer(403, (), FORBIDDEN), method="POST"),
    "no header on the preflight": put(BARE),
    "no header on the preflight, 204": put(Answer(204)),
    "no header on the preflight, 401": put(Answer(401, (("WWW-Authenticate", "Basic"),))),
    "no header on the preflight, 403": put(Answer(403)),
    "no header on the preflight, 404": put(Answer(404)),
    "no header on the preflight, 405": put(Answer(405)),
    "no header on the preflight, 500": put(Answer(500)),
    "preflight 401": put(Answer(401, PUTS)),
    "preflight 403": put(Answer(403, PUTS)),
    "preflight 404": put(Answer(404, PUTS)),
    "preflight 405": put(Answer(405, PUTS)),
    "preflight 413": put(Answer(413, PUTS)),
    "preflight 418": put(Answer(418, PUTS)),
    "preflight 429": put(Answer(429, PUTS)),
    "preflight 500": put(Answer(500, PUTS)),
    "preflight 502": put(Answer(502, PUTS)),
    "preflight 503": put(Answer(503, PUTS)),
    "preflight 504": put(Answer(504, PUTS)),
    "wildcard with credentials": get(Answer(200, STAR), **WITH),
    "wildcard with credentials, of the preflight": put(Answer(200, (*STAR, (METHODS, "PUT"))), **WITH),
    "two lines": get(Answer(200, ((ORIGIN, PAGE), (ORIGIN, "*")))),
    "one line with a list": get(Answer(200, ((ORIGIN, f"{PAGE}, https://b.example"),))),
    "two lines on the preflight": put(Answer(200, ((ORIGIN, PAGE), (ORIGIN, PAGE), (METHODS, "PUT")))),
    "an origin without a scheme": get(Answer(200, ((ORIGIN, "app.example"),))),
    "an origin without a scheme, of the preflight": put(Answer(200, ((ORIGIN, "app.example"), (METHODS, "PUT")))),
    "another origin": get(Answer(200, ((ORIGIN, "https://b.example"), ("Vary", "Origin")))),
    "another origin, from a cache": get(Answer(200, ((ORIGIN, "https://b.example"), ("X-Cache", "HIT")))),
    "another origin, of the preflight": put(Answer(200, ((ORIGIN, "https://b.example"), (METHODS, "PUT")))),
    "a slash at the end": get(Answer(200, ((ORIGIN, f"{PAGE}/"),))),
    "a path at the end": get(Answer(200, ((ORIGIN, f"{PAGE}/shop"),))),
    "the other scheme": get(Answer(200, ((ORIGIN, "http://app.example"),))),
    "another port": get(Answer(200, ((ORIGIN, "https://app.example:8443"),))),
    "localhost for 127.0.0.1": get(
        Answer(200, ((ORIGIN, "http://localhost:3000"),)), "http://127.0.0.1:3000", url="http://127.0.0.1:5000/items"
    ),
    "capitals": get(Answer(200, ((ORIGIN, "https://APP.example"),))),
    "no Allow-Credentials": get(Answer(200, ALLOWED), **WITH),
    "Allow-Credentials: True": get(Answer(200, (*ALLOWED, (CREDENTIALS, "True"))), **WITH),
    "Allow-Credentials: false": get(Answer(200, (*ALLOWED, (CREDENTIALS, "false"))), **WITH),
    "no Allow-Credentials on the preflight": put(Answer(200, PUTS), **WITH),
    "a preflight that is redirected to a slash": to(f"{API}/", 308, **PUT),
    "a preflight that is redirected to no slash": to(API, 308, f"{API}/", **PUT),
    "a preflight that is redirected to https": to(API, 301, "http://api.example/items", **PUT)._replace(
        page="http://app.example"
    ),
    "a preflight that is redirected to a login": to("https://api.example/login", **PUT),
    "a preflight that is redirected to another origin": to("https://id.example/oauth", **PUT),
    "a preflight that is redirected elsewhere": to("https://api.example/v2/items", 307, **PUT),
    "methods that are no list": put(Answer(200, (*ALLOWED, (METHODS, "GET PUT")))),
    "headers that are no list": put(Answer(200, (*PUTS, (HEADERS, "a b")))),
    "a method that is not listed": put(Answer(200, (*ALLOWED, (METHODS, "GET")))),
    "a method that is not listed, with credentials": put(
        Answer(200, (*ALLOWED, (CREDENTIALS, "true"), (METHODS, "*"))), **WITH
    ),
    "a method in small letters": put(Answer(200, (*ALLOWED, (METHODS, "PATCH"))), method="patch"),
    "a method that the server has in small letters": put(Answer(200, (*ALLOWED, (METHODS, "patch"))), method="PATCH"),
    "a method that is rare": put(Answer(200, (*ALLOWED, (METHODS, "GET"))), method="PROPFIND"),
    "a header that is not listed": put(Answer(200, (*PUTS, (HEADERS, "X-A"))), headers=(("X-B", "1"),)),
    "two headers that are not listed": put(Answer(200, PUTS), headers=(("X-A", "1"), ("X-B", "1"))),
    "a header that is not listed, with credentials": put(
        Answer(200, (*PUTS, (CREDENTIALS, "true"), (HEADERS, "*"))), headers=(("X-B", "1"),), **WITH
    ),
    "Authorization, and a wildcard": put(Answer(200, (*PUTS, (HEADERS, "*"))), headers=(("Authorization", "x"),)),
    "a response header in the request": put(Answer(200, PUTS), headers=((ORIGIN, "*"),)),
    "everything at once": put(Answer(405), **WITH, headers=(("X-A", "1"),)),
    "a redirect to the slash, without headers": Case(
        {}, OK, {API: Answer(308, (("Location", f"{API}/"),)), "": OK}
    ),
    "a URL that is not there": get(Answer(404)),
    "a body with GET": get(OK, body=b"x"),
    "a redirect without headers": Case({}, OK, {API: Answer(302, (("Location", "/next"),)), "": OK}),
    "a redirect with a password": to("https://u:p@api.example/next"),
    "a redirect to ftp": to("ftp://api.example/file"),
    "a redirect in a circle": Case({}, OK, {"": Answer(302, (*ALLOWED, ("Location", API)))}),
    "a redirect that is an error": to("/next", redirect="error"),
    "a redirect that is opaque": to("/next", redirect="manual"),
    "a redirect that is no URL": to("https://"),
    "a redirect of a stream": Case(
        {"method": "POST", "body": b"x", "stream": True}, OK, Answer(307, (*ALLOWED, ("Location", "/next")))
    ),
    "a redirect to a login of another origin": Case(
        {},
        OK,
        {API: Answer(302, (*ALLOWED, ("Location", "https://id.example/login"))), "": Answer(200, (), HTML)},
    ),
    "a redirect to another origin that allows the first": Case(
        {}, OK, {API: Answer(302, (*STAR, ("Location", "https://third.example/x"))), "": Answer(200, ALLOWED)}
    ),
    "a redirect in the origin without headers": Case(
        {}, OK, {API: Answer(302, (*ALLOWED, ("Location", "/next"))), "": BARE}
    ),
    "a request that no browser makes": get(OK, method="TRACE"),
    "mode same-origin": get(OK, mode="same-origin"),
    "mode no-cors with a redirect that is an error": get(OK, mode="no-cors", redirect="error"),
    "mode no-cors": get(OK, mode="no-cors"),
    "a blocked port": get(OK, url="https://api.example:25/"),
    "http from a page on https": get(OK, url="http://api.example/items"),
    "nothing listens": Case({}, OK, "refused"),
    "no such host": Case({}, OK, "dns"),
    "a certificate that is not trusted": Case({}, OK, "tls"),
    "plain http at a port of https": Case({}, OK, "plain"),
    "too slow": Case({}, OK, "timeout"),
    "closed without an answer": Case({}, OK, "closed"),
    "another failure of the network": Case({}, OK, "failed"),
    "a page that is a file": get(BARE, "null"),
    "a page that is a file, and another origin": get(Answer(200, ((ORIGIN, "https://b.example"),)), "null"),
    "a page that is a file, and a method": put(Answer(200, ((ORIGIN, "null"), (METHODS, "GET"))), "null"),
    "a page on http with credentials": get(
        Answer(200, STAR), "http://app.example", url="http://api.example/items", **WITH
    ),
    "a page on http of this machine": get(
        BARE, "http://localhost:3000", url="http://localhost:5000/items", **WITH
    ),
    "XMLHttpRequest": get(BARE, initiator="xhr"),
    "a font": get(BARE, initiator="font"),
}  # fmt: skip


def transport(case: Case, signature: tuple[tuple[str, str], ...] = ()) -> Transport:
    def send(wire: WireRequest) -> WireResponse:
        if wire.kind == "preflight":
            answer = case.preflight
        elif isinstance(case.actual, str):
            raise NoAnswerError(case.actual, "no answer")
        elif isinstance(case.actual, Answer):
            answer = case.actual
        else:
            answer = case.actual.get(str(wire.url)) or case.actual[""]
        return WireResponse(answer.status, "Reason", [*signature, *answer.headers], answer.body)

    return send


def report(case: Case, signature: tuple[tuple[str, str], ...] = (), profile: str = "chrome", where: str = "network") -> Report:  # fmt: skip
    client = Client(transport(case, signature), case.page, profile=profile, base=at("https://api.example"))
    return examine(client, Request(**{"url": API, **case.request}), Server(where=where))


def asked(case: Case, signature: tuple[tuple[str, str], ...] = (), silent: tuple[int, ...] = ()) -> str:
    """Return every request that the doctor sends, the browser's and its own; those of the numbers *silent* get no answer."""
    answer, lines = transport(case, signature), []

    def send(wire: WireRequest) -> WireResponse:
        headers = "; ".join(f"{name}: {value}" for name, value in wire.headers)
        lines.append(f"{wire.kind} {wire.method} {wire.url} | {headers}")
        if len(lines) in silent:
            raise NoAnswerError("closed", "no answer")
        return answer(wire)

    client = Client(send, case.page, profile="chrome", base=at("https://api.example"))
    found = examine(client, Request(**{"url": API, **case.request}), Server(where="network"))
    return "\n".join([*lines, *(f"{each.kind}: {each.remedy.splitlines()[0]}" for each in found.findings)])


def listed(found: Finding) -> str:
    """Return a finding as its fields, without what is empty, and without what each kind always has."""
    names = ("kind", "title", "remedy", "layer", "evidence", "sent", "received")
    fields = [f"{name}: {value}" for name in names if (value := getattr(found, name))]
    return "\n".join(["blocks" if found.blocks else "warns", *fields])


def whole(case: Case) -> str:
    found = report(case)
    return "\n--\n".join(map(listed, found.findings)) or found.note or "nothing"


def of_the_kind(case: Case) -> str:
    """Return what each kind of failure always has: its rule, and the texts of the browsers."""
    lines = []
    for found in report(case).findings:
        lines += [found.rule, found.link, *(f"{name} writes: {said}" for name, said in found.console.items())]
    return "\n".join(lines)


def in_short(case: Case, signature: tuple[tuple[str, str], ...] = (), where: str = "network") -> str:
    found = report(case, signature, where=where).findings
    return "\n--\n".join(f"{each.title}\n{each.remedy}\n[{each.layer}] {each.evidence}" for each in found) or "nothing"


SERVERS: dict[str, tuple[tuple[str, str], ...]] = {
    "flask-crossorigin": (("X-CORS-Debug", "policy"),),
    "Flask": (("Server", "Werkzeug/3.1"),),
    "a Python application": (("Server", "gunicorn"),),
    "Django": (("Set-Cookie", "csrftoken=x"),),
    "Express": (("X-Powered-By", "Express"),),
    "FastAPI": (("Server", "uvicorn"),),
    "PHP": (("X-Powered-By", "PHP/8.3"),),
    "nginx": (("Server", "nginx/1.27"),),
    "Apache": (("Server", "Apache/2.4"),),
    "Cloudflare": (("CF-Ray", "1"), ("Server", "cloudflare")),
    "Express behind nginx": (("Server", "nginx"), ("X-Powered-By", "Express")),
    "Next.js": (("X-Powered-By", "Next.js"),),
    "IIS": (("Server", "Microsoft-IIS/10.0"),),
    "python -m http.server": (("Server", "SimpleHTTP/0.6"),),
    "AirPlay": (("Server", "AirTunes/800"),),
}
# Failures whose advice has the words of the server.
WORDED = (
    "no header on the response",
    "no header on a page",
    "no header on a 500",
    "no header on a 502",
    "no header on a 504",
    "no header on a 413",
    "no header, and a list exists",
    "no header on the preflight",
    "preflight 401",
    "preflight 404",
    "preflight 500",
    "preflight 502",
    "wildcard with credentials",
    "two lines",
    "an origin without a scheme",
    "another origin",
    "a slash at the end",
    "no Allow-Credentials",
    "Allow-Credentials: True",
    "a preflight that is redirected to a slash",
    "a preflight that is redirected elsewhere",
    "methods that are no list",
    "a method that is not listed",
    "a header that is not listed",
    "a page on http with credentials",
    "a page that is a file",
)


# What the doctor asks on its own differs between these.
ASKED = (
    "nothing is wrong", "no header on the response", "no header on the preflight, 401", "another origin", "another origin, of the preflight",
    "wildcard with credentials", "wildcard with credentials, of the preflight", "no Allow-Credentials on the preflight", "a method that is not listed",
    "two headers that are not listed", "a redirect to a login of another origin", "a preflight that is redirected to a slash", "nothing listens",
    "a request that no browser makes", "mode no-cors", "no Vary",
)  # fmt: skip


def pages(body: bytes, status: int = 200, sent: tuple[tuple[str, str], ...] = (), **request: Any) -> Case:
    answer = Answer(status, sent, body)
    return Case(request, answer, answer)


# At least one of each kind of failure.
OF_EACH_KIND = (
    "no header on the response", "no header on the preflight, 401", "everything at once",
    "wildcard with credentials", "wildcard with credentials, of the preflight", "two lines", "one line with a list",
    "two lines on the preflight", "an origin without a scheme", "an origin without a scheme, of the preflight",
    "another origin", "another origin, of the preflight", "no Allow-Credentials", "no Allow-Credentials on the preflight",
    "a preflight that is redirected to a slash", "methods that are no list", "headers that are no list",
    "a method that is not listed", "two headers that are not listed", "a redirect without headers",
    "a redirect with a password", "a redirect to ftp", "a redirect in a circle", "a redirect that is an error",
    "a redirect that is no URL", "a redirect of a stream", "a request that no browser makes", "mode same-origin",
    "mode no-cors with a redirect that is an error", "mode no-cors", "a redirect that is opaque", "a blocked port",
    "http from a page on https", "nothing listens", "a redirect in the origin without headers",
    "a redirect to a login of another origin", "XMLHttpRequest", "a font", "a page that is a file",
)  # fmt: skip


# What servers write themselves.
PAGES: dict[str, Case] = {
    "FastAPI refuses a preflight's origin": pages(b"Disallowed CORS origin", 400, **PUT),
    "FastAPI refuses a preflight's method": pages(b"Disallowed CORS method", 400, ALLOWED, **PUT),
    "FastAPI refuses a preflight's headers": pages(
        b"Disallowed CORS headers", 400, ALLOWED, **PUT, headers=(("X-A", "1"), ("X-B", "1"))
    ),
    "FastAPI refuses all three": pages(b"Disallowed CORS origin, method, headers", 400, **PUT, headers=(("X-A", "1"),)),
    "FastAPI refuses method and headers": pages(
        b"Disallowed CORS method, headers", 400, ALLOWED, **PUT, headers=(("X-A", "1"),)
    ),
    "Express's cors() raises an error": pages(b"Error: Not allowed by CORS", 500),
    "Express has no route": pages(b"<pre>Cannot GET /items</pre>", 404),
    "PHP has sent its headers already": pages(
        b"<br />\n<b>Warning</b>:  Cannot modify header information - headers already sent by (output started at "
        b"/app/index.php:3) in <b>/app/index.php</b> on line <b>4</b><br />\nhello"
    ),
    "Django refuses a POST without a token": pages(
        b"<!doctype html><p>CSRF verification failed. Request aborted.</p>", 403, method="POST"
    ),
    "Django does not know the host": pages(b"<h1>Bad Request (400)</h1>", 400),
    "Django's page of DEBUG": pages(b"<!DOCTYPE html><p>Using the URLconf defined in shop.urls</p>", 404),
    "Vite's page": pages(b'<!doctype html><script type="module" src="/@vite/client"></script>'),
    "nginx's page": pages(b"<html><hr><center>nginx</center></html>", 404, (("X-Powered-By", "Express"),)),
    "Apache's page": pages(b'<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">', 404),
    "Werkzeug's page": pages(b"<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>", 404),
    "a login that answers with a page": Case(
        {}, OK, {API: Answer(302, (*ALLOWED, ("Location", "/sign-in"))), "": Answer(200, ALLOWED, HTML)}
    ),
}

# What works, and surprises.
WARNED: dict[str, Case] = {
    "nothing is wrong": get(OK),
    "no Vary": get(Answer(200, ((ORIGIN, PAGE),))),
    "Vary without Origin": get(Answer(200, ((ORIGIN, PAGE), ("Vary", "Accept")))),
    "Vary: *": get(Answer(200, ((ORIGIN, PAGE), ("Vary", "*")))),
    "a header that JavaScript cannot read": get(Answer(200, (*STAR, ("X-Total-Count", "3"), ("ETag", '"1"')))),
    "a header that is exposed": get(
        Answer(200, (*STAR, ("X-Total-Count", "3"), ("Access-Control-Expose-Headers", "X-Total-Count")))
    ),
    "a login that gives a cookie without credentials": get(
        Answer(200, (*STAR, ("Set-Cookie", "session=1; Path=/"))), method="POST"
    ),
    "a cookie that is not kept": get(
        Answer(200, (*ALLOWED, (CREDENTIALS, "true"), ("Set-Cookie", "session=1; Path=/"))), **WITH
    ),
    "a cookie with SameSite=None and without Secure": get(
        Answer(200, (*ALLOWED, (CREDENTIALS, "true"), ("Set-Cookie", "session=1; SameSite=None"))), **WITH
    ),
    "patch in small letters": put(Answer(200, (*ALLOWED, (METHODS, "patch"))), method="patch"),
    "a response header in the request": put(Answer(200, (*PUTS, (HEADERS, ORIGIN))), headers=((ORIGIN, "*"),)),
    "a max age that is no number": put(Answer(200, (*PUTS, ("Access-Control-Max-Age", "10m")))),
    "a max age below nothing": put(Answer(200, (*PUTS, ("Access-Control-Max-Age", "-1")))),
    "POST that becomes GET": to("https://api.example/next", 301, method="POST", body=b"x"),
    "POST that becomes GET as it should": to("https://api.example/next", 303, method="POST", body=b"x"),
    "Authorization, where it is listed by name and by star": put(
        Answer(200, (*PUTS, (HEADERS, "*, Authorization"))), headers=(("Authorization", "x"),)
    ),
    **{
        f"a response with {status}": get(Answer(status, ALLOWED))
        for status in (302, 304, 399, 400, 401, 403, 404, 405, 429, 499, 500, 503)
    },
    "a method that is not served": get(Answer(405, (*ALLOWED, ("Allow", "POST, OPTIONS,HEAD, GET")))),
    "a page of its own origin that is missing": get(Answer(404), "https://api.example"),
    "an opaque response with 404": get(Answer(404), mode="no-cors"),
    "a server of the local network, from a page on http": get(
        Answer(200, STAR), "http://app.example", url="http://192.168.1.9/items"
    ),
    "a server of the local network": get(OK, url="https://192.168.1.9/items"),
    "a server of this machine": get(OK, url="http://localhost:5000/items"),
    "a server of this machine by its number": get(OK, url="http://127.0.0.1:5000/items"),
    "a server whose name ends in .local": get(OK, url="https://printer.local/items"),
}


def _texts() -> dict[str, Callable[[], str]]:
    found: dict[str, Callable[[], str]] = {}
    for name, case in CASES.items():
        found[name] = functools.partial(whole, case)
    for name in OF_EACH_KIND:
        found[f"{name}, the rule and the browsers"] = functools.partial(of_the_kind, CASES[name])
    for name, case in {**PAGES, **WARNED}.items():
        found[f"{name}, whole"] = functools.partial(whole, case)
    for software, signature in SERVERS.items():
        for name in WORDED:
            found[f"{software}: {name}"] = functools.partial(in_short, CASES[name], signature)
    for name in WORDED:
        found[f"in this process: {name}"] = functools.partial(in_short, CASES[name], where="process")
        found[f"a message alone: {name}"] = functools.partial(in_short, CASES[name], where="unknown")
    for name, case in WARNED.items():
        found[f"in this process: {name}"] = functools.partial(in_short, case, where="process")
    for profile in ("chrome", "firefox", "safari", "standard"):
        for name in ("no header on the response", "everything at once", "a redirect to ftp", "nothing listens"):
            found[f"report, {profile}: {name}"] = functools.partial(printed, CASES[name], profile)
    for name in ("no Vary", "a header that JavaScript cannot read", "a server of this machine", "nothing is wrong"):
        for verbose in (False, True):
            found[f"report, {'verbose' if verbose else 'brief'}: {name}"] = functools.partial(
                printed, WARNED[name], verbose=verbose
            )
    for name in ASKED:
        found[f"asked: {name}"] = functools.partial(asked, {**CASES, **WARNED}[name])
    for software in ("Express", "nginx", "Express behind nginx", "Cloudflare"):
        found[f"asked of {software}: another origin"] = functools.partial(
            asked, CASES["another origin"], SERVERS[software]
        )
    for number in (1, 2, 3, 4):
        for name in ("another origin", "another origin, of the preflight"):
            found[f"asked, without an answer to {number}: {name}"] = functools.partial(
                asked, CASES[name], silent=(number,)
            )
    found["report, not full: everything at once"] = functools.partial(
        printed, CASES["everything at once"], "firefox", full=False
    )
    return found


def printed(case: Case, profile: str = "chrome", *, verbose: bool = False, full: bool = True) -> str:
    return text(report(case, profile=profile), verbose=verbose, full=full)


TEXTS: Texts = _texts()
