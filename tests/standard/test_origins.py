"""Serialized origins."""

from __future__ import annotations

import pytest

from flask_crossorigin.standard.origins import is_serialized, serialize_ipv6


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("::", "[::]"),
        ("::1", "[::1]"),
        ("1::", "[1::]"),
        ("1:0:0:2:0:0:0:3", "[1:0:0:2::3]"),
        ("1:0:0:2:3:0:0:4", "[1::2:3:0:0:4]"),
        ("1:0:2:3:4:5:6:7", "[1:0:2:3:4:5:6:7]"),
        ("::ffff:1.2.3.4", "[::ffff:102:304]"),
        ("10:0:0:100::1", "[10:0:0:100::1]"),
    ],
)
def test_ipv6_is_written_as_browsers_do(address: str, text: str) -> None:
    import ipaddress

    assert serialize_ipv6(ipaddress.IPv6Address(address)) == text
    assert is_serialized(f"http://{text}")
