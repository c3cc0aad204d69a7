"""What to write in an application of this process: in its own code, with the file and line where they are known."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Iterator
from typing import Any

from ..browser.failures import FAILURES
from ..browser.values import Blocked
from ..doctor.cases import OURS
from ..doctor.servers import Layer, Software
from ..extension.call_sites import site_of
from ..extension.cors import EXTENSION_KEY
from ..extension.marks import name_of
from ..extension.url_map import match
from .application import Covered, middleware_of, routes_kept_by

Remedy = Callable[[Blocked], "str | None"]


def software_of(app: Any) -> Layer:
    """Return what answers in *app*: this library, Flask-CORS, code of the application's own, or another framework."""
    if routes_kept_by(app) is not None or middleware_of(app) is not None:
        return OURS
    if not hasattr(app, "after_request_funcs"):
        name: Software = "django" if _has_django_cors_headers(app) else "wsgi"
        return Layer(name, "Django" if name == "django" else "the application", True, "")
    for function in _after_request_functions(app):
        if getattr(function, "__module__", "").startswith("flask_cors"):
            return Layer("flask-cors", "Flask-CORS", True, "")
        if _writes_headers(function):
            code = function.__code__
            place = site_of(code.co_filename, code.co_firstlineno)
            return Layer(
                "flask", f"the function {function.__name__} ({place}), which writes CORS headers by hand", True, ""
            )
    return OURS


def _has_django_cors_headers(app: Any) -> bool:
    if not type(app).__module__.startswith("django."):
        return False
    from django.conf import settings  # the application has imported it already

    return settings.configured and any(name.startswith("corsheaders.") for name in settings.MIDDLEWARE)


def _after_request_functions(app: Any) -> Iterator[Any]:
    for functions in app.after_request_funcs.values():
        yield from functions


def _writes_headers(function: Any) -> bool:
    constants = getattr(getattr(function, "__code__", None), "co_consts", ())
    return any(isinstance(each, str) and each.lower().startswith("access-control-") for each in constants)


def remedies(app: Any, found: Covered, path: str, method: str, origin: str) -> Remedy:
    """Return the advice for failures that the policies of *app* explain."""

    def remedy(blocked: Blocked) -> str | None:
        check = FAILURES[blocked.failure.kind].check
        if check in ("acao-missing", "status", "redirect") and found.policy is None:
            return _uncovered(app, path, method, origin)
        if found.policy is None:
            return None
        return _by_policy(blocked, found, origin)

    return remedy


def _by_policy(blocked: Blocked, found: Covered, origin: str) -> str | None:
    policy, where = found.policy, f"{found.source} ({found.site})" if found.site else found.source
    check = FAILURES[blocked.failure.kind].check
    assert policy is not None
    if check in ("acao-missing", "acao-mismatch", "status") and not policy.allows(blocked.place.origin, {}):
        listed = [rule for rule in policy.origins if isinstance(rule, str)]
        near = difflib.get_close_matches(origin, listed, 1)
        hint = f"; the nearest that is listed is {near[0]!r}" if near else ""
        return f"if you trust this page, add {blocked.place.origin!r} to origins in {where}{hint}"
    if check in ("acac", "acao-wildcard-credentials"):
        return f"write origins=[{origin!r}] and supports_credentials=True in {where}, or send no credentials"
    if check == "method" and blocked.failure.value == blocked.failure.value.upper():
        return f"add {blocked.failure.value!r} to methods in {where}"
    if check == "header" and not blocked.failure.header.lower().startswith("access-control-"):
        return f"add {blocked.failure.header!r} to allow_headers in {where}"
    return None


def _uncovered(app: Any, path: str, method: str, origin: str) -> str | None:
    """Return what to write where no policy covers *path*."""
    routes, middleware = routes_kept_by(app), middleware_of(app)
    if routes is None and middleware is not None:
        entry = f"{path!r}: CORSPolicy(origins=[{origin!r}])"
        return f"no policy covers {path}: add {entry} to the mapping that CORSMiddleware is given"
    if routes is None:
        return None
    view, place = _view_of(app, path, method)
    if name_of(view) in routes.owners.hidden_marks.without_effect():
        return f"move @cross_origin below @app.route of {place}: above it, it has no effect"
    extension = app.extensions.get(EXTENSION_KEY)
    if routes.policies.application.depends_on_path:
        site = f" ({extension.site})" if extension is not None and extension.site else ""
        return (
            f"resources of CORS(app){site} do not cover {path}: add {path!r}: {{'origins': [{origin!r}]}} to resources"
        )
    if place:
        return f"no policy covers {path}: write @cross_origin(origins=[{origin!r}]) below @app.route of {place}"
    return f"no policy covers {path}, and no view serves it"


def _view_of(app: Any, path: str, method: str) -> tuple[Any, str]:
    """Return the view that serves a request, and its name with its file and line; empty if there is none."""
    found = match(app.url_map.bind("localhost"), path, method)
    view = app.view_functions.get(found[0].endpoint) if found is not None else None
    if found is None or view is None:
        return None, ""
    name = getattr(view, "__name__", found[0].endpoint)
    code = getattr(inspect.unwrap(view), "__code__", None)
    return view, f"{name} ({site_of(code.co_filename, code.co_firstlineno)})" if code is not None else str(name)


def nearest_route(app: Any, path: str) -> str:
    """Return the rule of *app* that is most like *path*, which none serves; empty if there is none or one serves it."""
    if not hasattr(app, "url_map") or match(app.url_map.bind("localhost"), path, "GET") is not None:
        return ""
    rules = [rule.rule for rule in app.url_map.iter_rules()]
    return next(iter(difflib.get_close_matches(path, rules, 1, 0.5)), "")
