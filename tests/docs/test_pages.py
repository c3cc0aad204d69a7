"""What the README and the documentation show is run, as it stands."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from flask_crossorigin import CORSConfigError, CORSPolicy
from flask_crossorigin.browser.console import TEXTS
from flask_crossorigin.browser.failures import FAILURES

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
README = (ROOT / "README.md").read_text()
PAGES = sorted(str(path.relative_to(DOCS)) for path in DOCS.rglob("*.md") if "node_modules" not in path.parts)
SITE = "https://flask-crossorigin.readthedocs.io/en/stable/"
REPOSITORY = "https://github.com/flask-crossorigin/flask-crossorigin/blob/main/"
PICTURES = "https://raw.githubusercontent.com/flask-crossorigin/flask-crossorigin/main/"


def blocks(text: str, language: str) -> list[str]:
    """Return the code blocks of *language* in a page."""
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def page_of(name: str) -> str:
    return (DOCS / name).read_text()


def test_the_code_of_the_readme_runs_from_top_to_bottom() -> None:
    names: dict[str, Any] = {"__name__": "readme"}
    shown = blocks(README, "python")
    assert len(shown) >= 2
    for block in shown:
        exec(compile(block, "README.md", "exec"), names)


@pytest.mark.parametrize("page", PAGES)
def test_the_code_of_a_page_runs_from_top_to_bottom(page: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shop = types.ModuleType("shop")
    shop.app = Flask("shop")  # type: ignore[attr-defined]
    shop.create_app = lambda: shop.app  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "shop", shop)
    if page == "guides/django.md":
        import examples.django_app  # noqa: F401 (configures Django, as a project's settings do)
    names: dict[str, Any] = {"__name__": "page", "app": shop.app}
    for block in blocks(page_of(page), "python"):
        exec(compile(block, page, "exec"), names)


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_says_not_to_write_is_python(page: str) -> None:
    for block in blocks(page_of(page), "py"):
        ast.parse(block)


def test_the_unsafe_policy_of_the_page_does_not_start() -> None:
    (call,) = re.findall(r"^CORS\(app, (.*)\)  # CORSConfigError: (.*)$", page_of("do-not.md"), re.MULTILINE)
    with pytest.raises(CORSConfigError, match=re.escape(call[1])):
        eval(f"CORSPolicy({call[0]})", {"CORSPolicy": CORSPolicy})


@pytest.mark.parametrize("page", [page for page in PAGES if "```console" in page_of(page)])
def test_a_command_prints_what_the_page_shows(page: str, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text("\n".join(blocks(page_of(page), "python")))
    paths = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for block in blocks(page_of(page), "console"):
        command, _, output = block.removeprefix("$ ").partition("\n")
        done = subprocess.run(command, shell=True, cwd=tmp_path, env={**os.environ, "PATH": paths}, capture_output=True, text=True, timeout=60)  # fmt: skip
        assert done.stdout == output, done.stderr


def test_the_error_of_the_options_is_the_one_that_is_raised() -> None:
    page = page_of("options.md")
    (call,) = re.findall(r"^    >>> (CORSPolicy\(.*\))$", page, re.MULTILINE)
    shown = page.partition(f">>> {call}\n")[2].partition("\n\n")[0]
    with pytest.raises(CORSConfigError) as raised:
        eval(call, {"CORSPolicy": CORSPolicy})
    assert shown.replace("    ", "").removeprefix("CORSConfigError: ") == str(raised.value)


@pytest.mark.parametrize("page", ["../README.md", "../CONTRIBUTING.md", *PAGES])
def test_links_to_the_project_lead_somewhere(page: str) -> None:
    source = DOCS / page
    for target in re.findall(r"\]\(([^)\s]+)\)", source.read_text()):
        path = target.partition("#")[0]
        if path.startswith(SITE):
            assert (DOCS / path.removeprefix(SITE).replace(".html", ".md")).is_file(), target
        elif path.startswith((REPOSITORY, PICTURES)):
            assert (ROOT / path.removeprefix(REPOSITORY).removeprefix(PICTURES)).exists(), target
        elif path and not path.startswith(("http://", "https://")):
            assert (source.parent / path).exists(), target


def test_the_readme_is_right_on_the_package_index_too() -> None:
    """Relative links and pictures do not work there."""
    targets = re.findall(r"\]\(([^)\s]+)\)", README)
    assert [target for target in targets if not target.startswith("https://")] == []


def test_every_page_is_in_the_index_and_names_the_next_step() -> None:
    index = page_of("index.md")
    for page in PAGES:
        name = page.removesuffix(".md")
        assert name == "index" or re.search(rf"^{name}$", index, re.MULTILINE), name
        if name.startswith(("understand/", "guides/")):
            assert "**Next:**" in page_of(page), name


def test_every_message_of_the_browsers_has_its_section() -> None:
    page = page_of("errors.md")
    for kind, row in FAILURES.items():
        if row.check not in TEXTS or (row.stage == "preflight" and row.check.startswith("ac")):
            continue  # the same texts, with a few words in front
        assert f"\n({kind.removeprefix('response-')})=\n## " in page
        for text in filter(None, TEXTS[row.check][:3]):
            for part in re.split(r"\{\w+\}", text):
                assert part in page, (kind, part)
