"""Every text that a person reads is compared whole with the one that was read and found right."""

from __future__ import annotations

import functools

import pytest

from .groups import GROUPS
from .recorded import read, shown

_read = functools.cache(read)


@pytest.mark.parametrize("group", GROUPS)
def test_nothing_is_recorded_that_is_no_longer_made(group: str) -> None:
    assert list(_read(group)) == list(GROUPS[group])


@pytest.mark.parametrize(
    ("group", "name"),
    [pytest.param(group, name, id=f"{group}: {name}") for group, texts in GROUPS.items() for name in texts],
)
def test_the_text_is_the_one_that_was_read(group: str, name: str) -> None:
    assert shown(GROUPS[group][name]) == _read(group)[name]
