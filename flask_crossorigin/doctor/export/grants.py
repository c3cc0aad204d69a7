"""What a policy allows, as plain values that every server can be told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

# What a server that cannot say "every method" is told.
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
RESPONSE_HEADERS = (
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Credentials",
    "Access-Control-Allow-Methods",
    "Access-Control-Allow-Headers",
    "Access-Control-Expose-Headers",
    "Access-Control-Max-Age",
)


@dataclass(frozen=True, kw_only=True)
class Grants:
    """What pages may do. *origins*: exact ones and patterns (``https://*.example.com``), or ``"*"``.

    *max_age*: seconds, ``None`` for no header. *opt_ins*: options of this library that the origins need, such as
    ``allow_null_origin``. *left_out*: what no server can be told, in words.
    """

    origins: tuple[str, ...] | Literal["*"]
    credentials: bool = False
    methods: tuple[str, ...] | Literal["*"] = METHODS
    allow_headers: tuple[str, ...] | Literal["*"] = "*"
    expose_headers: tuple[str, ...] | Literal["*"] = ()
    max_age: int | None = 600
    opt_ins: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def exact(self) -> tuple[str, ...]:
        """The origins that are compared letter by letter; none if every origin is allowed."""
        return () if self.origins == "*" else tuple(each for each in self.origins if "*" not in each)

    @property
    def patterns(self) -> tuple[str, ...]:
        """Regular expressions for the other origins, each with ``^`` and ``$``: for Python, JavaScript and PCRE."""
        starred = () if self.origins == "*" else tuple(each for each in self.origins if "*" in each)
        return tuple(map(expression_of, starred))


def expression_of(pattern: str) -> str:
    """Return the regular expression for *pattern*, such as ``https://*.example.com`` or ``http://localhost:*``."""
    scheme, _, rest = pattern.partition("://")
    host, star, _ = rest.partition(":*")
    label, dot, domain = host.partition(".")
    name = re.escape(host)
    if label == "*":
        name = rf"(?:[a-z0-9_-]+\.)+{re.escape(domain)}"
    elif "*" in label:
        name = re.escape(label).replace(r"\*", "[a-z0-9-]+") + re.escape(dot + domain)
    port = "(?::[0-9]+)?" if star else ""
    return f"^{re.escape(scheme)}://{name}{port}$".replace(r"\-", "-")


def comment(sign: str, *notes: str) -> str:
    """Return *notes* as comment lines, each with *sign* in front; empty notes are skipped."""
    return "".join(f"{sign} {note}\n" for note in notes if note)


def every_method(grants: Grants) -> tuple[tuple[str, ...], str]:
    """Return the methods to list for a server that cannot allow every method, and a note if some are missing."""
    if grants.methods != "*":
        return grants.methods, ""
    return METHODS, "Cannot be said here: methods '*'. Add other methods to the list."
