"""The policies of one application.

What each declaration makes, with the configuration and the application's own origins.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from ..errors import Problems
from ..server.paths import is_unusual
from ..server.policy import CORSPolicy
from .config import NOTHING, PathRules, from_config, make_policy
from .marks import Declaration

if TYPE_CHECKING:
    from ..options.types import OriginCallable


@functools.cache
def nobody() -> CORSPolicy:
    """Return the policy where it cannot be known which one applies."""
    return CORSPolicy(origins=())


class Policies:
    """Makes policies of declarations, each once.

    *application*: what ``CORS(app)`` declares. *call* is given each callable in ``origins`` with its arguments.

    Options that a view or a blueprint does not declare come from ``app.config``, and *origins* in the end from the
    application: so a bare ``@cross_origin`` never allows more than the application does. What is made is kept until
    ``read`` is called again, by the ids of the two declarations that it was made of; the entry holds both.
    """

    def __init__(self, config: Mapping[str, Any], call: Callable[[OriginCallable, str, dict[str, Any]], bool]) -> None:
        self._config = config
        self._call = call
        self.application: PathRules = NOTHING
        self._may_protect = False
        self._defaults: dict[str, Any] = {}
        self._made: dict[tuple[int, int], tuple[Declaration, Declaration | None, CORSPolicy]] = {}

    @property
    def may_protect(self) -> bool:
        """Whether some policy may refuse writes."""
        declared = (declaration.policy for declaration in self.application.declarations())
        return self._may_protect or any(policy is not None and policy.csrf_protection for policy in declared)

    def read(self, declared: Iterable[tuple[str, Declaration]]) -> None:
        """Read the configuration, and make every policy of *declared*, each with the name of its place.

        Raises ``CORSConfigError`` with everything that is wrong.
        """
        problems = Problems()
        self._made.clear()
        self._defaults = from_config(self._config, problems)
        self._defaults.pop("resources", None)
        declarations = {id(declaration): (where, declaration) for where, declaration in declared}
        self._may_protect = "csrf_protection" in self._defaults or any(
            "csrf_protection" in declaration.options for _, declaration in declarations.values()
        )
        for where, declaration in declarations.values():
            applications = self.application.outcomes() if self._inherits_origins(declaration) else [None]
            self._check(declaration, applications, where, problems)
        problems.raise_any()

    def _check(
        self, declaration: Declaration, applications: Iterable[Declaration | None], where: str, problems: Problems
    ) -> None:
        for application in applications:
            found = Problems()
            self._make(declaration, application, where, found)
            if found:
                problems.take(found)
                return

    def of(self, declaration: Declaration, path: str) -> CORSPolicy:
        """Return the policy of what a view or a blueprint declares, for *path*."""
        inherits = self._inherits_origins(declaration)
        application = self.application.find(path) if inherits else None
        if inherits and application is None and self.application.depends_on_path and is_unusual(path):
            return nobody()  # Werkzeug may read the path as one for which the application lists origins
        known = self._made.get((id(declaration), id(application)))
        if known is not None:
            return known[2]
        problems = Problems()
        policy = self._make(declaration, application, declaration.where, problems)
        problems.raise_any()
        assert policy is not None
        self._made[id(declaration), id(application)] = (declaration, application, policy)
        return policy

    def of_application(self, path: str) -> CORSPolicy | None:
        """Return the application's own policy for *path*, or ``None``."""
        declaration = self.application.find(path)
        return declaration.policy if declaration is not None else None

    def is_constant(self, declaration: Declaration) -> bool:
        """Report whether *declaration* makes the same policy for every path."""
        return not (self.application.depends_on_path and self._inherits_origins(declaration))

    def _inherits_origins(self, declaration: Declaration) -> bool:
        return "origins" not in declaration.options and "origins" not in self._defaults

    def _make(
        self, declaration: Declaration, application: Declaration | None, where: str, problems: Problems
    ) -> CORSPolicy | None:
        options = {**self._defaults, **declaration.options}
        if application is not None and "origins" not in options:
            options["origins"] = application.options.get("origins", "*")
        return self.bound(make_policy(options, where, problems))

    def bound(self, policy: CORSPolicy | None) -> CORSPolicy | None:
        """Return *policy* with its callables called in an application context."""
        return policy.calling(self._call) if policy is not None else None
