"""Mutants that change nothing anybody can see, by their name in mutmut, each with the reason."""

from __future__ import annotations

EQUIVALENT: dict[str, str] = {}
