"""Counts refused requests for Prometheus.

    pip install flask flask-crossorigin prometheus-client
    flask --app examples/prometheus.py run
    curl -X POST -H 'Origin: https://evil.example' http://127.0.0.1:5000/items
    curl http://127.0.0.1:5000/metrics

The labels hold the reason and the method, but neither origin nor path: clients can send any, and each value of a label
stays in memory.
"""

from flask import Flask, Response
from prometheus_client import CONTENT_TYPE_LATEST, Counter, generate_latest

from flask_crossorigin import CORS
from flask_crossorigin.signals import cors_refused

REFUSED = Counter("cors_refused", "Requests that the CORS policy refused", ["reason", "method"])

app = Flask(__name__)
CORS(app, origins=["https://app.example"], csrf_protection=True)


@cors_refused.connect_via(app)
def count(_: Flask, *, reason: str, method: str, **__: object) -> None:
    """Count one refusal."""
    REFUSED.labels(reason, method if method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS") else "other").inc()


@app.post("/items")
def items() -> str:
    """Save an item."""
    return "saved"


@app.get("/metrics")
def metrics() -> Response:
    """Return what Prometheus reads."""
    return Response(generate_latest(), mimetype=CONTENT_TYPE_LATEST)
