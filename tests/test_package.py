"""What the package promises about itself: its imports, its types, its modules."""

from __future__ import annotations

import ast
import dataclasses
import subprocess
import sys
from pathlib import Path

import pytest

import flask_crossorigin
from flask_crossorigin import options, typed

PACKAGE = Path(flask_crossorigin.__file__).parent
MODULES = sorted(path.stem for path in PACKAGE.glob("*.py"))

# Each module may import these and what they import.
MAY_IMPORT = {
    "errors": set(),
    "logs": {"errors"},
    "headers": set(),
    "typed": set(),
    "origins": {"logs", "typed"},
    "patterns": {"errors", "origins"},
    "remedies": {"origins", "patterns"},
    "ambiguity": {"expressions"},
    "expressions": {"origins"},
    "options": {"errors"},
    "trust": {"ambiguity", "errors", "expressions", "options", "origins", "patterns", "remedies", "typed"},
    "names": {"errors", "headers", "options", "origins"},
    "policy": {"errors", "names", "options", "origins", "trust", "typed"},
    "protocol": {"headers", "origins", "policy"},
    "paths": {"errors"},
    "debug": {"headers", "origins", "policy", "protocol"},
    "wsgi": {"debug", "errors", "logs", "origins", "paths", "policy", "protocol", "typed"},
    "resources": {"errors", "options", "paths", "policy", "typed"},
    "marks": {"policy"},
    "urls": set(),
    "routing": {"errors", "marks", "policy", "resources", "urls"},
    "extension": {"errors", "marks", "policy", "protocol", "resources", "routing", "typed", "wsgi"},
    "__init__": {"errors", "extension", "policy", "wsgi"},
    # the browser's side: nothing of it imports the policy, so that it is an independent check
    "locations": {"origins"},
    "safelists": {"headers"},
    "checks": {"headers", "locations", "safelists"},
    "preflights": {"checks", "headers", "safelists"},
    "messages": {"checks"},
    "cookies": {"locations", "origins"},
    "fetches": {"checks", "cookies", "locations", "messages", "safelists"},
    "browser": {"checks", "cookies", "fetches", "headers", "locations", "messages", "preflights", "safelists"},
    "client": {"browser", "cookies", "fetches", "locations", "safelists"},
    "advice": {"checks", "client", "fetches", "headers", "locations", "messages"},
    "findings": set(),
    "surprises": {"browser", "checks", "client", "fetches", "findings", "headers", "locations"},
    "doctor": {
        "advice",
        "browser",
        "checks",
        "client",
        "fetches",
        "findings",
        "headers",
        "locations",
        "messages",
        "surprises",
    },
    "layers": {"advice", "checks", "client", "doctor", "findings", "headers"},
    "reports": {"doctor", "findings", "messages"},
    "testing": {"checks", "client", "doctor", "fetches", "findings", "locations", "messages", "reports", "surprises"},
    "explain": {"advice", "checks", "fetches", "locations", "messages"},
    "audit": {"checks", "client", "fetches", "headers", "locations"},
    "coverage": {"fetches", "policy", "resources", "routing", "urls", "wsgi"},
    "cli": {
        "checks",
        "audit",
        "browser",
        "client",
        "coverage",
        "doctor",
        "errors",
        "explain",
        "fetches",
        "layers",
        "locations",
        "logs",
        "policy",
        "reports",
        "wsgi",
    },
    "__main__": {"cli"},
}


def imported(module: str) -> set[str]:
    tree = ast.parse((PACKAGE / f"{module}.py").read_text())
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            found |= {node.module} if node.module else {alias.name for alias in node.names}
    return found


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_one_way(module: str) -> None:
    assert imported(module) == MAY_IMPORT[module]


def everything_below(module: str) -> set[str]:
    found, todo = set(), [module]
    while todo:
        for name in MAY_IMPORT[todo.pop()] - found:
            found.add(name)
            todo.append(name)
    return found


@pytest.mark.parametrize("module", ["browser", "client", "doctor", "testing", "audit", "explain"])
def test_the_browser_s_side_knows_nothing_of_the_server_s(module: str) -> None:
    assert not everything_below(module) & {"policy", "protocol", "wsgi", "extension"}


def loaded_by(code: str) -> set[str]:
    script = f"import sys\n{code}\nprint(*sys.modules)"
    return set(
        subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout.split()
    )


def test_the_wsgi_side_never_imports_flask_nor_the_list_of_suffixes() -> None:
    loaded = loaded_by(
        "from flask_crossorigin import CORSMiddleware, CORSPolicy, wrap\n"
        "CORSMiddleware(print, origins=['https://*.example.com', 'https://a.example'])"
    )
    assert not loaded & {"flask", "werkzeug", "publicsuffixlist"}


def test_every_module_but_the_extension_loads_without_flask() -> None:
    names = ", ".join(
        f"flask_crossorigin.{name}" for name in MODULES if name not in ("__init__", "__main__", "extension")
    )
    assert "flask" not in loaded_by(f"import {names}")
    assert "flask" in loaded_by("from flask_crossorigin import CORS")


def test_the_list_of_suffixes_is_loaded_for_its_check() -> None:
    code = "from flask_crossorigin import CORSPolicy\nCORSPolicy(origins='https://*.example.com', supports_credentials=True)"
    assert "publicsuffixlist" in loaded_by(code)


def test_the_package_is_typed_and_names_what_is_public() -> None:
    assert (PACKAGE / "py.typed").exists()
    for name in flask_crossorigin.__all__:
        assert getattr(flask_crossorigin, name).__doc__


def test_the_options_are_the_same_at_run_time_and_for_type_checkers() -> None:
    kinds = typed.CommonOptions.__annotations__ | typed.Options.__annotations__
    assert sorted(kinds) == list(options.NAMES)
    assert {name for name, kind in kinds.items() if "bool" in str(kind)} == options.FLAGS
    assert {field.name for field in dataclasses.fields(flask_crossorigin.CORSPolicy) if field.init} == set(
        options.NAMES
    )
