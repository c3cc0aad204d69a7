"""What mypy says of users' code, strict: right use passes, and mistakes are found before anything runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from mypy import api

RIGHT = """
import re
from datetime import timedelta
from typing import Any
from flask import Blueprint, Flask
from flask.views import MethodView
from flask_crossorigin import CORS, CORSMiddleware, CORSPolicy, cross_origin, wrap

app = Flask(__name__)
CORS(app, origins=["https://a.example", lambda origin, environ: True], max_age=timedelta(hours=1), resources={"/api/*": {"origins": "*"}})
CORS(origins="*").init_app(app, methods=["GET"])
CORS(Blueprint("b", "b"), resources=["/api/*"])

@app.route("/a")
@cross_origin
def a() -> str:
    return "a"

@app.route("/b/<int:number>")
@cross_origin(origins="https://a.example", supports_credentials=True)
def b(number: int) -> str:
    return str(number)

reveal_type(b)

@app.route("/c")
@cross_origin()
async def c() -> str:
    return "c"

class View(MethodView):
    decorators = [cross_origin(origins="*"), cross_origin]

def allowed(origin: str, environ: dict[str, Any]) -> bool:
    return True

policy = CORSPolicy(origins=allowed, allow_headers="X-A", expose_headers=["X-B"], max_age=None)
middleware = CORSMiddleware(app, {"/*": policy, "/x": None})
middleware = CORSMiddleware(app.wsgi_app, origins="*", debug=True)
middleware = CORSMiddleware(app, lambda environ: policy)
middleware.policy = policy
CORSPolicy.from_mapping(app.config)
wrap("a:b")
"""

WRONG = [
    pytest.param('@cross_origin("https://a.example")\ndef v() -> str:\n    return ""', id="a positional origin"),
    pytest.param('@cross_origin(origin="https://a.example")\ndef w() -> str:\n    return ""', id="a misspelt option of the decorator"),
    pytest.param('CORS(app, origin="*")', id="a misspelt option of the extension"),
    pytest.param('CORS(app, send_wildcard=True)', id="a retired option"),
    pytest.param('CORS(app, supports_credentials="true")', id="a string for a bool"),
    pytest.param('CORS(app, resources={"/x": {"method": "GET"}})', id="a misspelt option among the resources"),
    pytest.param('CORSPolicy(origin="*")', id="a misspelt option of the policy"),
    pytest.param('CORSPolicy(methods="GET")', id="a policy without origins"),
    pytest.param('CORSPolicy("*")', id="a positional option of the policy"),
    pytest.param('CORSPolicy(origins="*", max_age="600")', id="a string for an age"),
    pytest.param('CORS(app, ["https://a.example"])', id="a positional origin of the extension"),
    pytest.param('import re\nCORSPolicy(origins=[re.compile("x")])', id="a regular expression"),
    pytest.param('CORSMiddleware(app, orgins="*")', id="a misspelt option of the middleware"),
    pytest.param('CORSPolicy(origins="*").methods = ()', id="a change of a policy"),
]  # fmt: skip
HEAD = "from flask import Flask\nfrom flask_crossorigin import CORS, CORSMiddleware, CORSPolicy, cross_origin\napp = Flask('x')\n"


def check(code: str, path: Path) -> str:
    source = path / "user.py"
    source.write_text(code)
    report, errors, _ = api.run(["--strict", "--cache-dir", str(path.parent / "mypy"), "--config-file=", str(source)])
    assert not errors
    # What mypy says of an installed package, or of old versions of Flask below it, no user sees.
    return "\n".join(line for line in str(report).splitlines() if line.startswith(str(source)))


def test_right_use_passes_strict(tmp_path: Path) -> None:
    """More than a second: mypy reads the types of Flask and Werkzeug."""
    report = check(RIGHT, tmp_path)
    assert ": error:" not in report
    assert 'Revealed type is "def (number: int) -> str"' in report


def test_every_mistake_is_found(tmp_path: Path) -> None:
    """All in one run, which takes mypy seconds: an error on each of the lines where one is."""
    code, lines = HEAD, {}
    for row in WRONG:
        (snippet,) = row.values
        lines[code.count("\n") + 1] = row.id
        code += f"{snippet}\n"
    found = {int(line.split(":")[1]) for line in check(code, tmp_path).splitlines() if ": error:" in line}
    assert [name for line, name in lines.items() if not found & {line, line + 1}] == []
