"""``cors_refused``: a signal for those who count refused requests.

    from flask_crossorigin.signals import cors_refused

    @cors_refused.connect_via(app)
    def count(app, *, origin, reason, method, path): ...

Sent for every preflight, read and write that a policy refuses, with the application as its sender. *origin*: ``None``
if there is none. *reason*: ``origin-not-allowed``, ``origin-invalid``, ``method-not-allowed`` or ``write-not-allowed``.
An exception in a receiver is logged, and changes no response.

https://blinker.readthedocs.io/
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask.signals import Namespace  # type: ignore[attr-defined]  # blinker's, or Flask's stand-in where it is missing

if TYPE_CHECKING:
    from flask import Flask

cors_refused = Namespace().signal("cors_refused")


def sender_of(app: Flask) -> Callable[..., None]:
    """Return a function that sends ``cors_refused`` with *app*, which it does not keep alive."""
    reference = weakref.ref(app)

    def send(**facts: Any) -> None:
        if getattr(cors_refused, "receivers", None) and (sender := reference()) is not None:
            cors_refused.send(sender, **facts)

    return send
