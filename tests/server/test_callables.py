"""Applications of WSGI and of ASGI, and factories, told apart."""

from __future__ import annotations

import functools
from typing import Any

import pytest

from flask_crossorigin.server.callables import is_asgi, makes_applications, takes


async def asgi(scope: Any, receive: Any, send: Any) -> None:
    """Answer a request of ASGI."""


class ASGI:
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request of ASGI."""


class WSGI:
    def __call__(self, *_: Any) -> list[bytes]:
        return []


class Odd(WSGI):
    @property
    def __signature__(self) -> Any:
        raise ValueError("as of some types that are written in C")


def wsgi(environ: Any, start_response: Any) -> list[bytes]:
    return []


WRAPPED: dict[str, tuple[Any, bool]] = {
    "a coroutine function": (asgi, True),
    "an object that is called as one": (ASGI(), True),
    "a part of one": (functools.partial(asgi, {}), True),
    "an application of WSGI": (wsgi, False),
    "an object of WSGI": (WSGI(), False),
    "a part of WSGI": (functools.partial(wsgi, {}), False),
    "what cannot be called": (5, False),
}


@pytest.mark.parametrize(("app", "expected"), WRAPPED.values(), ids=WRAPPED)
def test_an_application_of_asgi_is_recognised(app: Any, expected: bool) -> None:
    assert is_asgi(app) is expected


MADE: dict[str, tuple[Any, bool]] = {
    "an application": (wsgi, False),
    "an object": (WSGI(), False),
    "any arguments": (lambda *arguments: wsgi(*arguments), False),
    "one argument more, with a default": (lambda environ, start_response, more=None: None, False),
    "a default for the second": (lambda environ, start_response=None: None, False),
    "no arguments": (lambda: wsgi, True),
    "one argument": (lambda settings: wsgi, True),
    "three arguments": (lambda scope, receive, send: None, True),
    "defaults for both": (lambda config=None, testing=False: wsgi, True),
    "names alone": (lambda *, config=None: wsgi, True),
    "what has no signature": (Odd(), False),
}


@pytest.mark.parametrize(("function", "expected"), MADE.values(), ids=MADE)
def test_a_factory_is_recognised(function: Any, expected: bool) -> None:
    assert makes_applications(function) is expected


def test_what_takes_some_arguments() -> None:
    assert takes(wsgi, 1, 2)
    assert not takes(wsgi, 1)
    assert not takes(wsgi, 1, 2, 3)
    assert takes(Odd(), 1, 2, 3, 4)  # nothing is known of it
    assert not takes(5)
