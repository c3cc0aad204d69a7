"""CORS around any WSGI application.

https://peps.python.org/pep-3333/
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from wsgiref.util import setup_testing_defaults

from ..errors import Problems, escaped, shown
from ..standard.headers import Header
from .callables import ASGI, is_asgi
from .logs import LimitedLog, logger
from .overrides import warn_of_overrides
from .policy import UNREADABLE, CORSPolicy, Grant
from .protocol import actual, granted, preflight, write_refusal
from .refusals import OnRefused, Refusals
from .rules import (
    COVERED_KEY,
    OVERRIDE,
    LatePolicy,
    PolicyFinder,
    PolicyRules,
    Switch,
    late_policy,
    may_protect,
    refuses_write,
    rules_of,
    switch,
)

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment
    from typing_extensions import Unpack

    from ..options.types import Options


class CORSMiddleware:
    """A WSGI application that answers preflights and puts CORS headers on the responses of *app*.

    *policy*: a ``CORSPolicy``; or a mapping of path patterns to policies (``"/health"`` is that path, ``"/api/*"`` is
    ``/api`` and everything below it, ``"/*"`` is everything; ``None``: not covered); or a callable ``(environ) ->
    CORSPolicy | None``; or give the options of ``CORSPolicy`` as keywords. Requests without a policy pass through
    unchanged. Raises ``CORSConfigError``.

    Until the response starts, the application may name another policy for it:
    ``environ["flask_crossorigin.policy"] = policy``.

    *debug*, *testing*: bools, or functions that return one for each request. In debug, refusals say why in
    ``X-CORS-Debug``, JavaScript can read the application's errors (unless *testing*), browsers cache preflights only if
    *max_age* was given, and the log has hints.

    *on_refused* is called for each request that is refused, with the keywords ``origin`` (``None`` if there is none),
    ``reason`` (``origin-not-allowed``, ``origin-invalid``, ``method-not-allowed``, ``write-not-allowed``), ``method``
    and ``path``. If it raises, the log says so, and the response stays the same.

    ``middleware.policy = other`` changes the policy for all later requests.
    """

    def __init__(
        self,
        app: WSGIApplication,
        policy: PolicyRules | None = None,
        *,
        debug: Switch = False,
        testing: Switch = False,
        on_refused: OnRefused | None = None,
        **options: Unpack[Options],
    ) -> None:
        if not callable(app):
            raise TypeError(f"app: {shown(app)} is not a WSGI application: write CORSMiddleware(app, origins=[...])")
        if is_asgi(app):
            raise TypeError(f"app: {shown(app)} {ASGI}")
        if policy is None:
            policy = CORSPolicy(**options)
        elif options:
            hint = "write CORSPolicy(...) with all of them, or all of them here"
            problems = Problems()
            problems.add("policy", policy, "invalid", f"is given together with {', '.join(options)}", hint)
            problems.raise_any()
        self.app = app
        self.policy = policy
        self._debug = switch(debug) if debug else None  # in production no function is called
        self._testing = switch(testing)
        self._refusals = Refusals(on_refused)
        self._hints = LimitedLog()
        if self._protects and not callable(policy):
            warn_of_overrides(app)

    @property
    def policy(self) -> PolicyRules:
        """The policy, mapping or callable in force. Setting it changes the policy between two requests."""
        return self._policy

    @policy.setter
    def policy(self, policy: PolicyRules) -> None:
        self._rules = rules_of(policy)
        self._policy = policy
        self._protects = may_protect(policy)

    def policy_of(self, path: str) -> CORSPolicy | None:
        """Return the policy of requests to *path*, as far as the path alone decides it."""
        rules = self._rules
        environ: WSGIEnvironment = {"PATH_INFO": path}
        setup_testing_defaults(environ)
        found = rules(environ) if callable(rules) else rules
        return found if isinstance(found, CORSPolicy) else None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request, as PEP 3333 has it."""
        policy: Any = self._rules  # read once: it may be swapped at any time
        is_known = isinstance(policy, CORSPolicy)
        if not is_known:
            policy = self._find(policy, environ)
            if policy is None:
                return self.app(environ, start_response)
            is_known = isinstance(policy, CORSPolicy)
        origin = environ.get("HTTP_ORIGIN")
        if self._protects and (refusing := refuses_write(policy, environ)) is not None:
            return self._refuse_write(refusing, origin, environ, start_response)
        grant: Grant | None = None if origin is not None or not is_known else policy.without_origin
        if origin is not None:
            if environ["REQUEST_METHOD"] == "OPTIONS" and environ.get("HTTP_ACCESS_CONTROL_REQUEST_METHOD"):
                if (found := policy if is_known else policy.of_preflight(environ)) is not None:
                    return self._preflight(found, origin, environ, start_response)
            elif self._debug is not None and self._debug():
                return self._debugged(policy, origin, environ, start_response)
            if is_known:
                grant = actual(policy, origin, environ)
                if grant is UNREADABLE:
                    self._refusals.report(origin, environ)

        def start(  # bound as defaults: variables of a closure cost every request 250 instructions each
            status: str,
            headers: list[Header],
            exc_info: Any = None,
            grant: Grant | None = grant,
            middleware: CORSMiddleware = self,
            policy: CORSPolicy | LatePolicy = policy,
            origin: str | None = origin,
            environ: WSGIEnvironment = environ,
            start_response: StartResponse = start_response,
        ) -> Any:
            if grant is None or OVERRIDE in environ:
                grant = middleware._late_grant(policy, origin, environ)
            if grant is not None:
                headers = granted(headers, grant)
            return start_response(status, headers) if exc_info is None else start_response(status, headers, exc_info)

        return self.app(environ, start)

    def _refuse_write(
        self, policy: CORSPolicy, origin: str | None, environ: WSGIEnvironment, start_response: StartResponse
    ) -> list[bytes]:
        self._refusals.report_write(origin, environ)
        status, headers, body = write_refusal()
        if origin is not None and self._debug is not None and self._debug():
            from . import debug as aids

            headers.append(aids.origin_note(policy, origin))
        start_response(status, headers)
        return [body]

    def _find(self, rules: LatePolicy | PolicyFinder, environ: WSGIEnvironment) -> CORSPolicy | LatePolicy | None:
        """Return the policy of a request, one that is found while it is answered, or ``None`` for a path without."""
        policy = rules if isinstance(rules, LatePolicy) else rules(environ)
        if isinstance(policy, LatePolicy):
            environ[COVERED_KEY] = policy, environ.get("PATH_INFO", "")
        elif policy is not None and not isinstance(policy, CORSPolicy):
            hint = "return a CORSPolicy or None"
            raise TypeError(f"policy: {shown(self._policy)} returned {shown(policy)}: {hint}")
        return policy

    def _late_grant(
        self, policy: CORSPolicy | LatePolicy, origin: str | None, environ: WSGIEnvironment
    ) -> Grant | None:
        """Return what a response gets that starts now, or ``None`` if no policy covers it."""
        found: CORSPolicy | None = environ.get(OVERRIDE)  # as _late_policy, without its call
        if found is None:
            found = policy.of_response(environ)  # type: ignore[union-attr] # else the grant is known
            if found is None:
                return None
        if origin is None:
            return found.without_origin
        grant = actual(found, origin, environ)
        if grant is UNREADABLE:
            self._refusals.report(origin, environ)
        return grant

    def _preflight(
        self, policy: CORSPolicy, origin: str, environ: WSGIEnvironment, start_response: StartResponse
    ) -> list[bytes]:
        debug = self._debug is not None and self._debug()
        names = environ.get("HTTP_ACCESS_CONTROL_REQUEST_HEADERS")
        method = environ["HTTP_ACCESS_CONTROL_REQUEST_METHOD"]
        private = policy.allow_private_network and environ.get("HTTP_ACCESS_CONTROL_REQUEST_PRIVATE_NETWORK") == "true"
        used = policy.uncached if debug and not policy.max_age_given else policy
        status, headers, body = preflight(used, origin, method, names, environ, private)
        if body:
            self._refusals.report_preflight(origin, environ, body)
        if debug:
            from . import debug as aids  # never imported in production

            note = aids.preflight_note(policy, origin, method, names, body)
            headers += [note] if note is not None else []
            self._log_hints(aids.request_hints(environ))
        start_response(status, headers)
        return [body]

    def _debugged(
        self, policy: CORSPolicy | LatePolicy, origin: str, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Answer a request that is not a preflight: the path of production, with the remarks of debug mode."""
        from . import debug as aids

        started = False

        def start(status: str, headers: list[Header], exc_info: Any = None) -> Any:
            nonlocal started
            started = True
            found = late_policy(policy, environ)
            if found is not None:
                grant = actual(found, origin, environ)
                headers = list(headers)
                if grant is UNREADABLE:
                    self._refusals.report(origin, environ)
                    headers.append(aids.origin_note(found, origin))
                else:
                    self._log_hints(aids.response_hints(found, environ, headers))
                    self._log_hints(aids.status_hints(environ, status))
                headers = granted(headers, grant)
            return start_response(status, headers) if exc_info is None else start_response(status, headers, exc_info)

        self._log_hints(aids.request_hints(environ))
        try:
            return self.app(environ, start)
        except Exception as error:
            found = late_policy(policy, environ)
            if self._testing() or found is None or not aids.is_readable_error(environ, origin, found):
                raise
            logger.exception("CORS: the application raised; JavaScript of %s can read this error", shown(origin))
            status, headers, body = aids.error_response(error)
            start(status, headers, sys.exc_info() if started else None)
            return [body]

    def _log_hints(self, hints: Iterable[str]) -> None:
        for hint in hints:
            self._hints.log(logging.WARNING, hint, f"CORS: {escaped(hint)}")
