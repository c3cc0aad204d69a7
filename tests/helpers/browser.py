"""A browser in front of answers that a test gives."""

from __future__ import annotations

from flask_crossorigin.browser.fetch import BrowserModel
from flask_crossorigin.browser.urls import URL, parse
from flask_crossorigin.browser.values import Outcome, Request, WireRequest, WireResponse

from .cases import APP


def at(text: str) -> URL:
    """Return the URL that *text* is."""
    url = parse(text)
    assert url is not None
    return url


class Net:
    """Answers by URL and method; remembers what was asked."""

    def __init__(self, answers: dict[str, WireResponse]) -> None:
        self.answers = answers
        self.asked: list[WireRequest] = []

    def fetch(self, browser: BrowserModel, request: Request) -> Outcome:
        steps = browser.fetch(request)
        try:
            wire = next(steps)
            while True:
                self.asked.append(wire)
                wire = steps.send(self.answers[f"{wire.method} {wire.url}"])
        except StopIteration as done:
            outcome: Outcome = done.value
            return outcome


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def browser(profile: str = "standard", clock: Clock | None = None, origin: str = APP) -> BrowserModel:
    return BrowserModel(origin, profile=profile, base=at("https://api.example/"), clock=clock or Clock())


def ok(*headers: tuple[str, str], status: int = 200, body: bytes = b"hi") -> WireResponse:
    return WireResponse(status, "OK", list(headers), body)


def kind(outcome: Outcome) -> str:
    return outcome.failures[0].kind if outcome.failures else outcome.type
