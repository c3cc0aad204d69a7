"""Policies as the configuration of other servers."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from flask_crossorigin.doctor.export import TARGETS, Target, lines, whole
from flask_crossorigin.doctor.export.grants import Grants

from .recorded import Texts

APP = "https://app.example"
POLICIES: dict[str, dict[str, Any]] = {
    "one origin": {"origins": (APP,)},
    "two origins with credentials": {"origins": (APP, "http://localhost:3000"), "credentials": True},
    "every origin": {"origins": "*"},
    "patterns": {"origins": ("https://*.example.com", "http://localhost:*", "https://pr-*.example.com", APP)},
    "listed methods and headers": {
        "origins": (APP,),
        "methods": ("GET", "PUT"),
        "allow_headers": ("X-A", "Content-Type"),
        "expose_headers": ("X-Total-Count", "ETag"),
        "max_age": 7200,
    },
    "no max age": {"origins": (APP,), "max_age": None, "methods": ("GET",), "allow_headers": ("X-A",)},
    "every method": {"origins": (APP,), "methods": "*", "expose_headers": "*"},
    "every method with credentials": {"origins": (APP,), "methods": "*", "credentials": True},
    "every origin and method": {"origins": "*", "methods": "*", "expose_headers": "*", "max_age": 0},
    "every origin, listed headers": {"origins": "*", "allow_headers": ("X-A",), "expose_headers": ("X-B",)},
    "what cannot be said": {"origins": (APP,), "left_out": ("Cannot be said here: the function f.", "Nor this.")},
    "options that the origins need": {
        "origins": ("http://app.example", "null"),
        "credentials": True,
        "opt_ins": ("allow_insecure_origins", "allow_null_origin"),
    },
    "no origin": {"origins": ()},
    "quotes and dollars": {"origins": ("https://a\"b'$c.example",)},
}


def _whole(target: Target, grants: Grants) -> str:
    return whole(target, grants, 8080, "http://127.0.0.1:5000")


def _texts() -> Texts:
    found: dict[str, Callable[[], str]] = {}
    for name, policy in POLICIES.items():
        for target in TARGETS:
            grants = Grants(**policy)
            found[f"{target}, lines: {name}"] = functools.partial(lines, target, grants)
            found[f"{target}, whole: {name}"] = functools.partial(_whole, target, grants)
    return found


TEXTS = _texts()
