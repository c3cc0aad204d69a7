"""The signal cors_refused: what its receivers get, and when nothing is sent."""

from __future__ import annotations

import gc
from typing import Any

from flask import Flask

from flask_crossorigin.signals import cors_refused, sender_of

FACTS: dict[str, Any] = {"origin": None, "reason": "origin-not-allowed", "method": "GET", "path": "/"}


def test_a_receiver_gets_the_application_and_the_facts() -> None:
    app, other = Flask("counted"), Flask("other")
    seen: list[Any] = []

    def count(sender: Flask, **facts: Any) -> None:
        seen.append((sender, facts))

    sender_of(app)(**FACTS)  # nobody listens yet
    with cors_refused.connected_to(count, sender=app):
        sender_of(app)(**FACTS)
        sender_of(other)(**FACTS)
    sender_of(app)(**FACTS)
    assert seen == [(app, FACTS)]


def test_nothing_is_sent_for_an_application_that_is_gone() -> None:
    app = Flask("gone")
    send = sender_of(app)
    del app
    gc.collect()
    seen: list[Any] = []

    def count(sender: Any, **facts: Any) -> None:
        seen.append(sender)

    with cors_refused.connected_to(count):
        send(**FACTS)
    assert seen == []
