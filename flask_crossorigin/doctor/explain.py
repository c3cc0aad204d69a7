"""Reads a message of a browser's console, as people paste it, and says what it means.

Recognises the texts of ``browser.console`` in old and new wording, with any quotes, line breaks and text around them.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from ..browser.console import Place, mdn_page
from ..browser.failures import FAILURES, Check, Failure, Kind, kind_of, kinds_of
from ..browser.urls import parse
from ..browser.values import Blocked, Request
from .advice import remedy
from .cases import Case, Server
from .fixes import NAMES
from .servers import Layer, Software
from .titles import title

MAX_TEXT = 20_000  # characters that are looked at


_URL = r"(?:https?|wss?|file|ftp|chrome-extension|null)[^\s'<>)]*"


class Explanation(NamedTuple):
    """What a text says. *kinds*: what it may mean, the likelier first; several where the text does not tell.

    *found*: what it names: ``url``, ``origin``, ``method``, ``header``, ``status``, ``value``. *how_to_tell*: how to
    find out which of *kinds* it is.
    """

    engine: str
    kinds: tuple[Kind | Literal["unknown"], ...]
    found: dict[str, str]
    how_to_tell: str = ""


class Meaning(NamedTuple):
    """One kind in words."""

    kind: str
    cause: str
    fix: str
    link: str
    mdn: str


class _Pattern(NamedTuple):
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
    ("safari", "scheme", r"cross-origin CORS redirection with non CORS scheme"),
    ("safari", "same-origin", r"Unsafe attempt to load URL"),
    # What JavaScript and its libraries report, which names no cause.
    ("chrome", "unknown", r"TypeError: Failed to fetch"),
    ("firefox", "unknown", r"NetworkError when attempting to fetch resource"),
    ("safari", "unknown", r"(?:TypeError: )?Load failed|due to access control checks"),
    ("chrome", "unknown", r"Network Error|ERR_NETWORK|net::ERR_FAILED"),
    ("chrome", "network", r"net::ERR_(?:CONNECTION_REFUSED|NAME_NOT_RESOLVED|CERT_\w+|SSL_\w+|TIMED_OUT|EMPTY_RESPONSE|CONNECTION_RESET)"),
    ("curl", "network", r"curl: \((?:6|7|28|35|52|56|60)\)"),
    ("chrome", "mixed-content", r"Mixed Content|[Bb]locked loading mixed active content|blocked:mixed-content"),
)  # fmt: skip
# Pasted texts lose their quotes.
_PATTERNS = tuple(_Pattern(engine, check, re.sub(r"(?<!\^)'", "'?", text)) for engine, check, text in _LINES)


_UNKNOWN = Meaning(
    "unknown",
    "JavaScript learns only that the request failed: the cause can be CORS, the network, TLS or an ad blocker",
    "copy the line of the browser's console that names the reason, or run the command below",
    "",
    "",
)


def explain(text: str) -> Explanation | None:
    """Return what *text* says, or ``None`` if it is not a browser's message about a blocked request."""
    flat = re.sub('[‘’“”"`´]', "'", re.sub(r"\s+", " ", text[:MAX_TEXT]))  # noqa: RUF001 (Firefox's quotes)
    hits = [(each, match) for each in _PATTERNS if (match := re.search(each.expression, flat))]
    if not hits:
        return None
    # Firefox writes a second, general line after a failed preflight, and JavaScript errors name no cause.
    telling = (
        [hit for hit in hits if hit[0].check not in ("unknown", "network")]
        or [hit for hit in hits if hit[0].check == "network"]
        or hits
    )
    pattern, match = telling[0]
    found = {name: value for name, value in match.groupdict().items() if value}
    found |= {name: value for name, value in _context(flat).items() if name not in found}
    found = {name: hidden(value) for name, value in found.items()}
    return Explanation(pattern.engine, *_kinds(pattern, flat, found))


def _kinds(
    pattern: _Pattern, flat: str, found: dict[str, str]
) -> tuple[tuple[Kind | Literal["unknown"], ...], dict[str, str], str]:
    check = pattern.check
    if check == "unknown":
        return (check,), found, "the browser's network panel shows whether a response came, and with which headers"
    if pattern.engine == "safari" and check == "acao-missing":
        how = (
            "Safari writes this for a missing header and for a wrong header, in the response to a preflight or in "
            "the response itself. To find out which, run the command below"
        )
        return ("response-acao-missing", "response-acao-mismatch"), found, how
    if pattern.engine == "safari" and check == "status" and re.match("3", found.get("status", "")):
        return ("preflight-redirect",), found, ""
    kinds = kinds_of(check)
    if len(kinds) > 1 and pattern.engine == "chrome":
        stage: Literal["preflight", "response"] = "preflight" if "preflight request doesn" in flat else "response"
        return (kind_of(stage, check),), found, ""
    if len(kinds) > 1:
        return kinds, found, "the text does not say whether the preflight or the request failed: run the command"
    return kinds, found, ""


def _context(flat: str) -> dict[str, str]:
    """Return what a text names besides its reason."""
    found: dict[str, str] = {}
    for name, expression in (
        ("url", rf"(?:Access to [\w ]+ at|remote resource at|cannot load|load URL|XMLHttpRequest|(?:GET|POST|PUT|PATCH|DELETE|OPTIONS|HEAD)) '?(?P<v>{_URL})"),
        ("url", rf"curl\b[^|;]*?[' ](?P<v>{_URL})"),
        ("origin", r"from origin '?(?P<v>[^\s']+)"),
        ("status", r"[Ss]tatus(?: code)?:? ?\(?(?P<v>\d{3})"),
        ("method", r"\b(?P<v>GET|HEAD|POST|PUT|PATCH|DELETE)\b (?=https?://)"),
    ):  # fmt: skip
        match = re.search(expression, flat)
        if match is not None and name not in found:
            found[name] = match["v"].rstrip(".,;:")
    return found


def hidden(value: str) -> str:
    """Return *value* without userinfo and without the values of a URL's query, which may be secrets."""
    url = parse(value)
    if url is None or not url.is_http:
        return value
    query = None if url.query is None else re.sub(r"=[^&]*", "=***", url.query)
    kept = str(url._replace(userinfo="", query=query))
    return kept.removesuffix("/") if value.count("/") == 2 and kept.endswith("/") else kept


def meanings(explanation: Explanation, software: Software | None = None) -> Iterator[Meaning]:
    """Yield each kind that a text may mean, in words; the fix in those of *software*, if it is known."""
    for kind in explanation.kinds:
        yield _UNKNOWN if kind == "unknown" else _meaning(kind, explanation.found, software)


# Checks whose sentence names a value; a text that was cut may not have it.
_NAMES_A_VALUE = frozenset[Check](
    {"acao-multiple", "acao-invalid", "acao-mismatch", "acam-unparsable", "acah-unparsable", "method"}
)


def _meaning(kind: Kind, found: Mapping[str, str], software: Software | None) -> Meaning:
    row = FAILURES[kind]
    name = found.get("header") or found.get("method") or ""
    value = found.get("value") or found.get("method") or found.get("header") or ""
    origin = found.get("origin", "https://app.example")
    place = Place(found.get("url", ""), origin, int(found.get("status", "0")) or None)
    blocked = Blocked(Failure(kind, value, name), place, "")
    layer = Layer(software, NAMES.get(software, software), True, "") if software is not None else None
    request = Request(url=found.get("url", ""), method=found.get("method", "GET"))
    case = Case(blocked=blocked, origin=origin, request=request, server=Server(where="unknown", software=layer))
    cause = title(case) if value or row.check not in _NAMES_A_VALUE else row.rule
    return Meaning(kind, cause, remedy(case), row.link, mdn_page(row.check))


def check_command(explanation: Explanation) -> str:
    """Return the command that repeats the request of a text, with examples where the text does not say."""
    found = explanation.found
    method = found.get("method", "GET")
    parts = ["flask-crossorigin", "check", *([method] if method != "GET" else []), found.get("url", "URL")]
    parts += ["--origin", found.get("origin", "https://app.example")]
    if "header" in found:
        parts += ["-H", f"{found['header']}: x"]
    elif method in ("GET", "HEAD", "POST") and _is_of_preflight(explanation.kinds[0]):
        parts += ["-H", "Content-Type: application/json"]  # so that there is a preflight to look at
    if any(kind != "unknown" and FAILURES[kind].check in _ABOUT_CREDENTIALS for kind in explanation.kinds):
        parts.append("--credentials")
    return shlex.join(parts)  # the message comes from a page, which chooses the names in it


_ABOUT_CREDENTIALS = frozenset[Check]({"acao-wildcard-credentials", "acac"})


def _is_of_preflight(kind: Kind | Literal["unknown"]) -> bool:
    return kind != "unknown" and FAILURES[kind].stage == "preflight"
