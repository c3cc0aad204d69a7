"""Middleware that changes methods is found by its name, however deep it is."""

from __future__ import annotations

import warnings
from typing import Any

import pytest

from flask_crossorigin.server.overrides import warn_of_overrides


def nested(name: str, *attributes: str) -> object:
    """Return an object of a class *name*, within an object for each of *attributes*, which is where it has the next."""
    inner: Any = type(name, (), {})()
    for attribute in reversed(attributes):
        inner = type("Wrapper", (), {attribute: inner})()
    return inner


@pytest.mark.parametrize(
    ("app", "is_found"),
    [
        pytest.param(nested("MethodOverride"), True, id="by its name"),
        pytest.param(nested("HTTPMethodOverrideMiddleware"), True, id="by a part of its name"),
        pytest.param(nested("Http_Method_Override"), True, id="by its name with underscores"),
        pytest.param(nested("MethodNotAllowed"), False, id="not by half of it"),
        pytest.param(nested("MethodOverride", "app"), True, id="within a wrapper"),
        pytest.param(nested("MethodOverride", "application", "wsgi_app", "_app", "__wrapped__"), True, id="within a wrapper of each kind"),
        pytest.param(nested("MethodOverride", "other"), False, id="within something that is no wrapper"),
        pytest.param(nested("MethodOverride", *["app"] * 19), True, id="as deep as it is looked for"),
        pytest.param(nested("MethodOverride", *["app"] * 20), False, id="deeper than it is looked for"),
        pytest.param(None, False, id="nothing"),
    ],
)  # fmt: skip
def test_a_middleware_that_changes_methods(app: object, is_found: bool) -> None:
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        warn_of_overrides(app)
    assert [str(each.message)[:46] for each in given] == ["csrf_protection does not see the method that <"] * is_found
