"""A Flask application as tracing packages have changed it: prints what it allows. Run by ``test_agents``."""

from __future__ import annotations

import json
import sys
import warnings
from typing import Any

from werkzeug.test import Client

warnings.simplefilter("error")  # a false warning would be an error

agent = sys.argv[1]
if agent == "opentelemetry":
    from opentelemetry.instrumentation.flask import FlaskInstrumentor

    FlaskInstrumentor().instrument()
elif agent == "newrelic":
    import newrelic.agent

    newrelic.agent.initialize()

import flask  # noqa: E402  # after the agents, which change it

from flask_crossorigin import CORS, cross_origin  # noqa: E402

app = flask.Flask("traced")
if agent == "opentelemetry-later":
    from opentelemetry.instrumentation.flask import FlaskInstrumentor

    FlaskInstrumentor().instrument_app(app)
CORS(app, origins="https://app.example")
blueprint = flask.Blueprint("shop", "shop")
CORS(blueprint, origins="https://shop.example")
app.add_url_rule("/", "index", lambda: "index")
app.add_url_rule("/own", "own", cross_origin(origins="https://own.example")(lambda: "own"))
blueprint.add_url_rule("/shop", "shop", lambda: "shop")
app.register_blueprint(blueprint)

served: Any = app
if agent == "newrelic":
    import newrelic.agent

    served = newrelic.agent.WSGIApplicationWrapper(app)

client = Client(served)
answers = {}
for path in ("/", "/own", "/shop"):
    for name in ("app", "own", "shop"):
        headers = {"Origin": f"https://{name}.example", "Access-Control-Request-Method": "PUT"}
        found = [client.open(path, method=method, headers=headers) for method in ("GET", "OPTIONS")]
        answers[f"{path} {name}"] = ["Access-Control-Allow-Origin" in each.headers for each in found]
print(json.dumps(answers))
