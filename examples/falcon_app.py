"""CORS around Falcon: one public path, one with credentials.

Run it from the root of the repository:

    pip install flask-crossorigin falcon waitress
    waitress-serve --listen=127.0.0.1:8000 examples.falcon_app:app
    curl -i -H 'Origin: https://app.example' http://127.0.0.1:8000/account
"""

from __future__ import annotations

import falcon

from flask_crossorigin import CORSMiddleware, CORSPolicy


class Public:
    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        resp.media = {"greeting": "hello"}


class Account:
    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        resp.media = {"cookie": req.get_header("Cookie")}


api = falcon.App()
api.add_route("/public", Public())
api.add_route("/account", Account())

app = CORSMiddleware(
    api,
    {
        "/*": CORSPolicy(origins="*"),
        "/account": CORSPolicy(origins=["https://app.example"], supports_credentials=True),
    },
)
