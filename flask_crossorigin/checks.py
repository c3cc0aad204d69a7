"""The checks by which a browser decides whether script may read a response, each as a function of plain values.

A check returns every failure, in the order in which the engine would meet them; the first is the one that it reports.

https://fetch.spec.whatwg.org/#concept-cors-check
https://fetch.spec.whatwg.org/#cors-preflight-fetch
https://fetch.spec.whatwg.org/#http-access-control-expose-headers
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from .headers import FORBIDDEN_RESPONSE_HEADERS, is_token, list_elements
from .locations import parse
from .safelists import CLIENT_HINTS, Header, combined, is_safelisted_method, unsafe_names

Credentials = Literal["omit", "same-origin", "include"]
Mode = Literal["cors", "no-cors", "same-origin"]

ORIGIN = "access-control-allow-origin"
CREDENTIALS = "access-control-allow-credentials"
METHODS = "access-control-allow-methods"
HEADERS = "access-control-allow-headers"
EXPOSED = "access-control-expose-headers"
MAX_AGE = "access-control-max-age"

# https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name
SAFELISTED_RESPONSE_HEADERS = frozenset(
    {"cache-control", "content-language", "content-length", "content-type", "expires", "last-modified", "pragma"}
)
# https://fetch.spec.whatwg.org/#redirect-status
REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})


class Profile(NamedTuple):
    """What one engine does its own way. *order*: of the checks of a preflight; ages are in seconds."""

    name: str
    order: tuple[str, ...]
    wildcard_covers_authorization: bool  # by the standard it does not, and in all three engines it does
    max_age: int  # the longest for which an answer to a preflight is kept
    keeps_invalid_age: bool = True  # for the default of 5 seconds
    keeps_wildcards: bool = True
    keeps_by_credentials: bool = False  # what was kept with credentials serves no request without
    repeats_preflights: bool = False  # after every redirect of a preflighted request, as the page itself
    limits_sum: bool = True  # of the lengths of safelisted values
    also_safe: frozenset[str] = frozenset()
    listens_without_body: bool = True  # whether an upload's listeners count where nothing is uploaded
    flag_allows_method: bool = True  # of a request that asked for the sake of its listeners, where no list is sent


PROFILES = {
    profile.name: profile
    for profile in (
        Profile("standard", ("cors", "status", "methods", "headers", "method", "names"), False, 86400),
        Profile(
            "chrome",
            ("redirect", "cors", "status", "methods", "headers", "method", "names"),
            True,
            7200,
            also_safe=CLIENT_HINTS,
            listens_without_body=False,
        ),
        Profile(
            "firefox",
            ("cors", "redirect", "status", "methods", "method", "headers", "names"),
            True,
            86400,
            keeps_invalid_age=False,
            keeps_wildcards=False,
            keeps_by_credentials=True,
            repeats_preflights=True,
            flag_allows_method=False,
        ),
        Profile("safari", ("status", "cors", "methods", "headers", "method", "names"), True, 600, limits_sum=False),
    )
}


class Failure(NamedTuple):
    """One check that did not pass. *kind*: as in ``messages.RULES``; *header*, *value*: what it is about."""

    kind: str
    value: str = ""
    header: str = ""
    lines: int = 1  # of the header, where that matters
    on_redirect: bool = False  # whether it is a redirect's own response that did not pass


def get(headers: Sequence[Header], name: str) -> str | None:
    """Return the values of all lines of a header in one, or ``None``.  https://fetch.spec.whatwg.org/#concept-header-list-get"""
    values = [value.strip(" \t") for each, value in headers if each.lower() == name]
    return ", ".join(values) if values else None


class Listed(NamedTuple):
    """The elements of a header, ``None`` if it is absent; *bad* is the first that is no token."""

    elements: list[str] | None
    bad: str | None = None


def extract(headers: Sequence[Header], name: str) -> Listed:
    """Return the list in a header.  https://fetch.spec.whatwg.org/#extract-header-list-values"""
    value = get(headers, name)
    if value is None:
        return Listed(None)
    elements = list_elements(value)
    return Listed(elements, next((element for element in elements if not is_token(element)), None))


def cors_check(headers: Sequence[Header], origin: str, credentials: Credentials) -> list[Failure]:
    """Return what keeps script of *origin* from a response with *headers*.  https://fetch.spec.whatwg.org/#concept-cors-check"""
    allowed = get(headers, ORIGIN)
    if credentials != "include" and allowed == "*":
        return []
    failures = []
    if allowed is None:
        failures.append(Failure("acao-missing"))
    elif allowed != origin:
        lines = sum(name.lower() == ORIGIN for name, _ in headers)
        failures.append(Failure(_mismatch(allowed, lines), allowed, lines=lines))
    if credentials == "include":
        value = get(headers, CREDENTIALS)
        if value != "true":
            failures.append(Failure("acac", value or ""))
    return failures


def _mismatch(allowed: str, lines: int) -> str:
    """Return the kind of an ``Access-Control-Allow-Origin`` that is not the origin, as Chromium sorts them."""
    if allowed == "*":
        return "acao-wildcard-credentials"
    if lines > 1 or " " in allowed or "," in allowed:
        return "acao-multiple"
    return "acao-mismatch" if allowed == "null" or _is_absolute(allowed) else "acao-invalid"


def _is_absolute(value: str) -> bool:
    return parse(value) is not None


def names_to_ask_for(headers: Sequence[Header], profile: Profile) -> list[str]:
    """Return the names of request *headers* for which a page needs leave, as *profile* sees it."""
    if profile.name != "standard":  # which judges the lines of one name each by itself
        headers = combined(headers)
    if profile.limits_sum:
        return unsafe_names(headers, profile.also_safe)
    return sorted({name for header in headers for name in unsafe_names([header], profile.also_safe)})


def is_redirect(status: int, headers: Sequence[Header]) -> bool:
    """Report whether a response sends the browser elsewhere."""
    return status in REDIRECT_STATUSES and get(headers, "location") is not None


class Asked(NamedTuple):
    """A request for which a preflight asks leave; *flag*: whether it asks even for what is safelisted."""

    origin: str
    method: str
    headers: Sequence[Header]
    credentials: Credentials
    flag: bool = False


def check_preflight(status: int, headers: Sequence[Header], asked: Asked, profile: Profile) -> list[Failure]:
    """Return why the answer to a preflight gives no leave.  https://fetch.spec.whatwg.org/#cors-preflight-fetch"""
    failures: list[Failure] = []
    answer = _Answer(status, headers, asked, profile)
    for step in profile.order:
        failures += _STEPS[step](answer)
    if "redirect" in profile.order:  # seen by a step of its own
        failures = [each for index, each in enumerate(failures) if each not in failures[:index]]
    return failures


class _Answer(NamedTuple):
    status: int
    headers: Sequence[Header]
    asked: Asked
    profile: Profile


def _check_status(answer: _Answer) -> list[Failure]:
    if 200 <= answer.status <= 299:
        return []
    return [Failure("redirect" if is_redirect(answer.status, answer.headers) else "status", str(answer.status))]


def _check_redirect(answer: _Answer) -> list[Failure]:
    return [Failure("redirect", str(answer.status))] if is_redirect(answer.status, answer.headers) else []


def _check_cors(answer: _Answer) -> list[Failure]:
    return cors_check(answer.headers, answer.asked.origin, answer.asked.credentials)


def _check_methods(answer: _Answer) -> list[Failure]:
    bad = extract(answer.headers, METHODS).bad
    return [Failure("acam-unparsable", get(answer.headers, METHODS) or "", bad)] if bad is not None else []


def _check_headers(answer: _Answer) -> list[Failure]:
    bad = extract(answer.headers, HEADERS).bad
    return [Failure("acah-unparsable", get(answer.headers, HEADERS) or "", bad)] if bad is not None else []


def _check_method(answer: _Answer) -> list[Failure]:
    listed, bad = extract(answer.headers, METHODS)
    flag = answer.asked.flag and answer.profile.flag_allows_method
    if bad is not None or is_safelisted_method(answer.asked.method) or (listed is None and flag):
        return []
    if answer.asked.method in (listed or ()) or (answer.asked.credentials != "include" and "*" in (listed or ())):
        return []
    return [Failure("method", answer.asked.method)]


def _check_names(answer: _Answer) -> list[Failure]:
    listed, bad = extract(answer.headers, HEADERS)
    if bad is not None:
        return []
    lower = [name.lower() for name in listed or ()]
    anything = "*" in lower and answer.asked.credentials != "include"
    covered = anything if answer.profile.wildcard_covers_authorization else False
    missing = [
        name
        for name in names_to_ask_for(answer.asked.headers, answer.profile)
        if name not in lower and not (covered if name == "authorization" else anything)
    ]
    if answer.profile.name == "standard":  # Authorization has a step of its own, before the others
        missing.sort(key=lambda name: name != "authorization")
    return [Failure("header", name, _as_set(name, answer.asked.headers)) for name in missing]


def _as_set(name: str, headers: Sequence[Header]) -> str:
    return next((each for each, _ in headers if each.lower() == name), name)


_STEPS = {
    "cors": _check_cors,
    "status": _check_status,
    "redirect": _check_redirect,
    "methods": _check_methods,
    "headers": _check_headers,
    "method": _check_method,
    "names": _check_names,
}


def exposed_names(headers: Sequence[Header], credentials: Credentials) -> list[str]:
    """Return the names, in lower case, of the *headers* of a CORS response that script can read.

    https://fetch.spec.whatwg.org/#cors-exposed-header-name
    """
    present = dict.fromkeys(name.lower() for name, _ in headers)
    listed, bad = extract(headers, EXPOSED)
    exposed = {name.lower() for name in listed or ()} if bad is None else set()
    anything = credentials != "include" and "*" in exposed
    return [
        name
        for name in present
        if (anything or name in SAFELISTED_RESPONSE_HEADERS or name in exposed)
        and name not in FORBIDDEN_RESPONSE_HEADERS
    ]


def max_age(headers: Sequence[Header], profile: Profile) -> int:
    """Return for how many seconds *profile* keeps the answer to a preflight.  https://fetch.spec.whatwg.org/#http-access-control-max-age"""
    value = get(headers, MAX_AGE)
    if value is None or (value == "" and not profile.keeps_invalid_age):
        return 5
    if re.fullmatch(r"[0-9]+", value):
        return min(int(value), profile.max_age)
    if profile.name == "chrome" and re.fullmatch(r"-[0-9]+", value):
        return 0
    return 5 if profile.keeps_invalid_age else 0


def tainted_origin(origin: str, origins: Sequence[str]) -> str:
    """Return what a page of *origin* is called after a chain of URLs with *origins*: ``null`` once it is tainted.

    https://fetch.spec.whatwg.org/#serializing-a-request-origin
    """
    for before, after in itertools.pairwise(origins):
        if before not in (after, origin):
            return "null"
    return origin
