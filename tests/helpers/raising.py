"""A module of a user that fails when it is imported."""

from __future__ import annotations

from typing import Any

settings: dict[str, Any] = {}
app = settings["missing"]
