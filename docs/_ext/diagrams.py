"""The directive ``exchange``: draws what the browser model really sends and receives for a policy and a request.

```{exchange}
:method: PUT
:credentials: include
CORS(app, origins=["https://app.example"])
```
"""

from __future__ import annotations

import textwrap
from html import escape
from typing import Any, NamedTuple

from docutils import nodes
from docutils.parsers.rst import directives
from flask import Flask, make_response, redirect, request
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from flask_crossorigin import CORS
from flask_crossorigin.browser.client import Client, Exchange, base_of, wsgi_transport
from flask_crossorigin.browser.urls import parse
from flask_crossorigin.browser.values import Outcome, Request

LANES = {"script": 90, "browser": 330, "server": 690}
WIDTH, TOP, STEP = 780, 82, 44
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
# What explains an exchange; other headers are left out.
SHOWN = ("origin", "cookie", "access-control-", "location", "set-cookie")
MAX_TEXT = 54  # characters between two lanes


class Row(NamedTuple):
    """An arrow between two lanes, or a note if both are the same."""

    start: str
    end: str
    text: str
    details: tuple[str, ...] = ()
    state: str = ""


class Drawing(SphinxDirective):
    """Draws one request; the content is the server's code."""

    has_content = True
    option_spec = dict.fromkeys(
        ("origin", "url", "method", "headers", "credentials", "mode", "times", "cookie"), directives.unchanged
    )

    def run(self) -> list[nodes.Node]:
        origin = self.options.get("origin", "https://app.example")
        outcome, exchanges = run("\n".join(self.content), origin, self.options)
        rows = rows_of(outcome, exchanges, self.options)
        server = parse(exchanges[0].url if exchanges else self.options.get("url", ""))
        return [nodes.raw("", svg(rows, origin, server.origin if server is not None else ""), format="html")]


def run(code: str, origin: str, options: dict[str, str]) -> tuple[Outcome, list[Exchange]]:
    """Run a request against an application with the lines *code*, and return the outcome and the exchanges."""
    app = Flask("diagram")
    app.logger.disabled = True
    names = {"app": app, "CORS": CORS, "request": request, "redirect": redirect, "make_response": make_response}
    exec(textwrap.dedent(code), names)
    if not any(rule.endpoint != "static" for rule in app.url_map.iter_rules()):
        app.add_url_rule("/items", "items", lambda: {"tea": 3}, methods=METHODS)
    client = Client(wsgi_transport(app), origin, profile="chrome", base=base_of(app))
    if "cookie" in options:  # from an earlier visit
        url = parse("https://api.example/items")
        assert url is not None
        client.browser.jar.take(f"{options['cookie']}; SameSite=None; Secure", url, origin, client.browser.now())
    fetch = Request(
        url=options.get("url", "https://api.example/items"),
        method=options.get("method", "GET"),
        headers=tuple(_headers(options.get("headers", ""))),
        credentials=options.get("credentials", "same-origin"),  # type: ignore[arg-type]
        mode=options.get("mode", "cors"),  # type: ignore[arg-type]
    )
    for _ in range(int(options.get("times", "1"))):
        outcome = client.fetch(fetch)
    return outcome, client.exchanges


def _headers(text: str) -> list[tuple[str, str]]:
    pairs = (line.partition(":") for line in text.split("\n") if ":" in line)
    return [(name.strip(), value.strip()) for name, _, value in pairs]


def rows_of(outcome: Outcome, exchanges: list[Exchange], options: dict[str, str]) -> list[Row]:
    """Return what happened, from the call in the page to what it gets."""
    with_credentials = ", with credentials" if options.get("credentials") == "include" else ""
    rows = [Row("script", "browser", f"fetch {options.get('method', 'GET')}{with_credentials}")]
    for index, each in enumerate(exchanges):
        name = "OPTIONS (preflight)" if each.kind == "preflight" else each.method
        rows.append(Row("browser", "server", name, _shown(each.headers)))
        rows.append(Row("server", "browser", f"{each.status} {each.reason}", _shown(each.response_headers)))
        if each.kind == "preflight":
            failed = index == len(exchanges) - 1
            rows.append(
                Row(
                    "browser",
                    "browser",
                    "not allowed: stop" if failed else "allowed",
                    state="bad" if failed else "good",
                )
            )
    if outcome.type in ("basic", "cors"):
        return [*rows, Row("browser", "script", "response", state="good")]
    if outcome.type == "opaque":
        return [*rows, Row("browser", "script", "status 0, no body", state="bad")]
    if not rows[-1].state:
        rows.append(Row("browser", "browser", "not allowed", state="bad"))
    return [*rows, Row("browser", "script", "TypeError", state="bad")]


def _shown(headers: list[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(f"{name}: {value}" for name, value in headers if name.lower().startswith(SHOWN))


def svg(rows: list[Row], page: str, server: str) -> str:
    """Return the picture; its label says the same in words."""
    y, parts = TOP, []
    for row in rows:
        parts.append(_note(row, y) if row.start == row.end else _arrow(row, y))
        y += STEP + 14 * max(0, len(row.details))
    heads = [("script", "JavaScript", page), ("browser", "Browser", "user's machine"), ("server", "Server", server)]
    lanes = "".join(_lane(LANES[name], title, text, y) for name, title, text in heads)
    label = escape(
        "; ".join(f"{row.start} to {row.end}: {' '.join((row.text, *row.details))}" for row in rows), quote=True
    )
    return (
        # On a phone the picture is wider than the page: it can be reached and scrolled by keyboard, too.
        '<div class="exchange" tabindex="0" role="group" aria-label="A request, drawn">'
        f'<svg viewBox="0 0 {WIDTH} {y}" role="img" aria-label="{label}">'
        f"{lanes}{''.join(parts)}</svg></div>"
    )


def _lane(x: int, title: str, text: str, height: int) -> str:
    return (
        f'<g class="lane"><rect x="{x - 80}" y="4" width="160" height="46" rx="8"/>'
        f'<text x="{x}" y="23" class="title">{escape(title)}</text>'
        f'<text x="{x}" y="41" class="small">{escape(text)}</text>'
        f'<line x1="{x}" x2="{x}" y1="50" y2="{height}"/></g>'
    )


def _arrow(row: Row, y: int) -> str:
    start, end = LANES[row.start], LANES[row.end]
    way = 1 if end > start else -1
    middle = (start + end) // 2
    details = "".join(
        f'<text x="{middle}" y="{y + 16 + 14 * index}" class="small">{escape(_short(line))}</text>'
        for index, line in enumerate(row.details)
    )
    return (
        f'<g class="arrow {row.state}"><text x="{middle}" y="{y - 6}">{escape(row.text)}</text>'
        f'<line x1="{start + 4 * way}" x2="{end - 10 * way}" y1="{y}" y2="{y}"/>'
        f'<path d="M {end - 2 * way} {y} l {-9 * way} -5 l 0 10 z"/>{details}</g>'
    )


def _note(row: Row, y: int) -> str:
    x, mark = LANES[row.start], "✓" if row.state == "good" else "✗"
    return (
        f'<g class="note {row.state}"><circle cx="{x}" cy="{y - 4}" r="10"/>'
        f'<text x="{x}" y="{y + 1}" class="mark">{mark}</text>'
        f'<text x="{x + 18}" y="{y}" class="beside">{escape(row.text)}</text></g>'
    )


def _short(text: str) -> str:
    return text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - 1]}…"


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("exchange", Drawing)
    return {"parallel_read_safe": True}
