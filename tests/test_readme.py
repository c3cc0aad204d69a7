"""What the README and the docs show is run, as it stands."""

from __future__ import annotations

import re
import sys
import types
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from flask_crossorigin import CORSConfigError, CORSPolicy
from flask_crossorigin.browser.console import TEXTS
from flask_crossorigin.browser.failures import FAILURES

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def test_the_code_of_the_readme_runs_from_top_to_bottom() -> None:
    names: dict[str, Any] = {"__name__": "readme"}
    blocks = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len(blocks) >= 3
    for block in blocks:
        exec(compile(block, "README.md", "exec"), names)


@pytest.mark.parametrize("page", sorted(path.name for path in (ROOT / "docs").glob("*.md")))
def test_the_code_of_a_page_runs_from_top_to_bottom(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = types.ModuleType("shop")
    shop.app = Flask("shop")  # type: ignore[attr-defined]
    shop.create_app = lambda: shop.app  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "shop", shop)
    names: dict[str, Any] = {"__name__": "page", "app": shop.app}
    for block in re.findall(r"```python\n(.*?)```", (ROOT / "docs" / page).read_text(), re.DOTALL):
        exec(compile(block, page, "exec"), names)


def test_the_error_of_the_readme_is_the_one_that_is_raised() -> None:
    (call,) = re.findall(r"^    >>> (CORSPolicy\(.*\))$", README, re.MULTILINE)
    shown = README.partition(f">>> {call}\n")[2].partition("\n\n")[0]
    with pytest.raises(CORSConfigError) as raised:
        eval(call, {"CORSPolicy": CORSPolicy})
    assert shown.replace("    ", "").removeprefix("CORSConfigError: ") == str(raised.value)


@pytest.mark.parametrize(
    "page", ["README.md", "CONTRIBUTING.md", *(f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md"))]
)
def test_links_within_the_project_lead_somewhere(page: str) -> None:
    source = ROOT / page
    for target in re.findall(r"\]\(([^)#:]+)\)", source.read_text()):
        assert (source.parent / target).exists(), target


def test_every_message_of_the_browsers_has_its_section() -> None:
    page = (ROOT / "docs" / "errors.md").read_text()
    for kind, row in FAILURES.items():
        if row.check not in TEXTS or (row.stage == "preflight" and row.check.startswith("ac")):
            continue  # the same texts, with a few words in front
        assert f"## {kind.removeprefix('response-')}\n" in page
        for text in filter(None, TEXTS[row.check][:3]):
            for part in re.split(r"\{\w+\}", text.replace("`", "'")):
                assert part in page, (kind, part)
