"""CORS around any WSGI application.

https://peps.python.org/pep-3333/
"""

from __future__ import annotations

import difflib
import importlib
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from .errors import SHOWN, Problems, shown
from .logs import LimitedLog
from .options import Options
from .origins import NULL, parse
from .paths import PathTable
from .policy import CORSPolicy
from .protocol import actual, granted, is_preflight, preflight

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from typing_extensions import Unpack

PolicyFinder: TypeAlias = "Callable[[dict[str, Any]], CORSPolicy | None]"
PolicyRules: TypeAlias = "CORSPolicy | Mapping[str, CORSPolicy | None] | PolicyFinder"


class CORSMiddleware:
    """A WSGI application that answers preflights and puts CORS headers on the responses of *app*.

    *policy*: a ``CORSPolicy``; or a mapping of path patterns to policies (``"/health"`` is that path, ``"/api/*"``
    is ``/api`` and everything below it, ``"/*"`` is everything; ``None`` leaves a path alone); or a callable
    ``(environ) -> CORSPolicy | None``; or give the options of ``CORSPolicy`` as keywords. Requests that fall under
    no policy pass through untouched. Raises ``CORSConfigError``.

    ``middleware.policy = other`` changes the policy for all requests that come after.
    """

    def __init__(self, app: WSGIApplication, policy: PolicyRules | None = None, **options: Unpack[Options]) -> None:
        if not callable(app):
            raise TypeError(f"app: {shown(app)} is not a WSGI application: write CORSMiddleware(app, origins=[...])")
        if policy is None:
            policy = CORSPolicy(**options)
        elif options:
            hint = "write CORSPolicy(...) with all of them, or give them all here"
            problems = Problems()
            problems.add("policy", policy, "invalid", f"is given together with {', '.join(options)}", hint)
            problems.raise_any()
        self.app = app
        self.policy = policy
        self._refusals = LimitedLog()

    @property
    def policy(self) -> PolicyRules:
        """The policy, mapping or callable in force; to set it is to change it between two requests."""
        return self._policy

    @policy.setter
    def policy(self, policy: PolicyRules) -> None:
        self._find = _finder(policy)
        self._policy = policy

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, as PEP 3333 has it."""
        policy = self._find(environ)
        if policy is None:
            return self.app(environ, start_response)
        origin = environ.get("HTTP_ORIGIN")
        requested_method = environ.get("HTTP_ACCESS_CONTROL_REQUEST_METHOD")
        if origin is not None and is_preflight(environ["REQUEST_METHOD"], origin, requested_method):
            return self._preflight(policy, origin, environ, start_response)

        grant = actual(policy, origin, environ)
        if origin is not None and not grant.headers:
            self._log_refusal(origin, environ)

        def start(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
            return start_response(status, granted(headers, grant), *exc_info)

        return self.app(environ, start)

    def _preflight(
        self, policy: CORSPolicy, origin: str, environ: WSGIEnvironment, start_response: StartResponse
    ) -> list[bytes]:
        status, headers, body = preflight(
            policy,
            origin,
            environ["HTTP_ACCESS_CONTROL_REQUEST_METHOD"],
            environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS"),
            context=environ,
            private_network=environ.get("HTTP_ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK") == "true",
        )
        if status != "200 OK":
            self._log_refusal(origin, environ)
        start_response(status, headers)
        return [body]

    def _log_refusal(self, origin: str, environ: WSGIEnvironment) -> None:
        if origin.partition("://")[2] == environ.get("HTTP_HOST"):
            return  # same-origin: the browser asks nobody
        reason = "is not in origins" if origin == NULL or parse(origin) is not None else "is not an origin"
        message = f"CORS: origin %s {reason}; first seen on %s %s. Browsers keep such responses from script."
        path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
        key = (reason, origin[:SHOWN])
        self._refusals.log(logging.WARNING, key, message, origin, environ["REQUEST_METHOD"], path)


def _finder(policy: PolicyRules) -> PolicyFinder:
    """Return the function that says under which policy a request falls."""
    if isinstance(policy, CORSPolicy):
        return lambda _: policy
    problems = Problems()
    if isinstance(policy, Mapping):
        for pattern, value in policy.items():
            if value is not None and not isinstance(value, CORSPolicy):
                hint = f"write {{{pattern!r}: CORSPolicy(origins=[...])}}, or None to leave the path alone"
                problems.add("policy", value, "invalid", "is not a CORSPolicy", hint)
        problems.raise_any()
        table: PathTable[CORSPolicy | None] = PathTable(policy, "policy")
        return lambda environ: table.find(environ.get("PATH_INFO", ""), None)
    if not callable(policy):
        hint = "write CORSMiddleware(app, origins=['https://app.example']), or give a CORSPolicy"
        problems.add("policy", policy, "invalid", "is not a policy", hint)
        problems.raise_any()
    return lambda environ: _found(policy(environ), policy)


def _found(result: object, function: PolicyFinder) -> CORSPolicy | None:
    if result is None or isinstance(result, CORSPolicy):
        return result
    raise TypeError(f"policy: {shown(function)} returned {shown(result)}: return a CORSPolicy or None")


def wrap(application: str) -> CORSMiddleware:
    """Import the WSGI application ``"package.module:name"`` and wrap it with the policy of the environment.

    For applications that nobody may edit: ``gunicorn 'flask_crossorigin:wrap("mlflow.server:app")'`` with
    ``CORS_ORIGINS`` and the other options set. ``"package.module:create_app()"`` calls a factory.
    Raises ``CORSConfigError`` for the policy, and whatever the import raises.
    """
    policy = CORSPolicy.from_env()
    return CORSMiddleware(_imported(application), policy)


def _imported(application: str) -> WSGIApplication:
    module_name, _, name = application.partition(":")
    if not module_name or not name:
        raise ValueError(f"{application!r} names no WSGI application: write 'package.module:app'")
    found: Any = importlib.import_module(module_name)
    for attribute in name.removesuffix("()").split("."):
        if not hasattr(found, attribute):
            close = "".join(
                f": did you mean {match!r}?" for match in difflib.get_close_matches(attribute, dir(found), 1)
            )
            raise ImportError(f"{application!r}: there is no {attribute!r}{close}")
        found = getattr(found, attribute)
    if name.endswith("()"):
        found = found()
    if not callable(found):
        raise TypeError(f"{application!r} is {shown(found)}, which is no WSGI application")
    return found  # type: ignore[no-any-return]
