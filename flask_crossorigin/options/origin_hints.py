"""What to write instead of an entry of ``origins`` that is wrong. Every hint is read as an entry before it is given."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..standard.origins import is_loopback
from .expressions import MOST_CHARACTERS, translate
from .origin_patterns import NO_ORIGIN_HINT, OPAQUE_SCHEMES, NoPatternError, parse_pattern

_EVERYBODY = ("all", "any", "true")
_NOBODY = ("self", "same-origin", "none", "false")
# What a template, a shell or a document leaves where a value belongs: ${HOST}, $HOST, {host}, <host>, %(host)s, %s.
_PLACEHOLDER = re.compile(r"\$\{\w+\}|\$[A-Za-z_]\w*|\{[A-Za-z_]\w*\}|(?<!\?P)<[A-Za-z_]\w*>|%\([A-Za-z_]\w*\)s|%s")
_PLACEHOLDER_PORT = re.compile(rf":(?:{_PLACEHOLDER.pattern})(?=/?$)")
# Whether a list of entries would be accepted, with the other options of the policy.
Accepts = Callable[[list[str]], bool]

_EXPRESSION_SIGNS = re.compile(r"[\\^$(){}|+]|^\.\*|//\.\*|\w\?://|\[[^\]]*[^0-9A-Fa-f:.%\]][^\]]*\]")
_START = re.compile(r"(?:(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*):(?![0-9*]+(?:[/?#]|$)|[A-Za-z<{$]+$))?[/\\]*")
FUNCTION = (
    "write a function: def allowed(origin, environ): return PATTERN.fullmatch(origin) is not None, "
    "with PATTERN = re.compile({expression}), and origins=[allowed]"
)
_WITHOUT_NAMES = re.compile(r"https?|\\.")  # what may stand in an expression for every origin
_LIST = "list the origins that you trust one by one, as in 'https://app.example.com'"
_SHAPE = "write scheme://host or scheme://host:port, as in 'https://example.com'"


def hint_for(entry: str, accepts: Accepts) -> str:
    """Return what to write instead of *entry*, which is not an origin."""
    if entry.lower() == "null":
        if accepts(["null"]):
            return "write 'null'"
        return (
            "name a real origin, as in 'https://app.example': every sandboxed frame and every local file sends 'null'"
        )
    if not entry.strip():
        return (
            "is an environment variable not set? Write the page's origin, as in 'https://app.example', or [] for none"
        )
    if not entry.strip("/* ") or entry.lower() in _EVERYBODY:
        return "write '*', which allows every origin" if accepts(["*"]) else _LIST
    if entry.lower() in _NOBODY:
        return "write [] if only pages of this server use it: they need no CORS"
    if entry.partition(":")[0].lower() in OPAQUE_SCHEMES:
        return NO_ORIGIN_HINT
    if all(map(_normal, parts := entry.split("|"))) and accepts(parts):
        return f"write {parts!r}"
    if (unpacked := _unpacked(entry)) and accepts(unpacked):
        return f"write {unpacked[0]!r}" if len(unpacked) == 1 else f"write {unpacked!r}"
    entry = re.sub(r"^(https?)[;,.]//", r"\1://", entry)
    entry = _PLACEHOLDER_PORT.sub(":*", entry)
    if _PLACEHOLDER.search(entry):
        return "fill in the placeholder, as in 'https://app.example'"
    is_expression = looks_like_expression(entry)
    if re.search(r"\S[\s,;]+\S", entry) and not is_expression:
        return "write one origin in each string, or one string with commas between them"
    guesses = [entry.replace("\\", "/"), _as_origin(entry), _star_in_front(entry), _star_as_port(entry)]
    for guess in (guesses[0], _without_anchors(entry)) if is_expression else guesses:
        if (written := _normal(guess)) is not None:
            return _both_schemes(entry, written, accepts) if accepts([written]) else _refused(written, accepts)
    if is_expression:
        return expression_hint(entry, accepts)
    if entry.count(":") > 2 and "[" not in entry:
        return "write an IPv6 address in brackets, as in 'http://[::1]:8080'"
    if "*" in entry:
        return "list the hosts one by one, or name the domain, as in 'https://*.example.com'"
    return _SHAPE


def _unpacked(entry: str) -> list[str]:
    """Return the origins in *entry* if it is a list as somebody writes it, or a part of one; else nothing."""
    parts = [part.strip(_AROUND) for part in entry.split(",")]
    is_list = entry.strip(_AROUND) != entry.strip() and all(map(_is_named, parts))
    written = [_normal(part) or _normal(_as_origin(part)) for part in parts] if is_list else []
    return [each for each in written if each is not None] if None not in written else []


_AROUND = " \t\r\n\"'[](){}"  # what stands around the elements of a list


def _is_named(part: str) -> bool:
    """Report whether *part* is a host or an origin, and not a piece of an expression."""
    found = re.fullmatch(r"(?:https?://)?([\w.-]+)(?::[0-9]+)?/?", part)
    return found is not None and ("." in found[1].strip(".") or is_loopback(found[1]))


def expression_hint(expression: str, accepts: Accepts, flags: int = 0) -> str:
    """Return the patterns to write instead of a regular expression, or else the function.

    *flags*: those of the compiled expression.
    """
    translation = translate(expression) if not flags & re.VERBOSE else None
    if translation is not None and not translation.patterns:
        is_meant = re.search("[A-Za-z0-9]", _WITHOUT_NAMES.sub("", expression)) is None and accepts(["*"])
        return "write '*', which allows every origin" if is_meant else _LIST
    if translation is not None:
        patterns = [text for pattern in translation.patterns if (text := _normal(pattern)) is not None]
        secure = [pattern for pattern in patterns if not pattern.startswith("http://")]
        for written in (patterns, secure):
            if written and accepts(written):
                shown = repr(written[0]) if len(written) == 1 else repr(written)
                more = f"; this also allows {' and '.join(translation.more)}" if translation.more else ""
                return f"write {shown}{more}"
        return _LIST
    if re.search(r"(?<!\\)\.[*+]", expression):  # it may accept any domain
        return _LIST
    if not _compiles(expression, flags) or re.search(r"(?<!\\)\{(?![0-9]*,?[0-9]+\}|[0-9]+,\})", expression):
        return _SHAPE
    more_flags = f", {re.RegexFlag(flags)!r}" if flags else ""
    return FUNCTION.format(expression=_literal(expression) + more_flags)


def _compiles(expression: str, flags: int) -> bool:
    """Report whether *expression* is one, and not a pattern with signs of expressions."""
    if len(expression) > MOST_CHARACTERS or re.search(r"//\*", expression):  # the star repeats the slash before it
        return False
    try:
        re.compile(expression, flags)
    except (re.error, RecursionError, OverflowError):
        return False
    return True


def _literal(expression: str) -> str:
    """Return the Python text of *expression*, raw if possible."""
    for quote in "'\"":
        if expression.isprintable() and quote not in expression and not expression.endswith("\\"):
            return f"r{quote}{expression}{quote}"
    return repr(expression)


def looks_like_expression(entry: str) -> bool:
    """Report whether *entry* seems to be meant as a regular expression."""
    without_query = re.split(r"(?<=[^:/?]/)[^?#\\]*[?#]", entry, maxsplit=1)[0]
    return _EXPRESSION_SIGNS.search(without_query) is not None


def _refused(written: str, accepts: Accepts) -> str:
    """Return the hint for an entry whose normal form *written* the policy's other options refuse."""
    secure = written.replace("http:", "https:", 1)
    if accepts([secure]):
        return f"write {secure!r}"
    return _SHAPE


def _both_schemes(entry: str, written: str, accepts: Accepts) -> str:
    """Return the hint to write *written*.

    Where *entry* has no scheme and is a development server, with both schemes.
    """
    scheme, _, rest = written.partition("://")
    other = f"https://{rest}"
    if scheme == "http" and "//" not in entry and accepts([other]):
        return f"write {written!r}, or {other!r} if the development server uses https"
    return f"write {written!r}"


def _as_origin(entry: str) -> str:
    """Return the ``scheme://host[:port]`` of an *entry* that has too little or too much."""
    text = re.sub("(?i)^(https?)(?=//)", r"\1:", entry.strip("\"' \t\r\n"))
    start = _START.match(text)
    assert start is not None  # every part of it may be missing
    scheme = start["scheme"]
    authority = re.split(r"[/?#\\]", text[start.end() :], maxsplit=1)[0].rpartition("@")[2]
    end = authority.find("]") + 1
    host, colon, port = authority[end:].partition(":")
    host = authority[:end] + host
    if colon and not re.fullmatch(r"[0-9]+|\*", port):  # a placeholder, as in localhost:port
        number = re.match(r"[0-9]+(?![0-9*])", port)
        port = number[0] if number is not None else "*" if is_loopback(host) else ""
        colon = ":" if port else ""
    if scheme is None:
        scheme = "http" if is_loopback(host) else "https"
    return f"{scheme}://{_to_ascii(host)}{colon}{port}"


def _star_in_front(entry: str) -> str:
    """Return the pattern for the domain after the last misplaced star of *entry*."""
    scheme, _, rest = entry.removesuffix("/").partition("://")
    before, _, domain = rest.removesuffix(":*").rpartition("*")
    # A star within a label is not in front of a domain: my*shop.com is not *.shop.com.
    is_label = domain.startswith(".") or (not before or before.endswith("."))
    return f"{scheme}://*.{domain.lstrip('.')}" if is_label and "." in domain else ""


def _without_anchors(entry: str) -> str:
    """Return *entry* without ``^`` and ``$``, which people add to patterns that are no expressions."""
    text = entry.removeprefix("^").removesuffix("$")
    return _as_origin(text) if text != entry and not looks_like_expression(text) else ""


def _star_as_port(entry: str) -> str:
    """Return *entry* with every port where it has a star in one."""
    return re.sub(r"(?::[0-9]*\*|(?<=localhost)\.?\*)[0-9*]*$", ":*", entry.removesuffix("/"))


def _to_ascii(host: str) -> str:
    """Return *host* with its international labels in the ``xn--`` form that browsers send.

    https://url.spec.whatwg.org/#concept-domain-to-ascii
    """
    if host.isascii():
        return host
    import idna  # a large table, only for a mistake

    try:
        return idna.encode(host, uts46=True, transitional=False).decode()
    except (idna.IDNAError, UnicodeError):
        return host


def _normal(text: str) -> str | None:
    """Return *text* as a policy keeps it, or ``None`` if it is not a pattern."""
    try:
        return str(parse_pattern(text))
    except NoPatternError:
        return None
