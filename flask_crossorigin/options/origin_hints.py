"""What to write instead of an entry that is no origin: a guess, and never one that would be refused itself."""

from __future__ import annotations

import re
import unicodedata

from ..standard.origins import is_loopback
from .origin_patterns import NO_ORIGIN_HINT, OPAQUE_SCHEMES, Pattern, Refusal, normalize

_EXPRESSION_SIGNS = re.compile(r"[\\^$(){}|+]|^\.\*|//\.\*|\w\?://|\[[^\]]*[^0-9A-Fa-f:.%\]][^\]]*\]")


# What expressions write, and the wildcard that means it.
_AS_WILDCARD = (
    (re.compile(r"^\^|/?\$$|/\?\$?$"), ""),
    (re.compile(r"\(?:(?:\\d|\.|\[0-9\])(?:[*+]|\{[0-9,]+\})\)?\??$"), ":*"),
    (re.compile(r"\(?(?:\.|\\w|\[[^\]]*\])[*+]\)?\\?\."), "*."),
    (re.compile(r"\\([./:-])"), r"\1"),
)


_AS_ANY = frozenset({".*", ".+", "^.*$", "^.+$", "(.*)", "https?://.*"})


_START = re.compile(r"(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?![0-9]+(?:[/?#]|$)))?[/\\]*")


def hint_for(entry: str) -> str:
    """Return what to write instead of *entry*, which is no origin."""
    if entry.lower() == "null":
        return "write 'null', with allow_null_origin=True"
    if entry.partition(":")[0].lower() in OPAQUE_SCHEMES:
        return NO_ORIGIN_HINT
    if re.search(r"\S[\s,;]+\S", entry):
        return "write one origin in each string, or one string with commas between them"
    guesses = [entry.replace("\\", "/"), _as_origin(entry), _star_in_front(entry), _star_as_port(entry)]
    if looks_like_expression(entry):
        guesses = guesses[:1]
    for pattern in filter(None, map(_accepted, guesses)):
        return f"write '{pattern}'"
    if looks_like_expression(entry):
        return _expression_hint(entry)
    if entry.count(":") > 2 and "[" not in entry:
        return "write an IPv6 address in brackets, as in 'http://[::1]:8080'"
    if "*" in entry:
        return "list the hosts one by one, or name the domain, as in 'https://*.example.com'"
    return "write scheme://host or scheme://host:port, as in 'https://example.com'"


def looks_like_expression(entry: str) -> bool:
    """Report whether *entry* seems to be meant as a regular expression."""
    without_query = re.split(r"(?<=[^:/?]/)[^?#\\]*[?#]", entry, maxsplit=1)[0]
    return _EXPRESSION_SIGNS.search(without_query) is not None


def _expression_hint(entry: str) -> str:
    if entry in _AS_ANY:
        return "write '*'"
    text = entry
    for expression, replacement in _AS_WILDCARD:
        text = expression.sub(replacement, text)
    if (pattern := _accepted(text)) is not None:
        return f"write '{pattern}', or re.compile(...) for a real expression"
    return "write re.compile(r'...') with every '.' escaped, or a wildcard such as 'https://*.example.com'"


def _as_origin(entry: str) -> str:
    """Return the ``scheme://host[:port]`` that *entry* has too little or too much for."""
    text = entry.strip("\"' \t\r\n")
    start = _START.match(text)
    scheme, rest = start["scheme"] if start else None, text[start.end() :] if start else text
    authority = re.split(r"[/?#\\]", rest, maxsplit=1)[0].rpartition("@")[2]
    host, colon, port = authority, "", ""
    if not authority.startswith("["):
        host, colon, port = authority.partition(":")
    if scheme is None:
        scheme = "http" if is_loopback(host) else "https"
    return f"{scheme}://{_to_ascii(host)}{colon}{port}"


def _star_in_front(entry: str) -> str:
    """Return the wildcard for the domain behind the last misplaced star of *entry*."""
    scheme, _, rest = entry.removesuffix("/").partition("://")
    domain = rest.removesuffix(":*").rpartition("*")[2].lstrip(".-")
    return f"{scheme}://*.{domain}" if "." in domain else ""


def _star_as_port(entry: str) -> str:
    """Return *entry* with every port where it has a star in one."""
    return re.sub(r":[0-9]*\*[0-9*]*$", ":*", entry.removesuffix("/"))


def _to_ascii(host: str) -> str:
    """Return *host* with its international labels in the ``xn--`` form that browsers send.

    https://url.spec.whatwg.org/#concept-domain-to-ascii
    """
    labels = unicodedata.normalize("NFKC", host).lower().replace("\u3002", ".").split(".")
    return ".".join(label if label.isascii() else "xn--" + label.encode("punycode").decode() for label in labels)


def _accepted(text: str) -> Pattern | None:
    try:
        return normalize(text)
    except Refusal:
        return None
