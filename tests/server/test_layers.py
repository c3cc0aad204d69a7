"""What docs/guides/layers.md says about middleware inside and outside of CORS."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.middleware.shared_data import SharedDataMiddleware
from werkzeug.test import Client

from flask_crossorigin import CORS, CORSMiddleware, CORSPolicy

from ..helpers.cases import APP, OTHER


def allowed(app: object, path: str, origin: str) -> str | None:
    with Client(app).get(path, headers={"Origin": origin}) as response:  # type: ignore[arg-type]
        return response.headers.get("Access-Control-Allow-Origin")


@pytest.mark.parametrize("is_outside", [True, False], ids=["outside of CORS(app)", "inside of CORS(app)"])
def test_files_have_headers_if_their_middleware_is_inside(tmp_path: Path, is_outside: bool) -> None:
    (tmp_path / "a.txt").write_text("a file")
    app = Flask(__name__)
    files = {"/files": str(tmp_path)}
    if is_outside:
        CORS(app, origins=[APP])
    app.wsgi_app = SharedDataMiddleware(app.wsgi_app, files)  # type: ignore[method-assign]
    if not is_outside:
        CORS(app, origins=[APP])
    assert allowed(app, "/files/a.txt", APP) == (None if is_outside else APP)


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
