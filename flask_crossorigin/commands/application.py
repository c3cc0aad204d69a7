"""Which policy covers a request to an application of this process, and where that policy is written."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from ..extension.cors import EXTENSION_KEY, ROUTES_KEY
from ..extension.cors import routes_of as kept_for
from ..extension.flask_internals import converters_of
from ..extension.marks import declaration_of, marked_in_place_of, methods_of
from ..extension.routes import Routes
from ..extension.url_map import match
from ..server.middleware import CORSMiddleware
from ..server.policy import CORSPolicy

if TYPE_CHECKING:
    from werkzeug.routing import Rule


_SAMPLES = {"IntegerConverter": "1", "FloatConverter": "1.5", "UUIDConverter": "00000000-0000-4000-8000-000000000000"}


class Covered(NamedTuple):
    """A policy and where it is set: at a view, a blueprint, in resources or the application.

    ``None`` and ``""`` if nowhere. *written*: the options that stand there, ``None`` if that is not known.
    """

    policy: CORSPolicy | None
    source: str
    site: str = ""  # file and line
    written: Collection[str] | None = None


class Route(NamedTuple):
    """A rule of a Flask application with one of its methods, and what covers it. *path*: one that it matches."""

    rule: str
    method: str
    endpoint: str
    path: str
    covered: Covered


def covered(app: Any, path: str, method: str) -> Covered:
    """Return what covers requests to *path* of a WSGI application."""
    if (outer := _of_outer(app, path)) is not None:
        return outer
    routes = routes_kept_by(app)
    if routes is not None:
        routes.has_own_policies()
        found = match(app.url_map.bind("localhost"), path, method)
        if found is not None:
            return _of_rule(routes, found[0], found[1], path)
        return _of_application(routes, path)
    wrapped = middleware_of(app)
    if wrapped is None:
        return _NOBODY
    policy = wrapped.policy_of(path)
    return Covered(policy, "CORSMiddleware") if policy is not None else covered(wrapped.app, path, method)


_NOBODY = Covered(None, "")


def outer_of(app: Any) -> CORSMiddleware | None:
    """Return the ``CORSMiddleware`` around ``app.wsgi_app``, which is outside of ``CORS(app)``; or ``None``."""
    outer = middleware_of(getattr(app, "wsgi_app", None))
    extensions = getattr(app, "extensions", {})
    extension = extensions.get(EXTENSION_KEY) if isinstance(extensions, dict) else None
    return None if extension is not None and outer is extension.middleware else outer


def _of_outer(app: Any, path: str) -> Covered | None:
    outer = outer_of(app)
    policy = outer.policy_of(path) if outer is not None else None
    return Covered(policy, "the CORSMiddleware around app.wsgi_app") if policy is not None else None


def routes_of(app: Any) -> Iterator[Route]:
    """Yield every route of a Flask application with each of its methods.  Raises ``TypeError`` for another one."""
    if not hasattr(app, "url_map"):
        raise TypeError("only the routes of a Flask application can be listed")
    routes = routes_kept_by(app)
    if routes is not None:
        routes.has_own_policies()
    for rule in app.url_map.iter_rules():
        path = sample_path(rule)
        for method in sorted((rule.methods or {"GET"}) - {"HEAD", "OPTIONS"}):
            found = _of_outer(app, path) or (_NOBODY if routes is None else _of_rule(routes, rule, method, path))
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


def routes_kept_by(app: Any) -> Routes | None:
    """Return what this library knows of a Flask application, or ``None`` if it does not use the extension."""
    extensions = getattr(app, "extensions", None)
    routes = extensions.get(ROUTES_KEY) if isinstance(extensions, dict) else None
    if routes is None and (_has_decorated_view(app) or any(map(marked_in_place_of, _views(app)))):
        return kept_for(app)  # without CORS(app), nothing is kept before the first request
    return routes if isinstance(routes, Routes) else None


def _has_decorated_view(app: Any) -> bool:
    return any(declaration_of(view, method) is not None for view in _views(app) for method in methods_of(view, None))


def _views(app: Any) -> list[Any]:
    return list(getattr(app, "view_functions", {}).values())


def middleware_of(app: Any) -> CORSMiddleware | None:
    """Return the ``CORSMiddleware`` around a WSGI application, or ``None``; other wrappers may be outside of it."""
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
        marked = own.declarations[0]
        site = marked.site if marked.written else ""  # a bare decorator is one for all views
        return Covered(routes.policies.of(marked, path), "@cross_origin", site, marked.written)
    for rules in own.blueprints:
        if (declaration := rules.find(path)) is not None:
            name = rule.endpoint.rpartition(".")[0]
            return Covered(
                routes.policies.of(declaration, path),
                f"CORS(blueprint), of {name}",
                declaration.site,
                declaration.written,
            )
    return _of_application(routes, path)


def _of_application(routes: Routes, path: str) -> Covered:
    policy = routes.policies.of_application(path)
    if policy is None:
        return _NOBODY
    source = "resources of CORS(app)" if routes.policies.application.depends_on_path else "CORS(app)"
    found = routes.policies.application.find(path)
    return Covered(policy, source, *((found.site, found.written) if found is not None else ()))


def policy_text(policy: CORSPolicy | None) -> str:
    """Return *policy* in one line, or an empty string for ``None``."""
    if policy is None:
        return ""
    origins = ", ".join(map(_rule_text, policy.origins))
    parts = [origins or "no origin", *(["with credentials"] if policy.supports_credentials else [])]
    if policy.csrf_protection:
        parts.append("csrf protection")
    if isinstance(policy.methods, tuple):
        parts.append(" ".join(policy.methods))
    return "; ".join(parts)


def _rule_text(rule: Any) -> str:
    return rule if isinstance(rule, str) else str(getattr(rule, "__name__", rule))
