"""What the lab says about a pasted console message, and a fix in the words of other servers."""

from __future__ import annotations

from typing import Any

from applications import Origins
from code_reader import read
from scenarios import Scenario

from flask_crossorigin import CORSPolicy
from flask_crossorigin.commands.export import grants_of
from flask_crossorigin.doctor.explain import Explanation
from flask_crossorigin.doctor.export import TARGETS, lines
from flask_crossorigin.doctor.meanings import meanings

# The scenario that shows what a message is about, by what failed.
SHOWN_BY = {
    "acao-missing": "simple-none",
    "acao-wildcard-credentials": "credentials-wildcard",
    "acao-multiple": "two-values",
    "acao-invalid": "trailing-slash",
    "acao-mismatch": "simple-other",
    "acac": "credentials-missing",
    "status": "auth-401",
    "redirect": "slash-redirect",
    "method": "preflight-method",
    "header": "json-content-type",
    "unknown": "error-500",
}


def explanation(found: Explanation) -> dict[str, Any]:
    """Return the causes and fixes of one message, and the id of a scenario, empty if none shows it."""
    said = [{"cause": meaning.cause, "fix": meaning.fix} for meaning in meanings(found)]
    return {"meanings": said, "found": found.found, "scenario": SHOWN_BY.get(found.check, "")}


def in_other_words(scenario: Scenario, origins: Origins) -> dict[str, str]:
    """Return the fixed policy of *scenario* for each server that ``export`` writes for; empty without a policy."""
    if scenario.fixed is None:
        return {}
    options = read(origins.fill(scenario.fixed)).options
    if options is None or options.get("csrf_protection"):  # which other servers do not have
        return {}
    grants = grants_of(CORSPolicy(**({"origins": "*"} | options)))
    return {target: lines(target, grants) for target in TARGETS if target != "flask"}
