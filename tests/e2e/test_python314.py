"""CPython 3.14, which Pyodide brings to Node.js: the tests that need no process, no thread and no compiled package.

tox runs all tests on the Pythons of this machine.
"""

from __future__ import annotations

import json
import re
import subprocess
import sysconfig
from pathlib import Path

from .conftest import ROOT
from .servers import executable
from .test_site import pyodide

# Without them in WebAssembly: compiled packages, processes, threads, and the module cgi, which WebOb needs.
NEEDS = re.compile(r"hypothesis|subprocess|threading|webtest|helpers\.(adapters|commands)")
# An event loop is running already; no distribution is installed; WebAssembly has no limit for recursion but its stack.
WITHOUT = "not async and not PasteDeploy and not nested_too_deep"
SCRIPT = """
const {loadPyodide} = require(PYODIDE + "/pyodide.js");
(async () => {
  const python = await loadPyodide();
  for (const folder of [ROOT, PACKAGES]) {
    python.FS.mkdirTree(folder);
    python.FS.mount(python.FS.filesystems.NODEFS, {root: folder}, folder);
  }
  python.FS.chdir(ROOT);
  python.globals.set("words", python.toPy(WORDS));
  python.globals.set("paths", python.toPy([ROOT, PACKAGES]));
  const status = python.runPython(`
import os, sys
sys.path[:0] = paths
sys.dont_write_bytecode = True
os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
import pytest
print(sys.version)
int(pytest.main(words))
`);
  process.exit(status);
})();
"""


def test_the_library_runs_on_python_3_14(tmp_path: Path) -> None:
    rooms = ("standard", "options", "browser", "server", "extension", "doctor")
    files = [path for room in rooms for path in sorted((ROOT / "tests" / room).glob("test_*.py"))]
    chosen = [str(path) for path in files if not NEEDS.search(path.read_text())]
    assert len(chosen) > 20
    words = ["-q", "-p", "no:cacheprovider", "--noconftest", "-k", WITHOUT, *chosen]
    values = {"PYODIDE": str(pyodide()), "ROOT": str(ROOT), "PACKAGES": sysconfig.get_path("purelib"), "WORDS": words}
    script = tmp_path / "run.cjs"
    script.write_text("".join(f"const {name} = {json.dumps(value)};\n" for name, value in values.items()) + SCRIPT)
    done = subprocess.run([executable("node"), str(script)], capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]
    assert done.stdout.startswith("3.14")
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None
    assert int(passed[1]) > 1000
