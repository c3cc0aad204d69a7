"""TODO."""

from __future__ import annotations

from typing import NamedTuple

_FETCH = "https://fetch.spec.whatwg.org/#"


MDN = "https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS/Errors/"


CHECKED = "Response to preflight request doesn't pass access control check: "


class Rule(NamedTuple):
    """One kind of failure: the step of the standard with its address, each engine's text, Mozilla's page."""

    step: str
    link: str
    chrome: str
    firefox: str
    safari: str
    mdn: str


SAFARI_ORIGIN = "Origin {origin} is not allowed by Access-Control-Allow-Origin. Status code: {status}"


FIREFOX_NETWORK = "CORS request did not succeed). Status code: (null)."


FIREFOX_ORIGIN = "CORS header ‘Access-Control-Allow-Origin’ does not match ‘{value}’)."


_CHECKS = {
    "acao-missing": Rule(
        "CORS check: there is no Access-Control-Allow-Origin",
        _FETCH + "concept-cors-check",
        "No 'Access-Control-Allow-Origin' header is present on the requested resource.",
        "CORS header ‘Access-Control-Allow-Origin’ missing). Status code: {status}.",
        SAFARI_ORIGIN,
        "CORSMissingAllowOrigin",
    ),
    "acao-wildcard-credentials": Rule(
        "CORS check: '*' does not serve a request with credentials",
        _FETCH + "concept-cors-check",
        "The value of the 'Access-Control-Allow-Origin' header in the response must not be the wildcard '*' when the"
        " request's credentials mode is 'include'.{xhr}",
        "Credential is not supported if the CORS header ‘Access-Control-Allow-Origin’ is ‘*’).",
        "Cannot use wildcard in Access-Control-Allow-Origin when credentials flag is true.",
        "CORSNotSupportingCredentials",
    ),
    "acao-multiple": Rule(
        "CORS check: the combined Access-Control-Allow-Origin is not the origin",
        _FETCH + "concept-cors-check",
        "The 'Access-Control-Allow-Origin' header contains multiple values '{hint}', but only one is allowed.{valid}",
        "Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed).",
        "Access-Control-Allow-Origin cannot contain more than one origin.",
        "CORSMultipleAllowOriginNotAllowed",
    ),
    "acao-invalid": Rule(
        "CORS check: Access-Control-Allow-Origin is not the origin",
        _FETCH + "concept-cors-check",
        "The 'Access-Control-Allow-Origin' header contains the invalid value '{hint}'.{valid}",
        FIREFOX_ORIGIN,
        SAFARI_ORIGIN,
        "CORSAllowOriginNotMatchingOrigin",
    ),
    "acao-mismatch": Rule(
        "CORS check: Access-Control-Allow-Origin is not the origin",
        _FETCH + "concept-cors-check",
        "The 'Access-Control-Allow-Origin' header has a value '{hint}' that is not equal to the supplied origin.{valid}",
        FIREFOX_ORIGIN,
        SAFARI_ORIGIN,
        "CORSAllowOriginNotMatchingOrigin",
    ),
    "acac": Rule(
        "CORS check: Access-Control-Allow-Credentials is not exactly 'true'",
        _FETCH + "concept-cors-check",
        "The value of the 'Access-Control-Allow-Credentials' header in the response is '{hint}' which must be 'true'"
        " when the request's credentials mode is 'include'.{xhr}",
        "expected ‘true’ in CORS header ‘Access-Control-Allow-Credentials’).",
        'Credentials flag is true, but Access-Control-Allow-Credentials is not "true".',
        "CORSMissingAllowCredentials",
    ),
}


_PREFLIGHT = _FETCH + "cors-preflight-fetch"


RULES: dict[str, Rule] = {
    **{f"response-{kind}": rule for kind, rule in _CHECKS.items()},
    **{
        f"preflight-{kind}": rule._replace(step=f"of the preflight, {rule.step}", chrome=CHECKED + rule.chrome)
        for kind, rule in _CHECKS.items()
    },
    "preflight-status": Rule(
        "CORS-preflight fetch: the status is not 200 to 299",
        _PREFLIGHT,
        CHECKED + "It does not have HTTP ok status.",
        "CORS preflight response did not succeed). Status code: {status}.",
        "Preflight response is not successful. Status code: {status}",
        "CORSPreflightDidNotSucceed",
    ),
    "preflight-redirect": Rule(
        "CORS-preflight fetch: a redirect is no ok status, and is never followed",
        _PREFLIGHT,
        CHECKED + "Redirect is not allowed for a preflight request.",
        "CORS request external redirect not allowed).",
        "Preflight response is not successful. Status code: {status}",
        "CORSExternalRedirectNotAllowed",
    ),
    "preflight-acam-unparsable": Rule(
        "CORS-preflight fetch: Access-Control-Allow-Methods is not a list of tokens",
        _PREFLIGHT,
        "Cannot parse Access-Control-Allow-Methods response header field in preflight response.",
        "invalid token ‘{name}’ in CORS header ‘Access-Control-Allow-Methods’).",
        "Header Access-Control-Allow-Methods has an invalid value: {value}",
        "CORSInvalidAllowMethod",
    ),
    "preflight-acah-unparsable": Rule(
        "CORS-preflight fetch: Access-Control-Allow-Headers is not a list of tokens",
        _PREFLIGHT,
        "Cannot parse Access-Control-Allow-Headers response header field in preflight response.",
        "invalid token ‘{name}’ in CORS header ‘Access-Control-Allow-Headers’).",
        "Header Access-Control-Allow-Headers has an invalid value: {value}",
        "CORSInvalidAllowHeader",
    ),
    "preflight-method": Rule(
        "CORS-preflight fetch: the method is not in Access-Control-Allow-Methods",
        _PREFLIGHT,
        "Method {value} is not allowed by Access-Control-Allow-Methods in preflight response.",
        "Did not find method in CORS header ‘Access-Control-Allow-Methods’).",
        "Method {value} is not allowed by Access-Control-Allow-Methods.",
        "CORSMethodNotFound",
    ),
    "preflight-header": Rule(
        "CORS-preflight fetch: a request header is not in Access-Control-Allow-Headers",
        _PREFLIGHT,
        "Request header field {value} is not allowed by Access-Control-Allow-Headers in preflight response.",
        "header ‘{value}’ is not allowed according to header ‘Access-Control-Allow-Headers’ from CORS preflight response).",
        "Request header field {name} is not allowed by Access-Control-Allow-Headers.",
        "CORSMissingAllowHeaderFromPreflight",
    ),
    # In the words of the response-* row that did not pass.
    "redirect-hop-check": Rule(
        "HTTP fetch: the CORS check runs on every redirect response", _FETCH + "http-fetch", "", "", "", ""
    ),
    "redirect-credentials": Rule(
        "HTTP-redirect fetch: the Location has a username or password",
        _FETCH + "http-redirect-fetch",
        "Redirect location '' contains a username and password, which is disallowed for cross-origin requests.",
        FIREFOX_NETWORK,
        "Cross-origin redirection to {to} denied by Cross-Origin Resource Sharing policy: redirection URL {to} has credentials",
        "CORSDidNotSucceed",
    ),
    "redirect-scheme": Rule(
        "HTTP-redirect fetch: the Location is not http or https",
        _FETCH + "http-redirect-fetch",
        "Cross origin requests are only supported for protocol schemes: chrome, chrome-experimental-site-token-provider, chrome-extension, chrome-untrusted, data, http,"
        " https, isolated-app.",
        "CORS request not http).",
        "Cross-origin redirection to {to} denied by Cross-Origin Resource Sharing policy: not allowed to follow a"
        " cross-origin CORS redirection with non CORS scheme",
        "CORSRequestNotHttp",
    ),
    "mode-same-origin": Rule(
        "main fetch: the request's mode is same-origin",
        _FETCH + "concept-main-fetch",
        "Cross origin requests are not allowed by request mode.",
        "",
        "Unsafe attempt to load URL {url} from origin {origin}. Domains, protocols and ports must match.",
        "",
    ),
    "network": Rule(
        "HTTP-network fetch: there is no response",
        _FETCH + "http-network-fetch",
        "",
        FIREFOX_NETWORK,
        "",
        "CORSDidNotSucceed",
    ),
    "lna-permission": Rule(
        "not in Fetch: Local Network Access",
        "https://wicg.github.io/local-network-access/",
        "Permission was denied for this request to access the `{value}` address space.",
        "",
        "",
        "",
    ),
    "lna-insecure": Rule(
        "not in Fetch: Local Network Access",
        "https://wicg.github.io/local-network-access/",
        "The request client is not a secure context and the resource is in more-private address space `{value}`.",
        "",
        "",
        "",
    ),
    "lna-mismatch": Rule(
        "not in Fetch: Local Network Access",
        "https://wicg.github.io/local-network-access/",
        "Request had a target IP address space of `{value}` yet the resource is in address space `{name}`.",
        "",
        "",
        "",
    ),
}


MAX_REDIRECTS = 20


# What fails before or beside CORS; the text is for a person, since browsers have none in common.
FETCH_ERRORS = {
    "request-invalid": "the request is not one that a page can make",
    "mixed-content": "a page of https may not load from http",
    "bad-port": "browsers connect to no such port",
    "network": "there is no response",
    "redirect-limit": f"there are more than {MAX_REDIRECTS} redirects",
    "redirect-mode": "the request's redirect mode is 'error'",
    "redirect-invalid": "the Location is not a URL",
    "redirect-stream": "a streamed body cannot be sent again",
    "no-cors-redirect": "a no-cors request has to follow redirects",
}


class Failure(NamedTuple):
    """One check that did not pass. *kind*: as in ``messages.RULES``; *header*, *value*: what it is about."""

    kind: str
    value: str = ""
    header: str = ""
    lines: int = 1  # of the header, where that matters
    on_redirect: bool = False  # whether it is a redirect's own response that did not pass
