"""The fuzz targets on a hundred inputs each, which takes some seconds; ``make fuzz`` runs them for as long as one likes."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from .fuzz.targets import TARGETS

pieces = st.sampled_from(
    [b"", b"https://app.example", b"*", b"https://*.x.example", b"PUT", b"GET, PUT", b"0", b"9" * 5000, b"null", b"true",
     b"http://[", b"//u:p@x", b"\x00", b"\x1b[31m", "\u202e".encode(), b"\xed\xa0\x80", b"[" * 3000, b"/api/x", b"..", b"\n"]
)  # fmt: skip


@pytest.mark.parametrize("target", TARGETS)
@given(st.lists(pieces | st.binary(max_size=20), max_size=12).map(b"\xff\xfe".join))
@example(b"")
@settings(max_examples=100)
def test_a_target_has_an_answer_to_everything(target: str, data: bytes) -> None:
    TARGETS[target](data)
