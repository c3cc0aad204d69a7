"""The page of the lab, on an origin of its own, and the requests to its own server."""

from __future__ import annotations

import difflib
import secrets
from dataclasses import asdict
from typing import Any

from applications import SETTINGS, Lab, Origins, State, States
from code_reader import Server, UnreadableError, read
from explaining import explanation, in_other_words
from flask import Flask, abort, jsonify, render_template, request
from prediction import predict, predict_scenario, request_of, url_of
from scenarios import BY_ID, SCENARIOS, Request, Scenario

from flask_crossorigin import CORS, CORSConfigError
from flask_crossorigin.doctor.explain import explain_all

PROFILES = ("chrome", "firefox", "safari", "standard")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "patch")
MAX_REQUEST = 20_000  # bytes


def create_app(origins: Origins, labs: list[Lab], states: States) -> Any:
    app = Flask("page", root_path=__file__.rpartition("/")[0])
    app.json.sort_keys = False  # type: ignore[attr-defined]  # scenarios in the order of the menu

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
        sources = f"{origins.api} {origins.third} {origins.elsewhere}"
        response.headers["Content-Security-Policy"] = (
            f"default-src 'self'; connect-src 'self' {sources}; font-src {sources}; frame-src 'self' {origins.third} "
            f"{origins.api}; img-src data:; base-uri 'none'; form-action {origins.api}; frame-ancestors 'none'"
        )
        response.headers["X-Frame-Options"] = "DENY"
        return response

    @app.get("/")
    def index() -> str:
        groups: dict[str, list[Scenario]] = {}
        for scenario in SCENARIOS:
            groups.setdefault(scenario.group, []).append(scenario)
        return render_template("lab.html", groups=groups, origins=origins)

    @app.get("/scenarios")
    def scenarios() -> Any:
        state = states.of(request.args.get("tab", ""))
        return jsonify({scenario.id: described(scenario, origins, state) for scenario in SCENARIOS})

    @app.post("/fix/<name>")
    def fix(name: str) -> Any:
        scenario = BY_ID.get(name) or abort(404)
        state, wanted = states.of(_tab()), bool(_json().get("fixed"))
        (state.fixed.add if wanted else state.fixed.discard)(name)
        return jsonify(described(scenario, origins, state))

    @app.post("/reset")
    def reset() -> Any:
        state = states.of(_tab())
        state.fixed.clear()
        state.counts.clear()
        return jsonify({})

    @app.post("/predict/<name>")
    def predicted(name: str) -> Any:
        scenario = BY_ID.get(name) or abort(404)
        return jsonify(predict_scenario(scenario, _profile(), origins, states.of(_tab())))

    @app.get("/exchanges/<run>")
    def exchanges(run: str) -> Any:
        found = [each for lab in labs for each in tuple(lab.exchanges or ()) if each["run"] == run]
        return jsonify(exchanges=found, counts=states.of(run).counts)

    @app.post("/own")
    def own() -> Any:
        """Read a policy and a request that a user wrote, keep the policy, and return the model's prediction."""
        given = _json()
        try:
            server = _valid(origins.fill(str(given.get("server", ""))))
            asked = _request(given)
        except (UnreadableError, CORSConfigError, TypeError, ValueError) as error:
            return jsonify(problem=str(error))
        state, token = states.of(_tab()), str(given.get("token") or "")
        if token not in state.own:
            token = secrets.token_urlsafe(9)
        state.keep(token, server)
        found = predict(asked, f"own/{token}", _profile(), origins, state)
        return jsonify(token=token, url=url_of(asked, f"own/{token}", origins, ""), prediction=found)

    @app.post("/explain")
    def explained() -> Any:
        """Say what a pasted message of a console means, and which scenario shows it."""
        found = explain_all(str(_json().get("text", "")))
        return jsonify([explanation(each) for each in found])

    return _with_runs(app, labs[0])


def described(scenario: Scenario, origins: Origins, state: State) -> dict[str, Any]:
    """Return what the page shows of *scenario* as it stands."""
    fixed = scenario.id in state.fixed
    asked = request_of(scenario, state)
    broken, right = _codes(scenario, origins)
    return {
        "id": scenario.id,
        "title": scenario.title,
        "why": scenario.why,
        "fixed": fixed,
        "canFix": scenario.fixed is not None or scenario.fixed_request is not None,
        "request": asdict(asked)
        | {"url": url_of(asked, scenario.id, origins, ""), "code": request_code(asked, scenario.id, origins)},
        "server": right if fixed else broken,
        "diff": diff(scenario, origins),
        "elsewhere": in_other_words(scenario, origins),
        "promise": scenario.fixed_outcome if fixed else scenario.outcome,
    }


def _codes(scenario: Scenario, origins: Origins) -> tuple[str, str]:
    setting = origins.fill(SETTINGS.get(scenario.setting, ""))

    def whole(lines: str) -> str:
        return "\n\n".join(filter(None, [_as_hook(origins.fill(lines)), setting]))

    broken = whole(scenario.server)
    return broken, whole(scenario.fixed) if scenario.fixed is not None else broken


def _as_hook(lines: str) -> str:
    """Return lines about the response in the hook in which people write them."""
    plain = [line for line in lines.split("\n") if not line.startswith("response.")]
    hooked = [line for line in lines.split("\n") if line.startswith("response.")]
    if not hooked:
        return lines
    body = "\n".join(f"    {line}" for line in [*hooked, "return response"])
    return "\n".join([*plain, "@app.after_request\ndef cors(response):\n" + body])


def diff(scenario: Scenario, origins: Origins) -> list[str]:
    """Return the lines of the fix, with ``-`` and ``+``."""
    if scenario.fixed is not None:
        before, after = (code.split("\n") for code in _codes(scenario, origins))
    elif scenario.fixed_request is not None:
        before = request_code(scenario.request, scenario.id, origins).split("\n")
        after = request_code(scenario.fixed_request, scenario.id, origins).split("\n")
    else:
        return []
    lines = []
    for kind, start, end, new_start, new_end in difflib.SequenceMatcher(None, before, after).get_opcodes():
        if kind == "equal":
            lines += [f"  {line}" for line in before[start:end]]
        else:
            lines += [f"- {line}" for line in before[start:end]] + [f"+ {line}" for line in after[new_start:new_end]]
    return lines


def request_code(asked: Request, name: str, origins: Origins) -> str:
    """Return the request as JavaScript."""
    url = url_of(asked, name, origins, "").partition("?")[0]
    if asked.kind == "events":
        return f'new EventSource("{url}")'
    if asked.kind == "font":
        return f'new FontFace("dot", "url({url})").load()'
    if asked.kind == "form":
        name, _, value = (asked.body or "").partition("=")
        return f'<form method="{asked.method}" action="{url}">\n  <input name="{name}" value="{value}">\n</form>'
    options = []
    if asked.method != "GET":
        options.append(f'method: "{asked.method}"')
    if asked.headers:
        pairs = ", ".join(f'"{header}": "{value}"' for header, value in asked.headers.items())
        options.append(f"headers: {{{pairs}}}")
    if asked.body is not None:
        options.append(f"body: '{asked.body}'")
    if asked.credentials != "same-origin":
        options.append(f'credentials: "{asked.credentials}"')
    if asked.mode != "cors":
        options.append(f'mode: "{asked.mode}"')
    inner = ",\n".join(f"  {option}" for option in options)
    call = f'await fetch("{url}", {{\n{inner}\n}})' if options else f'await fetch("{url}")'
    if asked.kind == "sandbox":
        return f'// in <iframe sandbox="allow-scripts">\n{call}'
    if asked.kind == "two-pages":
        return f"{call}  // on this page\n{call}  // then in a frame of {origins.third}"
    return call + (f"  // {asked.times} times" if asked.times > 1 else "")


def _valid(text: str) -> Server:
    """Return the lines of *text*, after trying them on an application.  Raises what is wrong with them."""
    server = read(text)
    if server.options is not None:
        CORS(Flask("trial"), **server.options)
    return server


def _request(given: dict[str, Any]) -> Request:
    method, credentials, mode = (str(given.get(name, "")) for name in ("method", "credentials", "mode"))
    if method not in METHODS:
        raise ValueError(f"the method is one of {', '.join(METHODS)}")
    if credentials not in ("omit", "same-origin", "include") or mode not in ("cors", "no-cors", "same-origin"):
        raise ValueError("credentials and mode are those of fetch()")
    headers: dict[str, str] = {}
    for line in str(given.get("headers", "")).splitlines():
        name, colon, value = line.partition(":")
        if line.strip() and (not colon or not name.strip()):
            raise ValueError(f"{line!r} is not a header: write Name: value")
        if line.strip():
            headers[name.strip()] = value.strip()
    body = str(given["body"]) if given.get("body") else None
    return Request(method=method, headers=headers, body=body, credentials=credentials, mode=mode)


def _json() -> dict[str, Any]:
    value = request.get_json(silent=True)
    return value if isinstance(value, dict) else {}


def _tab() -> str:
    return str(_json().get("tab", ""))


def _profile() -> str:
    profile = _json().get("profile")
    return profile if profile in PROFILES else "standard"


def _with_runs(app: Flask, lab: Lab) -> Any:
    """Return *app*, with the scenarios on the page's own origin below ``/run``."""

    def routed(environ: dict[str, Any], start_response: Any) -> Any:
        if environ["PATH_INFO"].startswith("/run/"):
            return lab(environ | {"PATH_INFO": environ["PATH_INFO"].removeprefix("/run")}, start_response)
        return app(environ, start_response)

    return routed
