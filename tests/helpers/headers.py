"""Header lists of responses, as the tests of the browser's side write them."""

from __future__ import annotations

from .cases import APP

Pairs = list[tuple[str, str]]


def acao(value: str, *more: tuple[str, str]) -> Pairs:
    return [("Access-Control-Allow-Origin", value), *more]


TRUE = ("Access-Control-Allow-Credentials", "true")


def allow(methods: str | None = None, names: str | None = None, *more: tuple[str, str]) -> Pairs:
    pairs = [("Access-Control-Allow-Methods", methods), ("Access-Control-Allow-Headers", names)]
    return acao(APP, TRUE, *((name, value) for name, value in pairs if value is not None), *more)
