"""``routes``: each route with its policy."""

from __future__ import annotations

import json

from ..helpers.commands import flask_app, run


def test_routes_with_their_policies() -> None:
    rows = json.loads(run(flask_app(), "routes", "--json").stdout)
    sources = {(row["rule"], row["method"]): (row["source"], row["policy"]) for row in rows}
    assert sources["/api/items", "PUT"] == ("resources of CORS(app)", "https://app.example; with credentials; GET PUT")
    assert sources["/bare", "GET"] == ("none", "")
    assert sources["/public/<int:number>", "GET"] == ("@cross_origin", "*; GET HEAD POST PUT PATCH DELETE")
    assert sources["/shop/", "GET"][0] == "CORS(blueprint), of shop"


def test_routes_as_tables() -> None:
    assert run(flask_app(), "routes").output.splitlines()[0].split() == ["rule", "method", "from", "policy"]
    assert run(flask_app(), "routes", "--markdown").output.splitlines()[:2] == [
        "| rule | method | from | policy |",
        "|---|---|---|---|",
    ]
    assert (
        "only the routes of a Flask application can be listed"
        in run(None, "routes", "--app", "tests.helpers.commands:plain").stderr
    )
