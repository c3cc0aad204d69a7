"""CORS around plain WSGI: one public path, one with credentials.

Run it from the root of the repository:

    pip install flask-crossorigin waitress
    waitress-serve --listen=127.0.0.1:8000 examples.wsgi_app:app
    curl -i -H 'Origin: https://app.example' http://127.0.0.1:8000/account
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from typing import Any

from flask_crossorigin import CORSMiddleware, CORSPolicy


def api(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    answers = {"/public": {"greeting": "hello"}, "/account": {"cookie": environ.get("HTTP_COOKIE")}}
    answer = answers.get(environ["PATH_INFO"])
    status = "404 Not Found" if answer is None else "200 OK"
    body = json.dumps(answer or {"error": "there is no such path"}).encode()
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


app = CORSMiddleware(
    api,
    {
        "/*": CORSPolicy(origins="*"),
        "/account": CORSPolicy(origins=["https://app.example"], supports_credentials=True),
    },
)
