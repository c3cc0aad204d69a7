"""Runs the lab, as a user does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .conftest import ROOT, processes


@contextmanager
def running(logs: Path) -> Iterator[str]:
    with processes(logs) as start:
        process = start(str(ROOT / "examples" / "lab"))
        assert process.stdout is not None
        yield process.stdout.readline().split()[-1]
