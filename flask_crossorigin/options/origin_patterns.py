"""Origins as a configuration writes them, normalized to what browsers send.

An entry is an exact origin, or one with ``*.`` in front of the host, ``:*`` as the port, or both.

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

_split = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://"
    r"(?P<host>\[[^\]]*\]|[A-Za-z0-9_.*-]*)"
    r"(?::(?P<port>\*|[0-9]{0,20}))?/?"
).fullmatch


_is_dotted = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?").fullmatch


OPAQUE_SCHEMES = frozenset({"about", "blob", "data", "file", "filesystem", "javascript"})


NO_ORIGIN_HINT = "browsers send 'null' from such pages: serve them over http, from http://localhost while developing"


class Refusal(Exception):  # noqa: N818 (it is caught where the problem is made of it, and never shown)
    """Why an entry is no pattern; the fields are those of ``errors.Problem``, an empty *hint* is to be guessed."""

    def __init__(self, reason: Reason, text: str, hint: str = "") -> None:
        super().__init__(reason, text, hint)
        self.reason, self.text, self.hint = reason, text, hint


class Pattern(NamedTuple):
    """An entry, normalized: *host* begins with ``*.`` for all subdomains; *port* is empty, digits or ``*``."""

    scheme: str
    host: str
    port: str

    def __str__(self) -> str:
        return f"{self.scheme}://{self.host}" + (f":{self.port}" if self.port else "")

    @property
    def domain(self) -> str:
        """The host without the wildcard in front."""
        return self.host.removeprefix("*.")

    @property
    def is_insecure(self) -> bool:
        """Whether whoever is on the network's path can speak for it: plain http, and not to this machine."""
        return self.scheme == "http" and not is_loopback(self.domain)


def normalize(entry: str) -> Pattern:
    """Return *entry* as a pattern, in the form in which a browser would send it; raise ``Refusal`` if it is none."""
    if (split := _split(entry)) is None:
        raise Refusal("invalid", "is not an origin")
    scheme = split["scheme"].lower()
    if scheme in OPAQUE_SCHEMES:
        raise Refusal("invalid", "is not an origin", NO_ORIGIN_HINT)
    return Pattern(scheme, _host(scheme, split["host"].lower()), _port(scheme, split["port"]))


def _host(scheme: str, host: str) -> str:
    if host.startswith("["):
        return _ipv6_host(host)
    domain = host.removeprefix("*.")
    if domain == "*":
        hint = "name the domain, as in 'https://*.example.com', or write '*' for every origin"
        raise Refusal("prohibited", "is prohibited (it trusts every host there is)", hint)
    if "*" in domain:
        raise Refusal("prohibited", "is prohibited ('*' stands only for whole labels in front of the host)")
    if not _is_dotted(domain):
        raise Refusal("invalid", "is not an origin (its host is wrong)")
    if scheme in DEFAULT_PORTS and ends_in_number(domain):
        return _ipv4_host(host, domain)
    if not is_serialized(f"{scheme}://{domain}"):
        hint = "a label has at most 63 characters, a host at most 253"
        raise Refusal("invalid", "is not an origin (its host is too long)", hint)
    return host


def _ipv6_host(host: str) -> str:
    address = parse_address(host)
    if not isinstance(address, ipaddress.IPv6Address) or address.scope_id is not None:
        hint = "write the address in brackets and without a zone, as in 'http://[2001:db8::1]:8080'"
        raise Refusal("invalid", "is not an origin (its IPv6 address is wrong)", hint)
    return serialize_ipv6(address)


def _ipv4_host(host: str, domain: str) -> str:
    if host != domain:
        raise Refusal("prohibited", "is prohibited (an IP address has no subdomains)", "list the addresses one by one")
    if parse_address(domain) is None:
        hint = "write four decimal numbers, as in 'http://127.0.0.1:8080'"
        raise Refusal("invalid", "is not an origin (its IPv4 address is wrong)", hint)
    return host


def _port(scheme: str, port: str | None) -> str:
    if port is None or port == "*":
        return port or ""
    if not port or not 0 < int(port) <= MAX_PORT:
        hint = f"write a port from 1 to {MAX_PORT}, or leave it out"
        raise Refusal("invalid", "is not an origin (its port is wrong)", hint)
    number = int(port)
    return "" if number == DEFAULT_PORTS.get(scheme) else str(number)
