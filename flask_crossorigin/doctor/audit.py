"""The audit: which origins may read although nobody listed them, and other mistakes of a CORS configuration.

Tries what attackers and scanners try. Sends only GET and OPTIONS.
https://portswigger.net/research/exploiting-cors-misconfigurations-for-bitcoins-and-bounties
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple

from ..browser.checks import CREDENTIALS, ORIGIN, get
from ..browser.client import Transport
from ..browser.urls import URL, parse
from ..browser.values import NoAnswerError, WireRequest, WireResponse
from ..standard.headers import list_elements

Harm = Literal["high", "medium", "low"]


ORDER: tuple[Harm, ...] = ("high", "medium", "low")


FOREIGN = "https://flask-crossorigin.invalid"
REFLECTION = "any origin is reflected"
_FAILS = "an error of the server for an unknown origin"
_SPECIAL = "_-\"{}+^`!~|&'()*,$=;%"


class Probe(NamedTuple):
    """An origin that must not be allowed. *implied*: a server that reflects any origin allows it too."""

    attack: str
    origin: str
    implied: bool = True


@dataclass(frozen=True, kw_only=True)
class Vulnerability:
    """One mistake found at one URL. *harm*: ``high`` (other sites can read users' data), ``medium`` or ``low``.

    *also*: other URLs that have the same mistake.
    """

    harm: Harm
    attack: str
    url: str
    method: str
    origin: str
    received: str
    meaning: str
    remedy: str
    also: tuple[str, ...] = ()


def probes(trusted: str) -> list[Probe]:
    """Return the attacks on a server that trusts *trusted*, an origin such as ``https://www.example.com``."""
    url = parse(trusted)
    if url is None:
        raise ValueError(f"{trusted!r} is not an origin: write scheme and host, as in 'https://www.example.com'")
    scheme, host, port = url.scheme, url.host, "" if url.port is None else f":{url.port}"
    bare = host.partition(".")[2] or host
    other = "http" if scheme == "https" else "https"
    return [
        Probe(REFLECTION, FOREIGN, implied=False),
        Probe("null", "null", implied=False),
        Probe("null in capitals", "NULL"),
        Probe("prefix", f"{scheme}://{host}.flask-crossorigin.invalid"),
        Probe("prefix without a dot", f"{scheme}://{host}crossorigin.invalid"),
        Probe("suffix without a dot", f"{scheme}://crossorigin{host}"),
        Probe("suffix without a dot, of the domain", f"{scheme}://crossorigin{bare}"),
        Probe("part of the name", f"{scheme}://{host[1:]}"),
        Probe("unescaped dot", f"{scheme}://{host.replace('.', 'x', 1)}"),
        Probe("a subdomain of the trusted host", f"{scheme}://crossorigin.{host}"),
        Probe("the other scheme", f"{other}://{host}{port}"),
        Probe("another port", f"{scheme}://{host}:8443"),
        Probe("userinfo", f"{scheme}://{host}@flask-crossorigin.invalid"),
        Probe("a slash at the end", f"{trusted}/"),
        Probe("a dot at the end", f"{scheme}://{host}.{port}"),
        Probe("a backslash", f"{scheme}://{host}\\.flask-crossorigin.invalid"),
        Probe("capitals", f"{scheme}://{host.upper()}{port}")
        if host.upper() != host
        else Probe("null", "null", implied=False),
        Probe("a list", f"{trusted}, https://flask-crossorigin.invalid"),
        Probe("a list with a blank", f"{trusted} https://flask-crossorigin.invalid"),
        *(Probe(f"the special character {c}", f"{scheme}://{host}{c}.flask-crossorigin.invalid") for c in _SPECIAL),
        Probe("an encoded backtick", f"{scheme}://{host}%60.flask-crossorigin.invalid"),
        Probe("a third party's host", "https://flask-crossorigin.github.io"),
        Probe("a third party's playground", "https://jsbin.com"),
        Probe("a developer's machine", "http://localhost:3000"),
        Probe("a name that begins with localhost", "http://localhost.flask-crossorigin.invalid"),
        Probe("an extension", "chrome-extension://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
        Probe("a web view", "capacitor://localhost"),
        Probe("an oversized origin", f"https://{'a' * 8000}.invalid"),
    ]


def audit(transport: Transport, url: URL, trusted: Sequence[str], meant: Sequence[str] = ()) -> list[Vulnerability]:
    """Return what is wrong at *url*, the worst first.

    *trusted*: origins to build attacks on. *meant*: origins that are allowed on purpose.
    """
    found: list[Vulnerability] = []
    tried: set[str] = {*trusted, *meant}
    reflects = False
    if (failing := _always_fails(transport, url, trusted[0])) is not None:
        return [failing]
    for origin in trusted:
        for probe in probes(origin):
            if probe.origin in tried or (probe.implied and reflects):
                continue
            tried.add(probe.origin)
            allowed = [*_tried(transport, url, probe, trusted)]
            reflects = reflects or (probe.attack == REFLECTION and any(each.attack == REFLECTION for each in allowed))
            found += allowed
        found += _as_trusted(transport, url, origin)
    return sorted(_each_once(found), key=lambda finding: ORDER.index(finding.harm))


def _each_once(found: Iterable[Vulnerability]) -> Iterator[Vulnerability]:
    """Leave out what is found again, and all but the first origin that makes the server fail."""
    seen: set[object] = set()
    for each in found:
        same = (each.attack, each.method) if each.attack == _FAILS else each
        if same not in seen:
            seen.add(same)
            yield each


def merged(found: Iterable[Vulnerability]) -> list[Vulnerability]:
    """Return *found*, the worst first, where one mistake at several URLs is one finding."""
    groups: dict[tuple[str, str, str, str], list[Vulnerability]] = {}
    for each in found:
        groups.setdefault((each.harm, each.attack, each.method, each.remedy), []).append(each)
    ordered = sorted(groups.values(), key=lambda group: ORDER.index(group[0].harm))
    return [
        replace(group[0], also=tuple(dict.fromkeys(each.url for each in group if each.url != group[0].url)))
        for group in ordered
    ]


def _always_fails(transport: Transport, url: URL, origin: str) -> Vulnerability | None:
    """Return one finding if the server answers with an error whoever asks: then nothing else can be seen."""
    plain, answer = _answer(transport, url, "GET", None), _answer(transport, url, "GET", origin)
    if plain is None or answer is None or min(plain.status, answer.status) < 500:
        return None
    return Vulnerability(
        harm="low",
        attack="the URL always fails",
        url=str(url),
        method="GET",
        origin="",
        received=str(plain.status),
        meaning="the server answers with an error to every request, so that nothing was tried here",
        remedy="correct the error, and audit again",
    )


def _tried(transport: Transport, url: URL, probe: Probe, trusted: Sequence[str]) -> Iterator[Vulnerability]:
    for method in ("GET", "OPTIONS"):
        answer = _answer(transport, url, method, probe.origin)
        if answer is None:
            continue
        allowed, credentials = get(answer.headers, ORIGIN), get(answer.headers, CREDENTIALS)
        received = f"{answer.status}; {ORIGIN}: {allowed}" + (f"; {CREDENTIALS}: {credentials}" if credentials else "")
        place: dict[str, Any] = {
            "url": str(url),
            "method": method,
            "origin": probe.origin[:200],
            "received": received[:300],
        }
        if answer.status >= 500:
            yield Vulnerability(
                harm="medium",
                attack=_FAILS,
                meaning="the code that compares origins fails, and the page gets an error without CORS headers",
                remedy="compare origins as text, and answer other origins without CORS headers",
                **place,
            )
        # Compared without case, because a reflection may change it; the trusted origin itself is allowed.
        if allowed is not None and allowed.lower() == probe.origin.lower() and allowed not in trusted:
            if credentials == "true":
                harm: Harm = "high"
                meaning = "every page of that origin can read the user's data with the user's cookies"
            else:
                harm = "medium"
                meaning = "every page of that origin can read the response, without cookies"
            yield Vulnerability(harm=harm, attack=probe.attack, meaning=meaning, remedy=_EXACT, **place)
            return


_EXACT = "list the origins that you trust, and compare them whole"


def _as_trusted(transport: Transport, url: URL, origin: str) -> Iterator[Vulnerability]:
    """Look at the responses to the trusted origin, and to a request without Origin."""
    answer = _answer(transport, url, "GET", origin)
    plain = _answer(transport, url, "GET", None)
    preflight = _answer(transport, url, "OPTIONS", origin)
    for method, each in (("GET", answer), ("OPTIONS", preflight)):
        if each is not None:
            yield from _headers(url, method, origin, each)
    if answer is None or plain is None or preflight is None:
        return
    by_origin = get(answer.headers, ORIGIN) not in (None, "*")
    is_constant = get(answer.headers, ORIGIN) == get(plain.headers, ORIGIN)  # then nothing varies
    for sent, each in ((origin, answer), ("", plain)):
        vary = [name.lower() for name in list_elements(get(each.headers, "vary") or "")]
        if by_origin and not is_constant and not {"origin", "*"} & {*vary}:
            yield Vulnerability(
                harm="medium",
                attack="cache poisoning",
                url=str(url),
                method="GET",
                origin=sent,
                received=f"Vary: {get(each.headers, 'vary') or '(nothing)'}",
                meaning="a cache sends the response for one origin to another, which is then blocked",
                remedy="send Vary: Origin on every response of this URL, also to requests without Origin",
            )
    if by_origin and not 200 <= preflight.status <= 299:
        yield Vulnerability(
            harm="low",
            attack="preflight from the trusted origin is refused",
            url=str(url),
            method="OPTIONS",
            origin=origin,
            received=str(preflight.status),
            meaning="simple requests from this origin work, and every request that needs a preflight fails",
            remedy="answer preflights before authentication, redirects and routing",
        )


def _headers(url: URL, method: str, origin: str, answer: WireResponse) -> Iterator[Vulnerability]:
    allowed, credentials = get(answer.headers, ORIGIN), get(answer.headers, CREDENTIALS)
    place: dict[str, Any] = {"url": str(url), "method": method, "origin": origin}
    lines = sum(name.lower() == ORIGIN for name, _ in answer.headers)
    if lines > 1 or "," in (allowed or ""):
        yield Vulnerability(
            harm="low",
            attack="two CORS layers",
            received=f"{ORIGIN}: {allowed}",
            meaning="browsers block a response with two origins",
            remedy="write CORS headers in one layer only",
            **place,
        )
    if allowed == "*" and credentials == "true":
        yield Vulnerability(
            harm="low",
            attack="wildcard with credentials",
            received=f"{ORIGIN}: *; {CREDENTIALS}: true",
            meaning="browsers block it; reflecting every Origin instead would let every site read every user's data",
            remedy="list the origins that you trust, or do not allow credentials",
            **place,
        )
    elif allowed == "*" and method == "GET":
        yield Vulnerability(
            harm="low",
            attack="everyone may read",
            received=f"{ORIGIN}: *",
            meaning="right for public data, wrong for a server that only a firewall or an internal address protects",
            remedy="list the origins if the data is not public",
            **place,
        )
    if credentials not in (None, "true"):
        yield Vulnerability(
            harm="low",
            attack="credentials not true",
            received=f"{CREDENTIALS}: {credentials}",
            meaning="browsers accept only the value 'true'",
            remedy="remove the header",
            **place,
        )


def _answer(transport: Transport, url: URL, method: str, origin: str | None) -> WireResponse | None:
    headers = [("Accept", "*/*"), *([("Origin", origin)] if origin is not None else [])]
    if method == "OPTIONS":
        headers += [("Access-Control-Request-Method", "PUT"), ("Access-Control-Request-Headers", "content-type")]
    try:
        return transport(WireRequest("preflight" if method == "OPTIONS" else "actual", method, url, headers))
    except NoAnswerError:
        return None
