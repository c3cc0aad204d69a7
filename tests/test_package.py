"""What the package promises about itself: its imports, its types, its modules."""

from __future__ import annotations

import ast
import dataclasses
import functools
import graphlib
import subprocess
import sys
from pathlib import Path

import pytest

import flask_crossorigin
from flask_crossorigin.options import types, values

PACKAGE = Path(flask_crossorigin.__file__).parent
MODULES = sorted(
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")
    for path in PACKAGE.rglob("*.py")
)
# What the modules of a folder may import, beside those of their own folder: the three rules of docs/architecture.md.
MAY_IMPORT = {
    "errors": set(),
    "standard": set(),
    "options": {"errors", "standard"},
    "server": {"errors", "options", "standard"},
    "extension": {"errors", "options", "server", "signals", "standard"},
    "browser": {"standard"},
    "doctor": {"browser", "standard"},
    "testing": {"browser", "doctor"},
    "signals": set(),
    "commands": {"browser", "doctor", "errors", "extension", "options", "server", "standard"},
    "__init__": {"errors", "extension", "server"},
    "__main__": {"commands"},
}
MAY_IMPORT_FLASK = {"extension", "commands", "signals"}


@functools.cache
def imported(module: str) -> set[str]:
    """Return the full names of all modules that *module* imports, inside functions too."""
    path = PACKAGE.joinpath(*module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    package = ["flask_crossorigin", *file.relative_to(PACKAGE).parent.parts]
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            start = ".".join([*base, *([node.module] if node.module else [])])
            found |= {f"{start}.{alias.name}" for alias in node.names}
    return found


def room(module: str) -> str:
    return module.partition(".")[0]


@pytest.mark.parametrize("module", MODULES)
def test_imports_follow_the_rules_of_the_rooms(module: str) -> None:
    ours = [name.split(".")[1] for name in imported(module) if name.startswith("flask_crossorigin.")]
    assert {name for name in ours if name != room(module)} <= MAY_IMPORT[room(module)]


@pytest.mark.parametrize("module", MODULES)
def test_only_the_extension_and_the_commands_import_flask(module: str) -> None:
    imports_flask = any(room(name) == "flask" for name in imported(module))
    assert not imports_flask or room(module) in MAY_IMPORT_FLASK


def test_imports_inside_a_room_are_no_circles() -> None:
    graph = {
        module: {
            other
            for other in MODULES
            if any(
                name == f"flask_crossorigin.{other}" or name.startswith(f"flask_crossorigin.{other}.")
                for name in imported(module)
            )
            and "." in other
            and other != module
            and not module.startswith(f"{other}.")  # a module of a package that the package itself imports
        }
        for module in MODULES
    }
    graphlib.TopologicalSorter(graph).prepare()


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


def test_every_module_but_the_extension_and_the_commands_loads_without_flask() -> None:
    names = ", ".join(
        f"flask_crossorigin.{name}" for name in MODULES if room(name) not in ("__init__", "__main__", *MAY_IMPORT_FLASK)
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
    kinds = types.CommonOptions.__annotations__ | types.Options.__annotations__
    assert sorted(kinds) == list(values.NAMES)
    assert {name for name, kind in kinds.items() if "bool" in str(kind)} == values.FLAGS
    assert {field.name for field in dataclasses.fields(flask_crossorigin.CORSPolicy) if field.init} == set(values.NAMES)
