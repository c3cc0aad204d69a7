"""What the page shows of a scenario: its texts, its request, its code, and the change that fixes it."""

from __future__ import annotations

import functools
from dataclasses import asdict
from typing import Any

from applications import Origins
from code_shown import coloured, diff, request_codes, server_codes
from explaining import in_other_words
from prediction import request_of, url_of
from scenarios import BY_ID


@functools.lru_cache(maxsize=256)
def described(name: str, origins: Origins, *, is_fixed: bool) -> dict[str, Any]:
    """Return what the page shows of the scenario *name*, before or after its fix."""
    scenario = BY_ID[name]
    asked = request_of(scenario, is_fixed=is_fixed)
    return {
        "id": name,
        "title": scenario.title,
        "why": scenario.why,
        "fixed": is_fixed,
        "canFix": scenario.fixed is not None or scenario.fixed_request is not None,
        "request": asdict(asked) | {"url": url_of(asked, name, origins, "")},
        "codes": {
            kind: shown(code, _language(kind, code)) for kind, code in request_codes(asked, name, origins).items()
        },
        "server": shown(server_codes(scenario, origins)[is_fixed], "python"),
        "diff": diff(scenario, origins),
        "targets": list(in_other_words(scenario, origins)),
        "promise": scenario.fixed_outcome if is_fixed else scenario.outcome,
    }


def shown(code: str, language: str) -> dict[str, str]:
    """Return *code* to be copied, and to be seen."""
    return {"text": code, "html": coloured(code, language)}


def _language(kind: str, code: str) -> str:
    if kind == "curl":
        return "bash"
    return "html" if code.startswith("<") else "javascript"
