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


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("http://[::2]", True),
        ("http://[::2]:8080", True),
        ("http://[0::2]", False),
        ("http://[::02]", False),
        ("http://[0:0:0:0:0:0:0:2]", False),
        ("http://[::A]", False),
        ("http://[::ffff:1.2.3.5]", False),
        ("http://[1.2.3.5]", False),
        ("http://[]", False),
        ("http://[::2", False),
        ("http://[::2]x", False),
        ("http://1.2.3.5", True),
        ("http://1.2.3.05", False),
        ("http://1.2.3", False),
        ("http://0x7f.1", False),
        ("http://1.2.3.5.", False),
        ("http://a.1", False),
        ("http://a1", True),
        ("https://A.example", False),
        ("chrome-extension://AbC", True),
        ("https://" + "b" * 63 + ".example", True),
        ("https://" + "b" * 64 + ".example", False),
        ("https://" + ".".join(["b" * 63] * 3 + ["b" * 61]), True),
        ("https://" + ".".join(["b" * 63] * 3 + ["b" * 62]), False),
        ("https://b.example:443", False),
        ("http://b.example:80", False),
        ("http://b.example:443", True),
        ("https://b.example:65535", True),
        ("https://b.example:65536", False),
        ("https://b.example:01", False),
        ("https://b.example:", False),
        ("https://b.example/", False),
        ("null", False),
        ("", False),
    ],
)
def test_an_origin_as_browsers_send_it(origin: str, expected: bool) -> None:
    assert is_serialized(origin) is expected
