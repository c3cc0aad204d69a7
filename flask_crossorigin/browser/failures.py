"""Every kind of failure of a browser's request: the rule that it breaks, where that rule stands, and at which stage.

One row for each kind. ``console`` has the browsers' texts, ``doctor.advice`` says what happened and what to write,
``doctor.explain`` recognises pasted texts; ``tests/browser/test_failures.py`` shows what a new row still lacks.

https://fetch.spec.whatwg.org/#fetching
"""

from __future__ import annotations

from typing import Literal, NamedTuple

MAX_REDIRECTS = 20  # https://fetch.spec.whatwg.org/#http-redirect-fetch

# When a request fails: before it is sent, by its preflight, by its response, by a redirect, or without any response.
Stage = Literal["request", "preflight", "response", "redirect", "network"]

# What fails; the CORS check is the same for a preflight's response and for the response itself.
Check = Literal[
    "acao-missing", "acao-wildcard-credentials", "acao-multiple", "acao-invalid", "acao-mismatch", "acac",
    "status", "redirect", "acam-unparsable", "acah-unparsable", "method", "header",
    "hop-check", "credentials", "scheme", "limit", "mode", "invalid", "stream",
    "same-origin", "no-cors-redirect", "bad-port", "mixed-content", "request",
    "network", "lna-permission", "lna-insecure", "lna-mismatch",
]  # fmt: skip

Kind = Literal[
    "request-invalid", "mode-same-origin", "no-cors-redirect", "mixed-content", "bad-port",
    "lna-permission", "lna-insecure", "lna-mismatch",
    "preflight-acao-missing", "preflight-acao-wildcard-credentials", "preflight-acao-multiple",
    "preflight-acao-invalid", "preflight-acao-mismatch", "preflight-acac", "preflight-status", "preflight-redirect",
    "preflight-acam-unparsable", "preflight-acah-unparsable", "preflight-method", "preflight-header",
    "response-acao-missing", "response-acao-wildcard-credentials", "response-acao-multiple",
    "response-acao-invalid", "response-acao-mismatch", "response-acac",
    "redirect-hop-check", "redirect-credentials", "redirect-scheme", "redirect-limit", "redirect-mode",
    "redirect-invalid", "redirect-stream",
    "network",
]  # fmt: skip


class FailureKind(NamedTuple):
    """One kind of failure. *rule*: the step of the standard, *link*: its address.

    *cors*: whether it is CORS that blocks.
    """

    stage: Stage
    check: Check
    rule: str
    link: str
    cors: bool = True


class Failure(NamedTuple):
    """One check that failed. *header*, *value*: what it is about. *lines*: of the header, where that matters.

    *on_redirect*: the response that failed the CORS check is a redirect.
    """

    kind: Kind
    value: str = ""
    header: str = ""
    lines: int = 1
    on_redirect: bool = False


_FETCH = "https://fetch.spec.whatwg.org/#"
_CHECK = _FETCH + "concept-cors-check"
_PREFLIGHT = _FETCH + "cors-preflight-fetch"
_REDIRECT = _FETCH + "http-redirect-fetch"
_LNA = "https://wicg.github.io/local-network-access/#local-network-request"

_CORS_CHECK: dict[Check, str] = {
    "acao-missing": "CORS check: there is no Access-Control-Allow-Origin",
    "acao-wildcard-credentials": "CORS check: '*' does not allow a request with credentials",
    "acao-multiple": "CORS check: the combined Access-Control-Allow-Origin is not the origin",
    "acao-invalid": "CORS check: Access-Control-Allow-Origin is not the origin",
    "acao-mismatch": "CORS check: Access-Control-Allow-Origin is not the origin",
    "acac": "CORS check: Access-Control-Allow-Credentials is not exactly 'true'",
}

FAILURES: dict[Kind, FailureKind] = {
    "request-invalid": FailureKind(
        "request", "request", "Request constructor: throws a TypeError", _FETCH + "dom-request", False
    ),
    "mode-same-origin": FailureKind(
        "request", "same-origin", "main fetch: the request's mode is same-origin", _FETCH + "concept-main-fetch", False
    ),
    "no-cors-redirect": FailureKind(
        "request",
        "no-cors-redirect",
        "main fetch: a no-cors request has to follow redirects",
        _FETCH + "concept-main-fetch",
        False,
    ),
    "mixed-content": FailureKind(
        "request",
        "mixed-content",
        "main fetch: a page on https may not load from http",
        "https://w3c.github.io/webappsec-mixed-content/#should-block-fetch",
        False,
    ),
    "bad-port": FailureKind("request", "bad-port", "main fetch: the port is blocked", _FETCH + "block-bad-port", False),
    "lna-permission": FailureKind("request", "lna-permission", "not in Fetch: Local Network Access", _LNA),
    "lna-insecure": FailureKind("request", "lna-insecure", "not in Fetch: Local Network Access", _LNA),
    "lna-mismatch": FailureKind("request", "lna-mismatch", "not in Fetch: Local Network Access", _LNA),
    **{
        f"preflight-{check}": FailureKind("preflight", check, f"of the preflight, {rule}", _CHECK)  # type: ignore[misc]
        for check, rule in _CORS_CHECK.items()
    },
    "preflight-status": FailureKind(
        "preflight", "status", "CORS-preflight fetch: the status is not 200 to 299", _PREFLIGHT
    ),
    "preflight-redirect": FailureKind(
        "preflight", "redirect", "CORS-preflight fetch: a redirect is not an ok status, and is not followed", _PREFLIGHT
    ),
    "preflight-acam-unparsable": FailureKind(
        "preflight",
        "acam-unparsable",
        "CORS-preflight fetch: Access-Control-Allow-Methods is not a list of tokens",
        _PREFLIGHT,
    ),
    "preflight-acah-unparsable": FailureKind(
        "preflight",
        "acah-unparsable",
        "CORS-preflight fetch: Access-Control-Allow-Headers is not a list of tokens",
        _PREFLIGHT,
    ),
    "preflight-method": FailureKind(
        "preflight", "method", "CORS-preflight fetch: the method is not in Access-Control-Allow-Methods", _PREFLIGHT
    ),
    "preflight-header": FailureKind(
        "preflight",
        "header",
        "CORS-preflight fetch: a request header is not in Access-Control-Allow-Headers",
        _PREFLIGHT,
    ),
    **{
        f"response-{check}": FailureKind("response", check, rule, _CHECK)  # type: ignore[misc]
        for check, rule in _CORS_CHECK.items()
    },
    "redirect-hop-check": FailureKind(
        "redirect", "hop-check", "HTTP fetch: the CORS check runs on every redirect response", _FETCH + "http-fetch"
    ),
    "redirect-credentials": FailureKind(
        "redirect", "credentials", "HTTP-redirect fetch: the Location has a username or password", _REDIRECT
    ),
    "redirect-scheme": FailureKind(
        "redirect", "scheme", "HTTP-redirect fetch: the Location is not http or https", _REDIRECT
    ),
    "redirect-limit": FailureKind(
        "redirect", "limit", f"HTTP-redirect fetch: there are more than {MAX_REDIRECTS} redirects", _REDIRECT, False
    ),
    "redirect-mode": FailureKind(
        "redirect", "mode", "HTTP fetch: the request's redirect mode is 'error'", _FETCH + "http-fetch", False
    ),
    "redirect-invalid": FailureKind(
        "redirect", "invalid", "HTTP-redirect fetch: the Location is not a URL", _REDIRECT, False
    ),
    "redirect-stream": FailureKind(
        "redirect", "stream", "HTTP-redirect fetch: a streamed body cannot be sent again", _REDIRECT, False
    ),
    "network": FailureKind(
        "network", "network", "HTTP-network fetch: there is no response", _FETCH + "http-network-fetch", False
    ),
}

_BY_STAGE_AND_CHECK = {(row.stage, row.check): kind for kind, row in FAILURES.items()}


def kind_of(stage: Stage, check: Check) -> Kind:
    """Return the kind of failure that *check* is at *stage*.  Raises ``KeyError`` if it does not run there."""
    return _BY_STAGE_AND_CHECK[stage, check]


def kinds_of(check: Check) -> tuple[Kind, ...]:
    """Return the kinds of failure that *check* can be: the response's before the preflight's."""
    kinds = [kind for kind, row in FAILURES.items() if row.check == check]
    return tuple(sorted(kinds, key=lambda kind: FAILURES[kind].stage == "preflight"))
