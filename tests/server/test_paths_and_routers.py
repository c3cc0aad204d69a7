"""Whatever a path is: a view that the policy of its path closes is never served under a looser policy.

With the real routers of Flask, Django, Pyramid, Bottle and Falcon, each of which reads unusual paths in its own way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import bottle
import falcon
import flask
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyramid.config import Configurator
from pyramid.response import Response as PyramidResponse

from flask_crossorigin import CORSMiddleware, CORSPolicy

from ..helpers.cases import APP, OTHER
from ..helpers.wsgi import call, environ_for, origin_of

App = Callable[..., Iterable[bytes]]
CLOSED_PATHS = ("/closed", "/closed/<name>", "/a/b/closed", "/exact")
POLICIES = {
    "/*": CORSPolicy(origins="*"),
    "/closed/*": CORSPolicy(origins=APP),
    "/a/b/*": CORSPolicy(origins=APP),
    "/exact": CORSPolicy(origins=APP),
    "/open": CORSPolicy(origins="*"),
}


def by_flask() -> App:
    app = flask.Flask(__name__)
    for path in CLOSED_PATHS:
        app.add_url_rule(path, path, lambda **_: "closed")
    return app


def by_bottle() -> App:
    app = bottle.Bottle()
    for path in CLOSED_PATHS:
        app.route(path, callback=lambda **_: "closed")
    wsgi_app: App = app
    return wsgi_app


def by_falcon() -> App:
    class Closed:
        def on_get(self, _: Any, resp: Any, **__: Any) -> None:
            resp.text = "closed"

    app = falcon.App()
    for path in CLOSED_PATHS:
        app.add_route(path.replace("<", "{").replace(">", "}"), Closed())
    wsgi_app: App = app
    return wsgi_app


def by_pyramid() -> App:
    with Configurator() as config:
        for path in CLOSED_PATHS:
            config.add_route(path, path.replace("<", "{").replace(">", "}"))
            config.add_view(lambda _: PyramidResponse("closed"), route_name=path)
        app: App = config.make_wsgi_app()
        return app


def by_django() -> App:
    """Return Django's handler with the same paths; its settings are those of the suite."""
    from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
    from django.http import HttpResponse
    from django.urls import path

    routes = [path(each.removeprefix("/"), lambda _, **__: HttpResponse("closed")) for each in CLOSED_PATHS]

    class Request(WSGIRequest):
        urlconf = type("Urls", (), {"urlpatterns": routes})

    class Handler(WSGIHandler):
        request_class = Request

    return Handler()


ROUTERS = {
    router.__name__.removeprefix("by_"): CORSMiddleware(router(), POLICIES)
    for router in (by_flask, by_bottle, by_falcon, by_pyramid, by_django)
}

segments = st.sampled_from(
    ["closed", "exact", "a", "b", "open", "", ".", "..", "x", "clo\xffsed", "closed\n", "\x00", "closed\\x", "a\\b", "\\", "%2e",
     "clo\tsed", "exact\r", "ex\x7fact", "\xc3\xa9", "clo\xc3sed", "closed;x", "CLOSED"]
)  # fmt: skip
paths = st.lists(segments, max_size=6).map(lambda parts: "/" + "/".join(parts))


@pytest.mark.parametrize("router", ROUTERS)
@given(path=paths | st.text(st.characters(max_codepoint=0xFF), max_size=12).map(lambda text: "/closed" + text))
@example(path="/closed\n")
@example(path="/clo\xffsed")
@example(path="//closed")
@example(path="/exact\n")
@example(path="/exact/")
@example(path="/a//b/closed")
@settings(max_examples=400)
def test_a_closed_view_is_never_served_under_an_open_policy(router: str, path: str) -> None:
    try:
        result = call(ROUTERS[router], environ_for("GET", path, [("Origin", OTHER)]))
    except UnicodeDecodeError:  # Pyramid's answer to bytes that are not UTF-8
        return
    assert result.body != b"closed" or origin_of(result) is None


@pytest.mark.parametrize("router", ROUTERS)
@pytest.mark.parametrize("path", ["/closed", "/closed/x", "/a/b/closed", "/exact"])
def test_the_plain_paths_are_served_under_their_policy(router: str, path: str) -> None:
    result = call(ROUTERS[router], environ_for("GET", path, [("Origin", APP)]))
    assert (result.body, origin_of(result)) == (b"closed", APP)
