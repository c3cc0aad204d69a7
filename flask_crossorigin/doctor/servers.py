"""Who answered: the software that responses name in their headers, cookies and error pages.

A response can show several layers: a cache, a proxy, an application. Each is reported with the evidence, and with
whether it is certain. https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Server
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from ..browser.checks import ORIGIN, get
from ..browser.client import Exchange
from ..standard.headers import list_elements

Software = Literal[
    "flask-crossorigin", "flask-cors", "flask", "wsgi", "django", "express", "fastapi", "php",
    "nginx", "apache", "cache", "frontend", "airplay", "unknown",
]  # fmt: skip
PROXIES: tuple[Software, ...] = ("nginx", "apache", "cache")


class Layer(NamedTuple):
    """One program that handled a request. *name*: as people call it. *evidence*: what shows it."""

    software: Software
    name: str
    is_certain: bool
    evidence: str


# A header, a part of its value in lower case, the software, its name, and whether it is certain.
_HEADERS: tuple[tuple[str, str, Software, str, bool], ...] = (
    ("server", "airtunes", "airplay", "macOS AirPlay Receiver", True),
    ("x-cors-debug", "", "flask-crossorigin", "flask-crossorigin", True),
    ("x-powered-by", "express", "express", "Express", True),
    ("x-powered-by", "php", "php", "PHP", True),
    ("x-powered-by", "next.js", "frontend", "Next.js", True),
    ("x-powered-by", "asp.net", "unknown", "ASP.NET", True),
    ("server", "kestrel", "unknown", "ASP.NET", True),
    ("server", "microsoft-iis", "unknown", "IIS", True),
    ("server", "simplehttp", "unknown", "python -m http.server", True),
    ("server", "werkzeug", "flask", "Flask", False),  # Werkzeug's development server: nearly always Flask
    # The server of the standard library; Django's runserver uses it, and shows more.
    ("server", "wsgiserver", "wsgi", "a Python application under wsgiref", False),
    ("server", "daphne", "django", "Django", False),
    ("server", "uvicorn", "fastapi", "FastAPI", False),
    ("server", "hypercorn", "fastapi", "FastAPI", False),
    ("server", "gunicorn", "wsgi", "a Python application under gunicorn", False),
    ("server", "waitress", "wsgi", "a Python application under waitress", False),
    ("server", "cheroot", "wsgi", "a Python application under cheroot", False),
    ("server", "nginx", "nginx", "nginx", True),
    ("server", "openresty", "nginx", "OpenResty (nginx)", True),
    ("server", "apache", "apache", "Apache", True),
    ("cf-ray", "", "cache", "Cloudflare", True),
    ("server", "cloudflare", "cache", "Cloudflare", True),
    ("x-amz-cf-id", "", "cache", "Amazon CloudFront", True),
    ("x-amzn-requestid", "", "cache", "Amazon API Gateway", True),
    ("x-vercel-id", "", "cache", "Vercel", True),
    ("x-served-by", "cache-", "cache", "Fastly", True),
    ("x-varnish", "", "cache", "Varnish", True),
    ("server", "akamai", "cache", "Akamai", True),
    ("server", "caddy", "cache", "Caddy", True),
    ("server", "awselb", "cache", "an AWS load balancer", True),
    ("server", "envoy", "cache", "Envoy", True),
    ("x-cache", "", "cache", "a cache", True),
    ("x-cache-status", "", "cache", "a cache", True),
    ("age", "", "cache", "a cache", True),
    ("via", "", "cache", "a proxy", True),
)
_COOKIES: tuple[tuple[str, Software, str], ...] = (
    (r"connect\.sid=", "express", "Express"),
    (r"PHPSESSID=|laravel_session=", "php", "PHP"),
    (r"csrftoken=|sessionid=", "django", "Django"),
    (r"session=\.?eJ", "flask", "Flask"),
)
# Error pages and redirects have the shape of the software that wrote them.
_BODIES: tuple[tuple[str, Software, str, bool], ...] = (
    (r"^Origin not allowed$", "flask-crossorigin", "flask-crossorigin", True),
    (r"^Method not allowed$", "flask-crossorigin", "flask-crossorigin", False),
    (r"Disallowed CORS (?:origin|method|headers)", "fastapi", "FastAPI", True),
    (r"<pre>Cannot [A-Z]+ /", "express", "Express", True),
    (r'^\{"detail":"(?:Not Found|Method Not Allowed|Not authenticated)"\}$', "fastapi", "FastAPI", True),
    (r"/@vite/client|__NEXT_DATA__|/_next/static|webpack-dev-server", "frontend", "a server of the front end", True),
    (r"Using the URLconf defined in|DJANGO_SETTINGS_MODULE|CSRF verification failed", "django", "Django", True),
    (r"seeing this error because you have <code>DEBUG|<h1>Server Error \(500\)</h1>", "django", "Django", True),
    (r"<h1>Bad Request \(400\)</h1>", "django", "Django", True),
    (r"<h1>Not Found</h1><p>The requested resource was not found on this server\.</p>", "django", "Django", True),
    (r"<b>(?:Warning|Fatal error|Notice|Deprecated|Parse error)</b>:.{0,2000}?on line <b>\d", "php", "PHP", True),
    (r"(?:PHP )?(?:Warning|Fatal error): .{0,2000}? on line \d", "php", "PHP", True),
    (r"<hr><center>(?:nginx|openresty)", "nginx", "nginx", True),
    (r"<!DOCTYPE HTML PUBLIC \"-//IETF//DTD HTML 2\.0//EN\">(?!.{0,99}<title>Error: )", "apache", "Apache", True),
    (r"<!DOCTYPE HTML PUBLIC .{0,99}<title>Error: \d{3} ", "wsgi", "Bottle", True),
    (r"<!doctype html>\s*<html lang=en>\s*<title>(?:\d{3} [\w ]+|Redirecting\.\.\.)</title>", "flask", "Flask", False),
)  # fmt: skip


_PAGE = "its page with the status"
# A path that no server has: frameworks differ in their pages for it.
MISSING_PATH = "/flask-crossorigin-asks-for-a-page-that-is-not-there"
# The server of a Python application says less than what shows the framework.
_BETTER: dict[Software, tuple[Software, ...]] = {
    "flask-crossorigin": ("flask", "wsgi"),
    "django": ("wsgi", "flask"),
    "flask": ("wsgi",),
    "fastapi": ("wsgi",),
}


def layers(exchanges: Sequence[Exchange]) -> tuple[Layer, ...]:
    """Return every layer that the responses show, each once: what is certain first."""
    found: dict[Software, Layer] = {}
    for exchange in exchanges:
        for layer in _of(exchange):
            if layer.software not in found or (layer.is_certain and not found[layer.software].is_certain):
                found[layer.software] = layer
    for better, worse in _BETTER.items():
        if better in found:
            for each in worse:
                found.pop(each, None)
    return tuple(sorted(found.values(), key=lambda layer: not layer.is_certain))


def _of(exchange: Exchange) -> Iterator[Layer]:
    headers = exchange.response_headers
    for header, part, software, name, is_certain in _HEADERS:
        value = get(headers, header)
        if value is not None and part in value.lower():
            yield Layer(software, name, is_certain, f"{header}: {value}")
    for expression, software, name in _COOKIES:
        for each, value in headers:
            if each.lower() == "set-cookie" and re.match(expression, value):
                yield Layer(software, name, True, f"the cookie {value.partition('=')[0]}")
    body = exchange.body[:20_000].decode("utf-8", "replace")
    for expression, software, name, is_certain in _BODIES:
        if re.search(expression, body, re.DOTALL):
            missing = " for a URL that does not exist" if exchange.url.endswith(MISSING_PATH) else ""
            yield Layer(software, name, is_certain, f"{_PAGE} {exchange.status}{missing}")
    if "origin" in list_elements(get(headers, "vary") or ""):
        yield Layer("django", "Django with django-cors-headers", False, "Vary: origin, in lower case")
    if get(headers, "cross-origin-opener-policy") == "same-origin" and get(headers, "x-frame-options") == "DENY":
        yield Layer("django", "Django", False, "Cross-Origin-Opener-Policy and X-Frame-Options as Django sends them")


def responsible(found: Sequence[Layer], exchange: Exchange | None) -> Layer:
    """Return the layer that has to change so that *exchange*, which failed, succeeds."""
    if exchange is not None and (own := _author(exchange)) is not None:
        return own
    proxies = [layer for layer in found if layer.software in PROXIES]
    applications = [layer for layer in found if layer.software not in PROXIES]
    if exchange is not None and exchange.status in PROXY_STATUSES and proxies:
        return proxies[0]
    return next(iter([*applications, *proxies]), UNKNOWN)


def proxy(exchange: Exchange) -> Layer | None:
    """Return the proxy, web server or cache that a response shows, or ``None``."""
    return next((layer for layer in layers([exchange]) if layer.software in PROXIES), None)


def _author(exchange: Exchange) -> Layer | None:
    """Return the proxy that wrote the error page itself, although an application is behind it."""
    pages = (layer for layer in _of(exchange) if layer.evidence.startswith(_PAGE) and layer.software in PROXIES)
    return next(pages, None) if exchange.status >= 400 else None


PROXY_STATUSES = (413, 414, 494, 502, 503, 504)
UNKNOWN = Layer("unknown", "the server", False, "")


def has_policy(exchanges: Iterable[Exchange]) -> bool:
    """Report whether some program decides by the origin here, although it allows none: so a list exists somewhere."""
    return any(
        is_refusal(each)
        or get(each.response_headers, "x-cors-debug") is not None
        or b"Disallowed CORS" in each.body
        or b"Not allowed by CORS" in each.body
        or (get(each.response_headers, ORIGIN) is None and _varies_by_origin(each))
        for each in exchanges
    )


def _varies_by_origin(exchange: Exchange) -> bool:
    return "origin" in {name.lower() for name in list_elements(get(exchange.response_headers, "vary") or "")}


def was_cached(exchange: Exchange | None) -> bool:
    """Report whether a cache answered in the server's place."""
    if exchange is None:
        return False
    age = get(exchange.response_headers, "age")
    said = [get(exchange.response_headers, name) or "" for name in _CACHE_HEADERS]
    return (age is not None and age.strip() not in ("", "0")) or any("hit" in each.lower() for each in said)


_CACHE_HEADERS = ("x-cache", "x-cache-status", "cf-cache-status", "x-proxy-cache")


def is_page(exchange: Exchange | None) -> bool:
    """Report whether a response is a whole HTML page."""
    start = exchange.body[:200].lstrip().lower() if exchange is not None else b""
    return start.startswith((b"<!doctype html", b"<html"))


def is_refusal(exchange: Exchange | None) -> bool:
    """Report whether a response is this library's answer to a request that it refuses."""
    return exchange is not None and exchange.status == 403 and exchange.body in (b"Origin not allowed", _METHOD_REFUSED)


def is_method_refusal(exchange: Exchange | None) -> bool:
    """Report whether a response is this library's answer to a preflight for a method that is not listed."""
    return exchange is not None and is_refusal(exchange) and exchange.body == _METHOD_REFUSED


_METHOD_REFUSED = b"Method not allowed"
