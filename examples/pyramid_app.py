"""CORS around Pyramid: one public path, one with credentials.

Run it from the root of the repository:

    pip install flask-crossorigin pyramid 'setuptools<82' waitress
    waitress-serve --listen=127.0.0.1:8000 examples.pyramid_app:app
    curl -i -H 'Origin: https://app.example' http://127.0.0.1:8000/account

``pyramid.ini`` serves the same views with one policy, which stands in the file that ``pserve`` reads.
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


def without_cors(global_config: dict[str, str], **settings: str) -> Any:
    """Return the application; the arguments are those of PasteDeploy."""
    with Configurator(settings=settings) as config:
        for name, view in {"public": public, "account": account}.items():
            config.add_route(name, f"/{name}")
            config.add_view(view, route_name=name, renderer="json")
        return config.make_wsgi_app()


app = CORSMiddleware(
    without_cors({}),
    {
        "/*": CORSPolicy(origins="*"),
        "/account": CORSPolicy(origins=["https://app.example"], supports_credentials=True),
    },
)
