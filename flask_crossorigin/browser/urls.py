r"""URLs as browsers read them, and the origins that they have.

Python's own ``urllib.parse`` follows another standard: it keeps ``\``, tabs and ``0x7f.1`` as they are typed.
https://url.spec.whatwg.org/#url-parsing
https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin
"""

from __future__ import annotations

import ipaddress
import re
from typing import NamedTuple
from urllib.parse import quote, unquote_to_bytes

from ..standard.origins import DEFAULT_PORTS, MAX_PORT, NULL, ends_in_number, is_loopback, parse_address, serialize_ipv6

# https://url.spec.whatwg.org/#special-scheme
_SPECIAL = frozenset({*DEFAULT_PORTS, "file"})


# https://url.spec.whatwg.org/#forbidden-domain-code-point
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f#/:<>?@\[\\\]^|%]")


_SURROGATES = re.compile("[\ud800-\udfff]")
_DOTS = {".": ".", "%2e": ".", "..": "..", ".%2e": "..", "%2e.": "..", "%2e%2e": ".."}


class URL(NamedTuple):
    """A URL in its parts. *port* is ``None`` for the scheme's default port, *userinfo* has no ``@``."""

    scheme: str
    userinfo: str
    host: str
    port: int | None
    path: str
    query: str | None = None

    @property
    def netloc(self) -> str:
        """Host and port, as in a ``Host`` header."""
        return self.host if self.port is None else f"{self.host}:{self.port}"

    @property
    def origin(self) -> str:
        """The serialized origin; ``null`` for schemes without one.  https://url.spec.whatwg.org/#origin"""
        if self.scheme == "blob":
            inner = parse(self.path)
            return inner.origin if inner is not None and inner.scheme in ("http", "https") else NULL
        return f"{self.scheme}://{self.netloc}" if self.scheme in DEFAULT_PORTS else NULL

    @property
    def target(self) -> str:
        """Path and query, as in a request line."""
        return self.path if self.query is None else f"{self.path}?{self.query}"

    @property
    def is_http(self) -> bool:
        """Whether its scheme is http or https."""
        return self.scheme in ("http", "https")

    @property
    def is_trustworthy(self) -> bool:
        """Whether the connection is safe from changes on the network.

        https://w3c.github.io/webappsec-secure-contexts/
        """
        return self.scheme in ("https", "wss") or is_loopback(self.host)

    def __str__(self) -> str:
        if self.scheme not in _SPECIAL:
            return f"{self.scheme}:{self.target}"
        userinfo = f"{self.userinfo}@" if self.userinfo else ""
        return f"{self.scheme}://{userinfo}{self.netloc}{self.target}"


def parse(text: str, base: URL | None = None) -> URL | None:
    """Return *text* as a URL without its fragment, relative to *base*, or ``None`` if browsers do not parse it."""
    text = _SURROGATES.sub("\ufffd", text)  # https://infra.spec.whatwg.org/#javascript-string-convert
    text = re.sub(r"[\t\n\r]", "", text.strip("".join(map(chr, range(33))))).partition("#")[0]
    scheme, colon, rest = text.partition(":")
    if not colon or re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*", scheme) is None:
        return None if base is None or base.scheme not in _SPECIAL else _relative(text, base)
    scheme = scheme.lower()
    if scheme not in _SPECIAL:
        path, mark, query = rest.partition("?")
        return URL(scheme, "", "", None, path, query if mark else None)
    if base is not None and scheme == base.scheme and not rest.startswith(("/", "\\")):
        return _relative(rest, base)
    if scheme == "file":
        place = rest.replace("\\", "/").partition("?")[0]
        return URL(scheme, "", "", None, _path("/" + place.removeprefix("//").partition("/")[2]))
    return _with_authority(scheme, rest.lstrip("/\\"))


def _relative(text: str, base: URL) -> URL | None:
    path, mark, query = text.partition("?")
    slashed = path.replace("\\", "/")
    if slashed.startswith("//"):
        return _with_authority(base.scheme, text.lstrip("/\\"))
    asked = _query(query) if mark else None
    if not path:
        return base._replace(query=asked if mark else base.query)
    if not slashed.startswith("/"):
        slashed = base.path.rpartition("/")[0] + "/" + slashed
    return base._replace(path=_path(slashed), query=asked)


def _with_authority(scheme: str, rest: str) -> URL | None:
    end = re.search(r"[/\\?]", rest)
    authority, rest = (rest[: end.start()], rest[end.start() :]) if end else (rest, "")
    userinfo, _, place = authority.rpartition("@")
    userinfo = userinfo if userinfo.replace(":", "", 1) else ""  # "//@" and "//:@" carry none
    match = re.fullmatch(r"(\[[^\]]*\]|[^:]*)(?::([0-9]*))?", place)
    if match is None:
        return None
    host = parse_host(match[1])
    digits = (match[2] or "").lstrip("0")
    port = int(digits[:6] or "0") if match[2] else None  # six digits are too many already
    if host is None or (port is not None and port > MAX_PORT):
        return None
    path, mark, query = rest.partition("?")
    port = None if port == DEFAULT_PORTS[scheme] else port
    return URL(scheme, userinfo, host, port, _path(path), _query(query) if mark else None)


def parse_host(text: str) -> str | None:
    """Return a host as browsers write it: ASCII, lower case, addresses in their normal form; or ``None``.

    https://url.spec.whatwg.org/#concept-host-parser
    """
    if text.startswith("["):
        address = parse_address(text)
        return serialize_ipv6(address) if isinstance(address, ipaddress.IPv6Address) else None
    try:
        host = _ascii(unquote_to_bytes(text).decode())
    except ValueError:
        return None
    if not host or _FORBIDDEN.search(host):
        return None
    return _ipv4(host) if ends_in_number(host) else host


def _ascii(host: str) -> str:
    """Return *host* in ASCII and lower case, as IDNA writes it.  https://www.unicode.org/reports/tr46/"""
    if host.isascii() and "xn--" not in host.lower():
        return host.lower()
    import idna  # a large table, for the few hosts that need it

    return idna.encode(host, uts46=True, transitional=False, std3_rules=False).decode()


def _ipv4(host: str) -> str | None:
    """Return the IPv4 address that *host* means, however it is written.

    https://url.spec.whatwg.org/#concept-ipv4-parser
    """
    parts = host.removesuffix(".").split(".")
    if len(parts) > 4:
        return None
    try:
        numbers = [_number(part) for part in parts]
    except ValueError:
        return None
    *high, low = numbers
    if any(number > 255 for number in high) or low >= 256 ** (5 - len(numbers)):
        return None
    value = low + sum(number << (8 * (3 - index)) for index, number in enumerate(high))
    return str(ipaddress.IPv4Address(value))


def _number(text: str) -> int:
    """Return the decimal, octal or hexadecimal number *text*; ``0x`` is 0.

    https://url.spec.whatwg.org/#ipv4-number-parser
    """
    if text.lower() == "0x":
        return 0
    is_hexadecimal = text[:2].lower() == "0x"
    digits = text[2:] if is_hexadecimal else text
    if not digits.isalnum():  # int() takes signs, blanks and underscores
        raise ValueError(text)
    return int(digits, 16 if is_hexadecimal else 8 if digits[0] == "0" else 10)


def _path(text: str) -> str:
    segments: list[str] = []
    parts = text.replace("\\", "/").split("/")[1:] or [""]
    for index, part in enumerate(parts):
        dots = _DOTS.get(part.lower())
        last = index == len(parts) - 1
        if dots == "..":
            segments[-1:] = []
        if dots is None:
            segments.append(quote(part, safe="!$%&'()*+,-./:;=@_~[]|^"))
        elif last:
            segments.append("")
    return "/" + "/".join(segments)


def _query(text: str) -> str:
    return quote(text, safe="!$%&()*+,-./:;=?@_~[]|^\\`{}")


# https://fetch.spec.whatwg.org/#port-blocking
# fmt: off
BAD_PORTS = frozenset({
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104,
    109, 110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526,
    530, 531, 532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045,
    4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
})
# fmt: on


def read_origin(text: str) -> str:
    """Return the serialized origin that *text* is, or that the URL *text* has; ``null`` is one.

    Raises ``ValueError``.
    """
    if text == "null":
        return text
    if "*" in text:
        raise ValueError(f"origin: {text!r} is a pattern: write the origin of one page, as in 'https://app.example'")
    url = parse(text)
    if url is None or not (url.host or url.path.strip("/")):
        raise ValueError(f"origin: {text!r} is not an origin: write scheme and host, as in 'https://app.example'")
    if url.scheme in ("http", "https"):
        return url.origin
    return f"{url.scheme}://{url.path.strip('/')}" if url.path.startswith("//") else url.origin
