"""What the lab says about a pasted console message, and a fix in the words of other servers."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Any

from applications import Origins
from checks import section
from code_reader import read
from markdown_it import MarkdownIt
from scenarios import Scenario

from flask_crossorigin import CORSPolicy
from flask_crossorigin.browser.checks import cors_check
from flask_crossorigin.browser.client import Exchange
from flask_crossorigin.browser.console import Place
from flask_crossorigin.browser.values import Blocked, Credentials
from flask_crossorigin.browser.values import Request as Fetch
from flask_crossorigin.commands.export import grants_of
from flask_crossorigin.doctor.advice import remedy
from flask_crossorigin.doctor.cases import Case
from flask_crossorigin.doctor.explain import Explanation
from flask_crossorigin.doctor.export import TARGETS, lines
from flask_crossorigin.doctor.meanings import meanings
from flask_crossorigin.doctor.titles import title
from flask_crossorigin.standard.headers import Header, is_token

# The scenario that shows what a message is about, by what failed.
SHOWN_BY = {
    "acao-missing": "simple-none",
    "acao-wildcard-credentials": "credentials-wildcard",
    "acao-multiple": "two-values",
    "acao-invalid": "simple-other",
    "acao-mismatch": "simple-other",
    "acac": "credentials-missing",
    "status": "auth-401",
    "redirect": "slash-redirect",
    "method": "preflight-method",
    "header": "json-content-type",
    "network": "server-stopped",
    "unknown": "error-500",
}


def explanation(found: Explanation, headers: str) -> dict[str, Any]:
    """Return the causes and fixes of one message, and the id of a scenario, empty if none shows it.

    *headers*: the response's, as a text; empty if they are not known.
    """
    shown = judged(found, headers)
    said = [shown] if shown is not None else [{"cause": each.cause, "fix": each.fix} for each in meanings(found)]
    said = [{name: _sentence(text) for name, text in each.items()} for each in said]
    return {
        "meanings": said,
        "scenario": SHOWN_BY.get(found.check, ""),
        "section": section(found.kinds[0]),
    }


def _sentence(text: str) -> str:
    """Return *text* with a capital, and without what only a command line has."""
    return text[:1].upper() + text[1:].replace(", or run the command below", "")


def judged(found: Explanation, text: str) -> dict[str, str] | None:
    """Return what the pasted headers of the response show about a message, and what to write; ``None`` without any."""
    headers = read_headers(text)
    if not headers:
        return None
    origin, url = found.found.get("origin", "https://app.example"), found.found.get("url", "")
    credentials: Credentials = "include" if found.check in ("acac", "acao-wildcard-credentials") else "same-origin"
    failures = cors_check(headers, origin, credentials)
    if not failures and found.kinds[0].startswith("preflight"):
        return {
            "cause": f"These headers allow a page of {origin}, and the message is about the preflight",
            "fix": "Look at the headers of the OPTIONS request in the network panel, and paste those",
        }
    if not failures:
        return {
            "cause": f"These headers allow a page of {origin}: the browser blocked another response",
            "fix": "Look at the OPTIONS request in the network panel. If there is none, empty the browser's cache",
        }
    status = re.match(r"HTTP/\S+ (\d{3})", text.strip())
    number = int(status[1]) if status is not None else int(found.found.get("status", "200"))
    blocked = Blocked(failures[0], Place(url, origin, number), "")
    exchange = Exchange("actual", "GET", url, [("Origin", origin)], number, "", headers)
    case = Case(blocked=blocked, origin=origin, exchanges=(exchange,), request=Fetch(url=url))
    return {"cause": title(case), "fix": remedy(case)}


def read_headers(text: str) -> list[Header]:
    """Return the headers in a text that was copied from a network panel or from ``curl -i``."""
    found: list[Header] = []
    name = ""  # of a line that has no value: some network panels copy name and value as two lines
    for line in map(str.strip, text.splitlines()):
        before, colon, value = line.partition(":")
        if name:
            found.append((name, line))
            name = ""
        elif colon and value and is_token(before):
            found.append((before, value.strip()))
        elif is_token(before) and not value:
            name = before
    return found


def in_other_words(scenario: Scenario, origins: Origins) -> dict[str, str]:
    """Return the fixed policy of *scenario* for each server that ``export`` writes for; empty without a policy."""
    if scenario.fixed is None:
        return {}
    options = read(origins.fill(scenario.fixed)).options
    if (
        options is None or options.get("csrf_protection") or scenario.setting == "weather"
    ):  # which other servers do not have
        return {}
    grants = grants_of(CORSPolicy(**({"origins": "*"} | options)))
    return {target: lines(target, grants) for target in TARGETS if target != "flask"}


@functools.cache
def error_sections() -> dict[str, dict[str, str]]:
    """Return the sections of docs/errors.md, by the names that failures lead to: title and HTML of each."""
    page = (Path(__file__).parents[2] / "docs" / "errors.md").read_text(encoding="utf-8")
    _, *parts = re.split(r"^\((.+)\)=\n## (.+)\n", page, flags=re.MULTILINE)
    render = MarkdownIt("commonmark", {"html": False}).render
    title = MarkdownIt("commonmark", {"html": False}).renderInline
    return {
        name: {"title": title(heading), "html": render(text)}
        for name, heading, text in zip(parts[::3], parts[1::3], parts[2::3], strict=True)
    }
