"""The same application in every framework: it answers what ``cases.RESPONSES`` says."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

import bottle
import falcon
import flask
import werkzeug
from pyramid.config import Configurator
from pyramid.response import Response as PyramidResponse

from flask_crossorigin import CORS, CORSMiddleware, CORSPolicy, cross_origin
from flask_crossorigin.server.protocol import actual, granted, is_preflight, preflight

from .cases import RESPONSES, WITHOUT_CONTENT

App = Callable[..., Iterable[bytes]]


def _status_line(status: int) -> str:
    return f"{status} {HTTPStatus(status).phrase}"


def plain_app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    status, headers, body = RESPONSES[environ["PATH_INFO"]]
    framing = [] if status in WITHOUT_CONTENT else [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))]
    start_response(_status_line(status), [*framing, *headers])
    return [b""] if environ["REQUEST_METHOD"] == "HEAD" or status in WITHOUT_CONTENT else _chunks(body)


def _chunks(body: bytes) -> Iterable[bytes]:
    yield from (body[:3], body[3:])


def flask_view(path: str) -> flask.Response:
    status, headers, body = RESPONSES[f"/{path}"]
    response: flask.Response = werkzeug_response(
        _chunks(body) if path == "stream" else body, status, headers, flask.Response
    )
    return response


def _serve(place: flask.Flask | flask.Blueprint, view: Callable[[str], flask.Response] = flask_view) -> None:
    methods = ["GET", "PUT", "OPTIONS"]
    place.add_url_rule("/<path>", "view", view, methods=methods, provide_automatic_options=False)


def flask_app() -> flask.Flask:
    app = flask.Flask("tests.helpers.adapters")
    _serve(app)
    return app


def flask_by_app(options: dict[str, Any]) -> tuple[App, App]:
    app = flask_app()
    CORS(app, **options)
    return app, flask_app()


def flask_by_resources(options: dict[str, Any]) -> tuple[App, App]:
    app = flask_app()
    CORS(app, resources={"/*": options})  # type: ignore[dict-item]
    return app, flask_app()


def flask_by_blueprint(options: dict[str, Any]) -> tuple[App, App]:
    app, blueprint = flask.Flask("tests.helpers.adapters"), flask.Blueprint("blueprint", "tests.helpers.adapters")
    CORS(blueprint, **options)
    _serve(blueprint)
    app.register_blueprint(blueprint)
    return app, flask_app()


def flask_by_view(options: dict[str, Any], *, alone: bool) -> tuple[App, App]:
    app = flask.Flask("tests.helpers.adapters")
    if not alone:
        CORS(app, origins="https://never.example", methods="GET", max_age=1)
    _serve(app, cross_origin(**options)(flask_view))
    return app, flask_app()


def django_app() -> App:
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()


def pyramid_app() -> App:
    def view(request: Any) -> PyramidResponse:
        status, headers, body = RESPONSES[request.path]
        response = PyramidResponse(status=status, content_type="text/plain")
        if request.path == "/stream":
            response.app_iter = _chunks(body)
        else:
            response.body = body
        response.headerlist.extend(headers)
        return response

    with Configurator() as config:
        config.add_route("all", "/*path")
        config.add_view(view, route_name="all")
        app: App = config.make_wsgi_app()
        return app


def bottle_app() -> App:
    app = bottle.Bottle()

    @app.route("/<path>", method=["GET", "PUT", "OPTIONS"])  # type: ignore[untyped-decorator]
    def view(path: str) -> Any:
        status, headers, body = RESPONSES[f"/{path}"]
        bottle.response.status = status
        bottle.response.content_type = "text/plain"
        for name, value in headers:
            bottle.response.add_header(name, value)
        return _chunks(body) if path == "stream" else body

    wsgi_app: App = app
    return wsgi_app


def falcon_app() -> App:
    def view(req: Any, resp: Any) -> None:
        status, headers, body = RESPONSES[req.path]
        resp.status, resp.content_type = status, None if status in WITHOUT_CONTENT else "text/plain"
        for name, value in headers:
            resp.append_header(name, value)
        if req.path == "/stream":
            resp.stream = _chunks(body)
        else:
            resp.data = body

    app = falcon.App()
    app.add_sink(view, "/")  # type: ignore[arg-type]
    wsgi_app: App = app
    return wsgi_app


def werkzeug_app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    status, headers, body = RESPONSES[environ["PATH_INFO"]]
    return werkzeug_response(body, status, headers, werkzeug.Response)(environ, start_response)


def werkzeug_response(body: Any, status: int, headers: list[tuple[str, str]], kind: type[Any]) -> Any:
    response = kind(body, status, headers, mimetype="text/plain")
    if status in WITHOUT_CONTENT:
        del response.headers["Content-Type"]
    return response


def pure(policy: CORSPolicy, app: App) -> App:
    """Return *app* with the answers of the pure functions, and nothing of the middleware."""

    def wrapped(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        origin, method = environ.get("HTTP_ORIGIN"), environ.get("HTTP_ACCESS_CONTROL_REQUEST_METHOD")
        if is_preflight(environ["REQUEST_METHOD"], origin, method):
            status, headers, body = preflight(
                policy,
                origin or "",
                method or "",
                environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS"),
                environ,
                "HTTP_ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK" in environ,
            )
            start_response(status, headers)
            return [body]
        grant = policy.without_origin if origin is None else actual(policy, origin, environ)
        return app(environ, lambda status, headers, *rest: start_response(status, granted(headers, grant), *rest))

    return wrapped


def _over(make: Callable[[], App]) -> Callable[[dict[str, Any]], tuple[App, App]]:
    def both(options: dict[str, Any]) -> tuple[App, App]:
        app = make()
        return CORSMiddleware(app, **options), app

    return both


# Each returns the application under a policy, and the same without.
ADAPTERS: dict[str, Callable[[dict[str, Any]], tuple[App, App]]] = {
    "the pure functions": lambda options: (pure(CORSPolicy(**options), plain_app), plain_app),
    "CORSMiddleware over plain WSGI": _over(lambda: plain_app),
    "CORSMiddleware over Werkzeug": _over(lambda: werkzeug_app),
    "CORSMiddleware over Flask": _over(flask_app),
    "CORSMiddleware over Django": _over(django_app),
    "CORSMiddleware over Pyramid": _over(pyramid_app),
    "CORSMiddleware over Bottle": _over(bottle_app),
    "CORSMiddleware over Falcon": _over(falcon_app),
    "CORS(app)": flask_by_app,
    "CORS(app, resources=...)": flask_by_resources,
    "CORS(blueprint)": flask_by_blueprint,
    "@cross_origin under CORS(app)": lambda options: flask_by_view(options, alone=False),
    "@cross_origin alone": lambda options: flask_by_view(options, alone=True),
}
