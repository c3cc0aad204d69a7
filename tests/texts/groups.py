"""All groups of recorded texts."""

from __future__ import annotations

from . import audited, commanded, diagnosed, explained, exported, seen
from .recorded import Texts

GROUPS: dict[str, Texts] = {
    "audited": audited.TEXTS,
    "commanded": commanded.TEXTS,
    "diagnosed": diagnosed.TEXTS,
    "explained": explained.TEXTS,
    "exported": exported.TEXTS,
    "seen": seen.TEXTS,
}
