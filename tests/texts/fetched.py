"""What the browser model puts on the wire, and what it makes of the answers: whole fetches, in each profile.

What real engines do in such cases is recorded in ``tests/engines/truth``; here nothing else may change by mistake.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from flask_crossorigin.browser.fetch import BrowserModel, Steps
from flask_crossorigin.browser.profiles import PROFILES
from flask_crossorigin.browser.values import NoAnswerError, Outcome, Request, WireRequest, WireResponse

from ..helpers.browser import Clock, at
from ..helpers.cases import APP
from .recorded import Texts

API, OTHER, SUB = "https://api.example", "https://other.example", "https://www.app.example"
ORIGIN, CREDENTIALS = "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials"
METHODS, HEADERS = "Access-Control-Allow-Methods", "Access-Control-Allow-Headers"
AGE, EXPOSE = "Access-Control-Max-Age", "Access-Control-Expose-Headers"
Pairs = tuple[tuple[str, str], ...]


def answer(*headers: tuple[str, str], status: int = 200, body: bytes = b"hi") -> WireResponse:
    return WireResponse(status, "", list(headers), body)


def allowing(origin: str = APP, *more: tuple[str, str], status: int = 200) -> WireResponse:
    return answer((ORIGIN, origin), *more, status=status)


def to(location: str, *more: tuple[str, str], status: int = 302, origin: str | None = APP) -> WireResponse:
    allowed = ((ORIGIN, origin),) if origin is not None else ()
    return answer(*allowed, ("Location", location), *more, status=status, body=b"")


class Case(NamedTuple):
    """*asked*: the requests of a page, or numbers of seconds that pass. *answers*: by method and URL, or the URL alone."""

    asked: tuple[Mapping[str, Any] | float, ...]
    answers: Mapping[str, WireResponse | NoAnswerError]
    page: str = APP


def case(*asked: Mapping[str, Any] | float, page: str = APP, **answers: WireResponse | NoAnswerError) -> Case:
    """Return a case; *answers*: ``o`` to preflights, ``a`` to the first URL, ``b`` and ``c`` to those that it leads to."""
    urls = {"o": "OPTIONS", "a": f"{API}/a", "b": f"{OTHER}/b", "c": f"{APP}/c", "d": f"{API}/d", "e": f"{SUB}/e"}
    return Case(asked, {urls[name]: each for name, each in answers.items()}, page)


A: dict[str, Any] = {"url": f"{API}/a"}
OWN: dict[str, Any] = {"url": f"{APP}/c"}
PUT: dict[str, Any] = {
    **A,
    "method": "PUT",
    "body": b"data",
    "headers": [("Content-Type", "application/json"), ("X-A", "1")],
}
LISTED = ((METHODS, "PUT, DELETE"), (HEADERS, "content-type, X-A, authorization"))
O = allowing(APP, *LISTED, (AGE, "60"))  # noqa: E741
STAR = allowing("*", (METHODS, "*"), (HEADERS, "*"))
NULL = allowing("null", *LISTED)
INCLUDE: dict[str, Any] = {"credentials": "include"}
YES = (CREDENTIALS, "true")
COOKIE = ("Set-Cookie", "a=1; SameSite=None; Secure")

CASES: dict[str, Case] = {
    # what is asked, and what is read
    "a simple request": case(A, a=allowing(APP, ("Content-Type", "text/plain"), ("X-B", "1"), (EXPOSE, "X-C, x-d"), ("X-C", "2"), ("X-D", "3"))),
    "a simple request of everybody": case(A, a=allowing("*", (EXPOSE, "*"), ("X-C", "2"), ("Set-Cookie", "b=2"))),
    "a request without a word of CORS": case(A, a=answer()),
    "two origins": case(A, a=allowing(APP, (ORIGIN, APP))),
    "two origins in one line": case({**A}, a=allowing(f"{APP},{OTHER}")),
    "another origin": case(A, a=allowing(OTHER)),
    "an error that is allowed": case(A, a=allowing(status=500)),
    "an error that is not": case(A, a=answer(status=500)),
    "no answer": case(A, a=NoAnswerError("refused", "Connection refused")),
    "no answer to the preflight": case(PUT, o=NoAnswerError("timeout", "too late")),
    "a page without an origin": case(A, a=allowing("null"), page="null"),
    "own URLs": case(OWN, {**OWN, "method": "POST", "body": b"x"}, {**OWN, "method": "PUT", "body": b"x"}, c=answer(("X-B", "1"), ("Set-Cookie", "own=1"), ("Set-Cookie2", "x"))),
    "own URLs in mode same-origin": case({**OWN, "mode": "same-origin", "cache": "only-if-cached"}, {**A, "mode": "same-origin"}, c=answer()),
    "mode no-cors": case({**A, "mode": "no-cors", "headers": [("X-A", "1"), ("Accept", "a"), ("Range", "bytes=0-1")]}, {**A, "mode": "no-cors", "method": "POST", "body": b"x"}, a=answer(("X-B", "1"))),
    "mode no-cors that follows": case({**A, "mode": "no-cors"}, {**A, "mode": "no-cors", "redirect": "manual"}, a=to(f"{OTHER}/b", origin=None), b=answer()),
    "each initiator": case(*({**A, "initiator": name} for name in ("xhr", "events", "image", "font", "script", "style", "media")), a=answer()),
    "own Accept": case({**A, "headers": [("Accept", "text/plain"), ("accept", "b")]}, a=allowing()),
    "letters beyond ASCII in a header": case({**A, "headers": [("Accept-Language", "de"), ("X-A", "\u00e9")]}, o=O, a=allowing()),
    "names that pages cannot set": case({**A, "headers": [("Cookie", "x"), ("Sec-A", "1"), ("Date", "x"), ("X-HTTP-Method-Override", "TRACE")]}, a=allowing()),
    "wrong requests": case({"url": "http://["}, {**A, "method": "TRACE"}, {**A, "credentials": "yes"}, {**A, "initiator": "x"}, {**A, "cache": "x"}, {**A, "cache": "only-if-cached"}, {**A, "redirect": "x"}, {**A, "body": b"x"}, {**A, "mode": "no-cors", "method": "PUT"}, {**A, "mode": "no-cors", "method": "POST", "stream": True, "body": b"x"}, {"url": "https://u:p@api.example/"}),
    "keepalive": case({**A, "method": "POST", "body": b"x" * 65_536, "keepalive": True}, {**A, "method": "POST", "body": b"x" * 65_537, "keepalive": True}, a=allowing()),
    # what is not sent
    "plain http from a page of https": case({"url": "http://api.example/a"}, {"url": "http://localhost:1234/a"}, {"url": "http://127.0.0.1:1234/a"}, {"url": "http://api.example/a", "method": "PUT"}),
    "a port that is blocked": case({"url": "https://api.example:25/"}, {"url": "https://api.example:6000/", "method": "PUT"}),
    "another scheme": case({"url": "ftp://api.example/"}, {"url": "data:,x"}, {"url": "file:///x"}),
    # preflights
    "a preflight and the request": case(PUT, o=O, a=allowing()),
    "a preflight with stars": case({**PUT, "headers": [("Authorization", "x"), ("X-A", "1")]}, o=STAR, a=allowing("*")),
    "a preflight with stars and credentials": case({**PUT, **INCLUDE}, o=allowing(APP, YES, (METHODS, "*"), (HEADERS, "*")), a=allowing()),
    "a preflight with everything wrong": case({**PUT, **INCLUDE, "headers": [("X-B", "1"), ("X-A", "2"), ("Authorization", "x")]}, o=answer((ORIGIN, "*"), (METHODS, "GET"), (HEADERS, "x-c"), status=404)),
    "a preflight with lists that do not parse": case(PUT, o=allowing(APP, (METHODS, "PUT DELETE"), (HEADERS, "x-a content-type"))),
    "a preflight with stars in lists": case(PUT, o=allowing(APP, (METHODS, "*, GET"), (HEADERS, "*, x-b")), a=allowing()),
    "a preflight that is redirected": case(PUT, o=to(f"{API}/d", status=307)),
    "a preflight that asks for a login": case(PUT, o=answer(status=401)),
    "a preflight with 304": case(PUT, o=allowing(APP, *LISTED, status=304)),
    "a preflight, and a response that is not allowed": case(PUT, PUT, o=O, a=answer()),
    "a method in another case": case({**A, "method": "patch"}, {**A, "method": "delete"}, o=allowing(APP, (METHODS, "PATCH, DELETE")), a=allowing()),
    "upload listeners": case({**A, "method": "POST", "body": b"x", "upload_listeners": True}, {**A, "method": "POST", "upload_listeners": True}, o=allowing(), a=allowing()),
    "upload listeners with another method": case({**A, "method": "PUT", "body": b"x", "upload_listeners": True}, o=allowing(), a=allowing()),
    "upload listeners, and then what the preflight lists": case({**A, "method": "POST", "body": b"x", "upload_listeners": True}, {**A, "method": "PUT"}, o=O, a=allowing()),
    "a stream": case({**A, "method": "POST", "body": b"x", "stream": True}, o=allowing(), a=allowing()),
    "values that are long": case({**A, "headers": [("Accept", "a" * 129)]}, {**A, "headers": [("X-A", "b" * 70)]}, o=O, a=allowing()),
    "a name in two lines": case({**A, "headers": [("Accept", "a" * 100), ("accept", "b" * 100)]}, o=allowing(APP, (HEADERS, "accept")), a=allowing()),
    # the preflight cache
    "a second request": case(PUT, 59, PUT, 1, PUT, o=O, a=allowing()),
    "other requests after a preflight": case(PUT, {**PUT, "method": "DELETE"}, {**PUT, "method": "PATCH"}, {**PUT, "headers": [("X-A", "1")]}, {**A, "headers": [("X-A", "1")]}, {**A, "headers": [("X-B", "1")]}, {"url": f"{API}/d", "method": "PUT"}, o=O, a=allowing(), d=allowing()),
    "HEAD with a header after a preflight": case({**A, "headers": [("X-A", "1")]}, {**A, "method": "HEAD", "headers": [("X-A", "1")]}, {**A, "method": "POST", "headers": [("X-A", "1")]}, o=O, a=allowing()),
    "credentials after a preflight without": case(PUT, {**PUT, **INCLUDE}, PUT, o=allowing(APP, YES, *LISTED), a=allowing(APP, YES)),
    "without credentials after a preflight with": case({**PUT, **INCLUDE}, PUT, {**PUT, **INCLUDE}, o=allowing(APP, YES, *LISTED), a=allowing(APP, YES)),
    "stars that are kept": case(PUT, {**A, "method": "PATCH"}, {**A, "headers": [("Authorization", "x")]}, {**PUT, **INCLUDE}, o=STAR, a=allowing("*")),
    "each mode of the cache": case(PUT, *({**PUT, "cache": mode} for mode in ("no-store", "reload", "no-cache", "force-cache")), o=O, a=allowing()),
    "a conditional request": case(PUT, {**PUT, "headers": [*PUT["headers"], ("If-None-Match", "x")]}, o=allowing(APP, *LISTED, (HEADERS, "if-none-match")), a=allowing()),
    **{f"an age of {age!r}": case(PUT, 4, PUT, 2, PUT, 600, PUT, 6_700, PUT, 80_000, PUT, o=allowing(APP, *LISTED, (AGE, age)), a=allowing()) for age in ("", "0", "5", "-1", "x", "600", "0600", "99999999999999999999", "100, 200")},
    "no age": case(PUT, 4, PUT, 1, PUT, o=allowing(APP, *LISTED), a=allowing()),
    "a preflight that refuses after one that allowed": case(PUT, {**PUT, "method": "PATCH"}, PUT, o=O, a=allowing()),
    # cookies
    "cookies with credentials": case({**A, **INCLUDE}, {**A, **INCLUDE}, A, a=allowing(APP, YES, COOKIE, ("Set-Cookie", "b=2"))),
    "cookies without credentials": case({**A, "credentials": "omit"}, {**A, **INCLUDE}, a=allowing(APP, YES, COOKIE)),
    "cookies of own URLs": case(OWN, OWN, {**OWN, "credentials": "omit"}, c=answer(COOKIE, ("Set-Cookie", "b=2"))),
    "cookies of a site": case({"url": f"{SUB}/e", **INCLUDE}, {"url": f"{SUB}/e", **INCLUDE}, e=allowing(APP, YES, ("Set-Cookie", "b=2; SameSite=Strict"))),
    "a star with credentials": case({**A, **INCLUDE}, a=allowing("*", YES)),
    "credentials without a permission": case({**A, **INCLUDE}, a=allowing(APP)),
    "names to read with credentials": case({**A, **INCLUDE}, a=allowing(APP, YES, (EXPOSE, "*"), ("X-A", "1"))),
    # redirects
    "a redirect to another origin": case(A, a=to(f"{OTHER}/b"), b=allowing("null")),
    "a redirect to another origin that expects the page": case(A, a=to(f"{OTHER}/b"), b=allowing(APP)),
    "a redirect on the same origin": case(A, a=to("/d"), d=allowing()),
    "a redirect home": case(A, a=to(f"{APP}/c"), c=allowing()),
    "a redirect away": case(OWN, c=to(f"{API}/a", origin=None), a=allowing()),
    "a redirect away and home": case(OWN, c=to(f"{API}/a", origin=None), a=to(f"{APP}/f"), page=APP),
    "a redirect without a word of CORS": case(A, a=to(f"{OTHER}/b", origin=None)),
    "a redirect to the same site": case({"url": f"{SUB}/e"}, e=to(f"{APP}/c"), c=allowing()),
    **{f"{status} after {method}": case({**PUT, "method": method}, o=O, a=to("/d", status=status), d=allowing()) for status in (301, 302, 303, 307, 308) for method in ("PUT", "POST")},
    "Authorization over a redirect": case({**A, "headers": [("Authorization", "x"), ("X-A", "1")]}, o=allowing("*", *LISTED), a=to(f"{OTHER}/b", origin="*"), b=allowing("*")),
    "a preflight, and a redirect to another origin": case(PUT, o=allowing("*", *LISTED), a=to(f"{OTHER}/b", status=307, origin="*"), b=allowing("*")),
    "a preflight, and a redirect to the same": case(PUT, o=O, a=to("/d", status=308), d=allowing()),
    "a post that becomes GET and goes on": case({**PUT, "method": "POST"}, o=allowing("*", *LISTED), a=to("/d", origin="*"), d=to(f"{OTHER}/b", origin="*"), b=allowing("*")),
    "a redirect that is to fail": case({**A, "redirect": "error"}, {**A, "redirect": "manual"}, a=to(f"{OTHER}/b")),
    "a redirect with a password": case(A, OWN, a=to("https://u:p@other.example/b"), c=to("https://u:p@app.example/g", origin=None)),
    "a redirect to a scheme": case(A, a=to("ftp://other.example/b")),
    "a redirect to no URL": case(A, a=to("https://")),
    "a redirect to nowhere": case(A, a=to("")),
    "a redirect to nowhere without a word of CORS": case(A, a=to("", origin=None)),
    "two places": case(A, a=to("/d", ("Location", "/d")), d=allowing()),
    "two places that differ": case(A, a=to("/d", ("Location", "/e")), d=allowing()),
    "a redirect without a place": case(A, a=allowing(status=302)),
    "a redirect without an end": case(A, a=to("/a")),
    "a stream that is redirected": case({**A, "method": "POST", "body": b"x", "stream": True}, {**A, "method": "POST", "body": b"x", "stream": True}, o=allowing(), a=to("/d", status=307), d=allowing()),
    "a stream that becomes GET": case({**A, "method": "POST", "body": b"x", "stream": True}, o=allowing(), a=to("/d", status=303), d=allowing()),
    "redirects that are not followed, after one on the page": case({**OWN, "redirect": "manual"}, {**OWN, "redirect": "error"}, c=to(f"{API}/a", origin=None)),
    "cookies over a redirect": case({**OWN, **INCLUDE}, {**OWN, **INCLUDE}, c=to(f"{API}/a", ("Set-Cookie", "own=1"), origin=None), a=allowing(APP, YES, COOKIE)),
    "a redirect from plain http": case({"url": "http://api.example/h"}, page="http://app.example"),
    # the network
    "407": case(A, a=answer(status=407)),
    "421": case(A, a=allowing(status=421)),
}  # fmt: skip


def _answers(steps: Steps, found: Case, lines: list[str]) -> Outcome:
    """Drive a fetch with the answers of a case, and note what goes over the wire."""
    try:
        wire = next(steps)
        while True:
            lines.append(_wire(wire))
            response = found.answers.get(wire.method) or found.answers.get(str(wire.url)) or allowing("*")
            wire = steps.throw(response) if isinstance(response, NoAnswerError) else steps.send(response)
    except StopIteration as done:
        outcome: Outcome = done.value
        return outcome


def _wire(wire: WireRequest) -> str:
    headers = "; ".join(f"{name}: {_cut(value)}" for name, value in wire.headers if (name, value) != ("Accept", "*/*"))
    metadata = " ".join(f"{name.removeprefix('Sec-Fetch-')}={value}" for name, value in wire.metadata)
    body = f" | {_cut(wire.body.decode())}" if wire.body is not None else ""
    return f"> {wire.kind} {wire.method} {wire.url} | {headers} | {metadata}{body}"


def _cut(value: str) -> str:
    return value if len(value) <= 70 else f"{value[:9]}... ({len(value)})"


def _outcome(outcome: Outcome) -> Iterator[str]:
    """Yield what a page and its developer see, but for the engine's own texts, which ``diagnosed`` has."""
    readable = "; ".join(f"{name}: {value}" for name, value in outcome.headers)
    redirected = " redirected" if outcome.redirected else ""
    body = f" | {outcome.body.decode()}" if outcome.body else ""
    yield f"= {outcome.type} {outcome.status} {outcome.url}{redirected} | {readable}{body}"
    for each in outcome.failures:
        failure, place = each.failure, each.place
        yield f"  {each.kind}: {_cut(failure.value)!r} {failure.header!r} {failure.lines} {failure.on_redirect}"
        yield f"    at {place.url} {place.status} from {place.origin} of {place.page}, {place.initiator}: {place.first} to {place.to!r}"
    for name in ("reasons", "warnings"):
        if value := getattr(outcome, name):
            yield f"  {name}: {'; '.join(map(_cut, value))}"
    for refused in outcome.cookies:
        yield f"  cookie: {refused.name} {refused.reason}"


def _fetched(found: Case, profile: str) -> str:
    clock = Clock()
    browser = BrowserModel(found.page, profile=profile, base=at(f"{API}/"), clock=clock)
    lines: list[str] = []
    for asked in found.asked:
        if isinstance(asked, int | float):
            clock.now += asked
            lines.append(f"... {asked} seconds later")
        else:
            lines += _outcome(_answers(browser.fetch(Request(**asked)), found, lines))
    return "\n".join(lines)


def _in_each_profile(found: Case) -> str:
    """Return what happens in each profile, once where it is the same in several."""
    profiles: dict[str, list[str]] = {}
    for profile in PROFILES:
        profiles.setdefault(_fetched(found, profile), []).append(profile)
    return "\n".join(f"[{' '.join(names)}]\n{text}" for text, names in profiles.items())


TEXTS: Texts = {name: functools.partial(_in_each_profile, found) for name, found in CASES.items()}
