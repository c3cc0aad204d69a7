"""FastAPI with Starlette's CORSMiddleware.  https://www.starlette.dev/middleware/#corsmiddleware"""

from __future__ import annotations

from .grants import Grants, comment, every_method

_IMPORT = "from fastapi.middleware.cors import CORSMiddleware\n"
_AROUND = (
    "Unhandled exceptions are answered outside of it, without CORS headers. To have the headers there as well,",
    "write app = CORSMiddleware(app, allow_origins=...) as the last line of the module instead.",
)


def lines(grants: Grants) -> str:
    """Return the lines below ``app = FastAPI()``."""
    where = "Below app = FastAPI() and every other app.add_middleware(...): the last one that is added runs first."
    call = "app.add_middleware(\n    CORSMiddleware,\n" + options(grants) + ")\n"
    return comment("#", *_notes(grants), where) + _IMPORT + "\n" + call + comment("#", *_AROUND)


def whole(grants: Grants) -> str:
    """Return a module with ``app``."""
    return f"""{comment("#", *_notes(grants), "pip install fastapi uvicorn && uvicorn server:app")}
from fastapi import FastAPI
{_IMPORT}from fastapi.responses import PlainTextResponse

app = FastAPI()


@app.api_route("/", methods=["GET", "POST", "PUT", "DELETE"])
def index():
    return PlainTextResponse("ok", headers={{"X-Total-Count": "1"}})


# Around the whole application, so that answers to unhandled exceptions have the headers, too.
app = CORSMiddleware(
    app,
{options(grants)})
"""


def options(grants: Grants) -> str:
    """Return the middleware's options, one on each line."""
    values: dict[str, object] = {"allow_origins": ["*"] if grants.origins == "*" else list(grants.exact)}
    if grants.patterns:
        values["allow_origin_regex"] = "|".join(grants.patterns)
    methods = grants.methods if grants.methods == "*" else list(every_method(grants)[0])
    values["allow_methods"] = ["*"] if methods == "*" else methods
    values["allow_headers"] = ["*"] if grants.allow_headers == "*" else list(grants.allow_headers)
    if grants.credentials:
        values["allow_credentials"] = True
    if grants.expose_headers:
        values["expose_headers"] = ["*"] if grants.expose_headers == "*" else list(grants.expose_headers)
    values["max_age"] = 0 if grants.max_age is None else grants.max_age
    return "".join(f"    {name}={value!r},\n" for name, value in values.items())


def _notes(grants: Grants) -> tuple[str, ...]:
    methods = "Cannot be said here: methods '*'. Starlette allows DELETE GET HEAD OPTIONS PATCH POST PUT instead."
    age = "Cannot be said here: no Access-Control-Max-Age. 0 makes browsers send a preflight every time."
    return (
        *grants.left_out,
        methods if grants.methods == "*" else "",
        age if grants.max_age is None else "",
    )
