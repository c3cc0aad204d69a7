"""The page of the lab, on an origin of its own, and the requests to its own server."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any

import httpx
from applications import Lab, Origins, States
from checks import timeline
from code_reader import UnreadableError
from described import described, shown
from explaining import error_sections, explanation, in_other_words
from flask import Flask, abort, jsonify, render_template, request
from own import read_policy, read_request, sent_request
from prediction import predict, predict_scenario, request_of, url_of
from scenarios import BY_ID, SCENARIOS, Scenario
from servers import PAUSE, Server

from flask_crossorigin import CORSConfigError
from flask_crossorigin.doctor.explain import explain_all

PROFILES = ("chrome", "firefox", "safari")
MAX_REQUEST = 20_000  # bytes
SECONDS = 5  # for the request that the page's server sends in place of curl


def create_app(origins: Origins, labs: list[Lab], states: States, servers: dict[str, Server]) -> Any:
    app = Flask("page", root_path=str(Path(__file__).parent))
    app.json.sort_keys = False  # type: ignore[attr-defined]  # scenarios in the order of the menu
    app.jinja_env.policies["json.dumps_kwargs"] = {}
    _guard(app, origins)
    _add_pages(app, origins, states, servers)
    _add_predictions(app, origins, labs, states)
    _add_servers(app, origins, servers)
    return _with_runs(app, labs[0])


def _guard(app: Flask, origins: Origins) -> None:
    @app.before_request
    def only_this_page_and_not_too_much() -> None:
        # A name that somebody else's DNS leads to this machine must not reach the lab.
        if f"http://{request.headers.get('Host')}" != origins.page:
            abort(403)
        if request.method == "POST" and request.headers.get("Origin") != origins.page:
            abort(403)
        if (request.content_length or 0) > MAX_REQUEST:
            abort(413)

    @app.after_request
    def safe(response: Any) -> Any:
        sources = f"{origins.api} {origins.third} {origins.elsewhere} {origins.stopped}"
        response.headers["Content-Security-Policy"] = (
            f"default-src 'self'; connect-src 'self' {sources}; font-src {sources}; frame-src 'self' {origins.third} "
            f"{origins.api}; img-src data:; base-uri 'none'; form-action {origins.api}; frame-ancestors 'none'"
        )
        response.headers["X-Frame-Options"] = "DENY"
        return response


def _add_pages(app: Flask, origins: Origins, states: States, servers: dict[str, Server]) -> None:
    @app.get("/")
    def index() -> str:
        groups: dict[str, list[Scenario]] = {}
        for scenario in SCENARIOS:
            groups.setdefault(scenario.group, []).append(scenario)
        fresh = {scenario.id: described(scenario.id, origins, is_fixed=False) for scenario in SCENARIOS}
        return render_template("lab.html", groups=groups, origins=origins, pause=PAUSE, scenarios=fresh)

    @app.get("/errors")
    def errors() -> str:
        return render_template("errors.html", sections=error_sections())

    @app.get("/elsewhere/<name>/<target>")
    def elsewhere(name: str, target: str) -> Any:
        """Return the fix of a scenario for another server."""
        code = in_other_words(BY_ID.get(name) or abort(404), origins).get(target) or abort(404)
        return jsonify(shown(code, target))

    @app.post("/fix/<name>")
    def fix(name: str) -> Any:
        if name not in BY_ID:
            abort(404)
        state, is_fixed = states.of(_tab()), bool(_json().get("fixed"))
        (state.fixed.add if is_fixed else state.fixed.discard)(name)
        return jsonify(described(name, origins, is_fixed=is_fixed))

    @app.post("/reset")
    def reset() -> Any:
        state = states.of(_tab())
        state.fixed.clear()
        state.counts.clear()
        for server in servers.values():
            server.start()
        return jsonify({})


def _add_predictions(app: Flask, origins: Origins, labs: list[Lab], states: States) -> None:
    @app.post("/predict/<name>")
    def predicted(name: str) -> Any:
        scenario, state = BY_ID.get(name) or abort(404), states.of(_tab())
        return jsonify({profile: predict_scenario(scenario, profile, origins, state) for profile in PROFILES})

    @app.post("/seen/<run>")
    def seen(run: str) -> Any:
        """Return the exchanges of one request, in their order, with the browser's checks."""
        given = _json().get("request")
        found = sorted(
            (each for lab in labs for each in tuple(lab.exchanges or ()) if each["run"] == run), key=_arrived
        )
        asked = sent_request(given if isinstance(given, dict) else {})
        return jsonify(exchanges=timeline(found, asked, _profile(), origins), counts=states.of(run).counts)

    @app.post("/own")
    def own() -> Any:
        """Read a policy and a request that a user wrote, keep the policy, and return the model's predictions."""
        given = _json()
        try:
            server = read_policy(origins.fill(str(given.get("server", ""))))
            asked = read_request(given)
        except (UnreadableError, CORSConfigError, TypeError, ValueError) as error:
            return jsonify(problem=str(error))
        state, token = states.of(_tab()), str(given.get("token") or "")
        if token not in state.own:
            token = secrets.token_urlsafe(9)
        state.keep(token, server)
        found = {profile: predict(asked, f"own/{token}", profile, origins, state) for profile in PROFILES}
        return jsonify(token=token, url=url_of(asked, f"own/{token}", origins, ""), predictions=found)

    @app.post("/explain")
    def explained() -> Any:
        """Say what a pasted message of a console means, and which scenario shows it."""
        given = _json()
        found = explain_all(str(given.get("text", "")))
        return jsonify([explanation(each, str(given.get("headers", ""))) for each in found])


def _add_servers(app: Flask, origins: Origins, servers: dict[str, Server]) -> None:
    @app.post("/servers/<name>")
    def change(name: str) -> Any:
        """Stop or start a server; the page's own comes back by itself."""
        server = servers.get(name) or abort(404)
        if _json().get("running"):
            server.start()
        elif name == "page":
            server.pause()
        else:
            server.stop()
        return jsonify({each: servers[each].is_running for each in servers})

    @app.get("/servers")
    def running() -> Any:
        return jsonify({name: server.is_running for name, server in servers.items()})

    @app.post("/without-browser/<name>")
    def without_browser(name: str) -> Any:
        """Send a scenario's request from here, as curl does, and return what came back."""
        asked = request_of(BY_ID.get(name) or abort(404), is_fixed=False)
        try:
            response = httpx.get(url_of(asked, name, origins, _tab()), timeout=SECONDS, trust_env=False)
        except httpx.HTTPError as error:
            return jsonify(problem=f"The API does not answer: {error}")
        return jsonify(status=response.status_code, body=response.text[:1000])


def _arrived(exchange: dict[str, Any]) -> Any:
    return exchange["arrived"]


def _json() -> dict[str, Any]:
    value = request.get_json(silent=True)
    return value if isinstance(value, dict) else {}


def _tab() -> str:
    return str(_json().get("tab", ""))


def _profile() -> str:
    profile = _json().get("profile")
    return profile if profile in PROFILES else "chrome"


def _with_runs(app: Flask, lab: Lab) -> Any:
    """Return *app*, with the scenarios on the page's own origin below ``/run``."""

    def routed(environ: dict[str, Any], start_response: Any) -> Any:
        if environ["PATH_INFO"].startswith("/run/"):
            return lab(environ | {"PATH_INFO": environ["PATH_INFO"].removeprefix("/run")}, start_response)
        return app(environ, start_response)

    return routed
