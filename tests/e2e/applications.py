"""Applications of other projects behind this library: prints what pages of two origins get. Run by ``test_applications``.

python -m tests.e2e.applications radicale
"""

from __future__ import annotations

import collections
import json
import secrets
import sys
import tempfile
from collections.abc import Callable
from typing import Any

from flask_crossorigin import CORS, CORSMiddleware, CORSPolicy
from flask_crossorigin.testing import Browser, CORSBlocked

PAGE, FOREIGN = "https://localhost:5173", "https://foreign.example"
WEBDAV = [
    "GET",
    "HEAD",
    "POST",
    "PUT",
    "DELETE",
    "PROPFIND",
    "PROPPATCH",
    "REPORT",
    "MKCOL",
    "MKCALENDAR",
    "COPY",
    "MOVE",
]
# What a page asks for: method, path, and fetch()'s other arguments.
Asked = tuple[str, str, dict[str, Any]]


def dash() -> tuple[Any, list[Asked]]:
    """Dash: its layout, and a callback, which is a POST of JSON."""
    import dash

    app = dash.Dash("dashboard")
    app.layout = dash.html.Div([dash.dcc.Input(id="number", value="1"), dash.html.P(id="double")])
    app.callback(dash.Output("double", "children"), dash.Input("number", "value"))(lambda value: str(2 * int(value)))
    CORS(app.server, origins=[PAGE])
    call = {
        "output": "double.children",
        "outputs": {"id": "double", "property": "children"},
        "inputs": [{"id": "number", "property": "value", "value": "21"}],
        "changedPropIds": ["number.value"],
    }
    return app.server, [("GET", "/_dash-layout", {}), ("POST", "/_dash-update-component", {"json": call})]


def _django(*apps: str, **settings: Any) -> Any:
    import django
    from django.conf import settings as configuration

    configuration.configure(
        SECRET_KEY=secrets.token_hex(),
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF="urls",
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", *apps],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        MIDDLEWARE=["django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware"],
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        LOGGING_CONFIG=None,
        STATIC_URL="static/",
        **settings,
    )
    django.setup()


def _urls(patterns: list[Any]) -> Any:
    import types

    from django.core.wsgi import get_wsgi_application

    sys.modules["urls"] = module = types.ModuleType("urls")
    module.urlpatterns = patterns  # type: ignore[attr-defined]
    return CORSMiddleware(get_wsgi_application(), CORSPolicy(origins=[PAGE]))


def drf() -> tuple[Any, list[Asked]]:
    """Django REST framework: a view that answers OPTIONS itself, and refuses without a login."""
    _django("rest_framework", REST_FRAMEWORK={"DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"]})
    from django.urls import path
    from rest_framework import decorators, permissions, response

    @decorators.api_view(["GET", "POST"])
    def items(request: Any) -> Any:
        return response.Response({"data": request.data})

    @decorators.api_view(["GET"])
    @decorators.permission_classes([permissions.IsAuthenticated])
    def private(request: Any) -> Any:
        return response.Response({})

    bearer = {"headers": {"Authorization": "Bearer 1"}}
    app = _urls([path("items/", items), path("private/", private)])
    return app, [("GET", "/items/", {}), ("POST", "/items/", {"json": {"a": 1}}), ("GET", "/private/", bearer)]


def wagtail() -> tuple[Any, list[Asked]]:
    """Wagtail's API of images and documents, and its error for an unknown field."""
    apps = ["api.v2", "users", "images", "documents", "search", "admin", "snippets", "sites", "contrib.redirects"]
    names = [f"wagtail.{name}" for name in apps] + ["wagtail", "taggit", "modelcluster", "rest_framework"]
    _django(
        *names,
        "django.contrib.sessions",
        "django.contrib.messages",
        MIGRATION_MODULES=collections.defaultdict(lambda: None),
        WAGTAILADMIN_BASE_URL="http://localhost",
    )
    from django.core.management import call_command
    from django.urls import path
    from wagtail.api.v2.router import WagtailAPIRouter
    from wagtail.documents.api.v2.views import DocumentsAPIViewSet
    from wagtail.images.api.v2.views import ImagesAPIViewSet

    call_command("migrate", run_syncdb=True, verbosity=0)
    router = WagtailAPIRouter("api")
    router.register_endpoint("images", ImagesAPIViewSet)
    router.register_endpoint("documents", DocumentsAPIViewSet)
    app = _urls([path("api/", router.urls)])
    asked = {"headers": {"X-Requested-With": "fetch"}}
    return app, [("GET", "/api/images/", {}), ("GET", "/api/documents/", asked), ("GET", "/api/images/?fields=no", {})]


def radicale() -> tuple[Any, list[Asked]]:
    """Radicale: a calendar is made, filled and searched, with WebDAV's methods."""
    from radicale import config
    from radicale.app import Application

    configuration = config.load()
    storage = {"filesystem_folder": tempfile.mkdtemp()}
    configuration.update(
        {"auth": {"type": "none"}, "rights": {"type": "authenticated"}, "storage": storage}, "the test", privileged=True
    )
    app = CORSMiddleware(
        Application(configuration), CORSPolicy(origins=[PAGE], methods=WEBDAV, expose_headers=["ETag", "DAV"])
    )
    user: dict[str, Any] = {"headers": {"Authorization": "Basic bWU6bWU="}}
    event = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//a//EN\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\n"
    event += "DTSTART:20260101T000000Z\r\nSUMMARY:one\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    put = {"headers": {**user["headers"], "Content-Type": "text/calendar"}, "body": event}
    search = '<C:calendar-query xmlns:C="urn:ietf:params:xml:ns:caldav"><C:filter/></C:calendar-query>'
    report = {"headers": {**user["headers"], "Content-Type": "text/xml"}, "body": search}
    return app, [
        ("MKCALENDAR", "/me/work/", user),
        ("PUT", "/me/work/1.ics", put),
        ("REPORT", "/me/work/", report),
        ("PROPFIND", "/me/", user),
    ]


def wsgidav() -> tuple[Any, list[Asked]]:
    """WsgiDAV: a file is written, listed and removed."""
    from wsgidav.wsgidav_app import WsgiDAVApp

    app = WsgiDAVApp(
        {
            "provider_mapping": {"/": tempfile.mkdtemp()},
            "simple_dc": {"user_mapping": {"*": True}},
            "http_authenticator": {"trusted_auth_header": None},
            "verbose": 0,
            "logging": {"enable": False},
        }
    )
    depth = {"headers": {"Depth": "1"}}
    return CORSMiddleware(app, CORSPolicy(origins=[PAGE], methods=WEBDAV)), [
        ("PUT", "/a.txt", {"body": "hello"}),
        ("PROPFIND", "/", depth),
        ("GET", "/a.txt", {}),
        ("DELETE", "/a.txt", {}),
    ]


def security() -> tuple[Any, list[Asked]]:
    """Flask-Security: a login with JSON, and then a view for those who have a session."""
    import flask
    import flask_security
    from flask_security.models import fsqla_v3
    from flask_sqlalchemy import SQLAlchemy

    app = flask.Flask("accounts")
    app.config |= {
        "SECRET_KEY": secrets.token_hex(),
        "SECURITY_PASSWORD_SALT": secrets.token_hex(),
        "SECURITY_PASSWORD_HASH": "plaintext",
        "SECURITY_PASSWORD_SCHEMES": ["plaintext"],
        "SQLALCHEMY_DATABASE_URI": "sqlite://",
        "WTF_CSRF_ENABLED": False,
    }
    database = SQLAlchemy(app)
    fsqla_v3.FsModels.set_db_info(database)  # type: ignore[attr-defined]
    user_class = type("User", (database.Model, fsqla_v3.FsUserMixin), {})
    role_class = type("Role", (database.Model, fsqla_v3.FsRoleMixin), {})
    users = flask_security.SQLAlchemyUserDatastore(database, user_class, role_class)
    flask_security.Security(app, users)
    CORS(app, origins=[PAGE], supports_credentials=True)
    app.add_url_rule("/private", "private", flask_security.auth_required("session")(lambda: "private"))
    password = secrets.token_hex()
    with app.app_context():
        database.create_all()
        users.create_user(email="me@example.com", password=flask_security.hash_password(password))
        database.session.commit()
    login = {"json": {"email": "me@example.com", "password": password}, "credentials": "include"}
    accept = {"headers": {"Accept": "application/json"}, "credentials": "include"}
    return app, [("GET", "/private", accept), ("POST", "/login", login), ("GET", "/private", accept)]


APPLICATIONS: dict[str, Callable[[], tuple[Any, list[Asked]]]] = {
    "dash": dash,
    "drf": drf,
    "wagtail": wagtail,
    "radicale": radicale,
    "wsgidav": wsgidav,
    "security": security,
}


def answers(app: Any, asked: list[Asked], origin: str) -> list[Any]:
    """Return what a page of *origin* gets: the status of each response, or the kind of failure."""
    page = Browser(app, origin=origin)
    return [_answer(page, *each) for each in asked]


def _answer(page: Browser, method: str, path: str, arguments: dict[str, Any]) -> Any:
    try:
        return page.fetch(path, method=method, **arguments).status
    except CORSBlocked as blocked:
        return blocked.kind


if __name__ == "__main__":
    application, requests = APPLICATIONS[sys.argv[1]]()
    print(json.dumps([answers(application, requests, origin) for origin in (PAGE, FOREIGN)]))
