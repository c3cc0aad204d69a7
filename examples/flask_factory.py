"""CORS in a Flask application factory: configured by the environment, with each tenant's origins in a database.

Run it from the root of the repository:

    pip install flask-crossorigin flask-sqlalchemy cachetools waitress
    CORS_MAX_AGE=60 waitress-serve --listen=127.0.0.1:8000 --call examples.flask_factory:create_app
    curl -i -H 'Origin: https://acme.example' http://127.0.0.1:8000/orders
"""

from __future__ import annotations

import os
from threading import Lock
from typing import Any

from cachetools import TTLCache, cached
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from flask_crossorigin import CORS


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


class Tenant(db.Model):  # type: ignore[name-defined, misc]
    name: Mapped[str] = mapped_column(primary_key=True)
    origin: Mapped[str] = mapped_column(unique=True)


# Most origins are unknown, so the cache is limited in size and time.
@cached(TTLCache(maxsize=1000, ttl=30), lock=Lock())
def is_tenant(origin: str) -> bool:
    return db.session.scalar(select(Tenant).where(Tenant.origin == origin)) is not None


def allowed(origin: str, environ: dict[str, Any]) -> bool:
    """Report whether *origin* is a tenant's page. CORS calls this in an application context."""
    return is_tenant(origin)


cors = CORS(origins=allowed, supports_credentials=True, resources=["/orders", "/orders/*"])


def create_app() -> Flask:
    app = Flask(__name__)
    app.config["SQLALCHEMY_DATABASE_URI"] = os.environ.get("DATABASE_URL", "sqlite://")
    app.config.from_mapping({name: value for name, value in os.environ.items() if name.startswith("CORS_")})
    db.init_app(app)
    cors.init_app(app)

    @app.get("/orders")
    def orders() -> dict[str, Any]:
        return {"orders": []}

    with app.app_context():
        db.create_all()
        if db.session.get(Tenant, "acme") is None:
            db.session.add(Tenant(name="acme", origin="https://acme.example"))
            db.session.commit()
    return app
