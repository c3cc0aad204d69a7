"""What ``explain`` says of the browsers' messages, and of what else people paste."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from flask_crossorigin.browser.console import TEXTS as CONSOLE
from flask_crossorigin.browser.console import Place, console_text
from flask_crossorigin.browser.failures import FAILURES, Failure, Kind
from flask_crossorigin.doctor.explain import explain_all
from flask_crossorigin.doctor.meanings import check_command, meanings
from flask_crossorigin.doctor.servers import Software

from .recorded import Texts

URL, ORIGIN = "https://api.example/items", "http://localhost:3000"
ENGINES = ("chrome", "firefox", "safari", "standard")
# What a failure is about: value, header.
ABOUT: dict[str, tuple[str, str]] = {
    "acao-multiple": ("http://localhost:3000, *", ""),
    "acao-invalid": ("localhost:3000", ""),
    "acao-mismatch": ("https://b.example", ""),
    "acac": ("false", ""),
    "acam-unparsable": ("GET PUT", "GET PUT"),
    "acah-unparsable": ("x a", "x a"),
    "method": ("PATCH", ""),
    "header": ("x-api-key", "X-Api-Key"),
    "scheme": ("ftp", ""),
    "lna-permission": ("loopback", ""),
    "lna-insecure": ("local", ""),
    "lna-mismatch": ("local", "loopback"),
    "request": ("the method 'TRACE' is forbidden", ""),
    "bad-port": ("25", ""),
}


def message(kind: Kind, engine: str, **place: Any) -> str:
    value, header = ABOUT.get(FAILURES[kind].check, ("", ""))
    where = Place(URL, ORIGIN, 401 if kind == "preflight-status" else 200)._replace(**place)
    return console_text(engine, Failure(kind, value, header), where)


def listing(kind: Kind, name: str, engine: str = "chrome") -> str:
    """Return the message about a method or a header that is not listed."""
    return console_text(engine, Failure(kind, name, name), Place(URL, ORIGIN, 200))


def explained(text: str, software: Software | None = None) -> str:
    parts = []
    for found in explain_all(text):
        parts.append(f"{found.engine} {found.check} {' '.join(found.kinds)} {found.found}")
        parts += [
            f"- {each.kind}: {each.cause}\n{each.fix}\n{each.link} {each.mdn}" for each in meanings(found, software)
        ]
        parts += [found.how_to_tell, check_command(found)]
    return "\n".join(filter(None, parts)) or "nothing"


def said(kind: Kind, engine: str) -> str:
    text = message(kind, engine)
    return f"{text}\n\n{explained(text)}"


PASTED = {
    "nothing": "",
    "another message": "Uncaught ReferenceError: x is not defined",
    "a message of Chrome with no end": "Access to fetch at 'https://api.example/items' from origin 'http://localhost:3000' has been blocked by CORS policy: Response to pre",
    "a message of Chrome that ends in its reason": "Access to fetch at 'https://api.example/items' from origin 'http://localhost:3000' has been blocked by CORS policy: No 'Access-Control-Al",
    "a message of Firefox with no end": "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at https://api.example/items. (Reason: CORS preflight resp",
    "a secret in the query": "Access to fetch at 'https://u:p@api.example/items?token=s3cret&page' from origin 'http://localhost:3000' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.",
    "two messages": message("response-acao-missing", "chrome") + "\n" + message("preflight-header", "chrome", url="https://api.example/users"),
    "one failure in three browsers": "\n".join(message("response-acao-missing", each) for each in ENGINES[:3]),
    "Safari's redirect of a preflight": "Preflight response is not successful. Status code: 302",
    "Safari's two lines, for two URLs": "\n".join(
        f"[Error] Origin {ORIGIN} is not allowed by Access-Control-Allow-Origin. Status code: 200\n"
        f"[Error] Fetch API cannot load https://api.example/{path} due to access control checks."
        for path in ("a", "b")
    ),
    "a file": "Access to script at 'file:///home/me/app.js' from origin 'null' has been blocked by CORS policy: Cross origin requests are only supported for protocol schemes: http, https.",
    "a URL without a scheme": "Access to fetch at 'localhost:5000/api' from origin 'http://localhost:3000' has been blocked by CORS policy: Cross origin requests are only supported for protocol schemes: http, https.",
    "a URL without a scheme, in Firefox": "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at localhost:5000/api?token=s3cret. (Reason: CORS request not http).",
    "a URL without a scheme, in the text of fetch": 'Fetch API cannot load localhost:5000/api. URL scheme "localhost" is not supported.',
    "a URL with a scheme of its own": 'Fetch API cannot load app-data:items. URL scheme "app-data" is not supported.',
    "a scheme, and no URL": "Cross origin requests are only supported for protocol schemes: http, https.",
    "a redirect to another scheme": "Access to fetch at 'ftp://api.example/file' (redirected from 'https://api.example/items') from origin 'http://localhost:3000' has been blocked by CORS policy: Cross origin requests are only supported for protocol schemes: http, https.",
    "a redirect in Firefox": "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at https://api.example/items. (Reason: CORS request not http).",
    "the network error of a response that is hidden": "GET https://api.example/items net::ERR_FAILED 200 (OK)",
    "another language": "Blocage d’une requête multiorigine (Cross-Origin Request) : la politique « Same Origin » ne permet pas de consulter la ressource.",
    "axios": "AxiosError: Network Error code: 'ERR_NETWORK'",
    "what JavaScript sees in Firefox": "TypeError: NetworkError when attempting to fetch resource.",
    "what JavaScript sees in Safari": "TypeError: Load failed",
    "curl": "curl: (7) Failed to connect to api.example port 443",
    "mixed content": "Mixed Content: The page at 'https://app.example/' was loaded over HTTPS, but requested an insecure resource 'http://api.example/items'. This request has been blocked; the content must be served over HTTPS.",
    "the old text of a status": "Access to XMLHttpRequest at 'https://api.example/items' from origin 'http://localhost:3000' has been blocked by CORS policy: Response for preflight has invalid HTTP status code 401",
    "the old text of a wildcard": "XMLHttpRequest cannot load https://api.example/items. A wildcard '*' cannot be used in the 'Access-Control-Allow-Origin' header when the credentials flag is true. Origin 'http://localhost:3000' is therefore not allowed access.",
    "the old text of credentials": "XMLHttpRequest cannot load https://api.example/items. Credentials flag is 'true', but the 'Access-Control-Allow-Credentials' header is ''.",
    "the network error and the general line": "POST https://api.example/items net::ERR_FAILED\n" + message("preflight-status", "chrome"),
    "an unknown network error": "GET https://api.example/items net::ERR_SOMETHING_NEW",
    "two headers that are not listed": f"{listing('preflight-header', 'x-a')}\n{listing('preflight-header', 'x-b')}",
    "one header, in two browsers": f"{listing('preflight-header', 'x-a')}\n{listing('preflight-header', 'X-A', 'firefox')}",
    "two methods that are not listed": f"{listing('preflight-method', 'PUT')}\n{listing('preflight-method', 'PATCH')}",
    "one failure at two URLs": f"{message('response-acao-missing', 'chrome')}\n{message('response-acao-missing', 'chrome', url='https://api.example/b')}",
    "one failure twice": "\n".join([message("response-acao-missing", "chrome")] * 2),
    "two failures, of which one names its URL": f"{message('preflight-status', 'safari')}\n{message('response-acao-missing', 'chrome')}",
    "a failure of the network and what JavaScript sees": f"GET {URL} net::ERR_CONNECTION_REFUSED\nUncaught (in promise) TypeError: Failed to fetch",
    "what JavaScript sees in two browsers": "TypeError: Failed to fetch\nTypeError: Load failed",
    "two failures of the network": f"GET {URL} net::ERR_CONNECTION_REFUSED\nGET https://b.example/ net::ERR_NAME_NOT_RESOLVED",
    **{
        f"a message without its last {missing} characters": message("preflight-acao-missing", "chrome")[:-missing]
        for missing in (1, 2, 10, 30, 60, 90, 100)
    },
    "a message whose end is cut, with dots": message("preflight-acao-missing", "chrome")[:-20] + " ...",
    "a message with the text of a URL in it": f"{message('response-acao-missing', 'chrome')} (https://app.example/main.js:12:34)",
    "a header in a name that a shell would read": "Access to fetch at 'https://api.example/items' from origin 'http://localhost:3000' has been blocked by CORS policy: Request header field x;rm is not allowed by Access-Control-Allow-Headers in preflight response.",
}  # fmt: skip
NETWORK_ERRORS = (
    "CONNECTION_REFUSED", "NAME_NOT_RESOLVED", "SSL_PROTOCOL_ERROR", "CERT_DATE_INVALID", "SSL_VERSION_OR_CIPHER_MISMATCH",
    "TIMED_OUT", "CONNECTION_TIMED_OUT", "EMPTY_RESPONSE", "CONNECTION_RESET", "CONNECTION_CLOSED", "CONNECTION_ABORTED",
    "HTTP2_PROTOCOL_ERROR", "INCOMPLETE_CHUNKED_ENCODING", "CONTENT_LENGTH_MISMATCH", "BLOCKED_BY_CLIENT",
    "BLOCKED_BY_RESPONSE", "BLOCKED_BY_ORB", "BLOCKED_BY_PRIVATE_NETWORK_ACCESS_CHECKS", "BLOCKED_BY_LOCAL_NETWORK_ACCESS_CHECKS",
    "UNSAFE_PORT", "INTERNET_DISCONNECTED", "NETWORK_CHANGED", "ADDRESS_UNREACHABLE", "NETWORK_ACCESS_DENIED",
    "TOO_MANY_REDIRECTS", "ABORTED", "FILE_NOT_FOUND", "ACCESS_DENIED",
)  # fmt: skip
WORDED: tuple[Kind, ...] = (
    "response-acao-missing",
    "response-acao-wildcard-credentials",
    "response-acao-mismatch",
    "preflight-status",
    "preflight-redirect",
    "preflight-method",
    "preflight-header",
    "preflight-acam-unparsable",
)
SOFTWARE: tuple[Software, ...] = (
    "flask-crossorigin", "flask-cors", "wsgi", "django", "express", "fastapi", "php", "nginx", "apache",
)  # fmt: skip


def _texts() -> Texts:
    found: dict[str, Callable[[], str]] = {}
    for kind in FAILURES:
        for engine in ENGINES:
            found[f"{engine}: {kind}"] = functools.partial(said, kind, engine)
    for kind in WORDED:
        for software in SOFTWARE:
            found[f"{software}: {kind}"] = functools.partial(explained, message(kind, "chrome"), software)
    for name, text in PASTED.items():
        found[name] = functools.partial(explained, text)
    for error in NETWORK_ERRORS:
        found[f"ERR_{error}"] = functools.partial(explained, f"GET {URL} net::ERR_{error}")
    found["every engine's beginning is known"] = lambda: " ".join(sorted(CONSOLE))
    return found


TEXTS = _texts()
