"""Django with django-cors-headers.  https://github.com/adamchainz/django-cors-headers#configuration"""

from __future__ import annotations

from .grants import Grants, comment, every_method

_LISTED = ("accept", "authorization", "content-type", "user-agent", "x-csrftoken", "x-requested-with")


def lines(grants: Grants) -> str:
    """Return the lines at the end of ``settings.py``."""
    where = "At the end of settings.py. First: pip install django-cors-headers"
    return (
        comment("#", *_notes(grants), where)
        + 'INSTALLED_APPS = [*(app for app in INSTALLED_APPS if app != "corsheaders"), "corsheaders"]\n'
        + comment("#", "The first of all, so that no other middleware answers a preflight or a request before it.")
        + 'CORS = "corsheaders.middleware.CorsMiddleware"\n'
        + "MIDDLEWARE = [CORS, *(each for each in MIDDLEWARE if each != CORS)]\n"
        + settings(grants)
    )


def whole(grants: Grants) -> str:
    """Return a module with a WSGI ``application``."""
    return f"""{comment("#", *_notes(grants), "pip install django django-cors-headers && gunicorn server:application")}
import sys

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import path

INSTALLED_APPS = ["corsheaders"]
MIDDLEWARE = ["corsheaders.middleware.CorsMiddleware"]
{settings(grants)}
settings.configure(
    ROOT_URLCONF=sys.modules[__name__],
    SECRET_KEY="change this",
    ALLOWED_HOSTS=["*"],
    **{{name: value for name, value in vars().items() if name.isupper()}},
)


def index(request):
    return HttpResponse("ok", content_type="text/plain", headers={{"X-Total-Count": "1"}})


urlpatterns = [path("", index)]
application = get_wsgi_application()
"""


def settings(grants: Grants) -> str:
    """Return the settings, one on each line."""
    values: dict[str, object] = {}
    if grants.origins == "*":
        values["CORS_ALLOW_ALL_ORIGINS"] = True
    else:
        values["CORS_ALLOWED_ORIGINS"] = list(grants.exact)
    if grants.patterns:
        values["CORS_ALLOWED_ORIGIN_REGEXES"] = list(grants.patterns)
    if grants.credentials:
        values["CORS_ALLOW_CREDENTIALS"] = True
    star = not grants.credentials
    values["CORS_ALLOW_METHODS"] = ["*"] if grants.methods == "*" and star else list(every_method(grants)[0])
    values["CORS_ALLOW_HEADERS"] = _headers(grants)
    if grants.expose_headers:
        values["CORS_EXPOSE_HEADERS"] = ["*"] if grants.expose_headers == "*" else list(grants.expose_headers)
    values["CORS_PREFLIGHT_MAX_AGE"] = grants.max_age or 0
    return "".join(f"{name} = {value!r}\n" for name, value in values.items())


def _headers(grants: Grants) -> list[str]:
    if grants.allow_headers != "*":
        return list(grants.allow_headers)
    return list(_LISTED) if grants.credentials else ["*", "authorization"]


def _notes(grants: Grants) -> tuple[str, ...]:
    headers = "With credentials, * allows no header here. Add the headers that your pages send to CORS_ALLOW_HEADERS."
    return (
        *grants.left_out,
        every_method(grants)[1] if grants.credentials else "",
        headers if grants.credentials and grants.allow_headers == "*" else "",
    )
