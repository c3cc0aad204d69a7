"""CORS around any WSGI application.

https://peps.python.org/pep-3333/
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from ..errors import SHOWN, Problems, shown
from ..standard.headers import Header
from ..standard.origins import NULL, is_serialized
from .logs import LimitedLog, logger
from .policy import CORSPolicy
from .protocol import UNREADABLE, actual, granted, preflight

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from typing_extensions import Unpack

    from ..options.types import Options


Later: TypeAlias = "Callable[[], CORSPolicy | None]"  # asked when the response starts


PolicyFinder: TypeAlias = "Callable[[dict[str, Any]], CORSPolicy | Later | None]"


Switch: TypeAlias = "bool | Callable[[], bool]"


PolicyRules: TypeAlias = "CORSPolicy | Mapping[str, CORSPolicy | None] | PolicyFinder"


class CORSMiddleware:
    """A WSGI application that answers preflights and puts CORS headers on the responses of *app*.

    *policy*: a ``CORSPolicy``; or a mapping of path patterns to policies (``"/health"`` is that path, ``"/api/*"``
    is ``/api`` and everything below it, ``"/*"`` is everything; ``None`` leaves a path alone); or a callable
    ``(environ) -> CORSPolicy | None``; or give the options of ``CORSPolicy`` as keywords. Requests that fall under
    no policy pass through untouched. Raises ``CORSConfigError``.

    Such a callable may also return a function without arguments, which is asked when the response starts.

    *debug*, *testing*: bools, or functions that return one for each request. In debug, refusals say why in
    ``X-CORS-Debug``, errors of the application are readable to cross-origin script (unless *testing*), preflights
    are kept only if *max_age* was given, and the log has hints.

    ``middleware.policy = other`` changes the policy for all requests that come after.
    """

    def __init__(
        self,
        app: WSGIApplication,
        policy: PolicyRules | None = None,
        *,
        debug: Switch = False,
        testing: Switch = False,
        **options: Unpack[Options],
    ) -> None:
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
        self._debug = _switch(debug) if debug else None  # in production there is nothing to ask
        self._testing = _switch(testing)
        self._refusals = LimitedLog()
        self._hints = LimitedLog()

    @property
    def policy(self) -> PolicyRules:
        """The policy, mapping or callable in force; to set it is to change it between two requests."""
        return self._policy

    @policy.setter
    def policy(self, policy: PolicyRules) -> None:
        self._rules = _rules(policy)
        self._policy = policy

    def policy_of(self, path: str) -> CORSPolicy | None:
        """Return the policy of requests to *path*, as far as the path alone decides it."""
        found = self._rules if isinstance(self._rules, CORSPolicy) else self._rules({"PATH_INFO": path})
        return found if isinstance(found, CORSPolicy) else None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, as PEP 3333 has it."""
        policy = self._rules  # read once: it may be swapped at any time
        if not isinstance(policy, CORSPolicy):
            found = policy(environ)
            if found is None:
                return self.app(environ, start_response)
            if not isinstance(found, CORSPolicy):
                if not callable(found):
                    raise TypeError(f"policy: {shown(policy)} returned {shown(found)}: return a CORSPolicy or None")
                return self._answer_late(found, environ, start_response)
            policy = found
        origin = environ.get("HTTP_ORIGIN")
        if origin is not None:
            if environ["REQUEST_METHOD"] == "OPTIONS" and environ.get("HTTP_ACCESS_CONTROL_REQUEST_METHOD"):
                return self._preflight(policy, origin, environ, start_response)
            if self._debug is not None and self._debug():
                return self._debugged(_constantly(policy), origin, environ, start_response)
        grant = actual(policy, origin, environ)
        if grant is UNREADABLE and origin is not None:
            self._log_refusal(origin, environ)

        def start(status: str, headers: list[Header], exc_info: Any = None) -> Any:
            headers = granted(headers, grant)
            return start_response(status, headers) if exc_info is None else start_response(status, headers, exc_info)

        return self.app(environ, start)

    def _answer_late(self, find: Later, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request whose policy is known when its response starts."""
        origin = environ.get("HTTP_ORIGIN")
        if origin is not None:
            if environ["REQUEST_METHOD"] == "OPTIONS" and environ.get("HTTP_ACCESS_CONTROL_REQUEST_METHOD"):
                policy = find()
                if policy is not None:
                    return self._preflight(policy, origin, environ, start_response)
            if self._debug is not None and self._debug():
                return self._debugged(find, origin, environ, start_response)

        def start(status: str, headers: list[Header], exc_info: Any = None) -> Any:
            policy = find()
            if policy is not None:
                grant = actual(policy, origin, environ)
                if grant is UNREADABLE and origin is not None:
                    self._log_refusal(origin, environ)
                headers = granted(headers, grant)
            return start_response(status, headers) if exc_info is None else start_response(status, headers, exc_info)

        return self.app(environ, start)

    def _preflight(
        self, policy: CORSPolicy, origin: str, environ: WSGIEnvironment, start_response: StartResponse
    ) -> list[bytes]:
        debug = self._debug is not None and self._debug()
        names = environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS")
        method = environ["HTTP_ACCESS_CONTROL_REQUEST_METHOD"]
        private = policy.allow_private_network and environ.get("HTTP_ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK") == "true"
        used = policy.uncached if debug and not policy.max_age_given else policy
        status, headers, body = preflight(used, origin, method, names, environ, private)
        refused = status != "200 OK"
        if refused:
            self._log_refusal(origin, environ)
        if debug:
            from . import debug as aids  # never loaded in production

            note = aids.origin_note(policy, origin) if refused else aids.preflight_note(policy, method, names)
            headers += [note] if note is not None else []
            self._log_hints(aids.request_hints(environ))
        start_response(status, headers)
        return [body]

    def _debugged(
        self, find: Later, origin: str, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Answer a request that is no preflight, with all that debug.py has to say of it."""
        from . import debug as aids

        started = False

        def start(status: str, headers: list[Header], *exc_info: Any) -> Any:
            nonlocal started
            started = True
            policy = find()
            if policy is None:
                return start_response(status, headers, *exc_info)
            grant = actual(policy, origin, environ)
            answer = granted(headers, grant)
            if grant is UNREADABLE:
                self._log_refusal(origin, environ)
                answer.append(aids.origin_note(policy, origin))
            else:
                self._log_hints(aids.response_hints(policy, environ, headers))
            return start_response(status, answer, *exc_info)

        self._log_hints(aids.request_hints(environ))
        try:
            return self.app(environ, start)
        except Exception as error:
            policy = find()
            if self._testing() or policy is None or not aids.is_cross_origin_fetch(environ, origin):
                raise
            grant = actual(policy, origin, environ)
            if grant is UNREADABLE:
                raise
            logger.exception("CORS: script of %s is told of this error", shown(origin))
            status, headers, body = aids.readable_error(error)
            exc_info = (sys.exc_info(),) if started else ()
            start_response(status, granted(headers, grant), *exc_info)
            return [body]

    def _log_hints(self, hints: Iterable[str]) -> None:
        for hint in hints:
            self._hints.log(logging.WARNING, hint, f"CORS: {hint}")

    def _log_refusal(self, origin: str, environ: WSGIEnvironment) -> None:
        key = origin[:SHOWN]
        if self._refusals.knows(key) or origin.partition("://")[2] == environ.get("HTTP_HOST"):
            return  # said already, or same-origin: then the browser asks nobody
        reason = "is not in origins" if origin == NULL or is_serialized(origin) else "is not an origin"
        message = f"CORS: origin %s {reason}; first seen on %s %s. Browsers keep such responses from script."
        path = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
        self._refusals.log(logging.WARNING, key, message, origin, environ["REQUEST_METHOD"], path)


def _rules(policy: PolicyRules) -> CORSPolicy | PolicyFinder:
    """Return *policy* itself, or the function that says under which policy a request falls."""
    if isinstance(policy, CORSPolicy):
        return policy
    problems = Problems()
    if isinstance(policy, Mapping):
        from .paths import PathTable

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
    return policy


def _constantly(policy: CORSPolicy) -> Later:
    return lambda: policy  # made here, where it costs the caller no cell for its variable


def _switch(value: Switch) -> Callable[[], bool]:
    return value if callable(value) else lambda: value
