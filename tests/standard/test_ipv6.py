"""IPv6 addresses in the form that browsers send.  https://url.spec.whatwg.org/#concept-ipv6-serializer"""

from __future__ import annotations

import ipaddress

import pytest

from flask_crossorigin.standard.origins import serialize_ipv6

FORMS = {
    "::": "[::]",
    "::1": "[::1]",
    "1::": "[1::]",
    "2001:DB8::1": "[2001:db8::1]",
    "2001:0db8:0000:0000:0001:0000:0000:0001": "[2001:db8::1:0:0:1]",
    "1:0:0:2:0:0:0:3": "[1:0:0:2::3]",
    "1:0:2:3:4:5:6:7": "[1:0:2:3:4:5:6:7]",
    "1:2:3:4:5:6:7:8": "[1:2:3:4:5:6:7:8]",
    "0:0:1::": "[0:0:1::]",
    "1:2:3:4:5:6:0:0": "[1:2:3:4:5:6::]",
    "0:0:3:4:5:6:7:8": "[::3:4:5:6:7:8]",
    "10:100:1000:0:0:a0:b00:f": "[10:100:1000::a0:b00:f]",
    "::ffff:192.0.2.1": "[::ffff:c000:201]",
    "ff02::fb": "[ff02::fb]",
}


@pytest.mark.parametrize(("written", "sent"), FORMS.items(), ids=FORMS)
def test_an_address_is_written_as_browsers_send_it(written: str, sent: str) -> None:
    assert serialize_ipv6(ipaddress.IPv6Address(written)) == sent
