"""Broken set-ups on real servers: the verdict, the cause, the layer, and a fix that works where it is written."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner

from flask_crossorigin.commands.group import cors

from .broken import code_of, program
from .conftest import free_port
from .servers import running

APP = "https://app.example"
JSON = ("-H", "Content-Type: application/json")
GET: tuple[str, ...] = ("GET",)
PUT = ("PUT", *JSON)
LOGIN = ("GET", "--credentials")


class Row(NamedTuple):
    """One set-up. *ask*: the method and options of ``check``. *layer*, *fix*: expressions. *applied*: what someone writes
    who follows a fix without lines to paste; ``None``: the lines of the fix; ``""``: the fix is elsewhere, not tried.
    """

    kind: str
    cors: str
    ask: tuple[str, ...]
    cause: str
    layer: str
    fix: str
    more: str = ""
    applied: str | None = None
    last: str = ""
    path: str = "/items"
    origin: str = APP


def check(url: str, row_ask: tuple[str, ...], origin: str) -> dict[str, Any]:
    method, *options = row_ask
    done = CliRunner().invoke(cors, ["check", "--json", method, url, "--origin", origin, *options])
    assert done.exit_code in (0, 1), done.output
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def express(options: str) -> str:
    return f"const cors = require('cors')\napp.use(cors({options}))"


def fastapi(options: str) -> str:
    return f"from fastapi.middleware.cors import CORSMiddleware\napp.add_middleware(CORSMiddleware, {options})"


def django(settings: str, first: bool = True) -> str:
    middleware = (
        "['corsheaders.middleware.CorsMiddleware', *MIDDLEWARE]"
        if first
        else "[*MIDDLEWARE, 'corsheaders.middleware.CorsMiddleware']"
    )
    return f"INSTALLED_APPS = [*INSTALLED_APPS, 'corsheaders']\nMIDDLEWARE = {middleware}\n{settings}"


def php(lines: str) -> str:
    return f"<?php\n{lines}\n?>"


def by_hand(lines: str) -> str:
    body = "\n".join(f"    response.headers{line}" for line in lines.splitlines())
    return f"@app.after_request\ndef add_headers(response):\n{body}\n    return response"


def flask_cors(options: str) -> str:
    return f"from flask_cors import CORS\nCORS(app, {options})"


OURS = "from flask_crossorigin import CORS\nCORS(app, {})".format
ORIGIN = "['Access-Control-Allow-Origin'] = "
EXPRESS_LOGIN = (
    "app.use((request, response, next) => request.headers.authorization ? next() : response.sendStatus(401))"
)
FLASK_LOGIN = (
    "@app.before_request\ndef login():\n    if 'Authorization' not in request.headers:\n        return 'no', 401"
)
PHP_LOGIN = "if (!isset($_SERVER['HTTP_AUTHORIZATION'])) { http_response_code(401); exit; }"
TOKEN = ("GET", "-H", "Authorization: Bearer 1")

BROKEN: dict[str, Row] = {
    # --- Express ---------------------------------------------------------------------------------------------
    "Express without cors": Row("express", "", GET, "response-acao-missing", "Express", r"app\.use\(cors\(\{"),
    "Express without cors, PUT": Row("express", "", PUT, "preflight-(acao-missing|status)", "Express", r"app\.use\(cors\(\{"),
    "Express without cors, with a login cookie": Row("express", "", LOGIN, "response-acao-missing", "Express", r"credentials: true"),
    "Express for another origin": Row("express", express("{ origin: 'https://other.example' }"), GET, "response-acao-mismatch", "Express", r"origin: \[.*https://app\.example"),
    "Express with a list without this page": Row("express", express("{ origin: ['https://other.example'] }"), GET, "response-acao-missing", "Express", r"add 'https://app\.example' to origin in cors", applied=express("{ origin: ['https://other.example', 'https://app.example'] }")),
    "Express with a slash at the end": Row("express", express("{ origin: 'https://app.example/' }"), GET, "response-acao-mismatch", "Express", r"without the slash", applied=express("{ origin: 'https://app.example' }")),
    "Express with a star and credentials": Row("express", express("{}"), LOGIN, "response-acao-wildcard-credentials", "Express", r"credentials: true to cors"),
    "Express with an origin, without credentials": Row("express", express("{ origin: ['https://app.example'] }"), LOGIN, "response-acac", "Express", r"credentials: true to cors"),
    "Express without this header": Row("express", express("{ origin: ['https://app.example'], allowedHeaders: ['X-A'] }"), PUT, "preflight-header", "Express", r"add 'content-type' to allowedHeaders"),
    "Express without this method": Row("express", express("{ origin: ['https://app.example'], methods: ['GET'] }"), PUT, "preflight-method", "Express", r"add 'PUT' to methods"),
    "Express, a login before cors": Row("express", EXPRESS_LOGIN + "\n" + express("{ origin: ['https://app.example'] }"), TOKEN, "preflight-(acao-missing|status)", "Express", r"before authentication", applied=express("{ origin: ['https://app.example'] }") + "\n" + EXPRESS_LOGIN),
    "Express, an error above cors": Row("express", "app.use((request, response, next) => next(new Error('x')))", GET, "response-acao-missing", "Express", r"log", applied=""),
    "Express, cors and a header by hand": Row("express", express("{ origin: ['https://app.example'] }"), GET, "response-acao-multiple", "Express", r"written twice|one origin", more="app.use((request, response, next) => { response.append('Access-Control-Allow-Origin', '*'); next() })", applied=""),
    "Express, a list in one header": Row("express", "app.use((request, response, next) => { response.set('Access-Control-Allow-Origin', 'https://a.example, https://app.example'); next() })", GET, "response-acao-multiple", "Express", r"one origin, the one that asks"),
    "Express, a path that it does not serve": Row("express", "", GET, "response-acao-missing", "Express", r"app\.use\(cors", path="/nothing"),
    # --- FastAPI ---------------------------------------------------------------------------------------------
    "FastAPI without CORS": Row("fastapi", "", GET, "response-acao-missing", "FastAPI", r"app\.add_middleware\("),
    "FastAPI without CORS, PUT": Row("fastapi", "", PUT, "preflight-(acao-missing|status)", "FastAPI", r"app\.add_middleware\("),
    "FastAPI for another origin": Row("fastapi", fastapi("allow_origins=['https://other.example'], allow_methods=['*'], allow_headers=['*']"), PUT, "preflight-(acao-missing|status)", "FastAPI", r"add 'https://app\.example' to allow_origins", applied=fastapi("allow_origins=['https://other.example', 'https://app.example'], allow_methods=['*'], allow_headers=['*']")),
    "FastAPI for another origin, GET": Row("fastapi", fastapi("allow_origins=['https://other.example']"), GET, "response-acao-missing", "FastAPI", r"allow_origins", applied=fastapi("allow_origins=['https://app.example']")),
    "FastAPI with its default methods": Row("fastapi", fastapi("allow_origins=['https://app.example'], allow_headers=['*']"), PUT, "preflight-(method|status)", "FastAPI", r"add 'PUT' to allow_methods", applied=fastapi("allow_origins=['https://app.example'], allow_headers=['*'], allow_methods=['GET', 'PUT']")),
    "FastAPI with its default headers": Row("fastapi", fastapi("allow_origins=['https://app.example'], allow_methods=['*']"), ("PUT", "-H", "X-Token: 1"), "preflight-(header|status)", "FastAPI", r"add 'x-token' to allow_headers", applied=fastapi("allow_origins=['https://app.example'], allow_methods=['*'], allow_headers=['X-Token']")),
    "FastAPI with its defaults": Row("fastapi", fastapi("allow_origins=['https://app.example']"), ("PUT", "-H", "X-Token: 1"), "preflight-(method|status)", "FastAPI", r"add 'PUT' to allow_methods .*and in FastAPI, add 'x-token' to allow_headers", applied=fastapi("allow_origins=['https://app.example'], allow_methods=['PUT'], allow_headers=['x-token']")),
    "FastAPI with a star and credentials": Row("fastapi", fastapi("allow_origins=['*']"), LOGIN, "response-acao-wildcard-credentials", "FastAPI", r"allow_credentials=True"),
    "FastAPI, an error": Row("fastapi", fastapi("allow_origins=['https://app.example']"), GET, "response-acao-missing", "FastAPI", r"app = CORSMiddleware\(app", more="@app.get('/error')\ndef error():\n    1 / 0", path="/error", applied=""),
    "FastAPI, a login page elsewhere": Row("fastapi", "", GET, "redirect-hop-check", "FastAPI", r"app\.add_middleware\(", more="@app.get('/away')\ndef away():\n    return RedirectResponse('/items')", path="/away"),
    # --- Django ----------------------------------------------------------------------------------------------
    "Django without CORS": Row("django", "", GET, "response-acao-missing", "Django", r"CORS_ALLOWED_ORIGINS = \['https://app\.example'\]"),
    "Django without CORS, PUT": Row("django", "", PUT, "preflight-(acao-missing|status)", "Django", r"CorsMiddleware"),
    "Django for another origin": Row("django", django("CORS_ALLOWED_ORIGINS = ['https://other.example']"), GET, "response-acao-missing", "Django", r"add 'https://app\.example' to CORS_ALLOWED_ORIGINS", applied=django("CORS_ALLOWED_ORIGINS = ['https://app.example']")),
    "Django with a star and credentials": Row("django", django("CORS_ALLOW_ALL_ORIGINS = True"), LOGIN, "response-acao-wildcard-credentials", "Django", r"CORS_ALLOW_CREDENTIALS = True"),
    "Django without credentials": Row("django", django("CORS_ALLOWED_ORIGINS = ['https://app.example']"), LOGIN, "response-acac", "Django", r"CORS_ALLOW_CREDENTIALS = True"),
    "Django without this header": Row("django", django("CORS_ALLOWED_ORIGINS = ['https://app.example']"), ("PUT", "-H", "X-Token: 1"), "preflight-header", "Django", r"add 'x-token' to CORS_ALLOW_HEADERS"),
    "Django without this method": Row("django", django("CORS_ALLOWED_ORIGINS = ['https://app.example']\nCORS_ALLOW_METHODS = ['GET']"), PUT, "preflight-method", "Django", r"add 'PUT' to CORS_ALLOW_METHODS"),
    "Django, a login before CorsMiddleware": Row("django", "MIDDLEWARE = [__name__ + '.refuse', *MIDDLEWARE]\n" + django("CORS_ALLOWED_ORIGINS = ['https://app.example']", first=False), TOKEN, "preflight-(acao-missing|status)", "Python application", r"before authentication", applied="MIDDLEWARE = [__name__ + '.refuse', *MIDDLEWARE]\n" + django("CORS_ALLOWED_ORIGINS = ['https://app.example']")),
    # --- PHP -------------------------------------------------------------------------------------------------
    "PHP without CORS": Row("php", "", GET, "response-acao-missing", "PHP", r"header\("),
    "PHP without CORS, PUT": Row("php", "", PUT, "preflight-acao-missing", "PHP", r"header\("),
    "PHP for another origin": Row("php", php("header('Access-Control-Allow-Origin: https://other.example');"), GET, "response-acao-mismatch", "PHP", r"https://app\.example"),
    "PHP with a star and credentials": Row("php", php("header('Access-Control-Allow-Origin: *');"), LOGIN, "response-acao-wildcard-credentials", "PHP", r"Access-Control-Allow-Credentials: true"),
    "PHP with True instead of true": Row("php", php("header('Access-Control-Allow-Origin: https://app.example'); header('Access-Control-Allow-Credentials: True');"), LOGIN, "response-acac", "PHP", r"lower case"),
    "PHP with a list in the header": Row("php", php("header('Access-Control-Allow-Origin: https://a.example,https://app.example');"), GET, "response-acao-multiple", "PHP", r"one origin"),
    "PHP without a scheme": Row("php", php("header('Access-Control-Allow-Origin: app.example');"), GET, "response-acao-(invalid|mismatch)", "PHP", r"https://app\.example"),
    "PHP without headers on the preflight": Row("php", php("if ($_SERVER['REQUEST_METHOD'] !== 'OPTIONS') header('Access-Control-Allow-Origin: https://app.example');"), PUT, "preflight-acao-missing", "PHP", r"OPTIONS"),
    "PHP without methods": Row("php", php("header('Access-Control-Allow-Origin: https://app.example'); header('Access-Control-Allow-Headers: content-type');"), PUT, "preflight-method", "PHP", r"Access-Control-Allow-Methods: .*PUT"),
    "PHP without this header": Row("php", php("header('Access-Control-Allow-Origin: https://app.example'); header('Access-Control-Allow-Methods: PUT');"), PUT, "preflight-header", "PHP", r"Access-Control-Allow-Headers: content-type"),
    "PHP, a login before the headers": Row("php", php(PHP_LOGIN), TOKEN, "preflight-(acao-missing|status)", "PHP", r"before any output"),
    "PHP, output before the headers": Row("php", "<?php ini_set('output_buffering', '0'); ?>\n" + "x" * 5000 + "\n<?php\nflush();\nheader('Access-Control-Allow-Origin: https://app.example');\n?>", GET, "response-acao-missing", "PHP", r"before any output", applied=""),
    # --- nginx -----------------------------------------------------------------------------------------------
    "nginx without CORS": Row("nginx", "", GET, "response-acao-missing", "nginx", r"add_header Access-Control-Allow-Origin"),
    "nginx without CORS, PUT": Row("nginx", "", PUT, "preflight-acao-missing", "nginx", r"if \(\$cors_preflight\)"),
    "nginx for another origin": Row("nginx", "add_header Access-Control-Allow-Origin https://other.example;", GET, "response-acao-mismatch", "nginx", r"map \$http_origin"),
    "nginx with a star and credentials": Row("nginx", "add_header Access-Control-Allow-Origin *;", LOGIN, "response-acao-wildcard-credentials", "nginx", r"Access-Control-Allow-Credentials"),
    "nginx without always, 404": Row("nginx", "add_header Access-Control-Allow-Origin https://app.example;", GET, "response-acao-missing", "nginx", r"always", more="return 404;"),
    "nginx, the inheritance trap": Row("nginx", "add_header X-Frame-Options DENY;", GET, "response-acao-missing", "nginx", r"no effect here"),
    "nginx without this header": Row("nginx", "add_header Access-Control-Allow-Origin https://app.example; add_header Access-Control-Allow-Methods PUT;", PUT, "preflight-header", "nginx", r"Access-Control-Allow-Headers"),
    "nginx without this method": Row("nginx", "add_header Access-Control-Allow-Origin https://app.example; add_header Access-Control-Allow-Headers content-type;", PUT, "preflight-method", "nginx", r"Access-Control-Allow-Methods"),
    "nginx, a body that is too large": Row("nginx", "client_max_body_size 1;", ("POST", "--data", "xxxx"), "response-acao-missing", r"proxy \(nginx\)", r"client_max_body_size", applied=""),
    "nginx, nothing behind it": Row("nginx", "", GET, "response-acao-missing", r"proxy \(nginx\)", r"start the application behind nginx", more="proxy_pass http://127.0.0.1:9;", applied=""),
    "nginx, auth_basic before preflights": Row("nginx", "auth_basic x; auth_basic_user_file /dev/null;", TOKEN, "preflight-(acao-missing|status)", "nginx", r"return 204", applied=""),
    "nginx, a redirect to https": Row("nginx", "", PUT, "preflight-(redirect|acao-missing)", "nginx", r"https from the start|before redirects|write this", more="return 301 https://$host$request_uri;", applied=""),
    # --- Apache ----------------------------------------------------------------------------------------------
    "Apache without CORS": Row("apache", "", GET, "response-acao-missing", "Apache", r"Header always set Access-Control-Allow-Origin"),
    "Apache without CORS, PUT": Row("apache", "", PUT, "preflight-acao-missing", "Apache", r"RewriteRule"),
    "Apache for another origin": Row("apache", "Header set Access-Control-Allow-Origin https://other.example", GET, "response-acao-mismatch", "Apache", r"SetEnvIf Origin"),
    "Apache with a star and credentials": Row("apache", "Header set Access-Control-Allow-Origin *", LOGIN, "response-acao-wildcard-credentials", "Apache", r"Access-Control-Allow-Credentials true"),
    "Apache without always, 404": Row("apache", "Header set Access-Control-Allow-Origin https://app.example", GET, "response-acao-missing", "Apache", r"Header always set", more="Redirect 404 /"),
    "Apache without this header": Row("apache", "Header always set Access-Control-Allow-Origin https://app.example\nHeader always set Access-Control-Allow-Methods PUT", PUT, "preflight-header", "Apache", r"Access-Control-Allow-Headers"),
    "Apache, nothing behind it": Row("apache", "", GET, "response-acao-missing", r"proxy \(Apache\)", r"start the application behind Apache", more="ProxyPass / http://127.0.0.1:9/", applied=""),
    # --- Flask -----------------------------------------------------------------------------------------------
    "Flask without CORS": Row("flask", "", GET, "response-acao-missing", "a Python application|Flask|server", r"CORS\(app, origins=\['https://app\.example'\]|CORSMiddleware|Access-Control-Allow-Origin: https://app"),
    "Flask by hand, for another origin": Row("flask", by_hand(ORIGIN + "'https://other.example'"), GET, "response-acao-mismatch", ".", r"https://app\.example"),
    "Flask by hand, a star and credentials": Row("flask", by_hand(ORIGIN + "'*'\n['Access-Control-Allow-Credentials'] = 'true'"), LOGIN, "response-acao-wildcard-credentials", ".", r"https://app\.example"),
    "Flask by hand, a login before preflights": Row("flask", by_hand(ORIGIN + "'https://app.example'\n['Access-Control-Allow-Headers'] = 'authorization'"), TOKEN, "preflight-status", ".", r"before authentication", more=FLASK_LOGIN),
    "Flask by hand, without this header": Row("flask", by_hand(ORIGIN + "'https://app.example'\n['Access-Control-Allow-Methods'] = 'PUT'"), PUT, "preflight-header", ".", r"content-type"),
    "Flask-CORS, a login before preflights": Row("flask", flask_cors("origins=['https://app.example']"), TOKEN, "preflight-status", ".", r"before authentication", more=FLASK_LOGIN),
    "Flask-CORS, a star and credentials": Row("flask", flask_cors("origins='*', send_wildcard=True"), LOGIN, "response-acao-wildcard-credentials", ".", r"https://app\.example"),
    "Flask-CORS, without credentials": Row("flask", flask_cors("origins=['https://app.example']"), LOGIN, "response-acac", ".", r"[Cc]redentials"),
    "ours, for another origin": Row("flask", OURS("origins=['https://other.example']"), GET, "response-acao-missing", ".", r"add 'https://app\.example' to", applied=OURS("origins=['https://app.example']")),
    "ours, for another origin, PUT": Row("flask", OURS("origins=['https://other.example']"), PUT, "preflight-(acao-missing|status)", "application", r"add 'https://app\.example' to origins in CORS", applied=OURS("origins=['https://app.example']")),
    "ours, without this header": Row("flask", OURS("origins=['https://app.example'], allow_headers=['X-A']"), PUT, "preflight-header", ".", r"content-type"),
    "ours, without this method": Row("flask", OURS("origins=['https://app.example'], methods=['GET']"), PUT, "preflight-method", ".", r"'?PUT"),
    "ours, without credentials": Row("flask", OURS("origins=['https://app.example']"), LOGIN, "response-acac", ".", r"supports_credentials=True|Allow-Credentials"),
    "ours, everyone and credentials": Row("flask", OURS("origins='*'"), LOGIN, "response-acao-wildcard-credentials", ".", r"supports_credentials=True|Allow-Credentials"),
    "ours, a path that is not covered": Row("flask", OURS("resources={'/api/*': {'origins': ['https://app.example']}}"), GET, "response-acao-missing", ".", r"https://app\.example", applied=OURS("resources={'/items': {'origins': ['https://app.example']}}")),
    "a page that is opened as a file": Row("flask", OURS("origins=['https://app.example']"), GET, "response-acao-missing", ".", r"python -m http\.server", origin="null", applied=""),
    "a page at 127.0.0.1 instead of localhost": Row("express", express("{ origin: 'http://localhost:3000' }"), GET, "response-acao-mismatch", "Express", r"two origins", origin="http://127.0.0.1:3000"),
    "a page at another port": Row("express", express("{ origin: 'http://localhost:3000' }"), GET, "response-acao-mismatch", "Express", r"port are part of an origin", origin="http://localhost:5173"),
}  # fmt: skip


@pytest.fixture(scope="module")
def upstream(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """What nginx and Apache pass requests on to: an application without CORS that says nothing of itself."""
    text = (
        "def app(environ, start_response):\n"
        "    start_response('200 OK', [('Content-Type', 'application/json')])\n    return [b'[1]']\n"
    )
    with running("upstream", tmp_path_factory.mktemp("upstream"), text) as port:
        yield f"http://127.0.0.1:{port}"


def ask(row: Row, cors_lines: str, upstream: str, folder: Path) -> dict[str, Any]:
    port = free_port()
    text = program(row.kind, cors_lines, row.more, port=port, upstream=upstream, last=row.last)
    with running(row.kind, folder, text, port):
        return check(f"http://127.0.0.1:{port}{row.path}", row.ask, row.origin)


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_set_up_is_explained_and_the_fix_works(name: str, upstream: str, tmp_path: Path) -> None:
    row = BROKEN[name]
    report = ask(row, row.cors, upstream, tmp_path / "broken")
    assert report["verdict"] == "blocked"
    first = report["findings"][0]
    assert re.fullmatch(row.cause, first["kind"]), first
    assert re.search(row.layer, first["layer"]), first
    assert re.search(row.fix, first["remedy"], re.IGNORECASE), first["remedy"]
    if row.applied == "":
        return
    applied = row.applied or code_of(first["remedy"])
    assert applied, first["remedy"]
    fixed = ask(row, applied, upstream, tmp_path / "fixed")
    assert fixed["verdict"] == "allowed", (first["remedy"], fixed["findings"][:1])


def test_django_s_lines_can_stand_below_those_that_are_there(upstream: str, tmp_path: Path) -> None:
    """The application and the middleware are in the lists once, and the middleware is the first."""
    old = "MIDDLEWARE = [__name__ + '.refuse', *MIDDLEWARE]\n" + django("CORS_ALLOWED_ORIGINS = []", first=False)
    broken = Row("django", old, PUT, "", "", "")
    remedy = ask(broken, "", upstream, tmp_path / "bare")["findings"][0]["remedy"]
    assert ask(broken, f"{old}\n{code_of(remedy)}", upstream, tmp_path / "both")["verdict"] == "allowed"


def test_fastapi_s_lines_go_below_every_other_middleware(upstream: str, tmp_path: Path) -> None:
    auth = (
        "@app.middleware('http')\nasync def auth(request, call_next):\n"
        "    from fastapi.responses import Response\n"
        "    return await call_next(request) if 'authorization' in request.headers else Response(status_code=401)\n"
    )
    remedy = ask(Row("fastapi", auth, TOKEN, "", "", ""), auth, upstream, tmp_path / "broken")["findings"][0]["remedy"]
    assert "every other app.add_middleware(...): the last one that is added runs first" in remedy
    assert (
        ask(Row("fastapi", auth, TOKEN, "", "", ""), f"{auth}\n{code_of(remedy)}", upstream, tmp_path / "fixed")[
            "verdict"
        ]
        == "allowed"
    )


# The answer of each is right: check says ALLOWED, in one line, and finds nothing.
LOCAL = "http://localhost:5173"
SET_COOKIE = "@app.after_request\ndef cookie(response):\n    response.set_cookie('session', 'x', httponly=True)\n    return response"
REDIRECT = "@app.route('/old')\ndef old():\n    return flask.redirect('/items')"
ETAG = "@app.after_request\ndef etag(response):\n    response.add_etag()\n    return response"
CORRECT: dict[str, Row] = {
    "Express, one origin": Row("express", express("{ origin: 'https://app.example' }"), GET, "", "", ""),
    "Express, a list": Row("express", express("{ origin: ['https://app.example'] }"), PUT, "", "", ""),
    "Express, a list and credentials": Row("express", express("{ origin: ['https://app.example'], credentials: true }"), ("PUT", *JSON, "--credentials"), "", "", ""),
    "Express, everyone": Row("express", express("{}"), GET, "", "", ""),
    "Express, everyone, PUT": Row("express", express("{}"), PUT, "", "", ""),
    "Express, an error that the page can read": Row("express", express("{}"), GET, "", "", "", path="/nothing"),
    "FastAPI, everyone": Row("fastapi", fastapi("allow_origins=['*'], allow_methods=['*'], allow_headers=['*']"), PUT, "", "", ""),
    "FastAPI, a list and credentials": Row("fastapi", fastapi("allow_origins=['https://app.example'], allow_methods=['*'], allow_headers=['*'], allow_credentials=True"), ("PUT", *JSON, "--credentials"), "", "", ""),
    "FastAPI, a redirect": Row("fastapi", fastapi("allow_origins=['https://app.example']"), GET, "", "", "", more="@app.get('/away')\ndef away():\n    return RedirectResponse('/items')", path="/away"),
    "Django, a list": Row("django", django("CORS_ALLOWED_ORIGINS = ['https://app.example']"), PUT, "", "", ""),
    "Django, a list and credentials": Row("django", django("CORS_ALLOWED_ORIGINS = ['https://app.example']\nCORS_ALLOW_CREDENTIALS = True"), LOGIN, "", "", ""),
    "Django, everyone": Row("django", django("CORS_ALLOW_ALL_ORIGINS = True"), GET, "", "", ""),
    "PHP, one origin that never varies": Row("php", php("header('Access-Control-Allow-Origin: https://app.example');"), GET, "", "", ""),
    "PHP, everyone": Row("php", php("header('Access-Control-Allow-Origin: *');"), GET, "", "", ""),
    "PHP, with preflights": Row("php", php("header('Access-Control-Allow-Origin: *'); header('Access-Control-Allow-Methods: PUT'); header('Access-Control-Allow-Headers: content-type');"), PUT, "", "", ""),
    "nginx, everyone": Row("nginx", "add_header Access-Control-Allow-Origin * always;", GET, "", "", ""),
    "nginx, one origin that never varies": Row("nginx", "add_header Access-Control-Allow-Origin https://app.example always;", GET, "", "", ""),
    "nginx, preflights": Row("nginx", "add_header Access-Control-Allow-Origin https://app.example always; add_header Access-Control-Allow-Headers content-type always; add_header Access-Control-Allow-Methods PUT always;", PUT, "", "", ""),
    "Apache, everyone": Row("apache", "Header always set Access-Control-Allow-Origin *", GET, "", "", ""),
    "Apache, one origin that never varies": Row("apache", "Header always set Access-Control-Allow-Origin https://app.example", GET, "", "", ""),
    "Flask by hand, one origin": Row("flask", by_hand(ORIGIN + "'https://app.example'"), GET, "", "", ""),
    "Flask-CORS, a list": Row("flask", flask_cors("origins=['https://app.example']"), PUT, "", "", ""),
    "Flask-CORS, everyone": Row("flask", flask_cors("origins='*'"), GET, "", "", ""),
    "ours, a list": Row("flask", OURS("origins=['https://app.example']"), PUT, "", "", ""),
    "ours, everyone": Row("flask", OURS("origins='*'"), PUT, "", "", ""),
    "ours, with a token": Row("flask", OURS("origins=['https://app.example'], allow_headers=['Authorization']"), TOKEN, "", "", ""),
    "ours, an error that the page can read": Row("flask", OURS("origins=['https://app.example']"), PUT, "", "", "", path="/nothing"),
    "ours, a login that the page can read": Row("flask", OURS("origins=['https://app.example']"), GET, "", "", "", more=FLASK_LOGIN),
    "ours, a redirect": Row("flask", OURS("origins=['https://app.example']"), GET, "", "", "", more=REDIRECT, path="/old"),
    "ours, an ETag": Row("flask", OURS("origins=['https://app.example']"), GET, "", "", "", more=ETAG),
    "ours, a login between two ports of localhost": Row("flask", OURS("origins=['http://localhost:5173'], supports_credentials=True"), ("POST", *JSON, "--credentials"), "", "", "", more=SET_COOKIE, origin=LOCAL),
    "ours, a development server": Row("flask", OURS("origins=['http://localhost:*']"), GET, "", "", "", origin=LOCAL),
    "a page of the same origin": Row("flask", "", GET, "", "", "", origin="same"),
}  # fmt: skip


@pytest.mark.parametrize("name", CORRECT)
def test_a_correct_set_up_gives_one_line(name: str, upstream: str, tmp_path: Path) -> None:
    row, port = CORRECT[name], free_port()
    host = "localhost" if row.origin == LOCAL else "127.0.0.1"
    text = program(row.kind, row.cors, row.more, port=port, upstream=upstream)
    with running(row.kind, tmp_path, text, port):
        url = f"http://{host}:{port}{row.path}"
        method, *options = row.ask
        origin = f"http://{host}:{port}" if row.origin == "same" else row.origin
        done = CliRunner().invoke(cors, ["check", method, url, "--origin", origin, *options])
    assert done.exit_code == 0, done.output
    assert len(done.output.splitlines()) == 1, done.output
    assert done.output.startswith("ALLOWED: ")
