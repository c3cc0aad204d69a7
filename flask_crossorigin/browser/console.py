"""What the browsers write on their consoles, and which rule of the standard each kind of failure breaks.

Every kind of failure has one row. Texts are the engines' own, to the letter; they change with their versions.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from .failures import FIREFOX_NETWORK, FIREFOX_ORIGIN, RULES, SAFARI_ORIGIN, Failure, Rule

VALID = " Have the server send the header with a valid value."


XHR = (
    " The credentials mode of requests initiated by the XMLHttpRequest is controlled by the withCredentials attribute."
)


# What script is told, whatever the reason.
SEEN_BY_SCRIPT = {
    "standard": "TypeError",
    "chrome": "TypeError: Failed to fetch",
    "firefox": "TypeError: NetworkError when attempting to fetch resource.",
    "safari": "TypeError: Load failed",
}


class Place(NamedTuple):
    """Where a failure happened.

    *origin*: as it was sent, ``null`` after a redirect that taints it. *page*: the page's own, which Chromium writes.
    *first*: the URL before redirects. *to*: a redirect's target. *initiator*: ``fetch`` or ``XMLHttpRequest``.
    """

    url: str
    origin: str
    status: int | None = None
    first: str = ""
    to: str = ""
    initiator: str = "fetch"
    page: str = ""


def console_text(profile: str, failure: Failure, place: Place) -> str:
    """Return what the browser of *profile* writes about *failure*; the standard itself has no words, but steps."""
    rule = RULES[failure.kind]
    if profile == "standard":
        return rule.step
    values = {
        "url": place.url,
        "origin": place.origin,
        "status": "(null)" if place.status is None else str(place.status),
        "to": place.to,
        "value": failure.value,
        "name": failure.header,
        "hint": _escaped(failure.value),
        "xhr": XHR if place.initiator == "XMLHttpRequest" else "",
        "valid": VALID if place.initiator == "fetch" else "",
    }
    return _WRITERS[profile](rule, failure, place, values)


def _chrome(rule: Rule, failure: Failure, place: Place, values: Mapping[str, str]) -> str:
    if not rule.chrome:
        return ""
    url = place.to if failure.kind == "redirect-scheme" and place.to else place.url
    redirected = f"(redirected from '{place.first}') " if place.first and place.first != url else ""
    return (
        f"Access to {place.initiator} at '{url}' {redirected}from origin '{place.page or place.origin}' has been blocked by"
        f" CORS policy: {rule.chrome.format_map(values)}"
    )


def _firefox(rule: Rule, failure: Failure, place: Place, values: Mapping[str, str]) -> str:
    if not rule.firefox:
        return ""
    reason = rule.firefox
    quoted = place.url
    if failure.kind.endswith("acao-multiple") and failure.lines == 1:
        reason = FIREFOX_ORIGIN
    if failure.kind == "redirect-scheme" and place.to:
        reason = FIREFOX_NETWORK
    if failure.kind.endswith("wildcard-credentials"):
        quoted = f"‘{place.url}’"  # in this one text alone
    return (
        "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at "
        f"{quoted}. (Reason: {reason.format_map(values)}"
    )


def _safari(rule: Rule, failure: Failure, place: Place, values: Mapping[str, str]) -> str:
    text = rule.safari
    if failure.kind.endswith("acao-multiple") and "," not in failure.value:
        text = SAFARI_ORIGIN
    text = text.format_map(values)
    if place.to and failure.kind.startswith("response-"):
        return f"Cross-origin redirection to {place.to} denied by Cross-Origin Resource Sharing policy: {text}"
    return text


_WRITERS = {"chrome": _chrome, "firefox": _firefox, "safari": _safari}


def _escaped(value: str) -> str:
    return "".join(c if c.isascii() and c.isprintable() else f"\\u{ord(c):04X}" for c in value)
