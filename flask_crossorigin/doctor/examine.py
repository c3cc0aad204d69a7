"""Why a request is blocked: every finding with its rule, its layer, and what to write.

Looks only at what went over the wire. What the caller knows about the server comes in a ``Server``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from ..browser.checks import ORIGIN, cors_check, get
from ..browser.client import Client, Exchange
from ..browser.failures import FAILURES
from ..browser.fetch import BrowserModel
from ..browser.profiles import PROFILES
from ..browser.urls import parse
from ..browser.values import Blocked, NoAnswerError, Outcome, Request, WireRequest, WireResponse
from ..standard.headers import RESPONSE_PREFIX
from .advice import layer, remedy, title
from .findings import Finding
from .report import Report, curl
from .servers import is_refusal
from .warnings import local_network, warnings

ENGINES = ("chrome", "firefox", "safari")


@dataclass(frozen=True, kw_only=True)
class Server:
    """What the caller knows about the server. *remedy*: its own advice for a failure, or ``None``.

    *where*: ``process`` or ``network``. *policy*: the policy that covers the request, as code; ``""`` if none does;
    ``None`` if unknown. *source*: where that policy is written.
    """

    where: str = "network"
    policy: str | None = None
    source: str = ""
    remedy: Callable[[Blocked], str | None] = field(default=lambda _: None)


def examine(client: Client, request: Request, server: Server) -> Report:
    """Send *request* as the *client*'s browser would, and return everything that is wrong with what comes back."""
    start = len(client.exchanges)
    outcome = client.fetch(request)
    exchanges = tuple(client.exchanges[start:])
    beyond = [*_beyond(client, request, outcome, exchanges, server)]
    return diagnose(client.browser, request, outcome, exchanges, server, beyond)


def diagnose(
    browser: BrowserModel,
    request: Request,
    outcome: Outcome,
    exchanges: tuple[Exchange, ...],
    server: Server,
    beyond: Sequence[Finding] = (),
) -> Report:
    """Return everything that is wrong with a request that was sent; *beyond*.

    What was found past a failed preflight.
    """
    findings = [*blocking(outcome, exchanges, browser, request, server), *beyond]
    findings += warnings(outcome, exchanges, request)
    if server.where == "network":
        findings += local_network(outcome, exchanges, browser)
    return Report(
        request=request,
        origin=browser.origin,
        profile=browser.profile.name,
        outcome=outcome,
        exchanges=exchanges,
        findings=tuple(findings),
        curl=curl(exchanges[-1]) if exchanges else "",
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
        console = {name: text for name, failures in others.items() if (text := _console(blocked, failures))}
        yield Finding(
            kind=blocked.kind,
            blocks=True,
            title=title(blocked, last),
            remedy=server.remedy(blocked) or remedy(blocked, last, browser.origin),
            layer=layer(blocked, last, in_process=server.where == "process"),
            sent=_sent(last),
            received=_received(last),
            rule=rule.rule,
            link=rule.link,
            console=console or {browser.profile.name: blocked.console},
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


def _telling(failures: Sequence[Blocked], exchange: Exchange | None) -> Sequence[Blocked]:
    """Drop what follows from an earlier failure: a server that refuses the whole preflight lists nothing in it."""
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
    exchange = Exchange("actual", request.method, str(url), headers, answer.status, answer.reason, answer.headers)
    place = outcome.failures[0].place._replace(status=answer.status)
    failures = cors_check(answer.headers, client.browser.origin, request.credentials)
    found = tuple(Blocked(failure, place, client.browser.console(failure, place)) for failure in failures)
    later = Outcome(url=str(url), type="error", failures=found)
    yield from blocking(later, [exchange], client.browser, request, server)


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
