"""Preflights: when a request needs one, what the browser sends, and the checks of the response.

https://fetch.spec.whatwg.org/#cors-preflight-fetch
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..standard.headers import Header, is_safelisted_method
from .checks import HEADERS, METHODS, cors_check, extract, get, is_redirect
from .failures import Failure
from .profiles import PROFILES, Profile
from .safelists import combined, unsafe_names
from .values import Credentials, WireResponse


def preflight_reasons(method: str, headers: Sequence[Header], profile: Profile, *, flag: bool = False) -> list[str]:
    """Return why a cross-origin request needs a preflight; nothing if it does not.

    https://fetch.spec.whatwg.org/#main-fetch
    """
    reasons = ["the upload has listeners, or the body is a stream"] if flag else []
    if not is_safelisted_method(method):
        reasons.append(f"the method {method} is not GET, HEAD or POST")
    for name in names_to_ask_for(headers, profile):
        value = get(headers, name) or ""
        shown = "" if name == "authorization" else f": {value[:60]}"
        reasons.append(f"the header {name}{shown}")
    return reasons


def preflight_headers(asked: Asked, profile: Profile) -> list[Header]:
    """Return the headers of a preflight, without those of the connection.

    https://fetch.spec.whatwg.org/#cors-preflight-fetch
    """
    names = names_to_ask_for(asked.headers, profile)
    return [
        ("Accept", "*/*"),
        ("Access-Control-Request-Method", asked.method),
        *([("Access-Control-Request-Headers", ",".join(names))] if names else []),
        ("Origin", asked.origin),
    ]


def preflight_warnings(answer: WireResponse, asked: Asked) -> list[str]:
    """Return what the standard refuses in a preflight's response and the engines accept."""
    strict = check_preflight(answer.status, answer.headers, asked, PROFILES["standard"])
    return [
        "this works in today's browsers, but not by the standard: "
        f"Access-Control-Allow-Headers: * does not cover {failure.value}"
        for failure in strict
        if failure.kind == "preflight-header"
    ]


def names_to_ask_for(headers: Sequence[Header], profile: Profile) -> list[str]:
    """Return the names of the request *headers* that the server has to allow, as *profile* sees it."""
    if profile.name != "standard":  # the standard judges each line of a name by itself
        headers = combined(headers)
    return unsafe_names(headers, profile.safelist)


class Asked(NamedTuple):
    """A request that a preflight is about. *flag*: it needs a preflight even if everything in it is safelisted."""

    origin: str
    method: str
    headers: Sequence[Header]
    credentials: Credentials
    flag: bool = False


def check_preflight(status: int, headers: Sequence[Header], asked: Asked, profile: Profile) -> list[Failure]:
    """Return why a preflight's response does not allow the request; nothing if it does.

    https://fetch.spec.whatwg.org/#cors-preflight-fetch
    """
    failures: list[Failure] = []
    answer = _Judged(status, headers, asked, profile)
    for step in profile.order:
        failures += _STEPS[step](answer)
    if "redirect" in profile.order:  # reported by a step of its own, and by the status
        failures = [each for index, each in enumerate(failures) if each not in failures[:index]]
    return failures


class _Judged(NamedTuple):
    status: int
    headers: Sequence[Header]
    asked: Asked
    profile: Profile


def _check_status(answer: _Judged) -> list[Failure]:
    if 200 <= answer.status <= 299:
        return []
    return [
        Failure(
            "preflight-redirect" if is_redirect(answer.status, answer.headers) else "preflight-status",
            str(answer.status),
        )
    ]


def _check_redirect(answer: _Judged) -> list[Failure]:
    return [Failure("preflight-redirect", str(answer.status))] if is_redirect(answer.status, answer.headers) else []


def _check_cors(answer: _Judged) -> list[Failure]:
    return cors_check(answer.headers, answer.asked.origin, answer.asked.credentials, "preflight")


def _check_methods(answer: _Judged) -> list[Failure]:
    bad = extract(answer.headers, METHODS).bad
    return [Failure("preflight-acam-unparsable", get(answer.headers, METHODS) or "", bad)] if bad is not None else []


def _check_headers(answer: _Judged) -> list[Failure]:
    bad = extract(answer.headers, HEADERS).bad
    return [Failure("preflight-acah-unparsable", get(answer.headers, HEADERS) or "", bad)] if bad is not None else []


def _check_method(answer: _Judged) -> list[Failure]:
    listed, bad = extract(answer.headers, METHODS)
    flag = answer.asked.flag and answer.profile.flag_allows_method
    if bad is not None or is_safelisted_method(answer.asked.method) or (listed is None and flag):
        return []
    if answer.asked.method in (listed or ()) or (answer.asked.credentials != "include" and "*" in (listed or ())):
        return []
    return [Failure("preflight-method", answer.asked.method)]


def _check_names(answer: _Judged) -> list[Failure]:
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
    return [Failure("preflight-header", name, _as_set(name, answer.asked.headers)) for name in missing]


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
