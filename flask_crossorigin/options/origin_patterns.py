"""One entry of ``origins`` as people write it, parsed and normalized to what browsers send.

An entry is an exact origin, or a pattern: ``https://*.example.com`` (all subdomains), ``https://pr-*.example.com`` (a
part of the first label), ``http://localhost:*`` (every port), or a host pattern with every port.

https://url.spec.whatwg.org/#host-parsing
"""

from __future__ import annotations

import ipaddress
import re
from typing import NamedTuple

from ..errors import Reason
from ..standard.origins import (
    DEFAULT_PORTS,
    MAX_PORT,
    ends_in_number,
    is_loopback,
    is_serialized,
    parse_address,
    serialize_ipv6,
)

_parts = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://"
    r"(?P<host>\[[^\]]*\]|[A-Za-z0-9_.*-]*)"
    r"(?::(?P<port>\*|[0-9]{0,20}))?/?"
).fullmatch
_is_dotted = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?").fullmatch
OPAQUE_SCHEMES = frozenset({"about", "blob", "data", "file", "filesystem", "javascript"})
_TYPO = 0.7  # difflib's ratio: htp and hhtps are meant for http and https; ftps and app are schemes of their own
NO_ORIGIN_HINT = "browsers send 'null' from such pages: serve them over http, from http://localhost in development"


class NoPatternError(Exception):
    """Why an entry is not a pattern; the fields are those of ``errors.Problem``. An empty *hint* is to be guessed."""

    def __init__(self, reason: Reason, text: str, hint: str = "") -> None:
        self.reason, self.text, self.hint = reason, text, hint


class OriginPattern(NamedTuple):
    """A parsed entry: *host* may have one ``*`` in its first label; *port* is empty, digits or ``*``."""

    scheme: str
    host: str
    port: str

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host}" + (f":{self.port}" if self.port else "")

    @property
    def covers_names(self) -> bool:
        """Whether it covers more than one host name."""
        return "*" in self.host

    @property
    def domain(self) -> str:
        """The domain below which the names are, or the host where there is no ``*``."""
        return self.host.partition(".")[2] if self.covers_names else self.host

    @property
    def covers_subdomains(self) -> bool:
        """Whether it covers every subdomain of ``domain``, and not a part of one label alone."""
        return self.host.startswith("*.")

    @property
    def is_insecure(self) -> bool:
        """Whether anybody on the network can send requests from it: plain http, and not from this machine."""
        return self.scheme == "http" and not is_loopback(self.domain)


def parse_pattern(entry: str) -> OriginPattern:
    """Return *entry* as a pattern, in the form in which a browser sends it.  Raises ``NoPatternError``."""
    if (parts := _parts(entry)) is None:
        raise NoPatternError("invalid", "is not an origin")
    scheme = parts["scheme"].lower()
    if scheme in OPAQUE_SCHEMES:
        raise NoPatternError("invalid", "is not an origin", NO_ORIGIN_HINT)
    if scheme not in DEFAULT_PORTS and (meant := _meant(scheme)):
        hint = f"write '{meant}{entry[len(scheme) :]}'"
        raise NoPatternError("invalid", "is not an origin (its scheme is misspelt)", hint)
    return OriginPattern(scheme, _host(scheme, parts["host"].lower()), _port(scheme, parts["port"]))


def _meant(scheme: str) -> str:
    """Return http or https if *scheme* looks like a typing error of one of them, or an empty string."""
    import difflib  # only for other schemes

    return next(iter(difflib.get_close_matches(scheme, ("http", "https"), 1, _TYPO)), "")


def _host(scheme: str, host: str) -> str:
    if host.startswith("["):
        return _ipv6_host(host)
    if "*" in host:
        _check_star(host)
    # A digit in place of the star: what it stands for has at least one character, and may be a digit.
    example = host.replace("*", "0")
    if not _is_dotted(example):
        raise NoPatternError("invalid", "is not an origin (its host is wrong)")
    if scheme in DEFAULT_PORTS and ends_in_number(example):
        return _ipv4_host(host)
    if not is_serialized(f"{scheme}://{example}"):
        hint = "a label has at most 63 characters, a host at most 253"
        raise NoPatternError("invalid", "is not an origin (its host is too long)", hint)
    return host


def _check_star(host: str) -> None:
    """Raise ``NoPatternError`` if a ``*`` in *host* is where it may not be."""
    first, _, domain = host.partition(".")
    if host == "*":
        hint = "name the domain, as in 'https://*.example.com', or write '*' for every origin"
        raise NoPatternError("prohibited", "is prohibited (it allows every host)", hint)
    if "*" in domain or first.count("*") > 1:
        raise NoPatternError("prohibited", "is prohibited ('*' may stand once, in the first label of the host)")
    if not domain.strip("."):
        hint = "write the domain after it, as in 'https://pr-*.example.com'"
        raise NoPatternError("prohibited", "is prohibited (a '*' needs a domain after it)", hint)


def _ipv6_host(host: str) -> str:
    address = parse_address(host)
    if not isinstance(address, ipaddress.IPv6Address) or address.scope_id is not None:
        hint = "write the address in brackets and without a zone, as in 'http://[2001:db8::1]:8080'"
        raise NoPatternError("invalid", "is not an origin (its IPv6 address is wrong)", hint)
    return serialize_ipv6(address)


def _ipv4_host(host: str) -> str:
    if "*" in host:
        hint = "list the addresses one by one"
        raise NoPatternError("prohibited", "is prohibited (an IP address has no subdomains)", hint)
    if parse_address(host) is None:
        hint = "write four decimal numbers, as in 'http://127.0.0.1:8080'"
        raise NoPatternError("invalid", "is not an origin (its IPv4 address is wrong)", hint)
    return host


def _port(scheme: str, port: str | None) -> str:
    if port is None or port == "*":
        return port or ""
    if not port or not 0 < int(port) <= MAX_PORT:
        hint = f"write a port from 1 to {MAX_PORT}, or remove it"
        raise NoPatternError("invalid", "is not an origin (its port is wrong)", hint)
    number = int(port)
    return "" if number == DEFAULT_PORTS.get(scheme) else str(number)
