"""What to write, in the words of the software that has to change.

Each fix is a sentence, and lines to paste that ``export`` writes for that software. They are filled in with the origin,
the method and the headers of the request, and with what the server allows already.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from typing import Literal, NamedTuple

from ..browser.urls import parse
from ..standard.headers import RESPONSE_PREFIX
from ..standard.origins import is_loopback
from . import export
from .export.grants import METHODS, Grants
from .servers import Software

# What is missing: the origin, credentials, a method or a header; an answer to preflights; or the right form of one.
Need = Literal["origin", "credentials", "method", "header", "preflight", "syntax"]


class Words(NamedTuple):
    """The names of one software's options, each with ``{}`` for what has to be added; and the target of ``export``."""

    origins: str
    credentials: str
    methods: str
    headers: str
    preflight: str
    target: export.Target | None = None

    def phrase(self, need: Need) -> str:
        """Return the words for *need*, which is not ``syntax``: that needs no option."""
        return {
            "origin": self.origins,
            "credentials": self.credentials,
            "method": self.methods,
            "header": self.headers,
            "preflight": self.preflight,
        }[need]


_FLASK = Words(
    "{} to origins in CORS(app, origins=[...])",
    "supports_credentials=True to CORS(app, ...), with origins that are listed",
    "{} to methods in CORS(app, methods=[...])",
    "{} to allow_headers in CORS(app, allow_headers=[...])",
    "CORS(app, ...) answers preflights before authentication, redirects and routing",
    "flask",
)
_NAMED = "the origin has to be named, because * is not enough"
WORDS: dict[Software, Words] = {
    "flask-crossorigin": _FLASK,
    "flask-cors": _FLASK._replace(
        preflight="Flask-CORS adds its headers after the application has answered: flask-crossorigin answers before it"
    ),
    "flask": _FLASK,
    "wsgi": _FLASK._replace(
        origins="{} to origins in CORSPolicy(origins=[...])",
        credentials="supports_credentials=True to CORSPolicy(...), with origins that are listed",
        methods="{} to methods in CORSPolicy(...)",
        headers="{} to allow_headers in CORSPolicy(...)",
        preflight="CORSMiddleware answers preflights before the application runs",
        target=None,
    ),
    "django": Words(
        "{} to CORS_ALLOWED_ORIGINS in settings.py",
        "CORS_ALLOW_CREDENTIALS = True to settings.py; the origins have to be listed in CORS_ALLOWED_ORIGINS",
        "{} to CORS_ALLOW_METHODS in settings.py",
        "{} to CORS_ALLOW_HEADERS in settings.py",
        "corsheaders.middleware.CorsMiddleware answers preflights if it is the first in MIDDLEWARE",
        "django",
    ),
    "express": Words(
        "{} to origin in cors({{ origin: [...] }})",
        "credentials: true to cors({{ ... }}); the origins have to be listed in origin: [...]",
        "{} to methods in cors({{ methods: [...] }})",
        "{} to allowedHeaders in cors({{ allowedHeaders: [...] }})",
        "app.use(cors(...)) answers preflights if it stands above authentication and routes",
        "express",
    ),
    "fastapi": Words(
        "{} to allow_origins in app.add_middleware(CORSMiddleware, allow_origins=[...])",
        "allow_credentials=True to app.add_middleware(CORSMiddleware, ...); the origins have to be listed",
        "{} to allow_methods in app.add_middleware(CORSMiddleware, allow_methods=[...])",
        "{} to allow_headers in app.add_middleware(CORSMiddleware, allow_headers=[...])",
        "CORSMiddleware answers preflights if it is the last that app.add_middleware() adds",
        "fastapi",
    ),
    "php": Words(
        "{} to the origins that the script compares with $_SERVER['HTTP_ORIGIN']",
        f"the line header('Access-Control-Allow-Credentials: true'); {_NAMED}",
        "{} to header('Access-Control-Allow-Methods: ...')",
        "{} to header('Access-Control-Allow-Headers: ...')",
        "let the script answer OPTIONS before anything else, authentication included",
        "php",
    ),
    "nginx": Words(
        "{} to the map of $http_origin",
        f"the line add_header Access-Control-Allow-Credentials true always; {_NAMED}",
        "{} to add_header Access-Control-Allow-Methods",
        "{} to add_header Access-Control-Allow-Headers",
        "let nginx answer OPTIONS itself, before it asks the application",
        "nginx",
    ),
    "apache": Words(
        "{} to the SetEnvIf Origin lines",
        f"the line Header always set Access-Control-Allow-Credentials true; {_NAMED}",
        "{} to Header always set Access-Control-Allow-Methods",
        "{} to Header always set Access-Control-Allow-Headers",
        "let Apache answer OPTIONS itself, before it asks the application",
        "apache",
    ),
}
_UNKNOWN = Words(
    "{} to the origins that the server allows",
    f"Access-Control-Allow-Credentials: true; {_NAMED}",
    "{} to Access-Control-Allow-Methods",
    "{} to Access-Control-Allow-Headers",
    "let the server answer OPTIONS before authentication, redirects and routing",
)


def words(software: Software) -> Words:
    """Return the words of *software*; for one that is not known, the names of the headers."""
    return WORDS.get(software, _UNKNOWN)


def lines(software: Software, grants: Grants, *, in_process: bool = False) -> str:
    """Return the lines to paste; for software that is not known, the headers to send.

    *in_process*: an application of this process that is called ``wsgi`` is not one of Flask.
    """
    target = words(software).target
    if target is not None:
        return export.lines(target, grants)
    if software == "wsgi":
        return _middleware(grants) if in_process else _wsgi(grants)
    return _headers(grants)


def in_short(need: Need, value: str) -> str:
    """Return what to write for each server that is known, one line each."""
    verb = "" if need == "preflight" else "add "
    phrases = {name: WORDS[each].phrase(need).format(repr(value)) for each, name in NAMES.items()}
    return "".join(f"\n  {name}: {verb}{phrase}" for name, phrase in phrases.items())


NAMES: dict[Software, str] = {
    "flask-crossorigin": "Flask",
    "django": "Django (django-cors-headers)",
    "express": "Express (cors)",
    "fastapi": "FastAPI",
    "php": "PHP",
    "nginx": "nginx",
    "apache": "Apache",
}


def _options(grants: Grants) -> str:
    return export.flask.call(grants).removeprefix("CORS(app, ").removesuffix(")")


def _middleware(grants: Grants) -> str:
    return (
        "# Below the line that makes the WSGI application, with its name:\n"
        "from flask_crossorigin import CORSMiddleware\n\n"
        f"application = CORSMiddleware(application, {_options(grants)})\n"
    )


def _wsgi(grants: Grants) -> str:
    call = _options(grants)
    return (
        "# First: pip install flask-crossorigin\n"
        "# In Flask, below app = Flask(__name__):\n"
        "from flask_crossorigin import CORS\n\n"
        f"CORS(app, {call})\n\n"
        "# In another framework, below the line that makes the WSGI application:\n"
        "# from flask_crossorigin import CORSMiddleware, CORSPolicy\n"
        f"# application = CORSMiddleware(application, CORSPolicy({call}))\n"
    )


def _headers(grants: Grants) -> str:
    # A response names one origin, or all.
    is_one = len(grants.origins) == 1
    everywhere = [f"Access-Control-Allow-Origin: {grants.origins[0] if is_one else 'ORIGIN'}"]
    if grants.credentials:
        everywhere.append("Access-Control-Allow-Credentials: true")
    named = () if grants.allow_headers == "*" else grants.allow_headers
    preflight = [
        *everywhere,
        f"Access-Control-Allow-Methods: {', '.join(grants.methods)}",
        *([f"Access-Control-Allow-Headers: {', '.join(named)}"] if named else []),
        "Vary: Origin",
    ]
    exposed = [f"Access-Control-Expose-Headers: {', '.join(grants.expose_headers)}"] if grants.expose_headers else []
    return (
        "on OPTIONS requests that have Access-Control-Request-Method, with the status 204:\n"
        + textwrap.indent("\n".join(preflight), "  ")
        + "\non all other responses, errors included:\n"
        + textwrap.indent("\n".join([*everywhere, *exposed, "Vary: Origin"]), "  ")
        + ("" if is_one else f"\nORIGIN is the request's Origin, if it is {' or '.join(grants.origins)}")
    )


def wanted(origin: str, credentials: bool, method: str, headers: Iterable[str], given: Grants) -> Grants:
    """Return what this request needs together with what is *given* already."""
    origins = [each for each in given.origins if each not in ("*", "null")]
    listed = METHODS if "*" in given.methods else given.methods or METHODS
    methods = list(dict.fromkeys([*listed, *([method] if method not in ("GET", "HEAD") else [])]))
    named: dict[str, str] = {}
    for name in [*given.allow_headers, *headers] if "*" not in given.allow_headers else []:
        if not name.lower().startswith(RESPONSE_PREFIX):
            named.setdefault(name.lower(), name)
    is_open = given.origins == "*" and not credentials
    page = parse(origin)
    insecure = credentials and page is not None and page.scheme == "http" and not is_loopback(page.host)
    return Grants(
        origins="*" if is_open else tuple(dict.fromkeys([*origins, origin])),
        credentials=credentials or given.credentials,
        methods=tuple(methods),
        allow_headers=tuple(named.values()) or "*",
        expose_headers=tuple(each for each in given.expose_headers if each != "*"),
        opt_ins=("allow_insecure_origins",) if insecure else (),
    )
