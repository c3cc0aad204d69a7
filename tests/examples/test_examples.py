"""Each example, run as its first lines say: by waitress, from the root of the project, and asked with a real request."""

from __future__ import annotations

import importlib
import re
import shlex
from pathlib import Path

import pytest
from django.test import override_settings
from prometheus_client.parser import text_string_to_metric_families
from webtest import TestApp
from werkzeug.test import Client

ROOT = Path(__file__).parents[2]
EXAMPLES = sorted(path.stem for path in (ROOT / "examples").glob("*_app.py"))
APP = "https://app.example"


@pytest.mark.parametrize("name", EXAMPLES)
@override_settings(ROOT_URLCONF="examples.django_app")  # the suite's Django is configured already
def test_an_example_answers_a_public_and_a_credentialed_path(name: str) -> None:
    app = TestApp(importlib.import_module(f"examples.{name}").app)
    public = app.get("/public", headers={"Origin": "https://any.example"})
    assert public.json == {"greeting": "hello"}
    assert public.headers["Access-Control-Allow-Origin"] == "*"

    account = app.get("/account", headers={"Origin": APP, "Cookie": "user=Ada"})
    assert account.json == {"cookie": "user=Ada"}
    assert account.headers["Access-Control-Allow-Origin"] == APP
    assert account.headers["Access-Control-Allow-Credentials"] == "true"

    refused = app.options(
        "/account", headers={"Origin": "https://any.example", "Access-Control-Request-Method": "PUT"}, status=403
    )
    assert refused.body == b"Origin not allowed"
    assert app.get("/missing", headers={"Origin": APP}, status=404).headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_opens_with_commands_that_are_right(name: str) -> None:
    source = (ROOT / "examples" / f"{name}.py").read_text()
    install, serve, ask = (
        shlex.split(line) for line in re.findall(r"^    (\w.*)$", source.partition('"""\n\n')[0], re.MULTILINE)
    )
    assert install[:2] == ["pip", "install"]
    assert serve == ["waitress-serve", "--listen=127.0.0.1:8000", f"examples.{name}:app"]
    assert ask[-1] == "http://127.0.0.1:8000/account"


def test_the_flask_example_has_a_policy_for_its_blueprint() -> None:
    app = importlib.import_module("examples.flask_app").app
    for origin, allowed in (("https://shop.partner.example", "https://shop.partner.example"), (APP, None)):
        response = Client(app).get("/partners/prices", headers={"Origin": origin})
        assert response.headers.get("Access-Control-Allow-Origin") == allowed


def test_the_factory_asks_its_database_and_remembers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CORS_MAX_AGE", "60")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/tenants.db")
    factory = importlib.import_module("examples.flask_factory")
    app = factory.create_app()
    ask = {"Origin": "https://acme.example", "Access-Control-Request-Method": "PUT"}
    preflight = Client(app).options("/orders", headers=ask)
    assert (preflight.status_code, preflight.headers["Access-Control-Max-Age"]) == (200, "60")
    response = Client(app).get("/orders", headers=ask)
    assert (response.json, response.headers["Access-Control-Allow-Credentials"]) == ({"orders": []}, "true")
    assert Client(app).options("/orders", headers=ask | {"Origin": APP}).status_code == 403

    with app.app_context():
        factory.db.session.delete(factory.db.session.get(factory.Tenant, "acme"))
        factory.db.session.commit()
        factory.db.engine.dispose()
    assert Client(app).options("/orders", headers=ask).status_code == 200
    factory.is_tenant.cache.clear()
    assert Client(app).options("/orders", headers=ask).status_code == 403
    with app.app_context():
        factory.db.engine.dispose()


def test_the_counter_for_prometheus_is_scraped() -> None:
    app = importlib.import_module("examples.prometheus").app
    client = Client(app)
    for _ in range(2):
        client.post("/items", headers={"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"})
    client.open("/items", method="MADE-UP", headers={"Origin": "https://evil.example"})
    scraped = client.get("/metrics")
    counted = {
        (sample.labels["reason"], sample.labels["method"]): sample.value
        for family in text_string_to_metric_families(scraped.text)
        for sample in family.samples
        if sample.name == "cors_refused_total"
    }
    assert scraped.content_type.startswith("text/plain; version=")
    assert counted == {("write-not-allowed", "POST"): 2, ("write-not-allowed", "other"): 1}
