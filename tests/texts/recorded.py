"""Texts as they were read and found right: one file for each group, a section for each text.

Where a text changes on purpose: ``python -m tests.texts``, and read the difference before it is committed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeAlias

FOLDER = Path(__file__).parent / "recorded"
_HEAD = "=== "
# Each text is made when it is asked for, and not before.
Texts: TypeAlias = Mapping[str, Callable[[], str]]


def read(group: str) -> dict[str, str]:
    """Return the recorded texts of a group by their names."""
    text = (FOLDER / f"{group}.txt").read_text(encoding="utf-8")
    sections = re.split(f"^{_HEAD}", text, flags=re.MULTILINE)[1:]
    return {name: body.rstrip("\n") for name, _, body in (section.partition("\n") for section in sections)}


def write(group: str, texts: Texts) -> None:
    """Record the texts of a group."""
    parts = [f"{_HEAD}{name}\n{shown(make)}\n\n" for name, make in texts.items()]
    (FOLDER / f"{group}.txt").write_text("".join(parts).rstrip("\n") + "\n", encoding="utf-8")


def shown(make: Callable[[], str]) -> str:
    """Return a text without the places in test files, which change with every edit, and with them where lines end."""
    text = make().rstrip("\n")
    if _SITE.search(text) is None:
        return text
    return _SITE.sub("FILE:LINE", _CONTINUED.sub(" ", text))


_SITE = re.compile(r"[\w./\\-]+\.py:\d+")
# A line that goes on: it does not begin with a label or an address.
_CONTINUED = re.compile(r"\n     (?=\S)|\n   (?=\S)(?!\w[\w ]*: |https://)")
