"""Which software the doctor sees in a response, and what it says of a proxy that changes one."""

from __future__ import annotations

import functools
from collections.abc import Callable

from flask_crossorigin.browser.client import Client, Exchange
from flask_crossorigin.browser.values import Request
from flask_crossorigin.doctor.cases import Server
from flask_crossorigin.doctor.compare import compare
from flask_crossorigin.doctor.examine import examine
from flask_crossorigin.doctor.report import Report, curl
from flask_crossorigin.doctor.servers import (
    has_policy,
    is_page,
    is_refusal,
    layers,
    proxy,
    responsible,
    was_cached,
)  # fmt: skip

from ..helpers.browser import at
from .diagnosed import ALLOWED, CREDENTIALS, HEADERS, HTML, METHODS, ORIGIN, PAGE, Answer, Case, transport
from .recorded import Texts

SIGNATURES: dict[str, tuple[tuple[tuple[str, str], ...], bytes, int]] = {
    **{
        f"{name}: {value}": (((name, value),), b"", 200)
        for name, value in (
            ("Server", "AirTunes/800"), ("Server", "nginx/1.27"), ("Server", "openresty"), ("Server", "Apache/2.4 (Debian)"),
            ("Server", "Werkzeug/3.1 Python/3.13"), ("Server", "WSGIServer/0.2"), ("Server", "daphne"), ("Server", "uvicorn"),
            ("Server", "hypercorn-h11"), ("Server", "gunicorn"), ("Server", "waitress"), ("Server", "Cheroot/10"),
            ("Server", "Kestrel"), ("Server", "Microsoft-IIS/10.0"), ("Server", "SimpleHTTP/0.6 Python/3.13"),
            ("Server", "cloudflare"), ("Server", "AkamaiGHost"), ("Server", "Caddy"), ("Server", "awselb/2.0"),
            ("Server", "envoy"), ("Server", "something else"), ("X-CORS-Debug", "a policy"), ("X-Powered-By", "Express"),
            ("X-Powered-By", "PHP/8.3"), ("X-Powered-By", "Next.js"), ("X-Powered-By", "ASP.NET"), ("CF-Ray", "1"),
            ("X-Amz-Cf-Id", "1"), ("X-Amzn-RequestId", "1"), ("X-Vercel-Id", "1"), ("X-Served-By", "cache-fra-1"),
            ("X-Served-By", "my-host"), ("X-Varnish", "1"), ("X-Cache", "MISS"), ("X-Cache", "HIT from x"),
            ("X-Cache-Status", "HIT"), ("CF-Cache-Status", "HIT"), ("X-Proxy-Cache", "HIT"), ("Age", "0"), ("Age", " "),
            ("Age", "12"), ("Via", "1.1 x"), ("Vary", "origin"), ("Vary", "Origin"), ("Vary", "Accept, Origin"),
            ("Set-Cookie", "connect.sid=1"), ("Set-Cookie", "PHPSESSID=1"), ("Set-Cookie", "laravel_session=1"),
            ("Set-Cookie", "csrftoken=1"), ("Set-Cookie", "sessionid=1"), ("Set-Cookie", "session=eJx"),
            ("Set-Cookie", "session=.eJx"), ("Set-Cookie", "session=1"), ("Set-Cookie", "my-sessionid=1"),
        )
    },
    "the headers of Django": ((("Cross-Origin-Opener-Policy", "same-origin"), ("X-Frame-Options", "DENY")), b"", 200),
    "one of the headers of Django": ((("X-Frame-Options", "DENY"),), b"", 200),
    "the other of the headers of Django": ((("Cross-Origin-Opener-Policy", "same-origin"),), b"", 200),
    "nginx, and Express behind it": ((("Server", "nginx"), ("X-Powered-By", "Express")), b"", 200),
    "nginx, and Express behind it, 502": ((("Server", "nginx"), ("X-Powered-By", "Express")), b"", 502),
    "Werkzeug with Django": ((("Server", "Werkzeug/3"), ("Set-Cookie", "csrftoken=1")), b"", 200),
    "gunicorn with Flask's cookie": ((("Server", "gunicorn"), ("Set-Cookie", "session=eJx")), b"", 200),
    "uvicorn with Django's cookie": ((("Server", "uvicorn"), ("Set-Cookie", "csrftoken=1")), b"", 200),
    "Werkzeug with this library": ((("Server", "Werkzeug/3"), ("X-CORS-Debug", "x")), b"", 200),
    "a cache before nginx": ((("X-Cache", "HIT"), ("Server", "nginx")), b"", 200),
    **{
        f"the page {' '.join(body.decode().split())[-34:]} {status}": ((), body, status)
        for body, status in (
            (b"Origin not allowed", 403), (b"Origin not allowed", 400), (b"Origin not allowed.", 403),
            (b"Disallowed CORS origin", 400), (b"<pre>Cannot PUT /items</pre>", 404), (b'{"detail":"Not Found"}', 404),
            (b'{"detail":"Method Not Allowed"}', 405), (b'{"detail":"Not authenticated"}', 401), (b'{"detail":"Other"}', 404),
            (b'<script src="/@vite/client">', 200), (b'<script id="__NEXT_DATA__">', 200), (b"webpack-dev-server", 404),
            (b"Using the URLconf defined in x", 404), (b"DJANGO_SETTINGS_MODULE", 500), (b"CSRF verification failed", 403),
            (b"seeing this error because you have <code>DEBUG", 404), (b"<h1>Server Error (500)</h1>", 500),
            (b"<h1>Bad Request (400)</h1>", 400),
            (b"<h1>Not Found</h1><p>The requested resource was not found on this server.</p>", 404),
            (b"<b>Warning</b>:  x in y on line <b>3</b>", 200), (b"PHP Fatal error: x in y on line 3", 500),
            (b"<hr><center>nginx/1.27</center>", 404), (b"<hr><center>openresty</center>", 502),
            (b'<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">', 404),
            (b"<!doctype html>\n<html lang=en>\n<title>405 Method Not Allowed</title>", 405),
            (b"<!doctype html>\n<html lang=en>\n<title>Redirecting...</title>", 308),
            (b"<!doctype html>\n<html lang=en>\n<title>My page</title>", 200), (b"Not allowed by CORS", 500),
            (b"  <HTML><p>x", 200), (b"<p>x", 200),
        )
    },
}  # fmt: skip


def exchange(headers: tuple[tuple[str, str], ...], body: bytes, status: int) -> Exchange:
    return Exchange("actual", "GET", "https://api.example/items", [], status, "", [*headers], body)


def recognised(headers: tuple[tuple[str, str], ...], body: bytes, status: int) -> str:
    one = exchange(headers, body, status)
    found = layers([one])
    lines = [f"{each.software} | {each.name} | {each.is_certain} | {each.evidence}" for each in found]
    front = proxy(one)
    flags = {
        "policy": has_policy([one]),
        "cached": was_cached(one),
        "page": is_page(one),
        "refusal": is_refusal(one),
    }
    lines += [f"to change: {responsible(found, one).name}", f"in front: {front.name if front else None}"]
    return "\n".join([*lines, *(f"{name}" for name, holds in flags.items() if holds)])


def _several() -> str:
    """Return what several responses show together: what is certain takes the place of what is likely."""
    likely, certain = (
        exchange((("Server", "WSGIServer/0.2"),), b"", 200),
        exchange((("Set-Cookie", "csrftoken=1"),), b"", 200),
    )
    return "\n".join(str(layers(each)) for each in ([likely, certain], [certain, likely], [certain, certain], []))


INSIDE = (*ALLOWED, (METHODS, "GET, PUT"), (HEADERS, "X-A"))
OUTSIDE: dict[str, Answer] = {
    "as inside": Answer(200, INSIDE),
    "another status": Answer(405, INSIDE),
    "too large": Answer(413, INSIDE),
    "nothing behind": Answer(502, INSIDE),
    "nothing to send to": Answer(503, INSIDE),
    "too slow": Answer(504, INSIDE),
    "a second line": Answer(200, (*INSIDE, (ORIGIN, "*"))),
    "a header more": Answer(200, (*INSIDE, (CREDENTIALS, "true"))),
    "a header less": Answer(200, ((ORIGIN, PAGE), ("Vary", "Origin"), (METHODS, "GET, PUT"))),
    "no Allow-Origin": Answer(200, INSIDE[1:]),
    "another value": Answer(200, ((ORIGIN, "https://b.example"), *INSIDE[1:])),
    "no Vary": Answer(200, (INSIDE[0], *INSIDE[2:])),
    "another Vary": Answer(200, (INSIDE[0], ("Vary", "Accept"), *INSIDE[2:])),
    "nothing of it": Answer(200),
}
PROXIES: dict[str, tuple[tuple[str, str], ...]] = {
    "nginx": (("Server", "nginx"),),
    "Apache": (("Server", "Apache"),),
    "Cloudflare": (("CF-Ray", "1"),),
    "nobody": (),
}


def _report(answer: Answer, signature: tuple[tuple[str, str], ...], method: str) -> Report:
    case = Case({}, answer, answer)
    client = Client(transport(case, signature), PAGE, profile="chrome", base=at("https://api.example"))
    return examine(client, Request(url="/items", method=method), Server())


def compared(answer: Answer, signature: tuple[tuple[str, str], ...], method: str) -> str:
    found = compare(_report(answer, signature, method), _report(Answer(200, INSIDE), (), method))
    return "\n".join(f"{each.title}\n  {each.remedy}\n  [{each.layer}] {each.sent}" for each in found) or "nothing"


def _not_sent() -> str:
    """Return what is compared where a request was not answered, and where one side has no preflight."""
    silent = Case({}, Answer(200, INSIDE), "refused")
    client = Client(transport(silent), PAGE, profile="chrome", base=at("https://api.example"))
    outside = examine(client, Request(url="/items"), Server())
    inside = _report(Answer(200, INSIDE), (), "GET")
    preflight = _report(Answer(200, INSIDE), (), "PUT")
    return f"{compare(outside, inside)} {compare(inside, preflight)} {compare(preflight, inside)}"


def _curl() -> str:
    line = ("PUT", "https://api.example/a b?c='d'")
    headers = [
        ("Origin", PAGE), ("Accept", "*/*"), ("accept", "text/html"), ("Sec-Fetch-Mode", "cors"), ("Cookie", "a=b"),
        ("Authorization", "Bearer x"), ("X-Api-Key", "k"), ("X-CSRF-Token", "t"), ("Proxy-Authorization", "p"), ("X-A", "it's"),
    ]  # fmt: skip
    actual = Exchange("actual", *line, headers, 200, "", [])
    return "\n".join(
        [
            curl(actual),
            curl(actual, b"{\"a\": 'b'}"),
            curl(actual, b"\xff"),
            curl(actual._replace(kind="preflight"), b"x"),
        ]
    )


def _texts() -> Texts:
    found: dict[str, Callable[[], str]] = {
        name: functools.partial(recognised, *parts) for name, parts in SIGNATURES.items()
    }
    found["several responses"] = _several
    for name, answer in OUTSIDE.items():
        for software, signature in PROXIES.items():
            found[f"{software} sends {name}"] = functools.partial(compared, answer, signature, "PUT")
    found["nginx sends another status, GET"] = functools.partial(
        compared, OUTSIDE["another status"], PROXIES["nginx"], "GET"
    )
    found["what cannot be compared"] = _not_sent
    found["the line for curl"] = _curl
    found["a page"] = lambda: str(is_page(exchange((), HTML, 200)))
    found["no response"] = lambda: f"{was_cached(None)} {is_page(None)} {is_refusal(None)} {responsible([], None)}"
    return found


TEXTS = _texts()
