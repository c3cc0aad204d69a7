"""Reads what a browser wrote on its console, as people paste it, and says what it means.

Recognises the texts of ``messages.py`` in old and new wording, whatever quotes, line breaks and noise are around them.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import NamedTuple

from ..browser.console import Place
from ..browser.failures import MDN, RULES, Failure
from ..browser.urls import parse
from ..browser.values import Blocked
from .advice import remedy, title

MAX_TEXT = 20_000  # characters that are looked at


_URL = r"(?:https?|wss?|file|ftp|chrome-extension|null)[^\s'<>)]*"


class Explanation(NamedTuple):
    """What a text says. *kinds*: what it may mean, the likelier first; two where the text cannot tell them apart.

    *found*: what it names: ``url``, ``origin``, ``method``, ``header``, ``status``, ``value``. *how_to_tell*: how to find
    out which of *kinds* it is.
    """

    engine: str
    kinds: tuple[str, ...]
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
    kind: str  # without response- or preflight-, where a text may be of both
    expression: str


_PREFLIGHT_OR_NOT = frozenset(
    {"acao-missing", "acao-wildcard-credentials", "acao-multiple", "acao-invalid", "acao-mismatch", "acac"}
)


_PATTERNS = tuple(
    _Pattern(engine, kind, re.sub(r"(?<!\^)'", "'?", expression))  # pasted texts lose their quotes
    for engine, kind, expression in (
        # Chromium
        ("chrome", "acao-missing", r"No 'Access-Control-Allow-Origin' header is present"),
        ("chrome", "acao-wildcard-credentials", r"must not be the wildcard '\*' when the request's credentials mode is 'include'"),
        ("chrome", "acao-wildcard-credentials", r"(?:A wildcard '\*' cannot be used in the 'Access-Control-Allow-Origin' header when the credentials flag is true)"),
        ("chrome", "acao-multiple", r"'Access-Control-Allow-Origin' header contains multiple values '(?P<value>[^']*)'"),
        ("chrome", "acao-invalid", r"'Access-Control-Allow-Origin' header contains the invalid value '(?P<value>[^']*)'"),
        ("chrome", "acao-mismatch", r"'Access-Control-Allow-Origin' header has a value '(?P<value>[^']*)' that is not equal to the supplied origin"),
        ("chrome", "acac", r"'Access-Control-Allow-Credentials' header in the response is '(?P<value>[^']*)' which must be 'true'"),
        ("chrome", "acac", r"Credentials flag is 'true', but the 'Access-Control-Allow-Credentials' header is '(?P<value>[^']*)'"),
        ("chrome", "preflight-status", r"It does not have HTTP ok status"),
        ("chrome", "preflight-status", r"Response for preflight (?:has invalid HTTP status code|is invalid) ?(?P<status>\d{3})?"),
        ("chrome", "preflight-redirect", r"Redirect is not allowed for a preflight request"),
        ("chrome", "preflight-acam-unparsable", r"Cannot parse Access-Control-Allow-Methods response header"),
        ("chrome", "preflight-acah-unparsable", r"Cannot parse Access-Control-Allow-Headers response header"),
        ("chrome", "preflight-method", r"Method (?P<method>\S+) is not allowed by Access-Control-Allow-Methods in preflight response"),
        ("chrome", "preflight-header", r"Request header field (?P<header>\S+) is not allowed by Access-Control-Allow-Headers in preflight response"),
        ("chrome", "redirect-credentials", r"Redirect location '[^']*' contains a username and password"),
        ("chrome", "redirect-scheme", r"Cross origin requests are only supported for protocol schemes"),
        ("chrome", "mode-same-origin", r"Cross origin requests are not allowed by request mode"),
        ("chrome", "lna-permission", r"Permission was denied for this request to access the '?(?P<value>\w+)'? address space"),
        ("chrome", "lna-insecure", r"The request client is not a secure context and the resource is in more-private address space '?(?P<value>\w+)'?"),
        ("chrome", "lna-mismatch", r"Request had a target IP address space of '?(?P<value>\w+)'?"),
        # Firefox
        ("firefox", "acao-missing", r"CORS header 'Access-Control-Allow-Origin' missing"),
        ("firefox", "acao-wildcard-credentials", r"Credential is not supported if the CORS header 'Access-Control-Allow-Origin' is '\*'"),
        ("firefox", "acao-multiple", r"Multiple CORS header 'Access-Control-Allow-Origin' not allowed"),
        ("firefox", "acao-mismatch", r"CORS header 'Access-Control-Allow-Origin' does not match '(?P<value>[^']*)'"),
        ("firefox", "acac", r"expected 'true' in CORS header 'Access-Control-Allow-Credentials'"),
        ("firefox", "preflight-status", r"CORS preflight (?:response did not succeed|channel did not succeed)"),
        ("firefox", "preflight-redirect", r"CORS request external redirect not allowed"),
        ("firefox", "preflight-acam-unparsable", r"invalid token '(?P<value>[^']*)' in CORS header 'Access-Control-Allow-Methods'"),
        ("firefox", "preflight-acah-unparsable", r"invalid token '(?P<value>[^']*)' in CORS header 'Access-Control-Allow-Headers'"),
        ("firefox", "preflight-method", r"Did not find method in CORS header 'Access-Control-Allow-Methods'"),
        ("firefox", "preflight-header", r"header '(?P<header>[^']*)' is not allowed according to header 'Access-Control-Allow-Headers'"),
        ("firefox", "preflight-header", r"missing token '(?P<header>[^']*)' in CORS header 'Access-Control-Allow-Headers'"),
        ("firefox", "redirect-scheme", r"CORS request not http"),
        ("firefox", "network", r"CORS request did not succeed"),
        # WebKit
        ("safari", "acao-missing", r"Origin (?P<origin>\S+) is not allowed by Access-Control-Allow-Origin"),
        ("safari", "acao-wildcard-credentials", r"Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true"),
        ("safari", "acao-multiple", r"Access-Control-Allow-Origin cannot contain more than one origin"),
        ("safari", "acac", r"Credentials flag is true, but Access-Control-Allow-Credentials is not 'true'"),
        ("safari", "preflight-status", r"Preflight response is not successful"),
        ("safari", "preflight-acam-unparsable", r"Header Access-Control-Allow-Methods has an invalid value"),
        ("safari", "preflight-acah-unparsable", r"Header Access-Control-Allow-Headers has an invalid value"),
        ("safari", "preflight-method", r"Method (?P<method>\S+) is not allowed by Access-Control-Allow-Methods"),
        ("safari", "preflight-header", r"Request header field (?P<header>\S+) is not allowed by Access-Control-Allow-Headers"),
        ("safari", "redirect-credentials", r"redirection URL \S+ has credentials"),
        ("safari", "redirect-scheme", r"cross-origin CORS redirection with non CORS scheme"),
        ("safari", "mode-same-origin", r"Unsafe attempt to load URL"),
        # What script and its libraries see, which names no cause.
        ("chrome", "unknown", r"TypeError: Failed to fetch"),
        ("firefox", "unknown", r"NetworkError when attempting to fetch resource"),
        ("safari", "unknown", r"(?:TypeError: )?Load failed|due to access control checks"),
        ("chrome", "unknown", r"Network Error|ERR_NETWORK|net::ERR_FAILED"),
        ("chrome", "network", r"net::ERR_(?:CONNECTION_REFUSED|NAME_NOT_RESOLVED|CERT_\w+|SSL_\w+|TIMED_OUT|EMPTY_RESPONSE|CONNECTION_RESET)"),
        ("curl", "network", r"curl: \((?:6|7|28|35|52|56|60)\)"),
        ("chrome", "mixed-content", r"Mixed Content|[Bb]locked loading mixed active content|blocked:mixed-content"),
    )
)  # fmt: skip


_CAUSES = {
    "unknown": (
        "script is told no more than this, whatever the reason: CORS, the network, TLS or a blocker",
        "copy the line on the browser's console that names the reason, or run the check below",
    ),
    "mixed-content": ("a page of https may not load from http; nothing was sent", "serve the API over https"),
}


def explain(text: str) -> Explanation | None:
    """Return what *text* says, or ``None`` if it is no message of a browser about a blocked request."""
    flat = re.sub('[‘’“”"`´]', "'", re.sub(r"\s+", " ", text[:MAX_TEXT]))  # noqa: RUF001 (Firefox's quotes)
    hits = [(each, match) for each in _PATTERNS if (match := re.search(each.expression, flat))]
    if not hits:
        return None
    # A failed preflight of Firefox has a second line that says nothing; the JavaScript error names no cause.
    telling = (
        [hit for hit in hits if hit[0].kind not in ("unknown", "network")]
        or [hit for hit in hits if hit[0].kind == "network"]
        or hits
    )
    pattern, match = telling[0]
    found = {name: value for name, value in match.groupdict().items() if value}
    found |= {name: value for name, value in _context(flat).items() if name not in found}
    found = {name: hidden(value) for name, value in found.items()}
    return Explanation(pattern.engine, *_kinds(pattern, flat, found))


def _kinds(pattern: _Pattern, flat: str, found: dict[str, str]) -> tuple[tuple[str, ...], dict[str, str], str]:
    kind = pattern.kind
    if kind == "unknown":
        return (("unknown",), found, "the browser's network panel shows whether a response came, and with what headers")
    if pattern.engine == "safari" and kind == "acao-missing":
        both = ("response-acao-missing", "response-acao-mismatch")
        return (
            both,
            found,
            "Safari writes the same for a missing and a wrong header, of preflight and response: run the check",
        )
    if pattern.engine == "safari" and kind == "preflight-status" and re.match("3", found.get("status", "")):
        return ("preflight-redirect",), found, ""
    if kind in _PREFLIGHT_OR_NOT:
        if "preflight request doesn" in flat:
            return (f"preflight-{kind}",), found, ""
        if pattern.engine == "chrome":
            return (f"response-{kind}",), found, ""
        how = "the text does not say whether it was the preflight or the request: run the check"
        return (f"response-{kind}", f"preflight-{kind}"), found, how
    return (kind,), found, ""


def _context(flat: str) -> dict[str, str]:
    """Return what a text names beside its reason."""
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
    """Return *value* without userinfo and the values of a URL's query, which may be secrets."""
    url = parse(value)
    if url is None or not url.is_http:
        return value
    query = None if url.query is None else re.sub(r"=[^&]*", "=***", url.query)
    kept = str(url._replace(userinfo="", query=query))
    return kept.removesuffix("/") if value.count("/") == 2 and kept.endswith("/") else kept


def meanings(explanation: Explanation) -> Iterator[Meaning]:
    """Yield each kind that a text may mean, in words."""
    found = explanation.found
    for kind in explanation.kinds:
        rule = RULES.get(kind)
        if rule is None:
            cause, fix = _CAUSES[kind]
            yield Meaning(kind, cause, fix, "", "")
            continue
        name = found.get("header") or found.get("method") or ""
        value = found.get("value") or found.get("method") or found.get("header") or ""
        place = Place(
            found.get("url", ""), found.get("origin", "https://app.example"), int(found.get("status", "0")) or None
        )
        blocked = Blocked(Failure(kind, value, name), place, "")
        named = value or not kind.endswith(("-multiple", "-invalid", "-mismatch", "-unparsable", "-method"))
        cause = title(blocked, None) if named else rule.step
        if kind.startswith("lna"):
            fix = "no header helps: serve the page over https, and let the user grant the permission"
        else:
            fix = remedy(blocked, None, place.origin)
        yield Meaning(kind, cause, fix, rule.link, MDN + rule.mdn if rule.mdn else "")


def check_command(explanation: Explanation) -> str:
    """Return the command that runs the request of a text again, with examples for what the text does not say."""
    found = explanation.found
    method = found.get("method", "GET")
    url = shlex.quote(found.get("url", "URL"))
    parts = ["python -m flask_crossorigin check", *([method] if method != "GET" else []), url]
    parts += ["--origin", found.get("origin", "https://app.example")]
    if "header" in found:
        parts.append(f"-H '{found['header']}: x'")
    elif method in ("GET", "HEAD", "POST") and explanation.kinds[0].startswith("preflight-"):
        parts.append("-H 'Content-Type: application/json'")  # so that there is a preflight to look at
    if any(kind.endswith(("credentials", "acac")) for kind in explanation.kinds):
        parts.append("--credentials")
    return " ".join(parts)
