"""One finding of the doctor."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that is wrong. *blocks*: the request fails because of it; the others are warnings.

    *title*: what happened. *remedy*: what to write. *layer*: who has to change, and
    *evidence*: what shows that it is there. *sent*, *received*: what went over
    the wire. *rule*, *link*: the step of the standard. *console*: the text of each engine.
    """

    kind: str
    blocks: bool
    title: str
    remedy: str
    layer: str = ""
    evidence: str = ""
    sent: str = ""
    received: str = ""
    rule: str = ""
    link: str = ""
    console: dict[str, str] = field(default_factory=dict)
