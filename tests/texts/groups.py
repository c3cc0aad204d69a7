"""All groups of recorded texts."""

from __future__ import annotations

from . import audited, commanded, configured, diagnosed, explained, exported, fetched, seen, served
from .recorded import Texts

GROUPS: dict[str, Texts] = {
    "audited": audited.TEXTS,
    "commanded": commanded.TEXTS,
    "configured": configured.TEXTS,
    "diagnosed": diagnosed.TEXTS,
    "explained": explained.TEXTS,
    "exported": exported.TEXTS,
    "fetched": fetched.TEXTS,
    "seen": seen.TEXTS,
    "served": served.TEXTS,
}
