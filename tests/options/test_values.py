"""Values in text, at the limits of what is read."""

from __future__ import annotations

import pytest

from flask_crossorigin import CORSConfigError, CORSPolicy, CORSWarning


def test_a_list_in_json_that_is_nested_too_deep_is_a_mistake_like_others() -> None:
    with pytest.raises(CORSConfigError) as raised:
        CORSPolicy(origins="[" * 200_000 + "]")
    (problem,) = raised.value.problems
    assert problem.text.startswith("is not a list in JSON (")
    assert problem.hint == 'write ["a", "b"], or a, b'


# What other libraries and people call an option: as a keyword it is named, and in the configuration it belongs to somebody else.
CALLED = {
    "origins": (
        "allow_all_origins allow_origin allow_origins allow_origin_regex allowed_origin allowed_origin_regexes allowed_origins "
        "origin_allow_all origin_regex_whitelist origin_whitelist cors_allowed_origins CORS_ALLOWED_ORIGINS"
    ),
    "methods": "allow_method allow_methods allowed_methods Allow_Methods",
    "allow_headers": "allow_header allowed_header allowed_headers",
    "expose_headers": "expose_header exposed_headers",
    "supports_credentials": "allow_credentials credentials",
    "csrf_protection": "csrf csrf_protect",
    "max_age": "preflight_max_age maxage",
}


@pytest.mark.parametrize(
    ("name", "meant"), [(name, meant) for meant, names in CALLED.items() for name in names.split()]
)
def test_another_name_of_an_option_is_known(name: str, meant: str) -> None:
    with pytest.raises(CORSConfigError) as raised:
        CORSPolicy(origins="*", **{name: "x"})  # type: ignore[arg-type]
    (problem,) = raised.value.problems
    assert (
        problem.hint
        == f"did you mean {meant!r}? (Flask-CORS ignored {name!r}: under its right name the option takes effect)"
    )


FOREIGN = "ALLOWED_ORIGINS ALLOW_ALL_ORIGINS ORIGIN_ALLOW_ALL ORIGIN_WHITELIST ALLOW_ORIGINS CREDENTIALS ALLOW_CREDENTIALS CSRF"


@pytest.mark.parametrize("name", FOREIGN.split())
def test_a_setting_with_another_name_is_ignored_with_a_hint(name: str) -> None:
    meant = next(option for option, names in CALLED.items() if name.lower() in names.split())
    hint = f"CORS_{name} is not a setting of flask-crossorigin and is ignored: did you mean CORS_{meant.upper()}?"
    with pytest.warns(CORSWarning) as given:
        CORSPolicy.from_mapping({"CORS_ORIGINS": "*", f"CORS_{name}": "x"}, "CORS_")
    assert [str(each.message) for each in given] == [hint]


@pytest.mark.parametrize("name", ["MAXAGE", "EXPOSE_HEADER", "ALLOW_HEADER", "ORIGIN"])
def test_a_setting_that_is_nearly_ours_is_an_error(name: str) -> None:
    with pytest.raises(CORSConfigError, match=f"CORS_{name}: 'CORS_{name}' is not an option: did you mean"):
        CORSPolicy.from_mapping({"CORS_ORIGINS": "*", f"CORS_{name}": "x"}, "CORS_")
