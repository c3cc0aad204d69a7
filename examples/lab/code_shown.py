"""The code that the lab shows: the page's request as fetch, axios and curl, the server's lines, and the change."""

from __future__ import annotations

import difflib
import json
import re
import shlex
from typing import Any

from applications import SETTINGS, Origins
from prediction import url_of
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from scenarios import Request, Scenario

WIDTH = 104  # characters of a line that are seen without scrolling
LANGUAGES = {"flask": "python", "fastapi": "python", "django": "python", "express": "javascript", "php": "php"}
_CONDITIONAL = re.compile(r"^(\s*)(.+? = )(.+ )(if .+ )(else .+)$")


def coloured(code: str, language: str) -> str:
    """Return *code* as HTML with a class for each kind of token; *language*: a server or a lexer of Pygments."""
    lexer = get_lexer_by_name(LANGUAGES.get(language, language), stripnl=False, ensurenl=False, startinline=True)
    return str(highlight(code, lexer, HtmlFormatter(nowrap=True)))


def server_codes(scenario: Scenario, origins: Origins) -> tuple[str, str]:
    """Return the server's code before and after the fix."""
    setting = origins.fill(SETTINGS.get(scenario.setting, ""))

    def whole(lines: str, setting: str = setting) -> str:
        return "\n\n".join(filter(None, [_fitting(_as_hook(origins.fill(lines))), setting]))

    # The bridge is what the fix adds.
    broken = whole(scenario.server, "") if scenario.setting == "weather" else whole(scenario.server)
    return broken, whole(scenario.fixed) if scenario.fixed is not None else broken


def _as_hook(lines: str) -> str:
    """Return lines about the response in the hook in which people write them."""
    plain = [line for line in lines.split("\n") if not line.startswith("response.")]
    hooked = [line for line in lines.split("\n") if line.startswith("response.")]
    if not hooked:
        return lines
    body = "\n".join(f"    {line}" for line in [*hooked, "return response"])
    return "\n".join([*plain, "@app.after_request\ndef cors(response):\n" + body])


def _fitting(code: str) -> str:
    """Return *code* with statements that are too long in lines of their own parts."""
    lines = []
    for line in code.split("\n"):
        if len(line) <= WIDTH:
            lines.append(line)
        elif line.startswith("CORS("):
            inner = re.split(r", (?=\w+=)", line.removeprefix("CORS(").removesuffix(")"))
            lines += ["CORS(", *(f"    {part}," for part in inner), ")"]
        elif (found := _CONDITIONAL.match(line)) is not None:
            indent, start, *parts = found.groups()
            lines += [f"{indent}{start}(", *(f"{indent}    {part.rstrip()}" for part in parts), f"{indent})"]
        else:
            lines.append(line)
    return "\n".join(lines)


def diff(scenario: Scenario, origins: Origins) -> list[str]:
    """Return the lines of the fix, with ``-`` and ``+``: of the page's code, of the server's, or of both."""
    lines = []
    if scenario.fixed_request is not None:
        codes = [fetch_code(each, scenario.id, origins) for each in (scenario.request, scenario.fixed_request)]
        lines += [*(["  // the page"] if scenario.fixed is not None else []), *_changed(*codes)]
    if scenario.fixed is not None:
        lines += [*(["", "  # the server"] if lines else []), *_changed(*server_codes(scenario, origins))]
    return lines


def _changed(before: str, after: str) -> list[str]:
    old, new = before.split("\n"), after.split("\n")
    lines = []
    for kind, start, end, new_start, new_end in difflib.SequenceMatcher(None, old, new).get_opcodes():
        if kind == "equal":
            lines += [f"  {line}" for line in old[start:end]]
        else:
            lines += [f"- {line}" for line in old[start:end]] + [f"+ {line}" for line in new[new_start:new_end]]
    return lines


def request_codes(asked: Request, name: str, origins: Origins) -> dict[str, str]:
    """Return the page's request as ``fetch``, and as ``axios`` and ``curl`` if they can send it."""
    codes = {"fetch": fetch_code(asked, name, origins)}
    if asked.kind == "fetch" and asked.mode == "cors" and asked.method.isupper():  # which axios makes of each
        codes["axios"] = axios_code(asked, name, origins)
    if asked.kind in ("fetch", "sandbox", "form", "events"):
        codes["curl"] = curl_code(asked, name, origins)
    return codes


def fetch_code(asked: Request, name: str, origins: Origins) -> str:
    """Return the request as JavaScript."""
    url = _url(asked, name, origins)
    if asked.kind == "events":
        return f'new EventSource("{url}")'
    if asked.kind == "font":
        return f'new FontFace("dot", "url({url})").load()'
    if asked.kind == "form":
        field, _, value = (asked.body or "").partition("=")
        return f'<form method="{asked.method}" action="{url}">\n  <input name="{field}" value="{value}">\n</form>'
    options = {
        "method": asked.method if asked.method != "GET" else None,
        "headers": asked.headers,
        "body": asked.body,
        "credentials": asked.credentials if asked.credentials != "same-origin" else None,
        "mode": asked.mode if asked.mode != "cors" else None,
    }
    call = f"await fetch({json.dumps(url)}{_object(options, ', ')})"
    if asked.kind == "sandbox":
        return f'// in <iframe sandbox="allow-scripts">\n{call}'
    if asked.kind == "two-pages":
        return f"// on this page\n{call}\n// then in a page of {origins.third}\n{call}"
    return f"// sent {asked.times} times\n{call}" if asked.times > 1 else call


def axios_code(asked: Request, name: str, origins: Origins) -> str:
    """Return the request with axios, which throws for a status of 400 and more, and lets it be read in the error."""
    options = {
        "method": asked.method if asked.method != "GET" else None,
        "headers": asked.headers,
        "data": asked.body,
        "withCredentials": True if asked.credentials == "include" else None,
    }
    return f"await axios({json.dumps(_url(asked, name, origins))}{_object(options, ', ')})"


def curl_code(asked: Request, name: str, origins: Origins) -> str:
    """Return the request for a shell, with the Origin that a browser adds.  curl sends no preflight."""
    origin = "null" if asked.kind == "sandbox" else origins.page
    parts = ["curl -i"]
    if asked.method not in ("GET", "POST") or (asked.method == "POST" and asked.body is None):
        parts.append(f"-X {asked.method}")
    parts.append("-H " + shlex.quote(f"Origin: {origin}"))
    parts += ["-H " + shlex.quote(f"{header}: {value}") for header, value in asked.headers.items()]
    if asked.body is not None:
        parts.append("--data-raw " + shlex.quote(asked.body))
    return " \\\n  ".join([*parts, shlex.quote(_url(asked, name, origins))])


def _url(asked: Request, name: str, origins: Origins) -> str:
    return str(url_of(asked, name, origins, "").partition("?")[0])


def _object(options: dict[str, Any], before: str) -> str:
    """Return the *options* that are set as an object of JavaScript, one a line; empty without any."""
    lines = [f"  {key}: {_literal(value)}" for key, value in options.items() if value or value == ""]
    return before + "{\n" + ",\n".join(lines) + ",\n}" if lines else ""


def _literal(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)}: {json.dumps(each)}" for key, each in value.items()) + "}"
    return f"'{value}'" if isinstance(value, str) and '"' in value and "'" not in value else json.dumps(value)
