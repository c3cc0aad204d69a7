"""How the lines of a browser's console are recognised: in old and new wording, one expression for each reason."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from ..browser.failures import Check


class Pattern(NamedTuple):
    """One reason, as one engine writes it. *check*: what failed, ``unknown`` where the line does not say."""

    engine: str
    check: Check | Literal["unknown"]
    expression: str


_LINES: tuple[tuple[str, Check | Literal["unknown"], str], ...] = (
    # Chromium
    ("chrome", "acao-missing", r"No 'Access-Control-Allow-Origin' header is present"),
    ("chrome", "acao-wildcard-credentials", r"must not be the wildcard '\*' when the request's credentials mode is 'include'"),
    ("chrome", "acao-wildcard-credentials", r"(?:A wildcard '\*' cannot be used in the 'Access-Control-Allow-Origin' header when the credentials flag is true)"),
    ("chrome", "acao-multiple", r"'Access-Control-Allow-Origin' header contains multiple values '(?P<value>[^']*)'"),
    ("chrome", "acao-invalid", r"'Access-Control-Allow-Origin' header contains the invalid value '(?P<value>[^']*)'"),
    ("chrome", "acao-mismatch", r"'Access-Control-Allow-Origin' header has a value '(?P<value>[^']*)' that is not equal to the supplied origin"),
    ("chrome", "acac", r"'Access-Control-Allow-Credentials' header in the response is '(?P<value>[^']*)' which must be 'true'"),
    ("chrome", "acac", r"Credentials flag is 'true', but the 'Access-Control-Allow-Credentials' header is '(?P<value>[^']*)'"),
    ("chrome", "status", r"It does not have HTTP ok status"),
    ("chrome", "status", r"Response for preflight (?:has invalid HTTP status code|is invalid) ?(?P<status>\d{3})?"),
    ("chrome", "redirect", r"Redirect is not allowed for a preflight request"),
    ("chrome", "acam-unparsable", r"Cannot parse Access-Control-Allow-Methods response header"),
    ("chrome", "acah-unparsable", r"Cannot parse Access-Control-Allow-Headers response header"),
    ("chrome", "method", r"Method (?P<method>\S+) is not allowed by Access-Control-Allow-Methods in preflight response"),
    ("chrome", "header", r"Request header field (?P<header>\S+) is not allowed by Access-Control-Allow-Headers in preflight response"),
    ("chrome", "credentials", r"Redirect location '[^']*' contains a username and password"),
    ("chrome", "scheme", r"Cross origin requests are only supported for protocol schemes"),
    ("chrome", "scheme", r"URL scheme '[^']*' is not supported"),
    ("chrome", "same-origin", r"Cross origin requests are not allowed by request mode"),
    ("chrome", "lna-permission", r"Permission was denied for this request to access the '?(?P<value>\w+)'? address space"),
    ("chrome", "lna-insecure", r"The request client is not a secure context and the resource is in more-private address space '?(?P<value>\w+)'?"),
    ("chrome", "lna-mismatch", r"Request had a target IP address space of '?(?P<value>\w+)'?"),
    # Firefox
    ("firefox", "acao-missing", r"CORS header 'Access-Control-Allow-Origin' missing"),
    ("firefox", "acao-wildcard-credentials", r"Credential is not supported if the CORS header 'Access-Control-Allow-Origin' is '\*'"),
    ("firefox", "acao-multiple", r"Multiple CORS header 'Access-Control-Allow-Origin' not allowed"),
    ("firefox", "acao-mismatch", r"CORS header 'Access-Control-Allow-Origin' does not match '(?P<value>[^']*)'"),
    ("firefox", "acac", r"expected 'true' in CORS header 'Access-Control-Allow-Credentials'"),
    ("firefox", "status", r"CORS preflight (?:response did not succeed|channel did not succeed)"),
    ("firefox", "redirect", r"CORS request external redirect not allowed"),
    ("firefox", "acam-unparsable", r"invalid token '(?P<value>[^']*)' in CORS header 'Access-Control-Allow-Methods'"),
    ("firefox", "acah-unparsable", r"invalid token '(?P<value>[^']*)' in CORS header 'Access-Control-Allow-Headers'"),
    ("firefox", "method", r"Did not find method in CORS header 'Access-Control-Allow-Methods'"),
    ("firefox", "header", r"header '(?P<header>[^']*)' is not allowed according to header 'Access-Control-Allow-Headers'"),
    ("firefox", "header", r"missing token '(?P<header>[^']*)' in CORS header 'Access-Control-Allow-Headers'"),
    ("firefox", "scheme", r"CORS request not http"),
    ("firefox", "network", r"CORS request did not succeed"),
    # WebKit
    ("safari", "acao-missing", r"Origin (?P<origin>\S+) is not allowed by Access-Control-Allow-Origin"),
    ("safari", "acao-wildcard-credentials", r"Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true"),
    ("safari", "acao-multiple", r"Access-Control-Allow-Origin cannot contain more than one origin"),
    ("safari", "acac", r"Credentials flag is true, but Access-Control-Allow-Credentials is not 'true'"),
    ("safari", "status", r"Preflight response is not successful"),
    ("safari", "acam-unparsable", r"Header Access-Control-Allow-Methods has an invalid value"),
    ("safari", "acah-unparsable", r"Header Access-Control-Allow-Headers has an invalid value"),
    ("safari", "method", r"Method (?P<method>\S+) is not allowed by Access-Control-Allow-Methods"),
    ("safari", "header", r"Request header field (?P<header>\S+) is not allowed by Access-Control-Allow-Headers"),
    ("safari", "credentials", r"redirection URL \S+ has credentials"),
    ("safari", "scheme", r"cross-origin CORS redirection with non CORS scheme|FTP URLs are disabled"),
    ("safari", "limit", r"Load cannot follow more than 20 redirections"),
    ("safari", "mode", r"Not allowed to follow a redirection while loading"),
    ("safari", "same-origin", r"Unsafe attempt to load URL"),
    # What JavaScript and its libraries report, which names no cause.
    ("chrome", "unknown", r"TypeError: Failed to fetch"),
    ("firefox", "unknown", r"NetworkError when attempting to fetch resource"),
    ("safari", "unknown", r"(?:TypeError: )?Load failed|due to access control checks"),
    ("chrome", "unknown", r"Network Error|ERR_NETWORK|net::ERR_FAILED(?: (?P<status>\d{3}))?"),
    ("chrome", "network", r"net::ERR_(?!FAILED)\w+"),
    ("curl", "network", r"curl: \((?:6|7|28|35|52|56|60)\)"),
    ("chrome", "mixed-content", r"Mixed Content|[Bb]locked loading mixed active content|blocked:mixed-content"),
)  # fmt: skip
# Pasted texts lose their quotes.
PATTERNS = tuple(Pattern(engine, check, re.sub(r"(?<!\^)'", "'?", text)) for engine, check, text in _LINES)

# Where a message begins in a text with several.
STARTS = re.compile(
    r"(?=Access to [\w ]+? at '|Cross-Origin Request Blocked|(?:Fetch API|XMLHttpRequest) cannot load|Mixed Content:|curl: \("
    r"|(?<!policy: )(?<!check: )(?:Origin \S+ is not allowed by Access|Preflight response is not|Request header field \S+ is not allowed by Access"
    r"|Method \S+ is not allowed by Access|Credentials flag is true|Cannot use wildcard in|Access-Control-Allow-Origin cannot)"
    r"|(?:GET|POST|PUT|PATCH|DELETE|OPTIONS|HEAD) (?:https?|file)://\S+ net::|Failed to load resource:|TypeError: )"
)

_URL = r"(?:https?|wss?|file|ftp|chrome-extension|null)[^\s'<>)]*"
# What a text names besides its reason.
CONTEXT = (
    ("url", rf"(?:Access to [\w ]+ at|remote resource at|cannot load|load URL|XMLHttpRequest|(?:GET|POST|PUT|PATCH|DELETE|OPTIONS|HEAD)) '?(?P<v>{_URL})"),
    ("url", rf"curl\b[^|;]*?[' ](?P<v>{_URL})"),
    ("origin", r"from origin '?(?P<v>[^\s']+)"),
    ("status", r"[Ss]tatus(?: code)?:? ?\(?(?P<v>\d{3})"),
    ("method", r"\b(?P<v>GET|HEAD|POST|PUT|PATCH|DELETE)\b (?=https?://)"),
)  # fmt: skip
