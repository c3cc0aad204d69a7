"""Path patterns: which one covers a path, and which are none."""

from __future__ import annotations

import re
from typing import Any

import pytest

from flask_crossorigin import CORSConfigError
from flask_crossorigin.server.paths import PathTable, normalized

TABLE = {
    "/health": "health",
    "/api/*": "api",
    "/api/v1/*": "v1",
    "/api/v1/me": "me",
    "/café/*": "café",
    "/a b": "blank",
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        pytest.param("/health", "health", id="an exact path"),
        pytest.param("/health/", "health", id="an exact path is also the path with a slash"),
        pytest.param("/health/x", None, id="an exact path covers nothing below"),
        pytest.param("/HEALTH", None, id="paths are case-sensitive"),
        pytest.param("/api", "api", id="a prefix covers the path itself"),
        pytest.param("/api/", "api", id="a prefix covers the path with a slash"),
        pytest.param("/api/x/y", "api", id="a prefix covers everything below"),
        pytest.param("/apiary", None, id="a prefix is whole segments"),
        pytest.param("/api/v1/x", "v1", id="the longer prefix wins"),
        pytest.param("/api/v1/me", "me", id="an exact path wins over a prefix"),
        pytest.param("/api/v1/me/x", "v1", id="below an exact path its prefix applies"),
        pytest.param("/api/v10", "api", id="a longer prefix is whole segments too"),
        pytest.param("/caf\xc3\xa9/x", "café", id="a path arrives as Latin-1"),
        pytest.param("/a b", "blank", id="a path arrives decoded"),
        pytest.param("/", None, id="the root is not covered"),
        pytest.param("", None, id="an empty path is the root"),
        pytest.param("/api/./x", "api", id="a dot segment that changes nothing"),
        pytest.param("/api//x", "api", id="an empty segment that changes nothing"),
        pytest.param("/api/../health", None, id="dots that lead elsewhere"),
        pytest.param("/api/v1/../x", None, id="dots that lead to a shorter prefix"),
        pytest.param("/api/x/../v1/x", None, id="dots that lead to a longer prefix"),
        pytest.param("//api/x", None, id="two slashes in front"),
        pytest.param("/api//v1/x", None, id="an empty segment before a longer prefix"),
        pytest.param("/api\\v1\\x", None, id="backslashes"),
        pytest.param("/api/x\\y", "api", id="a backslash that changes nothing"),
        pytest.param("/x/../api/y", None, id="dots that lead into a prefix"),
        pytest.param("/api/v1/me/.", None, id="a dot behind an exact path"),
        pytest.param("/api/.well-known", "api", id="a name that begins with a dot"),
    ],
)  # fmt: skip
def test_the_longest_pattern_covers_a_path(path: str, found: str | None) -> None:
    for table in (TABLE, dict(reversed(TABLE.items()))):
        assert PathTable(table, "policy").find(path) == found


EVERYTHING = {"/*": "all", "/api/*": "api", "/api/x": "x", "/api/deep/*": "deep"}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        pytest.param("/api/x\nrest", None, id="a line break, where an expression may end"),
        pytest.param("/api/\x00x", None, id="a control character that some drop"),
        pytest.param("/api/d\x7feep/z", None, id="a control character within a segment"),
        pytest.param("/api/x\xff", None, id="a byte that is not UTF-8"),
        pytest.param("/api//x\u20ac", None, id="a character that no byte stands for"),
        pytest.param("/api//deep/../y", None, id="an empty segment before a longer prefix that dots leave again"),
        pytest.param("/api\\x", None, id="a backslash before an exact path"),
        pytest.param("//api/y", None, id="two slashes in front of a prefix"),
        pytest.param("//Xapi/y", "all", id="two slashes in front of something else"),
        pytest.param("/api/y\x7f", "api", id="a control character that changes nothing"),
        pytest.param("/api/y\xc3\xa9", "api", id="bytes that are UTF-8"),
    ],
)
def test_an_unusual_path_that_another_framework_reads_otherwise_is_under_no_policy(
    path: str, found: str | None
) -> None:
    assert PathTable(EVERYTHING, "policy").find(path) == found


@pytest.mark.parametrize("pattern", ["*", "/*"])
@pytest.mark.parametrize("path", ["", "/", "/x", "/x/y/", "*", "/health/x"])
def test_two_patterns_stand_for_everything(pattern: str, path: str) -> None:
    table: dict[str, str] = {pattern: "all", "/health": "health"}
    assert PathTable(table, "policy").find(path) == "all"


def test_the_root_alone_can_be_covered() -> None:
    table = PathTable({"/": "root"}, "policy")
    assert [table.find(path) for path in ("/", "", "/x")] == ["root", "root", None]


_LIST = "list the paths one by one, as in '/api/*' for /api and all below it"


@pytest.mark.parametrize(
    ("pattern", "hint"),
    [
        pytest.param("api", "write '/api'", id="no slash in front"),
        pytest.param("api/*", "write '/api/*'", id="no slash in front of a prefix"),
        pytest.param("/api*", "write '/api/*'", id="a star without its slash"),
        pytest.param("/api/**", "write '/api/*'", id="two stars"),
        pytest.param("/*/users", _LIST, id="a star in the middle"),
        pytest.param("/api/*/users", "write '/api/*', which is everything below /api", id="a star between segments"),
        pytest.param(r"/api/.*", "write '/api/*'", id="an expression"),
        pytest.param(r"^/api/.*$", "write '/api/*'", id="an anchored expression"),
        pytest.param(r"/api/v1/(users|groups)", "write '/api/v1/*', which is everything below /api/v1", id="alternatives"),
        pytest.param(r"/v[12]/x", _LIST, id="a class"),
        pytest.param("/users/<int:id>", "write '/users/*', which is everything below /users", id="a converter of Flask"),
        pytest.param("/users/{id}", "write '/users/*', which is everything below /users", id="a converter of Falcon"),
        pytest.param("/api?x=1", _LIST, id="a query"),
        pytest.param("/a%20b", "write '/a b'", id="an encoded path"),
        pytest.param(r"/service\+path", "write '/service+path'", id="an escaped sign"),
        pytest.param(r"/v\d/x", _LIST, id="a class of characters"),
        pytest.param("/a/../b", "write '/b'", id="dot segments"),
        pytest.param("/a//b", "write '/a/b'", id="an empty segment"),
        pytest.param(r".*", "write '/*' for every path", id="an expression for everything"),
        pytest.param("", "write '/*' for every path", id="nothing"),
        pytest.param(re.compile(r"/api/.*"), "write '/api/*'", id="a compiled expression"),
        pytest.param(5, "write a string such as '/api/*'", id="a number"),
    ],
)  # fmt: skip
def test_a_bad_pattern_is_refused_with_the_one_to_write(pattern: Any, hint: str) -> None:
    with pytest.raises(CORSConfigError) as raised:
        PathTable({pattern: 1}, "resources")
    (problem,) = raised.value.problems
    assert (problem.option, problem.value, problem.reason, problem.hint) == ("resources", pattern, "invalid", hint)


def test_all_bad_patterns_are_reported_at_once() -> None:
    with pytest.raises(CORSConfigError) as raised:
        PathTable({"api": 1, "/x*": 2, "*": 3, "/*": 4}, "policy")
    assert [problem.value for problem in raised.value.problems] == ["api", "/x*", "/*"]


@pytest.mark.parametrize(
    ("path", "plain"),
    [("/", "/"), ("", "/"), ("/a/b", "/a/b"), ("/a/", "/a/"), ("/a/.", "/a/"), ("/a/..", "/"), ("/../a", "/a"), ("/a/./b//c", "/a/b/c")],
)  # fmt: skip
def test_a_path_is_normalized_as_browsers_do(path: str, plain: str) -> None:
    assert normalized(path) == plain
