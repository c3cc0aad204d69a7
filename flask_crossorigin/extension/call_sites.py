"""Where the code of a user calls this package, so that the doctor can name the line."""

from __future__ import annotations

import sys
from pathlib import Path

_PACKAGE = __name__.partition(".")[0]


def call_site() -> str:
    """Return the file and line of the innermost caller outside this package, as ``shop/app.py:12``."""
    frame = sys._getframe(1)
    while frame.f_back is not None and frame.f_globals.get("__name__", "").partition(".")[0] == _PACKAGE:
        frame = frame.f_back
    return site_of(frame.f_code.co_filename, frame.f_lineno)


def site_of(file: str, line: int) -> str:
    """Return *file* and *line* in one; a file below the current directory is relative to it."""
    try:
        shown = Path(file).relative_to(Path.cwd())
    except (ValueError, OSError):
        shown = Path(file)
    return f"{shown}:{line}"
