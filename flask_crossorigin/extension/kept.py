"""What the routes of an application keep of what they have worked out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..server.policy import CORSPolicy

if TYPE_CHECKING:
    from werkzeug.routing import Rule


class Kept:
    """What is worked out once. *preflights*: the policy of a path without variables and a method.

    *mixed*: by the ids of rules, whether their URLs have several policies, ``None`` if it depends on the URL. The
    values hold the rules, so that no id is used again.
    """

    def __init__(self) -> None:
        self.mixed: dict[int, tuple[Rule, bool | None]] = {}
        self.preflights: dict[tuple[str, str], tuple[Rule, object, CORSPolicy]] = {}
