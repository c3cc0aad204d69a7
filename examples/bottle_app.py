"""CORS around Bottle: one public path, one with credentials.

Run it from the root of the repository:

    pip install flask-crossorigin bottle waitress
    waitress-serve --listen=127.0.0.1:8000 examples.bottle_app:app
    curl -i -H 'Origin: https://app.example' http://127.0.0.1:8000/account
"""

from __future__ import annotations

from typing import Any

from bottle import Bottle, request

from flask_crossorigin import CORSMiddleware, CORSPolicy

api = Bottle()


@api.get("/public")
def public() -> dict[str, Any]:
    return {"greeting": "hello"}


@api.get("/account")
def account() -> dict[str, Any]:
    return {"cookie": request.get_header("Cookie")}


app = CORSMiddleware(
    api,
    {
        "/*": CORSPolicy(origins="*"),
        "/account": CORSPolicy(origins=["https://app.example"], supports_credentials=True),
    },
)
