"""The contenders: each the same "hello" with some library's CORS, and the same without.

Everything takes the policy as plain values: exact *origins* and *wildcards*, which peers write as expressions.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

App = Callable[..., Any]
Call = Callable[[dict[str, Any]], None]
HEADERS = [("Content-Type", "text/plain"), ("Content-Length", "5")]


@dataclass
class Policy:
    """What every contender is configured with."""

    origins: list[str] = field(default_factory=lambda: ["https://app.example"])
    wildcards: list[str] = field(default_factory=list)
    paths: int = 0  # path patterns with this policy
    routes: int = 1  # views of the application
    credentials: bool = True

    @property
    def ours(self) -> dict[str, Any]:
        rules = [*self.origins, *self.wildcards]
        return {"origins": "*" if "*" in self.origins else rules, "supports_credentials": self.credentials}

    @property
    def patterns(self) -> list[str]:
        return [*(f"/api{number}/*" for number in range(1, self.paths)), "/*"]


def plain(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    start_response("200 OK", list(HEADERS))
    return [b"hello"]


def _ignore(status: str, headers: Any, exc_info: Any = None) -> None:
    return None


def by_wsgi(app: App) -> Call:
    """Return a call of *app* as a server makes it: the whole response is read and closed."""

    def call(environ: dict[str, Any]) -> None:
        body = app(environ, _ignore)
        for _ in body:
            pass
        close = getattr(body, "close", None)
        if close is not None:
            close()

    return call


def flask(policy: Policy, view: Callable[[App], App] = lambda function: function, place: Any = None) -> Any:
    import flask

    app = flask.Flask("benchmark")
    place = app if place is None else place

    def hello() -> str:
        return "hello"

    decorated = view(hello)
    place.add_url_rule("/", "hello", decorated, methods=["GET", "PUT"])
    place.add_url_rule("/item/<int:number>", "item", view(lambda number: "hello"), methods=["GET", "PUT"])
    place.add_url_rule("/mixed", "mixed_put", decorated, methods=["PUT"])
    place.add_url_rule("/mixed", "mixed_get", hello, methods=["GET"])
    for number in range(1, policy.routes):
        place.add_url_rule(f"/r{number}", f"r{number}", decorated, methods=["GET", "PUT"])
    if place is not app:
        app.register_blueprint(place)
    return app


def flask_bare(policy: Policy) -> Call:
    return by_wsgi(flask(policy))


def flask_ours_app(policy: Policy) -> Any:
    from flask_crossorigin import CORS

    app = flask(policy)
    CORS(app, **policy.ours, resources=policy.patterns if policy.paths else None)
    return app


def flask_ours(policy: Policy) -> Call:
    return by_wsgi(flask_ours_app(policy))


def flask_ours_by_blueprint(policy: Policy) -> Call:
    import flask as flask_package

    from flask_crossorigin import CORS

    blueprint = flask_package.Blueprint("benchmark", "benchmark")
    CORS(blueprint, **policy.ours)
    return by_wsgi(flask(policy, place=blueprint))


def flask_ours_by_view(policy: Policy) -> Call:
    from flask_crossorigin import CORS, cross_origin

    app = flask(policy, cross_origin(**policy.ours))
    CORS(app, resources={})
    return by_wsgi(app)


def flask_cors_app(policy: Policy) -> Any:
    from flask_cors import CORS

    app = flask(policy)
    resources = {"resources": {pattern: {} for pattern in policy.patterns}} if policy.paths else {}
    CORS(app, **_for_flask_cors(policy), **resources)
    return app


def flask_cors(policy: Policy) -> Call:
    return by_wsgi(flask_cors_app(policy))


def flask_cors_by_view(policy: Policy) -> Call:
    from flask_cors import cross_origin

    return by_wsgi(flask(policy, cross_origin(**_for_flask_cors(policy))))


def _expression(wildcard: str) -> str:
    """Return *wildcard* as the regular expression that means the same."""
    escaped = re.escape(wildcard).replace(r"\*\.", r"([a-z0-9-]+\.)+")
    return escaped.replace(r"\*", "[a-z0-9-]+")


def _for_flask_cors(policy: Policy) -> dict[str, Any]:
    wildcards = map(_expression, policy.wildcards)
    rules = [*policy.origins, *map(re.compile, wildcards)]
    return {
        "origins": "*" if "*" in policy.origins else rules,
        "supports_credentials": policy.credentials,
        "max_age": 600,
    }


def wsgi_bare(policy: Policy) -> Call:
    return by_wsgi(plain)


def wsgi_ours(policy: Policy) -> Call:
    from flask_crossorigin import CORSMiddleware, CORSPolicy

    made = CORSPolicy(**policy.ours)
    return by_wsgi(CORSMiddleware(plain, dict.fromkeys(policy.patterns, made) if policy.paths else made))


def wsgicors(policy: Policy) -> Call:
    from wsgicors import CORS

    options = {"headers": "*", "methods": "GET, HEAD, POST, PUT, PATCH, DELETE", "maxage": "600"}
    origin = " ".join([*policy.origins, *policy.wildcards])
    return by_wsgi(CORS(plain, origin=origin, credentials="true" if policy.credentials else "false", **options))


def _django(policy: Policy, middleware: list[str]) -> App:
    import django
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler
    from django.http import HttpResponse
    from django.urls import re_path

    if not settings.configured:
        urls = (re_path("", lambda request: HttpResponse("hello", content_type="text/plain")),)
        settings.configure(
            ALLOWED_HOSTS=["*"],
            ROOT_URLCONF=urls,
            CORS_ALLOWED_ORIGINS=[origin for origin in policy.origins if origin != "*"],
            CORS_ALLOW_ALL_ORIGINS="*" in policy.origins,
            CORS_ALLOWED_ORIGIN_REGEXES=[_expression(text) for text in policy.wildcards],
            CORS_ALLOW_CREDENTIALS=policy.credentials,
            LOGGING_CONFIG=None,
        )
        django.setup()
    settings.MIDDLEWARE = middleware
    return WSGIHandler()


def django_bare(policy: Policy) -> Call:
    return by_wsgi(_django(policy, []))


def django_ours(policy: Policy) -> Call:
    from flask_crossorigin import CORSMiddleware

    return by_wsgi(CORSMiddleware(_django(policy, []), **policy.ours))


def django_cors_headers(policy: Policy) -> Call:
    return by_wsgi(_django(policy, ["corsheaders.middleware.CorsMiddleware"]))


def _by_asgi(app: App) -> Call:
    """Return a call of an ASGI application with the request that *environ* describes."""
    loop = asyncio.new_event_loop()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        return None

    def call(environ: dict[str, Any]) -> None:
        headers = [
            (key[5:].replace("_", "-").lower().encode(), value.encode("latin-1"))
            for key, value in environ.items()
            if key.startswith("HTTP_")
        ]
        scope = {
            "type": "http",
            "method": environ["REQUEST_METHOD"],
            "path": environ["PATH_INFO"],
            "raw_path": environ["PATH_INFO"].encode(),
            "root_path": "",
            "scheme": "http",
            "query_string": b"",
            "headers": headers,
            "server": ("localhost", 80),
        }
        loop.run_until_complete(app(scope, receive, send))

    return call


def _starlette(middleware: list[Any]) -> App:
    from starlette.applications import Starlette
    from starlette.responses import PlainTextResponse
    from starlette.routing import Route

    async def hello(request: Any) -> Any:
        return PlainTextResponse("hello")

    app: App = Starlette(routes=[Route("/", hello, methods=["GET", "PUT", "OPTIONS"])], middleware=middleware)
    return app


def starlette_bare(policy: Policy) -> Call:
    return _by_asgi(_starlette([]))


def starlette(policy: Policy) -> Call:
    from starlette.middleware import Middleware
    from starlette.middleware.cors import CORSMiddleware

    options = {"allow_methods": ["*"], "allow_headers": ["*"], "allow_credentials": policy.credentials}
    return _by_asgi(_starlette([Middleware(CORSMiddleware, allow_origins=policy.origins, **options)]))


# Each with the application that it is compared with.
CONTENDERS: dict[str, tuple[Callable[[Policy], Call], Callable[[Policy], Call]]] = {
    "CORSMiddleware": (wsgi_ours, wsgi_bare),
    "wsgicors": (wsgicors, wsgi_bare),
    "CORS(app)": (flask_ours, flask_bare),
    "CORS(blueprint)": (flask_ours_by_blueprint, flask_bare),
    "@cross_origin": (flask_ours_by_view, flask_bare),
    "flask-cors": (flask_cors, flask_bare),
    "flask-cors @cross_origin": (flask_cors_by_view, flask_bare),
    "CORSMiddleware on Django": (django_ours, django_bare),
    "django-cors-headers": (django_cors_headers, django_bare),
    "Starlette (ASGI)": (starlette, starlette_bare),
}
