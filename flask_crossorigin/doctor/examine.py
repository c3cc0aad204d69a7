"""Why a request is blocked: every finding with its rule, its layer, and what to write.

Looks only at what went over the wire. What the caller knows about the server comes in a ``Server``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ..browser.checks import ORIGIN, cors_check, get
from ..browser.client import Client, Exchange
from ..browser.failures import FAILURES
from ..browser.fetch import BrowserModel
from ..browser.profiles import PROFILES
from ..browser.urls import parse
from ..browser.values import Blocked, NoAnswerError, Outcome, Request, WireRequest, WireResponse
from ..standard.headers import RESPONSE_PREFIX
from .advice import layer, remedy
from .cases import Case, Server
from .findings import Finding
from .report import Report, curl
from .servers import MISSING_PATH, PROXIES, is_refusal, layers
from .titles import title
from .warnings import error_status, local_network, warnings

ENGINES = ("chrome", "firefox", "safari")


def examine(client: Client, request: Request, server: Server) -> Report:
    """Send *request* as the *client*'s browser would, and return everything that is wrong with what comes back."""
    start = len(client.exchanges)
    outcome = client.fetch(request)
    exchanges = tuple(client.exchanges[start:])
    if outcome.failures and server.where == "network":
        server = replace(server, seen=_seen(client, exchanges))
    beyond = [*_beyond(client, request, outcome, exchanges, server)]
    is_constant = _is_constant(client, exchanges)
    return diagnose(client.browser, request, outcome, exchanges, server, beyond, is_constant=is_constant)


def diagnose(
    browser: BrowserModel,
    request: Request,
    outcome: Outcome,
    exchanges: tuple[Exchange, ...],
    server: Server,
    beyond: Sequence[Finding] = (),
    *,
    is_constant: bool = False,
) -> Report:
    """Return everything that is wrong with a request that was sent.

    *beyond*: what was found past a failed preflight. *is_constant*: the server names this origin to every request.
    """
    findings = [*blocking(outcome, exchanges, browser, request, server)]
    known = {finding.remedy for finding in findings}
    findings = _without_repeats([*findings, *(finding for finding in beyond if finding.remedy not in known)])
    in_process = server.where == "process"
    findings += warnings(outcome, exchanges, request, is_constant=is_constant, in_process=in_process)
    if server.where == "network":
        findings += local_network(outcome, exchanges, browser)
    return Report(
        request=request,
        origin=browser.origin,
        profile=browser.profile.name,
        outcome=outcome,
        exchanges=exchanges,
        findings=tuple(findings),
        curl=curl(exchanges[-1], request.body) if exchanges else "",
        note=error_status(outcome, exchanges, server.raised()),
    )


def _console(blocked: Blocked, failures: Sequence[Blocked]) -> str:
    """Return what the browser of *failures* writes about the same kind of failure, empty if it does not meet it."""
    return next((each.console for each in failures if each.failure.kind == blocked.failure.kind), "")


def blocking(
    outcome: Outcome, exchanges: Sequence[Exchange], browser: BrowserModel, request: Request, server: Server
) -> Iterator[Finding]:
    """Yield what blocks the request, in the order in which the browser meets it."""
    others = {name: _replayed(name, browser, request, exchanges) for name in ENGINES}
    last = exchanges[-1] if exchanges else None
    for blocked in _telling(outcome.failures, last):
        rule = FAILURES[blocked.kind]
        case = Case(blocked=blocked, origin=browser.origin, exchanges=tuple(exchanges), request=request, server=server)
        console = {name: text for name, failures in others.items() if (text := _console(blocked, failures))}
        yield Finding(
            kind=blocked.kind,
            blocks=True,
            title=title(case),
            remedy=remedy(case),
            layer=layer(case),
            evidence=case.responsible.evidence if case.responsible.name in layer(case) and not case.in_process else "",
            sent=_sent(last),
            received=_received(last),
            rule=rule.rule,
            link=rule.link,
            console={} if rule.check == "request" else console or {browser.profile.name: blocked.console},
        )
    if outcome.type == "opaque":
        yield Finding(
            kind="opaque",
            blocks=True,
            title="the response is opaque: JavaScript cannot read its status, headers or body",
            remedy="remove mode: 'no-cors': it does not switch CORS off, it hides the response",
            layer="client",
            rule="main fetch: a no-cors response is opaque",
            link="https://fetch.spec.whatwg.org/#concept-filtered-response-opaque",
        )
    if outcome.type == "opaqueredirect":
        yield Finding(
            kind="opaque-redirect",
            blocks=True,
            title="the redirect is opaque: with redirect: 'manual' JavaScript cannot read where it leads",
            remedy="remove redirect: 'manual', or answer with JSON that names the address",
            layer="client",
        )


def _without_repeats(findings: Sequence[Finding]) -> list[Finding]:
    """Return *findings* with each block of lines to paste once: the first has what all of them need."""
    shown: set[str] = set()
    kept = []
    for finding in findings:
        sentence, _, code = finding.remedy.partition("\n")
        if code and code in shown:
            finding = replace(finding, remedy=f"{sentence.removesuffix(':')}; the lines above do this, too")
        shown.add(code)
        kept.append(finding)
    return kept


def _telling(failures: Sequence[Blocked], exchange: Exchange | None) -> Sequence[Blocked]:
    """Drop what follows from an earlier failure: a server that refuses the whole preflight lists nothing in it."""
    checks = [FAILURES[each.failure.kind].check for each in failures]
    if not {"acao-missing", "acao-mismatch"}.isdisjoint(checks):  # who is not allowed needs no credentials
        failures = [each for each in failures if FAILURES[each.failure.kind].check != "acac"]
    if exchange is None or exchange.kind != "preflight":
        return failures
    if is_refusal(exchange):
        return failures[:1]
    if get(exchange.response_headers, ORIGIN) is None and not 200 <= exchange.status <= 299:
        return [
            each for each in failures if each.kind not in ("preflight-method", "preflight-header", "preflight-acac")
        ]
    return failures


def _replayed(
    profile: str, browser: BrowserModel, request: Request, exchanges: Sequence[Exchange]
) -> tuple[Blocked, ...]:
    """Return what another engine reports for the same responses; nothing if it needs one that was not recorded."""
    if profile not in PROFILES:
        return ()
    left = list(exchanges)

    def send(wire: WireRequest) -> WireResponse:
        for exchange in left:
            if (exchange.kind, exchange.url) == (wire.kind, str(wire.url)):
                left.remove(exchange)
                if exchange.status == 0:
                    raise NoAnswerError("failed", exchange.reason)
                return WireResponse(exchange.status, exchange.reason, exchange.response_headers, exchange.body)
        raise NoAnswerError("failed", "not recorded")

    return Client(send, browser.origin, profile=profile, base=browser.base).fetch(request).failures


def _beyond(
    client: Client, request: Request, outcome: Outcome, exchanges: Sequence[Exchange], server: Server
) -> Iterator[Finding]:
    """Look past a failed preflight at the response itself, if the request changes nothing on the server."""
    if not (outcome.failures and exchanges and exchanges[-1].kind == "preflight" and request.method in ("GET", "HEAD")):
        return
    url = parse(exchanges[-1].url)
    if url is None:
        return
    headers = [*request.headers, ("Origin", client.browser.origin), ("Accept", "*/*")]
    try:
        answer = client.transport(WireRequest("actual", request.method, url, headers))
    except NoAnswerError:
        return
    exchange = Exchange(
        "actual", request.method, str(url), headers, answer.status, answer.reason, answer.headers, answer.body
    )
    place = outcome.failures[0].place._replace(status=answer.status)
    failures = cors_check(answer.headers, client.browser.origin, request.credentials)
    found = tuple(Blocked(failure, place, client.browser.console(failure, place)) for failure in failures)
    later = Outcome(url=str(url), type="error", failures=found)
    yield from blocking(later, [exchange], client.browser, request, server)


def _seen(client: Client, exchanges: Sequence[Exchange]) -> tuple[Exchange, ...]:
    """Return two more responses if the others do not show which software answers: a GET, and an error page."""
    last = exchanges[-1] if exchanges else None
    url = parse(last.url) if last is not None and last.status else None
    if url is None or any(each.is_certain and each.software not in PROXIES for each in layers(exchanges)):
        return ()
    found = []
    for target in (url, url._replace(path=MISSING_PATH, query=None)):
        try:
            answer = client.transport(WireRequest("actual", "GET", target, [("Accept", "text/html,*/*")]))
        except NoAnswerError:
            continue
        found.append(Exchange("actual", "GET", str(target), [], *answer))
    return tuple(found)


def _is_constant(client: Client, exchanges: Sequence[Exchange]) -> bool:
    """Report whether the server allows the same origin when nobody asks; only a GET or an OPTIONS is sent."""
    last = exchanges[-1] if exchanges else None
    allowed = get(last.response_headers, ORIGIN) if last is not None else None
    url = parse(last.url) if last is not None else None
    if last is None or url is None or allowed in (None, "*"):
        return False
    wire = WireRequest("actual", last.method, url, [("Accept", "*/*")])
    if last.method not in ("GET", "HEAD"):
        announced = get(last.headers, "access-control-request-method") or last.method
        wire = WireRequest("preflight", "OPTIONS", url, [*wire.headers, ("Access-Control-Request-Method", announced)])
    try:
        answer = client.transport(wire)
    except NoAnswerError:
        return False
    return get(answer.headers, ORIGIN) == allowed


def _sent(exchange: Exchange | None) -> str:
    if exchange is None:
        return ""
    names = ("origin", "access-control-request-method", "access-control-request-headers")
    parts = [f"{name}: {value}" for name, value in exchange.headers if name.lower() in names]
    return f"{exchange.method} {exchange.url}" + "".join(f"; {part}" for part in parts)


def _received(exchange: Exchange | None) -> str:
    if exchange is None or not exchange.status:
        return exchange.reason if exchange is not None else ""
    parts = [
        f"{name}: {value}"
        for name, value in exchange.response_headers
        if name.lower().startswith(RESPONSE_PREFIX)
        or name.lower() in ("location", "server", "vary", "www-authenticate")
    ]
    return f"{exchange.status} {exchange.reason}" + "".join(f"; {part}" for part in parts)
