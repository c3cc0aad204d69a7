"""Puts beside the site what the playground needs: Pyodide, and this library with Flask and what both import.

Pyodide comes from the npm package of that name, which `make docs` installs into docs/node_modules.
"""

from __future__ import annotations

import functools
import io
import json
import shutil
import zipfile
from importlib.metadata import Distribution, distribution, requires
from pathlib import Path
from typing import Any

from docutils import nodes
from packaging.requirements import Requirement
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

HERE = Path(__file__).parent
PYODIDE = HERE.parent / "node_modules" / "pyodide"
LOADED = ("pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json")
RUNTIME = ("pyodide.mjs", *LOADED)


def needed(name: str, found: dict[str, Distribution]) -> dict[str, Distribution]:
    """Return *name* and everything that it requires, by name, as installed here."""
    if name in found:
        return found
    found[name] = distribution(name)
    for line in requires(name) or ():
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
            needed(requirement.name.lower(), found)
    return found


@functools.cache
def packages() -> bytes:
    """Return an archive of the library's Python files and of what it needs, without compiled speed-ups."""
    root, target = HERE.parents[1], io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted((root / "flask_crossorigin").rglob("*.py")):
            archive.write(path, str(path.relative_to(root)))
        archive.write(HERE / "runner.py", "runner.py")
        others = {name: each for name, each in needed("flask-crossorigin", {}).items() if name != "flask-crossorigin"}
        for each in others.values():
            for file in each.files or ():
                if file.suffix in (".py", ".dat", ".psl", ".txt") or file.name == "METADATA":
                    archive.write(str(file.locate()), str(file))
    return target.getvalue()


class Playground(SphinxDirective):
    """The page's fields and results, with the sizes of what it loads, so that it can say how far it is."""

    def run(self) -> list[nodes.Node]:
        sizes = {path.name: path.stat().st_size for path in map(PYODIDE.joinpath, LOADED) if path.exists()}
        sizes["packages.zip"] = len(packages())
        html = (HERE / "playground.html").read_text(encoding="utf-8").replace("@SIZES@", json.dumps(sizes))
        return [nodes.raw("", html, format="html")]


def add_runtime(app: Sphinx, error: Exception | None) -> None:
    """Copy the runtime into the built site."""
    if error is not None or app.builder.format != "html":
        return
    if not PYODIDE.is_dir():
        raise SystemExit(f"{PYODIDE} is missing: run `make docs`, or `npm install` in docs/")
    folder = Path(app.outdir) / "_static" / "pyodide"
    folder.mkdir(parents=True, exist_ok=True)
    for name in RUNTIME:
        shutil.copyfile(PYODIDE / name, folder / name)
    (folder / "packages.zip").write_bytes(packages())


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_directive("playground", Playground)
    app.connect("build-finished", add_runtime)
    return {"parallel_read_safe": True}
