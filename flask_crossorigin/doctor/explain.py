"""Reads a message of a browser's console, as people paste it, and says what it means.

Recognises the texts of ``browser.console`` in old and new wording, with any quotes, line breaks and text around them.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple, TypeAlias

from ..browser.console import TEXTS
from ..browser.failures import Kind, kind_of, kinds_of
from ..browser.urls import parse
from . import net_errors
from .console_patterns import CONTEXT, PATTERNS, STARTS, Pattern

MAX_TEXT = 20_000  # characters that are looked at


ExplainedKind: TypeAlias = Kind | Literal["unknown", "hidden", "no-scheme", "not-http"]


class Explanation(NamedTuple):
    """What a text says. *check*: what failed, ``unknown`` if it does not say.

    *kinds*: what it may mean, the likelier first; several where the text does not tell. *found*: what it names, such
    as ``url``, ``origin``, ``method``, ``header``, ``status``. *how_to_tell*: how to find out which of *kinds* it is.
    """

    engine: str
    kinds: tuple[ExplainedKind, ...]
    found: dict[str, str]
    how_to_tell: str = ""
    check: str = ""


def explain_all(text: str) -> list[Explanation]:
    """Return what each message in *text* says, each failure once, even if several browsers report it."""
    found: dict[tuple[str, ...], Explanation] = {}
    for said in _each_line(_flat(text)):
        place = parse(said.found.get("url", ""))
        key = (said.check, said.found.get("header", "").lower(), said.found.get("method", ""))
        known = found.setdefault((*key, str(place)), said)
        known.found.update({name: value for name, value in said.found.items() if name not in known.found})
    # A general line follows each that names the reason.
    telling = [each for each in found.values() if each.check not in ("unknown", "network")]
    named = telling or [each for each in found.values() if each.check == "network"] or [*found.values()]
    return named if len(named) < 2 else [each for each in named if "url" in each.found] or named[:1]


def _each_line(flat: str) -> list[Explanation]:
    """Return what each message says; Safari names the URL in a second line, which belongs to the first."""
    lines: list[Explanation] = []
    for said in filter(None, map(explain, filter(None, STARTS.split(flat)))):
        if said.check == "unknown" and "url" in said.found and lines and "url" not in lines[-1].found:
            lines[-1].found["url"] = said.found["url"]
        else:
            lines.append(said)
    return lines


def _flat(text: str) -> str:
    return re.sub('[‘’“”"`´]', "'", re.sub(r"\s+", " ", text[:MAX_TEXT]))  # noqa: RUF001 (Firefox's quotes)


def explain(text: str) -> Explanation | None:
    """Return what *text* says, or ``None`` if it is not a browser's message about a blocked request."""
    flat = _flat(text)
    hits = [(each, match) for each in PATTERNS if (match := re.search(each.expression, flat))]
    if not hits:
        return _cut(flat)
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
    if pattern.check == "scheme" and pattern.engine != "safari":  # whose text is about redirects alone
        return _of_scheme(pattern.engine, flat, found)
    error = net_errors.meaning(flat) if pattern.check in ("network", "unknown") else None
    if error is not None:
        return Explanation(pattern.engine, ("network",), found | {"error": error[0]}, check="network")
    return Explanation(pattern.engine, *_kinds(pattern, flat, found), check=pattern.check)


def _of_scheme(engine: str, flat: str, found: dict[str, str]) -> Explanation:
    """Explain a text about a URL that is not http: it has another scheme or none, or redirects to another."""
    named = re.search(r"(?:Access to [\w ]+ at|remote resource at|cannot load) '?(?P<v>[^\s']+)", flat)
    text = found.get("url") or (named["v"].rstrip(".,;:") if named is not None else "")
    url = parse(text)
    if url is not None and (url.is_http or "(redirected from" in flat):
        value = {} if url.is_http else {"value": url.scheme}
        return Explanation(engine, kinds_of("scheme"), found | value, check="scheme")
    if re.match(r"[\w.-]+:\d", text) is not None:  # localhost:5000, of which localhost is the scheme
        return Explanation(engine, ("no-scheme",), found | {"url": hidden(f"http://{text}")}, check="scheme")
    return Explanation(engine, ("not-http",), found, check="scheme")


def _cut(flat: str) -> Explanation | None:
    """Return what a message says whose end is missing, by the beginnings of the browsers' texts."""
    start = re.search(r"blocked by CORS policy:?|Reason: |Cross-Origin Request Blocked", flat)
    if start is None:
        return None
    rest = flat[start.end() :].strip().removeprefix("Response to preflight request doesn't pass access control check:")
    rest = rest.strip(" .")
    for check, texts in TEXTS.items():
        for engine, text in zip(("chrome", "firefox", "safari"), texts[:3], strict=True):
            beginning = _flat(text).partition("{")[0]
            if len(rest) >= _TELLING and beginning.startswith(rest):
                pattern = Pattern(engine, check, "")
                return Explanation(engine, *_kinds(pattern, flat, _context(flat)), check=check)
    return Explanation("chrome", ("unknown",), _context(flat), "the end of the message is missing", check="unknown")


_TELLING = 12  # characters of a text's beginning, which no other text has


def _kinds(pattern: Pattern, flat: str, found: dict[str, str]) -> tuple[tuple[ExplainedKind, ...], dict[str, str], str]:
    check = pattern.check
    if check == "unknown":
        kind: ExplainedKind = "hidden" if "status" in found else "unknown"
        return (kind,), found, "the browser's network panel shows whether a response came, and with which headers"
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
    for name, expression in CONTEXT:
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
