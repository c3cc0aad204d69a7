"""How a fix is put together: a sentence, the lines to paste, and what else there is to know before they are pasted."""

from __future__ import annotations

import textwrap

from ..browser.urls import parse
from ..standard.headers import RESPONSE_PREFIX
from . import export
from .cases import Case
from .export.flask import call
from .fixes import Need, in_short, lines, words
from .servers import PROXIES, layers


def write(case: Case, sentence: str) -> str:
    """Return *sentence*, and the lines that give what is needed: one call for an application of this process."""
    if case.origin == "null":  # which is never to be listed
        return sentence.removesuffix(":")
    if case.in_process and case.software == "flask-crossorigin":
        return f"{sentence} {call(case.grants())}{_insecure(case)}"
    if case.server.where == "unknown" and case.software == "unknown":
        which = f"\nAdd --server {'|'.join(export.TARGETS)} for the lines to paste."
        if case.need == "syntax":
            return sentence.removesuffix(":") + which
        return f"{sentence}{in_short(case.need, case.needed)}{which}"
    code = lines(case.software, case.grants(), in_process=case.in_process).rstrip()
    return f"{sentence}\n{textwrap.indent(code, '  ')}{_instead(case)}{_other_layer(case)}{_insecure(case)}"


def _instead(case: Case) -> str:
    """Say that the lines stand for those that write CORS headers now, if there are any."""
    if case.software == "flask-cors":
        return "\nRemove Flask-CORS: its import and its CORS(app, ...). Keep your other origins in the list."
    headers = [name.lower() for exchange in case.exchanges for name, _ in exchange.response_headers]
    if not any(name.startswith(RESPONSE_PREFIX) for name in headers):
        return ""
    return "\nRemove the lines that write CORS headers now, and keep your other origins in the list."


def _insecure(case: Case) -> str:
    if not case.grants().opt_ins:
        return ""
    return (
        "\nOthers on the network can change a page on http, and read what it reads with the user's cookies. "
        f"Better: serve the page over https, and list 'https{case.origin[4:]}'."
    )


def _other_layer(case: Case) -> str:
    """Say how to tell who writes the headers, where a proxy and an application may do so."""
    if case.in_process or case.software == "unknown":
        return ""
    seen = [each.name for each in layers(case.exchanges) if each.software in PROXIES]
    name = case.responsible.name if case.software in PROXIES else next(iter(seen), "")
    if not name:
        return ""
    path = getattr(parse(case.request.url), "path", "") or "/"
    there = (
        "an application behind it"
        if case.software in PROXIES
        else f"{name}, which is in front of {case.responsible.name},"
    )
    return (
        f"\nOnly one layer may write CORS headers. If {there} writes them, change it there instead. To find out, ask "
        f"the application at its own port: flask-crossorigin check http://127.0.0.1:PORT{path} --origin {case.origin}"
    )


def add(case: Case, need: Need, value: str) -> str:
    """Return what to add, and where: ``in Express, add 'PUT' to methods in cors({ methods: [...] })``."""
    phrase = words(case.software).phrase(need).format(repr(value))
    where = "" if case.software == "unknown" or case.in_process else f"in {case.responsible.name}, "
    return f"{where}add {phrase}"


def place(case: Case) -> str:
    """Return where to write: `` in Express``, empty where the caller knows the application."""
    if case.in_process or (case.software == "unknown" and not case.responsible.evidence):
        return ""
    sure = "" if case.responsible.is_certain else ", which probably answered"
    return f" in {case.responsible.name}{sure}"
