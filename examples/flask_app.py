"""CORS in Flask: for the application, for a blueprint, for one view.

Run it from the root of the repository:

    pip install flask-crossorigin waitress
    waitress-serve --listen=127.0.0.1:8000 examples.flask_app:app
    curl -i -H 'Origin: https://app.example' http://127.0.0.1:8000/account
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, request

from flask_crossorigin import CORS, cross_origin

app = Flask(__name__)
CORS(app, origins="*")  # everything that has no policy of its own

partners = Blueprint("partners", __name__, url_prefix="/partners")
CORS(partners, origins=["https://*.partner.example"], methods=["GET"])


@app.get("/public")
def public() -> dict[str, Any]:
    return {"greeting": "hello"}


@app.get("/account")
@cross_origin(origins=["https://app.example"], supports_credentials=True)
def account() -> dict[str, Any]:
    return {"cookie": request.headers.get("Cookie")}


@partners.get("/prices")
def prices() -> dict[str, Any]:
    return {"prices": [10, 20]}


app.register_blueprint(partners)
