"""What chooses the policy of a request: one policy, a mapping of paths, a function, or an object that finds it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from ..errors import CORSConfigError, Problems, shown
from .policy import CORSPolicy
from .protocol import is_foreign_write, trusts

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment


class LatePolicy:
    """Finds the policy of each request itself: of a preflight at once, of another request when its response starts.

    By then the application has routed the request. ``environ[COVERED_KEY]`` is this object and the PATH_INFO on entry.
    """

    def of_preflight(self, environ: dict[str, Any]) -> CORSPolicy | None:
        """Return the policy of the request that a preflight announces; ``None``: not covered."""
        raise NotImplementedError

    def of_response(self, environ: dict[str, Any]) -> CORSPolicy | None:
        """Return the policy of a request whose response starts now; ``None``: not covered."""
        raise NotImplementedError

    def of_write(self, environ: dict[str, Any]) -> CORSPolicy | None:
        """Return the policy of a request that may change something; ``None``: not covered, or nothing is protected."""
        raise NotImplementedError


PolicyFinder: TypeAlias = "Callable[[dict[str, Any]], CORSPolicy | LatePolicy | None]"
Switch: TypeAlias = "bool | Callable[[], bool]"
PolicyRules: TypeAlias = "CORSPolicy | LatePolicy | Mapping[str, CORSPolicy | None] | PolicyFinder"

# A key of the environ under which the application may name the policy of its response, instead of the request's.
OVERRIDE = "flask_crossorigin.policy"
# The key of a request whose policy a LatePolicy finds.
COVERED_KEY = "flask_crossorigin.covered"


def rules_of(policy: PolicyRules) -> CORSPolicy | LatePolicy | PolicyFinder:
    """Return *policy* itself, or the function that returns the policy of a request."""
    if isinstance(policy, CORSPolicy | LatePolicy):
        return policy
    problems = Problems()
    if isinstance(policy, Mapping):
        from .paths import PathTable

        for pattern, value in policy.items():
            if value is not None and not isinstance(value, CORSPolicy):
                hint = f"write {{{shown(pattern)}: CORSPolicy(origins=[...])}}, or None for a path that is not covered"
                problems.add("policy", value, "invalid", "is not a CORSPolicy", hint)
        try:
            table: PathTable[CORSPolicy | None] = PathTable(policy, "policy")
        except CORSConfigError as error:
            problems.extend("", error)
        problems.raise_any()
        return lambda environ: table.find(environ.get("PATH_INFO", ""))
    if not callable(policy):
        hint = "write CORSMiddleware(app, origins=['https://app.example']), or give a CORSPolicy"
        problems.add("policy", policy, "invalid", "is not a policy", hint)
        problems.raise_any()
    return policy


def may_protect(policy: PolicyRules) -> bool:
    """Report whether *policy* may refuse writes: where it is a function, only a request can tell."""
    if isinstance(policy, Mapping):
        return any(value is not None and value.csrf_protection for value in policy.values())
    return policy.csrf_protection if isinstance(policy, CORSPolicy) else True


def refuses_write(policy: CORSPolicy | LatePolicy, environ: WSGIEnvironment) -> CORSPolicy | None:
    """Return the policy that refuses a request because it may change something, or ``None`` if it may pass.

    A ``LatePolicy``, which has to find a route, is asked only about writes from a page of another origin.
    """
    origin, site = environ.get("HTTP_ORIGIN"), environ.get("HTTP_SEC_FETCH_SITE")
    if not is_foreign_write(environ["REQUEST_METHOD"], site, origin, environ.get("HTTP_HOST", "")):
        return None
    found = policy if isinstance(policy, CORSPolicy) else policy.of_write(environ)
    if found is None or not found.csrf_protection or trusts(found, origin, environ):
        return None
    return found


def late_policy(policy: CORSPolicy | LatePolicy, environ: WSGIEnvironment) -> CORSPolicy | None:
    """Return the policy of a response that starts now: *policy* decides, unless the application has named another."""
    named: CORSPolicy | None = environ.get(OVERRIDE)
    if named is not None:
        return named
    return policy if isinstance(policy, CORSPolicy) else policy.of_response(environ)


def path_on_entry(environ: WSGIEnvironment) -> str:
    """Return the PATH_INFO that the middleware saw; an application below may have changed it."""
    covered = environ.get(COVERED_KEY)
    path: str = environ.get("PATH_INFO", "") if covered is None else covered[1]
    return path


def switch(value: Switch) -> Callable[[], bool]:
    """Return a function that reports whether *value* is on."""
    return value if callable(value) else lambda: value
