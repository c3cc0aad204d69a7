"""The doctor's report for a person: the verdict on top, short lines, readable at 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from .doctor import Report
from .findings import Finding
from .messages import MDN, RULES

_NAMES = {"chrome": "Chrome", "firefox": "Firefox", "safari": "Safari", "standard": "Standard"}
_WIDTH = 80


def text(report: Report, *, full: bool = True) -> str:
    """Return *report* as text; *full*: with what every other browser says, and the ``curl`` line."""
    return "\n".join(_lines(report, full=full))


def _lines(report: Report, *, full: bool) -> Iterator[str]:
    request = report.request
    verdict = "BLOCKED" if report.blocked else "ALLOWED"
    status = f" ({report.outcome.status})" if report.outcome.status else ""
    yield f"{verdict}: {request.method} {request.url} from {report.origin}{status}"
    if report.outcome.script_sees and report.blocked:
        yield f"  script sees {report.outcome.script_sees}"
    if not report.blocked:
        names = ", ".join(sorted({name.lower() for name, _ in report.outcome.headers})) or "none"
        yield from _wrapped("script reads", f"the body, and the headers {names}")
    if report.outcome.reasons:
        yield from _wrapped("preflight needed", "; ".join(report.outcome.reasons))
    for number, finding in enumerate(report.findings, 1):
        yield ""
        yield from _finding(number, finding, report.profile, full=full)
    if full and report.curl:
        yield ""
        yield "Try it without a browser:"
        yield f"  {report.curl}"


def _finding(number: int, finding: Finding, profile: str, *, full: bool) -> Iterator[str]:
    sort = "" if finding.blocks else "warning: "
    yield from textwrap.wrap(f"{number}. {sort}{finding.title}", _WIDTH, subsequent_indent="   ")
    yield from _wrapped("fix", finding.remedy)
    if finding.layer:
        yield from _wrapped("layer", finding.layer)
    if finding.sent:
        yield from _wrapped("sent", finding.sent)
    if finding.received:
        yield from _wrapped("received", finding.received)
    if finding.rule:
        yield from _wrapped("rule", finding.rule)
        yield f"   {finding.link}"
    rule = RULES.get(finding.kind)
    if full and rule is not None and rule.mdn:
        yield f"   {MDN}{rule.mdn}"
    shown = finding.console if full else {name: said for name, said in finding.console.items() if name == profile}
    for name, said in shown.items():
        yield from _wrapped(f"{_NAMES[name]} writes", said)


def _wrapped(label: str, value: str) -> Iterator[str]:
    first = f"   {label}: "
    yield from textwrap.wrap(
        value, _WIDTH, initial_indent=first, subsequent_indent="     ", break_long_words=False, break_on_hyphens=False
    ) or [first]
