"""What a console message means: its cause, the fix, and the command that repeats the request."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping
from typing import NamedTuple, cast

from ..browser.console import Place, mdn_page
from ..browser.failures import FAILURES, Check, Failure, Kind
from ..browser.urls import parse
from ..browser.values import Blocked, Credentials, Request
from . import net_errors
from .advice import remedy
from .cases import Case, Server
from .explain import ExplainedKind, Explanation
from .fixes import NAMES
from .servers import Layer, Software
from .titles import title


class Meaning(NamedTuple):
    """One kind in words."""

    kind: str
    cause: str
    fix: str
    link: str
    mdn: str


_WITHOUT_KIND = {
    "unknown": Meaning(
        "unknown",
        "JavaScript learns only that the request failed: the cause can be CORS, the network, TLS or an ad blocker",
        "copy the line of the browser's console that names the reason, or run the command below",
        "",
        "",
    ),
    "hidden": Meaning(
        "hidden",
        "the server answered, and the browser hides the response from JavaScript: this is CORS",
        "copy the line above this one from the browser's console: it names the reason. Or run the command below",
        "",
        "",
    ),
    "not-http": Meaning(
        "not-http",
        "the page or the URL is not http: a page that is opened as a file cannot load other files",
        "serve the folder over http: python -m http.server 8000, and open http://localhost:8000",
        "",
        "https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS/Errors/CORSRequestNotHttp",
    ),
}


def meanings(explanation: Explanation, software: Software | None = None) -> Iterator[Meaning]:
    """Yield each kind that a text may mean, in words; the fix in those of *software*, if it is known."""
    for kind in explanation.kinds:
        if (without := _WITHOUT_KIND.get(kind)) is not None:
            yield without
        elif kind == "no-scheme":
            yield _without_scheme(explanation.found["url"])
        elif (
            kind == "network"
            and (error := net_errors.meaning(f"net::{explanation.found.get('error', '')}")) is not None
        ):
            yield Meaning(kind, f"{error[1]} ({error[0]})", error[2], "", "")
        else:
            yield _meaning(cast("Kind", kind), explanation.found, software)


def _without_scheme(url: str) -> Meaning:
    cause = f"the URL has no scheme: the browser takes {url[7:].partition(':')[0]!r} for one"
    return Meaning(
        "no-scheme",
        cause,
        f"write http:// or https:// in front, as in fetch({url!r})",
        "",
        _WITHOUT_KIND["not-http"].mdn,
    )


def assumed(explanation: Explanation) -> str:
    """Return what an explanation takes for granted because the text does not say it; empty if nothing."""
    if "origin" in explanation.found or explanation.check in ("unknown", "network", "scheme"):
        return ""
    return (
        "The message does not say which page sent the request. Write the page's origin in place of "
        "https://app.example: it is the address in the browser, up to the first slash after the host"
    )


# Checks whose sentence names a value; a text that was cut may not have it.
_NAMES_A_VALUE = frozenset[Check](
    {"acao-multiple", "acao-invalid", "acao-mismatch", "acam-unparsable", "acah-unparsable", "method", "scheme"}
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


def request_of(explanation: Explanation) -> Request:
    """Return the request of a text, as far as it names it; with a header, if there has to be a preflight."""
    found = explanation.found
    method = found.get("method", "GET")
    headers: tuple[tuple[str, str], ...] = ()
    if "header" in found:
        headers = ((found["header"], "x"),)
    elif method in ("GET", "HEAD", "POST") and _is_of_preflight(explanation.kinds[0]):
        headers = (("Content-Type", "application/json"),)
    has_credentials = explanation.check in ("acao-wildcard-credentials", "acac")
    credentials: Credentials = "include" if has_credentials else "same-origin"
    return Request(url=found.get("url", "URL"), method=method, headers=headers, credentials=credentials)


def check_command(explanation: Explanation) -> str:
    """Return the command that repeats the request of a text, with examples where the text does not say.

    Empty where the URL is not http.
    """
    found = explanation.found
    url = parse(found.get("url", ""))
    if url is not None and not url.is_http:
        return ""
    request = request_of(explanation)
    parts = ["flask-crossorigin", "check", *([request.method] if request.method != "GET" else []), request.url]
    parts += ["--origin", found.get("origin", "https://app.example")]
    for name, value in request.headers:
        parts += ["-H", f"{name}: {value}"]
    parts += ["--credentials"] if request.credentials == "include" else []
    return shlex.join(parts)  # the message comes from a page, which chooses the names in it


def _is_of_preflight(kind: ExplainedKind) -> bool:
    row = FAILURES.get(cast("Kind", kind))
    return row is not None and row.stage == "preflight"
