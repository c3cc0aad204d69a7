"""Serialized origins: their syntax, default ports and loopback hosts.

https://fetch.spec.whatwg.org/#origin-header
https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin
"""

from __future__ import annotations

import functools
import ipaddress
import re

ANY = "*"


NULL = "null"


MAX_LENGTH = 512  # bytes of an Origin header that is looked at


MAX_HOST = 253  # bytes of a host name: https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4


MAX_LABEL = 63


MAX_PORT = 65535


# https://url.spec.whatwg.org/#default-port
DEFAULT_PORTS = {"ftp": 21, "http": 80, "https": 443, "ws": 80, "wss": 443}


_SERIALIZED = (
    r"(?P<scheme>[a-z][a-z0-9+.-]*)://"
    r"(?P<host>\[[0-9a-f:]+\]|[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*\.?)"
    r"(?::(?P<port>[1-9][0-9]{0,4}))?"
)


def is_serialized(value: str) -> bool:
    """Report whether *value* is a tuple origin as a browser sends it.

    https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin
    """
    return len(value) <= MAX_LENGTH and _is_serialized(value)


# The same few origins come again and again; 1,024 of them take half a megabyte at the most.
@functools.lru_cache(1024)
def _is_serialized(value: str) -> bool:
    match = re.fullmatch(_SERIALIZED, value)
    if match is None:
        return False
    scheme, host = match["scheme"], match["host"]
    port = int(match["port"]) if match["port"] else None
    if port is not None and (port > MAX_PORT or port == DEFAULT_PORTS.get(scheme)):
        return False
    return _is_serialized_host(scheme, host)


def is_loopback(host: str) -> bool:
    """Report whether *host* is this machine by name or address.

    https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy
    """
    if host == "localhost" or host.endswith(".localhost"):
        return True
    address = parse_address(host)
    return address is not None and address.is_loopback


def parse_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return the IP address that *host* is (IPv6 in brackets), or ``None``."""
    try:
        if host.startswith("["):
            return ipaddress.IPv6Address(host[1:-1])
        return ipaddress.IPv4Address(host)
    except ValueError:
        return None


def serialize_ipv6(address: ipaddress.IPv6Address) -> str:
    """Return *address* as browsers write it: compressed, lower case, never with an embedded IPv4 address.

    https://url.spec.whatwg.org/#concept-ipv6-serializer
    """
    groups = ":".join(f"{high << 8 | low:x}" for high, low in zip(*[iter(address.packed)] * 2, strict=True))
    zeros = max(re.finditer(r"(?<![^:])0(?::0)+(?![^:])", groups), key=lambda run: len(run[0]), default=None)
    if zeros is None:
        return f"[{groups}]"
    return f"[{groups[: zeros.start()].rstrip(':')}::{groups[zeros.end() :].lstrip(':')}]"


def ends_in_number(host: str) -> bool:
    """Report whether browsers read *host* as an IPv4 address.

    https://url.spec.whatwg.org/#ends-in-a-number-checker
    """
    last = host.removesuffix(".").rpartition(".")[2]
    return last.isdecimal() or re.fullmatch(r"0[xX][0-9A-Fa-f]*", last) is not None


def _is_serialized_host(scheme: str, host: str) -> bool:
    if host.startswith("["):
        address = parse_address(host)
        return isinstance(address, ipaddress.IPv6Address) and serialize_ipv6(address) == host
    if len(host) > MAX_HOST or any(len(label) > MAX_LABEL for label in host.split(".")):
        return False
    if scheme not in DEFAULT_PORTS:
        return True  # an opaque host: browsers do not lower-case those of extensions and web views
    return host == host.lower() and (not ends_in_number(host) or parse_address(host) is not None)
