"""Values in text, at the limits of what is read."""

from __future__ import annotations

import pytest

from flask_crossorigin import CORSConfigError, CORSPolicy


def test_a_list_in_json_that_is_nested_too_deep_is_a_mistake_like_others() -> None:
    with pytest.raises(CORSConfigError) as raised:
        CORSPolicy(origins="[" * 200_000 + "]")
    (problem,) = raised.value.problems
    assert problem.text.startswith("is not a list in JSON (")
    assert problem.hint == 'write ["a", "b"], or a, b'
