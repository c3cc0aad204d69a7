"""What to write in an application of this process: in its own code, with the file and line where they are known."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ..browser.failures import FAILURES
from ..browser.values import Blocked
from ..doctor.cases import OURS
from ..doctor.servers import Layer, Software
from ..errors import CORSConfigError
from ..extension.call_sites import site_of
from ..extension.cors import EXTENSION_KEY
from ..extension.marks import name_of
from ..extension.url_map import match
from ..options.values import NAMES
from ..server.middleware import CORSMiddleware
from ..server.policy import CORSPolicy
from .application import Covered, middleware_of, outer_of, routes_kept_by

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
        if check in ("acao-missing", "acao-mismatch", "status") and (above := _above_route(app, path, method)):
            return above
        return _by_policy(blocked, found, method, origin)

    return remedy


def _above_route(app: Any, path: str, method: str) -> str | None:
    """Return the advice for a view whose ``@cross_origin`` has no effect, or ``None``."""
    routes = routes_kept_by(app)
    if routes is None:
        return None
    view, place = _view_of(app, path, method)
    if name_of(view) not in routes.owners.hidden_marks.without_effect():
        return None
    return f"move @cross_origin below @app.route of {place}: above it, it has no effect"


def _by_policy(blocked: Blocked, found: Covered, method: str, origin: str) -> str | None:
    policy, where = found.policy, f"{found.source} ({found.site})" if found.site else found.source
    check = FAILURES[blocked.failure.kind].check
    assert policy is not None
    if check in ("acao-missing", "acao-mismatch", "status") and not policy.allows(blocked.place.origin, {}):
        listed = [rule for rule in policy.origins if isinstance(rule, str)]
        near = difflib.get_close_matches(origin, listed, 1)
        hint = f"; the nearest that is listed is {near[0]!r}" if near else ""
        return f"if you trust this page, {_added(found, 'origins', blocked.place.origin)} in {where}{hint}"
    if check in ("acac", "acao-wildcard-credentials"):
        return _with_credentials(policy, origin, where)
    if check == "method" and blocked.failure.value == blocked.failure.value.upper():
        return f"{_added(found, 'methods', blocked.failure.value)} in {where}"
    if check in ("acao-missing", "status") and method in policy.refused_methods:
        return f"{_added(found, 'methods', method)} in {where}"
    if check == "header" and not blocked.failure.header.lower().startswith("access-control-"):
        return f"{_added(found, 'allow_headers', blocked.failure.header)} in {where}"
    return None


def _added(found: Covered, option: str, value: str) -> str:
    """Return how to add *value* to a list of the policy: where the list is inherited, all of it has to be written."""
    known = getattr(found.policy, option)
    is_inherited = found.written is not None and option not in found.written
    if is_inherited and isinstance(known, tuple) and all(isinstance(each, str) for each in known):
        return f"write {option}={[*known, value]!r}"
    return f"add {value!r} to {option}"


def _with_credentials(policy: CORSPolicy, origin: str, where: str) -> str:
    """Return what to write so that *policy* allows credentials, with what else has to change then."""
    start = f"write origins=[{origin!r}] and" if policy.any_origin else "add"
    fix = f"{start} supports_credentials=True in {where}, or send no credentials"
    options: dict[str, Any] = {name: getattr(policy, name) for name in NAMES}
    options |= {"supports_credentials": True, "origins": [origin] if policy.any_origin else policy.origins}
    try:
        CORSPolicy(**options)
    except CORSConfigError as error:
        more = "; ".join(f"{problem.option}: {problem.hint}" for problem in error.problems)
        return f"{fix}. Credentials also need: {more}"
    return fix


def _uncovered(app: Any, path: str, method: str, origin: str) -> str | None:
    """Return what to write where no policy covers *path*."""
    routes, middleware = routes_kept_by(app), middleware_of(app) or outer_of(app)
    view, place = _view_of(app, path, method) if hasattr(app, "view_functions") else (None, "")
    if view is None and hasattr(app, "view_functions"):
        near = nearest_route(app, path)
        more = f"; {near} is the route that is most like it" if near else ""
        return f"correct the URL: no view serves {path}{more}"
    if (above := _above_route(app, path, method)) is not None:
        return above
    if routes is None:
        return None if middleware is None else f"no policy covers {path}: {_by_middleware(middleware, path, origin)}"
    if routes.policies.application.depends_on_path:
        return _by_resources(app.extensions[EXTENSION_KEY], path, origin)
    return f"no policy covers {path}: {_at_view(view, place, path, origin)}"


def _by_middleware(middleware: CORSMiddleware, path: str, origin: str) -> str:
    policy = f"CORSPolicy(origins=[{origin!r}])"
    if isinstance(middleware.policy, Mapping):
        return f"add {path!r}: {policy} to the mapping that CORSMiddleware is given"
    return f"let the function that CORSMiddleware is given return {policy} for this path"


def _by_resources(extension: Any, path: str, origin: str) -> str:
    """Return what to add to the resources of ``CORS(app)``, the call that made *extension*."""
    is_mapping = isinstance(extension.given.get("resources"), Mapping)
    entry = f"{path!r}: {{'origins': [{origin!r}]}}" if is_mapping else repr(path)
    return f"resources of CORS(app) ({extension.site}) do not cover {path}: add {entry} to resources"


def _at_view(view: Any, place: str, path: str, origin: str) -> str:
    decorator = f"cross_origin(origins=[{origin!r}])"
    if hasattr(view, "view_class"):
        return f"write decorators = [{decorator}] in the class {name_of(view)}"
    if place:
        return f"write @{decorator} below @app.route of {place}"
    return f"write CORS(app, resources={{{path!r}: {{'origins': [{origin!r}]}}}})"


def _view_of(app: Any, path: str, method: str) -> tuple[Any, str]:
    """Return the view that serves a request, and its name with its file and line; empty if there is none."""
    found = match(app.url_map.bind("localhost"), path, method)
    view = app.view_functions.get(found[0].endpoint) if found is not None else None
    if found is None or view is None:
        return None, ""
    name = getattr(view, "__name__", found[0].endpoint)
    code = getattr(inspect.unwrap(view), "__code__", None)
    if code is None:
        return view, str(name)
    if "site-packages" in code.co_filename:  # as Flask's view for static files
        return view, ""
    return view, f"{name} ({site_of(code.co_filename, code.co_firstlineno)})"


def nearest_route(app: Any, path: str) -> str:
    """Return the rule of *app* that is most like *path*, which none serves; empty if there is none or one serves it."""
    if not hasattr(app, "url_map") or match(app.url_map.bind("localhost"), path, "GET") is not None:
        return ""
    rules = [rule.rule for rule in app.url_map.iter_rules()]
    return next(iter(difflib.get_close_matches(path, rules, 1, 0.5)), "")
