"""Express with the package cors.  https://github.com/expressjs/cors#configuration-options"""

from __future__ import annotations

import json
from collections.abc import Iterable

from .grants import Grants, comment, every_method


def lines(grants: Grants) -> str:
    """Return the lines before the routes."""
    where = "Before the routes and every other app.use(...), in place of another cors(...). First: npm install cors"
    return comment("//", *_notes(grants), where) + "const cors = require('cors')\n" + f"app.use({call(grants)})\n"


def whole(grants: Grants) -> str:
    """Return a module that listens on the port in the environment variable ``PORT``."""
    return f"""{comment("//", *_notes(grants), "npm install express cors && PORT=3000 node server.js")}
const express = require('express')
const cors = require('cors')

const app = express()
app.use({call(grants)})

for (const method of ['get', 'post', 'put', 'delete']) {{
  app[method]('/', (request, response) => response.set('X-Total-Count', '1').send('ok'))
}}

app.listen(process.env.PORT)
"""


def call(grants: Grants) -> str:
    """Return the call ``cors({...})``."""
    options = [f"origin: {_origin(grants)}", f"methods: {_list(every_method(grants)[0])}"]
    if grants.allow_headers != "*":
        options.append(f"allowedHeaders: {_list(grants.allow_headers)}")
    if grants.expose_headers:
        options.append(f"exposedHeaders: {_list(grants.expose_headers)}")
    if grants.credentials:
        options.append("credentials: true")
    if grants.max_age is not None:
        options.append(f"maxAge: {grants.max_age}")
    return "cors({\n" + "".join(f"  {option},\n" for option in options) + "})"


def _notes(grants: Grants) -> tuple[str, ...]:
    return (*grants.left_out, every_method(grants)[1])


def _origin(grants: Grants) -> str:
    if grants.origins == "*":
        return "'*'"
    expressions = ["/" + each.replace("/", r"\/") + "/" for each in grants.patterns]
    return f"[{', '.join([*map(_text, grants.exact), *expressions])}]"


def _list(names: Iterable[str]) -> str:
    return "'*'" if names == "*" else f"[{', '.join(map(_text, names))}]"


def _text(value: str) -> str:
    return "'" + json.dumps(value)[1:-1].replace("'", r"\'").replace(r"\"", '"') + "'"
