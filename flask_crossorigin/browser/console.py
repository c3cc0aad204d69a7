"""What the browsers write to their consoles for each kind of failure: the engines' own texts, to the letter.

Texts change with the engines' versions; ``tests/e2e/test_engines.py`` compares them with real browsers.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from .failures import FAILURES, Check, Failure

_MDN = "https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS/Errors/"
# Chromium puts it before what it says of most checks of a preflight's response.
_CHECKED = "Response to preflight request doesn't pass access control check: "
# For fetch(), and for XMLHttpRequest, Chromium adds a hint.
_FETCH_HINT = " Have the server send the header with a valid value."
_XHR_HINT = (
    " The credentials mode of requests initiated by the XMLHttpRequest is controlled by the withCredentials attribute."
)
_WEBKIT_ORIGIN = "Origin {origin} is not allowed by Access-Control-Allow-Origin. Status code: {status}"
_WEBKIT_SCHEME = (
    "Cross-origin redirection to {to} denied by Cross-Origin Resource Sharing policy: not allowed to follow a"
    " cross-origin CORS redirection with non CORS scheme"
)
_FIREFOX_NETWORK = "CORS request did not succeed). Status code: (null)."
_FIREFOX_ORIGIN = "CORS header ‘Access-Control-Allow-Origin’ does not match ‘{value}’)."

# What JavaScript gets, whatever the reason.
JAVASCRIPT_ERRORS = {
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


class Texts(NamedTuple):
    """What each engine writes; empty where it has no text of its own. *mdn*: Mozilla's page, without its address."""

    chrome: str
    firefox: str
    safari: str
    mdn: str = ""


# By what failed: the engines use the same words for a preflight's response and for the response itself.
TEXTS: dict[Check, Texts] = {
    "acao-missing": Texts(
        "No 'Access-Control-Allow-Origin' header is present on the requested resource.",
        "CORS header ‘Access-Control-Allow-Origin’ missing). Status code: {status}.",
        _WEBKIT_ORIGIN,
        "CORSMissingAllowOrigin",
    ),
    "acao-wildcard-credentials": Texts(
        "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the"
        " request's credentials mode is 'include'.{xhr_hint}",
        "Credential is not supported if the CORS header ‘Access-Control-Allow-Origin’ is ‘*’).",
        "Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true.",
        "CORSNotSupportingCredentials",
    ),
    "acao-multiple": Texts(
        "The 'Access-Control-Allow-Origin' header contains multiple values '{hint}', but only one is allowed.{fetch_hint}",
        "Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed).",
        "Access-Control-Allow-Origin cannot contain more than one origin.",
        "CORSMultipleAllowOriginNotAllowed",
    ),
    "acao-invalid": Texts(
        "The 'Access-Control-Allow-Origin' header contains the invalid value '{hint}'.{fetch_hint}",
        _FIREFOX_ORIGIN,
        _WEBKIT_ORIGIN,
        "CORSAllowOriginNotMatchingOrigin",
    ),
    "acao-mismatch": Texts(
        "The 'Access-Control-Allow-Origin' header has a value '{hint}' that is not equal to the supplied origin.{fetch_hint}",
        _FIREFOX_ORIGIN,
        _WEBKIT_ORIGIN,
        "CORSAllowOriginNotMatchingOrigin",
    ),
    "acac": Texts(
        "The value of the 'Access-Control-Allow-Credentials' header in the response is '{hint}' which must be 'true'"
        " when the request's credentials mode is 'include'.{xhr_hint}",
        "expected ‘true’ in CORS header ‘Access-Control-Allow-Credentials’).",
        'Credentials flag is true, but Access-Control-Allow-Credentials is not "true".',
        "CORSMissingAllowCredentials",
    ),
    "status": Texts(
        "It does not have HTTP ok status.",
        "CORS preflight response did not succeed). Status code: {status}.",
        "Preflight response is not successful. Status code: {status}",
        "CORSPreflightDidNotSucceed",
    ),
    "redirect": Texts(
        "Redirect is not allowed for a preflight request.",
        "CORS request external redirect not allowed).",
        "Preflight response is not successful. Status code: {status}",
        "CORSExternalRedirectNotAllowed",
    ),
    "acam-unparsable": Texts(
        "Cannot parse Access-Control-Allow-Methods response header field in preflight response.",
        "invalid token ‘{name}’ in CORS header ‘Access-Control-Allow-Methods’).",
        "Header Access-Control-Allow-Methods has an invalid value: {value}",
        "CORSInvalidAllowMethod",
    ),
    "acah-unparsable": Texts(
        "Cannot parse Access-Control-Allow-Headers response header field in preflight response.",
        "invalid token ‘{name}’ in CORS header ‘Access-Control-Allow-Headers’).",
        "Header Access-Control-Allow-Headers has an invalid value: {value}",
        "CORSInvalidAllowHeader",
    ),
    "method": Texts(
        "Method {value} is not allowed by Access-Control-Allow-Methods in preflight response.",
        "Did not find method in CORS header ‘Access-Control-Allow-Methods’).",
        "Method {value} is not allowed by Access-Control-Allow-Methods.",
        "CORSMethodNotFound",
    ),
    "header": Texts(
        "Request header field {value} is not allowed by Access-Control-Allow-Headers in preflight response.",
        "header ‘{value}’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS preflight response).",
        "Request header field {name} is not allowed by Access-Control-Allow-Headers.",
        "CORSMissingAllowHeaderFromPreflight",
    ),
    "credentials": Texts(
        "Redirect location '' contains a username and password, which is disallowed for cross-origin requests.",
        _FIREFOX_NETWORK,
        "Cross-origin redirection to {bare} denied by Cross-Origin Resource Sharing policy: redirection URL {to} has credentials",
        "CORSDidNotSucceed",
    ),
    "scheme": Texts(
        "Cross origin requests are only supported for protocol schemes: chrome, chrome-experimental-site-token-provider, chrome-extension, chrome-untrusted, data, http,"
        " https, isolated-app.",
        "CORS request not http).",
        _WEBKIT_SCHEME,
        "CORSRequestNotHttp",
    ),
    "limit": Texts("", _FIREFOX_NETWORK, "Load cannot follow more than 20 redirections", "CORSDidNotSucceed"),
    "invalid": Texts("", _FIREFOX_NETWORK, _WEBKIT_SCHEME, "CORSDidNotSucceed"),
    "mode": Texts("", _FIREFOX_NETWORK, "Not allowed to follow a redirection while loading {url}", "CORSDidNotSucceed"),
    "same-origin": Texts(
        "Cross origin requests are not allowed by request mode.",
        "",
        "Unsafe attempt to load URL {url} from origin {origin}. Domains, protocols and ports must match.",
    ),
    "network": Texts("", _FIREFOX_NETWORK, "", "CORSDidNotSucceed"),
    "lna-permission": Texts("Permission was denied for this request to access the `{value}` address space.", "", ""),
    "lna-insecure": Texts(
        "The request client is not a secure context and the resource is in more-private address space `{value}`.",
        "",
        "",
    ),
    "lna-mismatch": Texts(
        "Request had a target IP address space of `{value}` yet the resource is in address space `{name}`.", "", ""
    ),
}
# https://github.com/WebKit/WebKit/blob/main/Source/WebCore/platform/network/HTTPHeaderNames.in, without forbidden names
_KNOWN_TO_WEBKIT = frozenset(
    [
        "accept",
        "accept-language",
        "authorization",
        "cache-control",
        "content-disposition",
        "content-encoding",
        "content-language",
        "content-location",
        "content-range",
        "content-type",
        "if-match",
        "if-modified-since",
        "if-none-match",
        "if-range",
        "if-unmodified-since",
        "pragma",
        "range",
        "last-event-id",
        "user-agent",
        "x-requested-with",
    ]
)
# The checks of a preflight's response that Chromium names without its introduction.
_NAMED_BARE = frozenset[Check]({"acam-unparsable", "acah-unparsable", "method", "header"})


def console_text(profile: str, failure: Failure, place: Place) -> str:
    """Return what the browser of *profile* writes about *failure*.

    The standard itself has no texts: its profile names the rule, as every profile does for a failure without a text.
    """
    kind = FAILURES[failure.kind]
    texts = TEXTS.get(kind.check)
    if profile == "standard" or texts is None:
        return f"{kind.rule}: {failure.value}" if failure.value and texts is None else kind.rule
    values = {
        "url": place.url,
        "origin": place.origin,
        "status": "(null)" if place.status is None else str(place.status),
        "to": place.to,
        "bare": _without_userinfo(place.to),
        "value": failure.value,
        "name": failure.header,
        "hint": _escaped(failure.value),
        "xhr_hint": _XHR_HINT if place.initiator == "XMLHttpRequest" else "",
        "fetch_hint": _FETCH_HINT if place.initiator == "fetch" else "",
    }
    return _WRITERS[profile](texts, failure, place, values)


def mdn_page(check: Check) -> str:
    """Return the address of Mozilla's page about *check*, or an empty string."""
    texts = TEXTS.get(check)
    return _MDN + texts.mdn if texts is not None and texts.mdn else ""


def _chrome(texts: Texts, failure: Failure, place: Place, values: Mapping[str, str]) -> str:
    if not texts.chrome:
        return ""
    kind = FAILURES[failure.kind]
    url = place.to if failure.kind == "redirect-scheme" and place.to else place.url
    redirected = f"(redirected from '{place.first}') " if place.first and place.first != url else ""
    checked = _CHECKED if kind.stage == "preflight" and kind.check not in _NAMED_BARE else ""
    return (
        f"Access to {place.initiator} at '{url}' {redirected}from origin '{place.page or place.origin}' has been blocked by"
        f" CORS policy: {checked}{texts.chrome.format_map(values)}"
    )


def _firefox(texts: Texts, failure: Failure, place: Place, values: Mapping[str, str]) -> str:
    if not texts.firefox:
        return ""
    check = FAILURES[failure.kind].check
    reason = texts.firefox
    if check == "acao-multiple" and failure.lines == 1:
        reason = _FIREFOX_ORIGIN
    if check == "scheme" and place.to:
        reason = _FIREFOX_NETWORK
    values = {**values, "value": failure.value.encode("latin-1", "replace").decode("utf-8", "replace")}
    # Quoted in this one text alone.
    url = f"‘{place.url}’" if check == "acao-wildcard-credentials" else place.url
    return (
        "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at "
        f"{url}. (Reason: {reason.format_map(values)}"
    )


def _safari(texts: Texts, failure: Failure, place: Place, values: Mapping[str, str]) -> str:
    kind = FAILURES[failure.kind]
    if place.to.startswith("ftp:"):
        return "FTP URLs are disabled"
    text = texts.safari
    if kind.check == "acao-multiple" and "," not in failure.value:
        text = _WEBKIT_ORIGIN
    text = text.format_map({**values, "name": _as_webkit_names(failure.header)})
    if place.to and kind.stage == "response":
        return f"Cross-origin redirection to {_without_userinfo(place.to)} denied by Cross-Origin Resource Sharing policy: {text}"
    return text


_WRITERS = {"chrome": _chrome, "firefox": _firefox, "safari": _safari}


def _without_userinfo(url: str) -> str:
    return re.sub(r"(?<=://)[^/@]*@", "", url)


def _as_webkit_names(header: str) -> str:
    """Return the name of a request header as WebKit has it: its own spelling of those that it knows."""
    return header.title() if header.lower() in _KNOWN_TO_WEBKIT else header.lower()


def _escaped(value: str) -> str:
    return "".join(c if c.isascii() and c.isprintable() else f"\\u{ord(c):04X}" for c in value)
