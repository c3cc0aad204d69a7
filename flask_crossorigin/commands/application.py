"""Which policy covers a request to an application of this process, and where that policy is written."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from ..browser.failures import FAILURES
from ..browser.values import Blocked
from ..extension.cors import ROUTES_KEY
from ..extension.flask_internals import converters_of
from ..extension.routes import Routes
from ..extension.url_map import match
from ..server.middleware import CORSMiddleware
from ..server.policy import CORSPolicy

if TYPE_CHECKING:
    from werkzeug.routing import Rule


_SAMPLES = {"IntegerConverter": "1", "FloatConverter": "1.5", "UUIDConverter": "00000000-0000-4000-8000-000000000000"}


class Covered(NamedTuple):
    """A policy and where it is set: at a view, a blueprint, in resources or the application.

    ``None`` and ``""`` if nowhere.
    """

    policy: CORSPolicy | None
    source: str


class Route(NamedTuple):
    """A rule of a Flask application with one of its methods, and what covers it. *path*: one that it matches."""

    rule: str
    method: str
    endpoint: str
    path: str
    covered: Covered


def covered(app: Any, path: str, method: str) -> Covered:
    """Return what covers requests to *path* of a WSGI application."""
    routes = _routes_of(app)
    if routes is not None:
        routes.has_own_policies()
        found = match(app.url_map.bind("localhost"), path, method)
        if found is not None:
            return _of_rule(routes, found[0], found[1], path)
        policy = routes.policies.of_application(path)
        return Covered(policy, _application_source(routes)) if policy is not None else _NOBODY
    wrapped = _middleware_of(app)
    if wrapped is None:
        return _NOBODY
    policy = wrapped.policy_of(path)
    return Covered(policy, "CORSMiddleware") if policy is not None else _NOBODY


_NOBODY = Covered(None, "")


def routes_of(app: Any) -> Iterator[Route]:
    """Yield every route of a Flask application with each of its methods.  Raises ``TypeError`` for another one."""
    if not hasattr(app, "url_map"):
        raise TypeError("only the routes of a Flask application can be listed")
    routes = _routes_of(app)
    if routes is not None:
        routes.has_own_policies()
    for rule in app.url_map.iter_rules():
        path = sample_path(rule)
        for method in sorted((rule.methods or {"GET"}) - {"HEAD", "OPTIONS"}):
            found = _NOBODY if routes is None else _of_rule(routes, rule, method, path)
            yield Route(rule.rule, method, rule.endpoint, path, found)


def sample_path(rule: Rule) -> str:
    """Return a path that *rule* matches, with sample values for its variables."""
    path = rule.rule
    for name, converter in converters_of(rule).items():
        kind = type(converter).__name__
        value = next(iter(getattr(converter, "items", ())), _SAMPLES.get(kind, "x"))
        start = path.index("<")
        end = path.index(">", start)
        path = path[:start] + str(value) + path[end + 1 :] if name in path[start:end] else path
    return path


def _routes_of(app: Any) -> Routes | None:
    extensions = getattr(app, "extensions", None)
    routes = extensions.get(ROUTES_KEY) if isinstance(extensions, dict) else None
    return routes if isinstance(routes, Routes) else None


def _middleware_of(app: Any) -> CORSMiddleware | None:
    seen = 0
    while app is not None and seen < 20:
        if isinstance(app, CORSMiddleware):
            return app
        app = getattr(app, "app", getattr(app, "application", None))
        seen += 1
    return None


def _of_rule(routes: Routes, rule: Rule, method: str, path: str) -> Covered:
    own = routes.owners.own(rule, method)
    if own.declarations:
        return Covered(routes.policies.of(own.declarations[0], path), "@cross_origin")
    for rules in own.blueprints:
        if (declaration := rules.find(path)) is not None:
            name = rule.endpoint.rpartition(".")[0]
            return Covered(routes.policies.of(declaration, path), f"CORS(blueprint), of {name}")
    policy = routes.policies.of_application(path)
    return Covered(policy, _application_source(routes)) if policy is not None else _NOBODY


def _application_source(routes: Routes) -> str:
    return "resources of CORS(app)" if routes.policies.application.depends_on_path else "CORS(app)"


def remedies(found: Covered, path: str, origin: str) -> Callable[[Blocked], str | None]:
    """Return the advice for failures that this application's policy explains."""

    def remedy(blocked: Blocked) -> str | None:
        kind = FAILURES[blocked.failure.kind].check
        policy, where = found
        if policy is None:
            if kind in ("acao-missing", "status", "redirect"):
                return f"no policy covers {path}: write CORS(app, origins=[{blocked.place.origin!r}])"
            return None
        if kind in ("acao-missing", "acao-mismatch", "status") and not policy.allows(blocked.place.origin, {}):
            listed = [rule for rule in policy.origins if isinstance(rule, str)]
            near = difflib.get_close_matches(origin, listed, 1)
            hint = f"; the nearest that is listed is {near[0]!r}" if near else ""
            return f"add {blocked.place.origin!r} to origins in {where}{hint}"
        if kind in ("acac", "acao-wildcard-credentials"):
            return f"write origins=[{blocked.place.origin!r}] and supports_credentials=True in {where}"
        if kind == "method" and blocked.failure.value == blocked.failure.value.upper():
            return f"add {blocked.failure.value!r} to methods in {where}"
        if kind == "header" and not blocked.failure.header.lower().startswith("access-control-"):
            return f"add {blocked.failure.header!r} to allow_headers in {where}"
        return None

    return remedy


def policy_text(policy: CORSPolicy | None) -> str:
    """Return *policy* in one line, or an empty string for ``None``."""
    if policy is None:
        return ""
    origins = policy.origins if isinstance(policy.origins, str) else ", ".join(map(_rule_text, policy.origins))
    parts = [origins or "no origin", *(["with credentials"] if policy.supports_credentials else [])]
    if isinstance(policy.methods, tuple):
        parts.append(" ".join(policy.methods))
    return "; ".join(parts)


def _rule_text(rule: Any) -> str:
    return rule if isinstance(rule, str) else str(getattr(rule, "pattern", getattr(rule, "__name__", rule)))
