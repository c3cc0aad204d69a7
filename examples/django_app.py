"""CORS around Django: one public path, one with credentials. In a project, wrap `application` in its wsgi.py.

Run it from the root of the repository:

    pip install flask-crossorigin django waitress
    waitress-serve --listen=127.0.0.1:8000 examples.django_app:app
    curl -i -H 'Origin: https://app.example' http://127.0.0.1:8000/account
"""

from __future__ import annotations

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpRequest, JsonResponse
from django.urls import path

from flask_crossorigin import CORSMiddleware, CORSPolicy


def public(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"greeting": "hello"})


def account(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"cookie": request.headers.get("Cookie")})


urlpatterns = [path("public", public), path("account", account)]
if not settings.configured:  # a project has a settings module instead
    settings.configure(ALLOWED_HOSTS=["127.0.0.1", "localhost"], ROOT_URLCONF=__name__, SECRET_KEY="of the example")

app = CORSMiddleware(
    get_wsgi_application(),
    {
        "/*": CORSPolicy(origins="*"),
        "/account": CORSPolicy(origins=["https://app.example"], supports_credentials=True),
    },
)
