"""What happens when a request is refused: a line in the log, and a call for those who count."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from ..errors import SHOWN
from ..standard.origins import NULL, is_serialized
from .logs import LimitedLog, logger

# Called with the keywords origin (None if there is none), reason, method and path.
OnRefused = Callable[..., object]


class Refusals:
    """Reports refused requests: each to *on_refused*, and each origin once to the log."""

    def __init__(self, on_refused: OnRefused | None) -> None:
        self._on_refused = on_refused
        self._log = LimitedLog()

    def report(self, origin: str, environ: dict[str, Any], reason: str = "origin-not-allowed") -> None:
        """Report a read or a preflight from *origin*, which the policy does not allow."""
        key = origin[:SHOWN] if reason == "origin-not-allowed" else f"{reason} {origin[:SHOWN]}"
        if self._on_refused is None and self._log.knows(key):
            return  # as most refusals end
        if origin.partition("://")[2] == environ.get("HTTP_HOST"):
            return  # a same-origin request, which browsers do not check
        if self._on_refused is not None:
            invalid = reason == "origin-not-allowed" and origin != NULL and not is_serialized(origin)
            self._call(origin, "origin-invalid" if invalid else reason, environ)
            if self._log.knows(key):
                return
        text = "is not in origins" if origin == NULL or is_serialized(origin) else "is not an origin"
        if reason == "method-not-allowed":
            text = "may not use the method that its preflight names"
        message = f"CORS: origin %s {text}; first seen on %s %s. Browsers hide such responses from JavaScript."
        self._log.log(logging.WARNING, key, message, origin, environ["REQUEST_METHOD"], _path(environ))

    def report_preflight(self, origin: str, environ: dict[str, Any], body: bytes) -> None:
        """Report a preflight that was refused with *body*."""
        self.report(origin, environ, "origin-not-allowed" if body == b"Origin not allowed" else "method-not-allowed")

    def report_write(self, origin: str | None, environ: dict[str, Any]) -> None:
        """Report a write from a page of *origin*, which the application did not get."""
        if self._on_refused is not None:
            self._call(origin, "write-not-allowed", environ)
        key = ("write", (origin or "")[:SHOWN])
        message = "CORS: a page of origin %s may not write; first seen on %s %s. The application did not run."
        self._log.log(logging.WARNING, key, message, origin, environ["REQUEST_METHOD"], _path(environ))

    def _call(self, origin: str | None, reason: str, environ: dict[str, Any]) -> None:
        assert self._on_refused is not None
        try:
            self._on_refused(origin=origin, reason=reason, method=environ["REQUEST_METHOD"], path=_path(environ))
        except Exception:  # what counts refusals changes no response
            logger.exception("CORS: on_refused failed")


def _path(environ: dict[str, Any]) -> str:
    path: str = environ.get("SCRIPT_NAME", "") + environ.get("PATH_INFO", "")
    return path
