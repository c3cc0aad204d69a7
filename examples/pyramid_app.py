"""CORS around Pyramid: one public path, one with credentials.

Run it from the root of the repository:

    pip install flask-crossorigin pyramid 'setuptools<82' waitress
    waitress-serve --listen=127.0.0.1:8000 examples.pyramid_app:app
    curl -i -H 'Origin: https://app.example' http://127.0.0.1:8000/account
"""

from __future__ import annotations

from typing import Any

from pyramid.config import Configurator
from pyramid.request import Request

from flask_crossorigin import CORSMiddleware, CORSPolicy


def public(request: Request) -> dict[str, Any]:
    return {"greeting": "hello"}


def account(request: Request) -> dict[str, Any]:
    return {"cookie": request.headers.get("Cookie")}


with Configurator() as config:
    for name, view in {"public": public, "account": account}.items():
        config.add_route(name, f"/{name}")
        config.add_view(view, route_name=name, renderer="json")

app = CORSMiddleware(
    config.make_wsgi_app(),
    {
        "/*": CORSPolicy(origins="*"),
        "/account": CORSPolicy(origins=["https://app.example"], supports_credentials=True),
    },
)
