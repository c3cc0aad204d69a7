"""Flask with this library."""

from __future__ import annotations

from .grants import Grants, comment

_IMPORT = "from flask_crossorigin import CORS\n"
_DEFAULTS = Grants(origins=())


def lines(grants: Grants) -> str:
    """Return the lines below ``app = Flask(__name__)``."""
    where = "Below app = Flask(__name__). First: pip install flask-crossorigin"
    return comment("#", *grants.left_out, where) + _IMPORT + "\n" + call(grants) + "\n"


def whole(grants: Grants) -> str:
    """Return a module with ``app``."""
    return f"""{comment("#", *grants.left_out, "pip install flask flask-crossorigin && flask --app server run")}
from flask import Flask
{_IMPORT}
app = Flask(__name__)
{call(grants)}


@app.route("/", methods=["GET", "POST", "PUT", "DELETE"])
def index():
    return "ok", {{"Content-Type": "text/plain", "X-Total-Count": "1"}}
"""


def call(grants: Grants) -> str:
    """Return the call ``CORS(app, ...)``, with the options that are not the defaults."""
    options = [f"origins={_value(grants.origins)}"]
    if grants.credentials:
        options.append("supports_credentials=True")
    for name in ("methods", "allow_headers", "expose_headers"):
        value = getattr(grants, name)
        if value != getattr(_DEFAULTS, name):
            options.append(f"{name}={_value(value)}")
    if grants.max_age != _DEFAULTS.max_age:
        options.append(f"max_age={grants.max_age}")
    options += [f"{opt_in}=True" for opt_in in grants.opt_ins]
    return f"CORS(app, {', '.join(options)})"


def _value(value: tuple[str, ...] | str) -> str:
    return repr(value if isinstance(value, str) else list(value))
