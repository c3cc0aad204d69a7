"""The doctor's report for a person: the verdict on top, short lines, readable at 80 columns."""

from __future__ import annotations

import shlex
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ..browser.client import Exchange
from ..browser.console import mdn_page
from ..browser.failures import FAILURES
from ..browser.values import Outcome, Request
from .findings import Finding

_LAYERS = {"client": "client (the JavaScript of the page)"}
_NAMES = {"chrome": "Chrome", "firefox": "Firefox", "safari": "Safari", "standard": "Standard"}


_WIDTH = 80
_BELOW: Any = {"initial_indent": "     ", "subsequent_indent": "     "}


def text(report: Report, *, full: bool = True, verbose: bool = False) -> str:
    """Return *report* as text: one line if nothing is wrong, unless *verbose*.

    *full*: with the texts of all browsers, and the ``curl`` line.
    """
    lines = _lines(report, full=full)
    kinds = {finding.kind for finding in report.findings}
    if verbose or kinds - {"local-network-access"}:
        return "\n".join(lines)
    # A local server is often asked about pages of production: that is no mistake, and worth no more than a remark.
    return next(lines) + ("; Chrome asks the user for Local Network Access" if kinds else "")


def _lines(report: Report, *, full: bool) -> Iterator[str]:
    request = report.request
    verdict = "BLOCKED" if report.blocked else "ALLOWED"
    status = f" ({report.outcome.status})" if report.outcome.status else ""
    note = f"; {report.note}" if report.note else ""
    yield f"{verdict}: {request.method} {request.url} from {report.origin}{status}{note}"
    if report.outcome.script_sees and report.blocked:
        yield f"  JavaScript gets {report.outcome.script_sees}"
    if not report.blocked:
        names = ", ".join(sorted({name.lower() for name, _ in report.outcome.headers})) or "none"
        yield from _wrapped("JavaScript can read", f"the body, and the headers {names}", "  ")
    if report.outcome.reasons:
        yield from _wrapped("preflight needed", "; ".join(report.outcome.reasons), "  ")
    for number, finding in enumerate(report.findings, 1):
        yield ""
        yield from _finding(number, finding, report.profile, full=full)
    if full and report.curl:
        yield ""
        yield "Try it without a browser:"
        yield f"  {report.curl}"


def _finding(number: int, finding: Finding, profile: str, *, full: bool) -> Iterator[str]:
    sort = "" if finding.blocks else "warning: "
    heading = f"{number}. {sort}{finding.title}"
    yield from textwrap.wrap(heading, _WIDTH, subsequent_indent="   ", break_long_words=False, break_on_hyphens=False)
    sentence, *code = finding.remedy.split("\n")
    yield from _wrapped("fix", sentence)
    for line in code:  # to be pasted as it stands; a sentence below it is wrapped
        yield from [f"     {line}"] if line.startswith("  ") else textwrap.wrap(line, _WIDTH, **_BELOW)
    if finding.layer:
        seen = f" ({finding.evidence})" if finding.evidence else ""
        yield from _wrapped("layer", _LAYERS.get(finding.layer, finding.layer) + seen)
    if finding.sent:
        yield from _wrapped("sent", finding.sent)
    if finding.received:
        yield from _wrapped("received", finding.received)
    if finding.rule:
        yield from _wrapped("rule", finding.rule)
        yield f"   {finding.link}"
    failure = FAILURES.get(finding.kind)  # type: ignore[call-overload]
    if full and failure is not None and (page := mdn_page(failure.check)):
        yield f"   {page}"
    # Without a known text a browser's message is only the rule, which stands above.
    texts = {name: said for name, said in finding.console.items() if not said.startswith(finding.rule or " ")}
    shown = texts if full else {name: said for name, said in texts.items() if name == profile}
    for name, said in shown.items():
        yield from _wrapped(f"{_NAMES[name]} writes", said)


def _wrapped(label: str, value: str, indent: str = "   ") -> Iterator[str]:
    first, more = f"{indent}{label}: ", f"{indent}  "
    yield from textwrap.wrap(
        value, _WIDTH, initial_indent=first, subsequent_indent=more, break_long_words=False, break_on_hyphens=False
    ) or [first]


@dataclass(frozen=True, kw_only=True)
class Report:
    """The outcome of a request, and everything that was found about it.

    *note*: what to do about a response that is an error for other reasons than CORS; empty if it is none.
    """

    request: Request
    origin: str
    profile: str
    outcome: Outcome
    exchanges: tuple[Exchange, ...]
    findings: tuple[Finding, ...]
    curl: str
    note: str = ""

    @property
    def blocked(self) -> bool:
        """Whether JavaScript cannot read the response."""
        return not self.outcome.readable

    def as_json(self) -> dict[str, Any]:
        """Return the report as plain values; docs/check.schema.json has its schema."""
        outcome = self.outcome
        return {
            "version": 1,
            "request": {
                "method": self.request.method,
                "url": self.request.url,
                "origin": self.origin,
                "credentials": self.request.credentials,
                "mode": self.request.mode,
                "headers": [list(header) for header in masked(self.request.headers)],
            },
            "browser": self.profile,
            "verdict": "blocked" if self.blocked else "allowed",
            "response": {
                "type": outcome.type,
                "status": outcome.status,
                "readable_headers": sorted({name.lower() for name, _ in outcome.headers}),
            },
            "script_sees": outcome.script_sees,
            "preflight_because": list(outcome.reasons),
            "findings": [asdict(finding) for finding in self.findings],
            "exchanges": [
                {
                    "kind": exchange.kind,
                    "method": exchange.method,
                    "url": exchange.url,
                    "headers": [list(header) for header in masked(exchange.headers)],
                    "status": exchange.status,
                    "reason": exchange.reason,
                    "response_headers": [list(header) for header in masked(exchange.response_headers)],
                }
                for exchange in self.exchanges
            ],
            "curl": self.curl,
        }


def masked(headers: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return *headers* with secret values replaced by ``***``."""
    secret = {"authorization", "cookie", "set-cookie", "x-api-key", "x-csrf-token", "proxy-authorization"}
    return [(name, "***" if name.lower() in secret else value) for name, value in headers]


def curl(exchange: Exchange, body: bytes | None = None) -> str:
    """Return a command that sends the same request; *body*: of the request itself, not of its preflight."""
    parts = ["curl", "-i", "-X", exchange.method, exchange.url]
    for name, value in masked(exchange.headers):
        # What curl sends itself, and what says that a browser asks, is left out.
        if not name.lower().startswith("sec-") and (name.lower(), value) != ("accept", "*/*"):
            parts += ["-H", f"{name}: {value}"]
    if body and exchange.kind == "actual":
        parts += ["--data-binary", body.decode("utf-8", "replace")]
    return shlex.join(parts)
