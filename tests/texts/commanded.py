"""What the commands print, usage errors included."""

from __future__ import annotations

import functools
import json
import re
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import flask
import flask_cors
from flask import Flask
from flask.views import MethodView
from werkzeug.routing import Map, Rule

from flask_crossorigin import CORS, CORSMiddleware, CORSPolicy, CORSWarning, cross_origin
from flask_crossorigin.doctor.snapshot import BLOCKED, NOT_TRIED, PREFLIGHT_ALLOWED, READABLE, differences

from ..helpers.commands import flask_app, run, wsgi_app
from .diagnosed import PAGE
from .recorded import Texts

OTHER = "https://b.example"


def shop(**options: Any) -> Flask:
    app = Flask("shop")
    if options:
        CORS(app, **options)
    app.add_url_rule("/items", "items", lambda: "items", methods=["GET", "POST", "PUT"])
    app.add_url_rule("/items/<int:number>", "item", lambda number: str(number))
    app.add_url_rule("/error", "error", lambda: str(1 / 0))
    return app


def from_database(origin: str, environ: dict[str, Any]) -> bool:
    return origin == PAGE


def by_hand() -> Flask:
    app = shop()

    @app.after_request
    def add_headers(response: flask.Response) -> flask.Response:
        response.headers["Access-Control-Allow-Origin"] = OTHER
        return response

    return app


def callable_after_request() -> Flask:
    """Return an application that writes its headers in what is no plain function."""
    app = shop()

    def add(name: str, response: flask.Response) -> flask.Response:
        response.headers[name] = OTHER
        return response

    app.after_request(functools.partial(add, "Access-Control-Allow-Origin"))
    return app


class Werkzeug:
    """An application with Werkzeug's routing and without Flask."""

    def __init__(self) -> None:
        self.url_map = Map([Rule("/items", endpoint="items", methods=["GET"])])

    def __call__(self, environ: Any, start_response: Any) -> Any:
        return wsgi_app("200 OK")(environ, start_response)


def with_flask_cors() -> Flask:
    app = shop()
    flask_cors.CORS(app, origins=[OTHER])
    return app


def decorated(**options: Any) -> Flask:
    app = shop()
    app.add_url_rule("/own", "own", cross_origin(**options)(lambda: "own"), methods=["GET", "PUT"])
    return app


def blueprint() -> Flask:
    app = shop()
    api = flask.Blueprint("api", "api", url_prefix="/api")
    CORS(api, origins=[OTHER])
    api.add_url_rule("/items", "items", lambda: "items")
    app.register_blueprint(api)
    app.add_url_rule("/both", "read", read, methods=["GET"])
    app.add_url_rule("/both", "written", written, methods=["PUT"])
    app.add_url_rule("/partial", "bound", functools.partial(str, "x"))
    app.add_url_rule("/no-view", "no-view")
    app.add_url_rule("/gone", "gone", lambda: ("gone", 404))
    app.add_url_rule("/a|b", "a|b", lambda: "a|b")
    return app


def read() -> str:
    return "read"


def written() -> str:
    return "written"


def posting(**options: Any) -> Flask:
    """Return an application on which the audit tries writes."""
    app = Flask("posting")
    CORS(app, **options)
    app.add_url_rule("/a", "a", lambda: "a", methods=["GET", "POST"])
    app.add_url_rule("/b", "b", lambda: "b", methods=["GET"])
    return app


def mapped() -> CORSMiddleware:
    policies = {"/api/*": CORSPolicy(origins=[OTHER]), "/": CORSPolicy(origins="*"), "/x": None}
    return CORSMiddleware(wsgi_app("200 OK"), {path: policy for path, policy in policies.items() if policy})


def nested() -> Any:
    """Return a wrapped application inside of two other wrappers."""

    class Outer:
        def __init__(self, app: Any) -> None:
            self.application = app

        def __call__(self, environ: Any, start_response: Any) -> Any:
            return self.application(environ, start_response)

    return Outer(Outer(CORSMiddleware(wsgi_app("200 OK"), CORSPolicy(origins=[OTHER]))))


def broken() -> Any:
    def app(environ: Any, start_response: Any) -> Any:
        raise RuntimeError("no database")

    return app


def outer() -> Flask:
    """Return an application with a middleware around ``CORS(app)``, which decides about one path."""
    app = shop(origins=[PAGE])
    app.wsgi_app = CORSMiddleware(app.wsgi_app, {"/items": CORSPolicy(origins=[OTHER])})  # type: ignore[method-assign]
    return app


ABOVE = Flask("above")


@cross_origin(origins=[PAGE])
@ABOVE.get("/items")
def above() -> str:
    return "items"


ABOVE_COVERED = Flask("above, covered")
CORS(ABOVE_COVERED, origins=[OTHER])


@cross_origin(origins=[PAGE])
@ABOVE_COVERED.get("/items")
def above_covered() -> str:
    return "items"


def configured(**options: Any) -> Flask:
    """Return an application whose origins and methods stand in its configuration."""
    app = Flask("configured")
    app.config.update(CORS_ORIGINS=OTHER, CORS_METHODS="GET")
    CORS(app, **options)
    app.add_url_rule("/items", "items", cross_origin(lambda: "items") if not options else lambda: "items")
    return app


def outside(policy: Any, **options: Any) -> Flask:
    """Return an application with a middleware around ``app.wsgi_app`` that does not cover its path."""
    app = shop(**options)
    app.wsgi_app = CORSMiddleware(app.wsgi_app, policy)  # type: ignore[method-assign]
    return app


class Items(MethodView):
    def get(self) -> str:
        return "items"


def with_class() -> Flask:
    app = Flask("class")
    app.add_url_rule("/items", view_func=Items.as_view("items"))
    app.add_url_rule("/own", "own", cross_origin(origins=[OTHER])(lambda: "own"))
    return app


def streaming(environ: Any, start_response: Any) -> Iterator[bytes]:
    start_response("200 OK", [("Content-Type", "text/plain"), ("Access-Control-Allow-Origin", "*")])
    yield b"begun"
    raise RuntimeError("in the middle")


MAPPING = {"/api/*": CORSPolicy(origins=[OTHER])}
APPS: dict[str, Callable[[], Any]] = {
    "above, covered": lambda: ABOVE_COVERED,
    "configured": lambda: configured(max_age=5),
    "configured, decorated": configured,
    "resources that inherit": lambda: shop(origins=[OTHER], resources={"/items": {}}),
    "resources in a list": lambda: shop(origins=[PAGE], resources=["/api/*"]),
    "a mapping outside": lambda: outside(MAPPING),
    "a mapping outside of CORS(app)": lambda: outside(MAPPING, origins=[OTHER]),
    "a mapping around CORS(app)": lambda: CORSMiddleware(shop(origins=[OTHER]), MAPPING),
    "a function for paths": lambda: CORSMiddleware(
        shop(), lambda environ: {"of another host": None}.get(environ["HTTP_HOST"])
    ),
    "a view class": with_class,
    "streaming": lambda: streaming,
    "no body": lambda: lambda environ, start_response: start_response("200 OK", []),
    "http without credentials": lambda: shop(origins=["http://app.example", PAGE], expose_headers="*"),
    "above": lambda: ABOVE,
    "outer": outer,
    "listed": lambda: shop(origins=[PAGE]),
    "another": lambda: shop(origins=[OTHER]),
    "similar": lambda: shop(origins=["https://app.exampel", "https://c.example"]),
    "public": lambda: shop(origins="*"),
    "credentials": lambda: shop(origins=[PAGE], supports_credentials=True),
    "few methods": lambda: shop(origins=[PAGE], methods=["GET"], allow_headers=["X-A"]),
    "resources": lambda: shop(resources={"/api/*": {"origins": [PAGE]}}),
    "resources that cover": lambda: shop(resources={"/items": {"origins": [OTHER]}}),
    "nothing": shop,
    "by hand": by_hand,
    "Flask-CORS": with_flask_cors,
    "decorated": lambda: decorated(origins=[OTHER]),
    "blueprint": blueprint,
    "mapped": mapped,
    "nested": nested,
    "broken": broken,
    "plain WSGI": lambda: wsgi_app("200 OK"),
    "plain WSGI without a page": lambda: wsgi_app("404 NOT FOUND"),
    "Werkzeug": Werkzeug,
    "a partial function after requests": callable_after_request,
    "everything": lambda: shop(
        origins=["http://app.example", "https://b.example"],
        supports_credentials=True,
        allow_insecure_origins=True,
        max_age=7200,
        methods=["GET"],
        expose_headers=["X-A"],
        allow_private_network=True,
    ),
    "all": flask_app,
    "patterns": lambda: shop(origins=["https://*.example.com", "http://localhost:*"], csrf_protection=True),
    "function": lambda: shop(origins=[OTHER, from_database]),
    "no origins": lambda: shop(origins=[]),
    "posting": lambda: posting(origins=[PAGE], supports_credentials=True),
    "posting, without a login": lambda: posting(origins=[PAGE]),
    "posting, protected": lambda: posting(origins=[PAGE], supports_credentials=True, csrf_protection=True),
}
JSON = ("-H", "Content-Type: application/json")
FROM = ("--origin", PAGE)
COMMANDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    *((name, ("check", "/items", *FROM)) for name in APPS),
    *((name, ("check", "PUT", "/items", *FROM, *JSON)) for name in ("listed", "few methods", "nothing", "by hand", "Flask-CORS")),
    ("credentials", ("check", "/items", *FROM, "--credentials")),
    ("listed", ("check", "/items", *FROM, "--credentials")),
    ("public", ("check", "/items", *FROM, "--credentials")),
    ("listed", ("check", "/items", *FROM, "-v")),
    ("listed", ("check", "/items", *FROM, "--mode", "no-cors")),
    ("listed", ("check", "/items", *FROM, "--browser", "safari")),
    ("another", ("check", "/items", *FROM, "--browser", "firefox")),
    ("listed", ("check", "POST", "/items", *FROM, "--data", "a=1")),
    ("nothing", ("check", "POST", "/items", *FROM, "--data", "a=1")),
    ("few methods", ("check", "/items", *FROM, "-H", "X-B: 1")),
    ("few methods", ("check", "/items", *FROM, "-H", "Access-Control-Allow-Origin: *")),
    ("few methods", ("check", "put", "/items", *FROM)),
    ("few methods", ("check", "patch", "/items", *FROM)),
    ("listed", ("check", "/error", *FROM)),
    ("resources", ("check", "/error", *FROM)),
    ("listed", ("check", "/item", *FROM)),
    ("blueprint", ("check", "/nowhere/at/all", *FROM)),
    ("blueprint", ("check", "/api/items", *FROM)),
    ("decorated", ("check", "/own", *FROM)),
    ("blueprint", ("check", "PUT", "/both", *FROM)),
    ("blueprint", ("check", "GET", "/both", *FROM)),
    ("blueprint", ("check", "/partial", *FROM)),
    ("blueprint", ("check", "/no-view", *FROM)),
    ("blueprint", ("check", "/gone", *FROM)),
    ("blueprint", ("routes", "--markdown")),
    ("decorated", ("export", "--to", "flask", "--path", "/own")),
    ("everything", ("export", "--to", "nginx")),
    ("mapped", ("check", "/elsewhere", *FROM)),
    ("listed", ("check", "/items", "--origin", "https://app.example/page?a=b")),
    ("another", ("check", "/items", "--origin", "null")),
    ("listed", ("check", "/items?a=b", *FROM, "--base-url", "http://localhost:5000")),
    ("another", ("check", "--json", "PUT", "/items", *FROM, "-H", "Authorization: secret")),
    ("public", ("check", "--json", "/items", *FROM)),
    # wrong usage
    ("listed", ("check", "/items")),
    ("listed", ("check", *FROM)),
    ("listed", ("check", "items", *FROM)),
    ("listed", ("check", "GET", *FROM)),
    ("listed", ("check", "get", *FROM)),
    ("listed", ("check", "PUT", "/items", "more", *FROM)),
    ("listed", ("check", "/items", "--origin", "app.example")),
    ("listed", ("check", "/items", "--origin", "localhost:3000")),
    ("listed", ("check", "/items", "--origin", "127.0.0.1:3000")),
    ("listed", ("check", "/items", "--origin", "[::1]:3000")),
    ("listed", ("check", "/items", "--origin", "0.0.0.0")),
    ("listed", ("check", "/items", "--origin", "https://")),
    ("listed", ("check", "/items", *FROM, "-H", "X-A")),
    ("listed", ("check", "/items", *FROM, "-H", ": x")),
    ("few methods", ("check", "/items", *FROM, "-H", " X-B :  1 ")),
    ("listed", ("check", "/items", *FROM, "--base-url", "localhost")),
    ("listed", ("check", "/items", *FROM, "--base-url", "ftp://localhost")),
    ("listed", ("check", "/items", *FROM, "--against", "localhost")),
    ("listed", ("check", "/items", *FROM, "--against", "ftp://localhost/")),
    ("listed", ("check", "https://api.example/items", *FROM, "--cacert", "no-such-file.pem")),
    ("listed", ("check", "/items", *FROM, "--app", "tests.helpers.broken:app")),
    ("listed", ("check", "/items", *FROM, "--app", "tests.helpers.raising:app")),
    ("listed", ("check", "/items", *FROM, "--app", "tests.helpers.nothing:app")),
    ("listed", ("check", "/items", *FROM, "--app", "tests.helpers.commands:nothing")),
    ("listed", ("check", "/items", *FROM, "--app", "tests.helpers.commands:bare_app")),
    ("listed", ("check", "/items", "PUT", *FROM)),
    ("listed", ("check", "localhost:5000/items", *FROM)),
    ("listed", ("check", "api.example/items", *FROM)),
    ("listed", ("check", "api:8000/items", *FROM)),
    ("listed", ("check", "/items", "--origin", "*")),
    ("listed", ("check", "/items", "--origin", "https://*.example")),
    ("listed", ("check", "/items", *FROM, "--app", "tests.helpers.commands:report")),
    ("listed", ("check", "/items", *FROM, "--app", "tests.helpers.commands:report()")),
    ("listed", ("check", "/items", *FROM, "--app", "tests.helpers.commands:report(1)")),
    ("listed", ("check", "/items", *FROM, "--app", "tests.helpers.commands:flask_app")),
    # an error that pages can read
    *((name, ("check", path, *FROM)) for name in ("public",) for path in ("/error", "/item", "/nowhere/at/all")),
    *(("public", ("check", method, "/items", *FROM)) for method in ("DELETE", "patch")),
    ("nothing", ("check", "patch", "/items", *FROM)),
    ("nothing", ("check", "/items", *FROM, "-H", "Access-Control-Allow-Origin: *")),
    ("nothing", ("check", "/items", *FROM, "--data", "a=1")),
    ("few methods", ("check", "POST", "/items", *FROM, *JSON)),
    ("configured", ("check", "POST", "/items", *FROM, *JSON, "--origin", OTHER)),
    ("http without credentials", ("check", "/items", *FROM, "--credentials")),
    ("a view class", ("check", "/static/x.css", *FROM)),
    ("outer", ("check", "/items", *FROM)),
    ("outer", ("routes",)),
    ("above", ("check", "/items", *FROM)),
    # the other commands
    *((name, ("routes",)) for name in APPS),
    *((name, ("routes", "--markdown")) for name in ("all", "patterns")),
    *((name, ("routes", "--json")) for name in ("all", "nothing")),
    *((name, ("audit",)) for name in APPS if name != "broken"),
    *((name, ("audit", "--trusted", "https://x.example")) for name in ("listed", "public")),
    *((name, ("audit", "--all-methods")) for name in APPS if name.startswith("posting")),
    ("posting", ("audit", "--all-methods", "--json")),
    ("listed", ("audit", "ftp://x")),
    ("listed", ("audit", "--trusted", "x.example")),
    *((name, ("export", "--to", "flask", "--path", "/items")) for name in APPS),
    *(("patterns", ("export", "--to", target, "--path", "/items")) for target in ("nginx", "django")),
    ("credentials", ("export", "--to", "nginx", "--whole", "--listen", "81", "--upstream", "http://127.0.0.1:8000")),
    ("credentials", ("export", "--to", "nginx", "--whole")),
    ("function", ("export", "--to", "express", "--json", "--path", "/items")),
    ("all", ("export", "--to", "flask", "--path", "/api/items")),
    ("listed", ("export", "--to", "iis")),
    ("listed", ("--help",)),
    *(("listed", (command, "--help")) for command in ("check", "explain", "routes", "audit", "snapshot", "export")),
    ("listed", ("explain", "hello")),
    ("listed", ("explain", "TypeError: Failed to fetch")),
    ("listed", ("explain", "--server", "express", "TypeError: Failed to fetch")),
    ("another", ("explain", f"Access to fetch at 'https://localhost/items?a=b' from origin '{PAGE}' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.")),
    ("another", ("explain", f"Access to fetch at 'https://localhost/items' from origin '{PAGE}' has been blocked by CORS policy: Method PUT is not allowed by Access-Control-Allow-Methods in preflight response.")),
    ("another", ("explain", f"Origin {PAGE} is not allowed by Access-Control-Allow-Origin. Status code: 200\nFetch API cannot load https://localhost/items due to access control checks.")),
    ("another", ("explain", f"curl: (7) Failed to connect to https://localhost/items from origin '{PAGE}'")),
    ("another", ("explain", f"HEAD https://localhost/items net::ERR_FAILED Access to fetch at 'https://localhost/items' from origin '{PAGE}' has been blocked by CORS policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.")),
    ("another", ("explain", "--server", "nginx", "--json", f"Origin {PAGE} is not allowed by Access-Control-Allow-Origin. Status code: 200")),
    ("another", ("explain", f"Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at https://localhost/items. (Reason: CORS header 'Access-Control-Allow-Origin' missing). Status code: 200.\nAccess to fetch at 'https://localhost/users' from origin '{PAGE}' has been blocked by CORS policy: Request header field x-a is not allowed by Access-Control-Allow-Headers in preflight response.")),
)  # fmt: skip


def printed(name: str, arguments: tuple[str, ...]) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", CORSWarning)  # which is about the same mistake
        result = run(APPS[name](), *arguments)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    output = result.output.rstrip()
    if arguments[0] == "check" and not {"-v", "--browser", "--json"} & {*arguments}:  # what is the same everywhere
        output = re.sub(r"\n   rule: .*?(?=\n\n|\Z)", "", output, flags=re.DOTALL)
    return f"$ {' '.join(arguments)}\n{output}\n(exit {result.exit_code})"


def _snapshot(before: str, after: str, *arguments: str) -> str:
    """Return what is kept of an application, and what is said of the one that takes its place."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "cors.json"
        kept = run(APPS[before](), "snapshot", str(file), *arguments)
        requests = json.loads(file.read_text()) if file.exists() else {}
        checked = run(APPS[after](), "snapshot", str(file), "--check")
        said = f"{kept.output}(exit {kept.exit_code})\n{checked.output}(exit {checked.exit_code})".replace(
            folder, "DIR"
        )
    return f"{json.dumps(requests, indent=1)}\n{said}"


def _wrong_file(content: str | None) -> str:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "cors.json"
        if content is not None:
            file.write_text(content)
        result = run(APPS["listed"](), "snapshot", str(file), "--check")
        return f"{result.output}(exit {result.exit_code})".replace(folder, "DIR")


STATES = (
    BLOCKED,
    PREFLIGHT_ALLOWED,
    NOT_TRIED,
    READABLE,
    f"{READABLE}, with x-a",
    f"{READABLE}, with x-a x-b",
    f"{READABLE}, with x-b",
)


def _between(old: str) -> str:
    """Return what is said where *old* becomes each of the states."""

    def kept(state: str) -> Mapping[str, Any]:
        return {"GET /": {PAGE: {"simple": state}}}

    found = ((new, differences(dict(kept(old)), dict(kept(new)))) for new in STATES)
    return "\n".join(f"{new}: {[each.kind for each in changes]}" for new, changes in found)


def _all_differences() -> str:
    before = {
        "GET /a": {PAGE: {"simple": READABLE, "JSON": BLOCKED}, OTHER: {"simple": BLOCKED}},
        "GET /gone": {PAGE: {"simple": READABLE}},
        "PUT /a": {PAGE: {"JSON, with credentials": PREFLIGHT_ALLOWED}},
    }
    after = {
        "GET /a": {PAGE: {"simple": BLOCKED, "JSON": READABLE}, OTHER: {"simple, with credentials": READABLE}},
        "GET /new": {"null": {"JSON": READABLE}},
        "PUT /a": {PAGE: {"JSON, with credentials": NOT_TRIED}},
    }
    return "\n".join(map(str, differences(before, after)))


def _texts() -> Texts:
    found: dict[str, Callable[[], str]] = {}
    for name, arguments in COMMANDS:
        title = f"{name} $ {' '.join(arguments)[:120]}"
        found[title.replace("\n", " ").replace("[", "(").replace("]", ")")] = functools.partial(
            printed, name, arguments
        )
    for before, after in (("listed", "listed"), ("listed", "another"), ("few methods", "public"), ("nothing", "all")):
        found[f"snapshot of {before}, then {after}"] = functools.partial(_snapshot, before, after)
    found["snapshot of mapped, without a path"] = functools.partial(_snapshot, "mapped", "mapped")
    found["snapshot of mapped"] = functools.partial(
        _snapshot, "mapped", "plain WSGI", "--path", "/api/x", "--origin", PAGE
    )
    found["snapshot with all methods"] = functools.partial(_snapshot, "posting", "posting", "--all-methods")
    for content in (None, "", "[]", "{}", '{"version": 2}', '{"version": 1}'):
        found[f"snapshot of the file {content}".replace("[", "(").replace("]", ")")] = functools.partial(
            _wrong_file, content
        )
    for old in STATES:
        found[f"what was {old}"] = functools.partial(_between, old)
    found["differences"] = _all_differences
    return found


TEXTS = _texts()
