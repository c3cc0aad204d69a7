"""What docs/guides/layers.md says about middleware inside and outside of CORS."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.shared_data import SharedDataMiddleware
from werkzeug.test import Client

from flask_crossorigin import CORS, CORSMiddleware, CORSPolicy, cross_origin

from ..helpers.cases import APP, OTHER


def allowed(app: object, path: str, origin: str) -> str | None:
    with Client(app).get(path, headers={"Origin": origin}) as response:  # type: ignore[arg-type]
        return response.headers.get("Access-Control-Allow-Origin")


def with_files(folder: Path) -> Flask:
    (folder / "a.txt").write_text("a file")
    app = Flask(__name__)
    CORS(app, origins=[APP])
    app.add_url_rule("/partners", "partners", cross_origin(origins=[OTHER])(lambda: "partners"))
    app.wsgi_app = SharedDataMiddleware(app.wsgi_app, {"/files": str(folder)})  # type: ignore[method-assign]
    return app


def test_what_is_outside_of_the_application_has_no_headers(tmp_path: Path) -> None:
    app = with_files(tmp_path)
    assert [allowed(app, path, APP) for path in ("/files/a.txt", "/missing")] == [None, APP]


def test_a_middleware_for_these_paths_gives_them_headers_and_leaves_the_others_alone(tmp_path: Path) -> None:
    app = with_files(tmp_path)
    policies = {"/files/*": CORSPolicy(origins=[APP])}
    app.wsgi_app = CORSMiddleware(app.wsgi_app, policies)  # type: ignore[method-assign]
    paths = ("/files/a.txt", "/missing", "/partners")
    assert [allowed(app, path, APP) for path in paths] == [APP, APP, None]
    assert [allowed(app, path, OTHER) for path in paths] == [None, None, OTHER]


def test_one_middleware_is_around_all_mounted_applications() -> None:
    site, api, files = (Flask(name) for name in ("site", "api", "files"))
    for app in (site, api, files):
        app.add_url_rule("/", "index", lambda: "index")
    application = CORSMiddleware(
        DispatcherMiddleware(site, {"/api": api, "/files": files}),
        {"/api/*": CORSPolicy(origins=[APP]), "/files/*": CORSPolicy(origins="*")},
    )
    assert [allowed(application, path, OTHER) for path in ("/", "/api/", "/files/")] == [None, None, "*"]
    assert allowed(application, "/api/", APP) == APP


def test_the_outer_of_two_policies_is_the_only_one() -> None:
    inner = Flask(__name__)
    CORS(inner, origins=[OTHER])
    outer = CORSMiddleware(inner, origins=[APP])
    assert [allowed(outer, "/", origin) for origin in (APP, OTHER)] == [APP, None]
