"""What to write where the response is an error page: the body is too large, nothing is behind the proxy, or a 500."""

from __future__ import annotations

import re

from .cases import Case
from .servers import PROXIES, PROXY_STATUSES

_TOO_LARGE = {
    "nginx": "write client_max_body_size 20m; in the server block of nginx, with the size that you need",
    "apache": "write LimitRequestBody 20971520 in the <VirtualHost> of Apache, with the bytes that you need",
    "express": "write app.use(express.json({ limit: '20mb' })), with the size that you need",
    "flask": "write app.config['MAX_CONTENT_LENGTH'] = 20 * 1024 * 1024, with the bytes that you need",
    "django": "write DATA_UPLOAD_MAX_MEMORY_SIZE = 20971520 in settings.py, with the bytes that you need",
    "php": "write post_max_size = 20M and upload_max_filesize = 20M in php.ini, with the sizes that you need",
}
_TIMEOUTS = {"nginx": "proxy_read_timeout", "apache": "ProxyTimeout"}
_ON_ERRORS = {
    "express": "app.use(cors(...)) above the routes adds the headers to error pages, too",
    "fastapi": "add_middleware() adds no headers to unhandled exceptions. Write as the last line of the module "
    "instead: app = CORSMiddleware(app, allow_origins=[...])",
    "flask-crossorigin": "CORS(app, origins=[...]) adds the headers to error pages, too",
    "flask": "CORS(app, origins=[...]) of flask-crossorigin adds the headers to error pages, too",
    "django": "CorsMiddleware adds the headers to error pages if it is the first in MIDDLEWARE",
    "php": "send the header() lines first in the script, so that errors have them, too",
    "nginx": "end each add_header line with always: without it, nginx adds no header to errors",
    "apache": "write Header always set instead of Header set: without always, Apache adds no header to errors",
}


def error_page(case: Case) -> str | None:
    """Return what to write if the response is an error page of the server or a proxy, or ``None``."""
    name, body = case.responsible.name, case.exchange.body if case.exchange is not None else b""
    if b"Not allowed by CORS" in body:
        return (
            f"the function origin of cors() refused {case.origin!r}: if you trust this page, add it to the list there"
        )
    if case.status == 504 and case.software in PROXIES:
        limit = _TIMEOUTS.get(case.software, "the time limit")
        return (
            f"the application behind {name} did not answer in time: find out why it is slow, or raise {limit} in {name}"
        )
    if case.status == 413:
        return _TOO_LARGE.get(case.software, "allow larger request bodies in the server, or send less")
    if case.status in PROXY_STATUSES and case.software in PROXIES:
        return f"start the application behind {name}, or correct its address in {name}; the log of {name} says more"
    if case.status >= 500:
        then = _ON_ERRORS.get(case.software, "the headers have to be on error pages, too")
        return f"{correct(case)}. To let the page read such errors: {then}"
    return None


def correct(case: Case) -> str:
    """Return where the error is that has to be corrected."""
    return f"correct the error {case.raised}" if case.raised else "look for the error in the server's log"


def headers_already_sent(case: Case) -> str | None:
    """Return what PHP writes into a page whose headers came too late, or ``None``."""
    body = case.exchange.body.decode("utf-8", "replace") if case.exchange is not None else ""
    start = body.find("headers already sent")
    text = re.sub("<[^>]*>", "", body[start : start + 300])
    return " ".join(re.sub(r"(on line \d+).*", r"\1", text, flags=re.DOTALL).split()) if start >= 0 else None
