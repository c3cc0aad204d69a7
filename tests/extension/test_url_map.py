"""Where a path leads in Werkzeug's URL map, and which rules may share URLs."""

from __future__ import annotations

from typing import Any

import pytest
from werkzeug.routing import BaseConverter, Map, Rule, Submount

from flask_crossorigin.extension.url_map import decoded_path, match, may_overlap


class Anything(BaseConverter):
    """Matches several segments, or none."""

    regex = ".*"
    part_isolating = False


def rules() -> list[Any]:
    return [
        Rule("/", endpoint="root", methods=["GET"]),
        Rule("/both", endpoint="get", methods=["GET"]),
        Rule("/both", endpoint="put", methods=["PUT"]),
        Rule("/writes", endpoint="writes", methods=["PUT", "DELETE", "OPTIONS"]),
        Rule("/options", endpoint="options", methods=["OPTIONS"]),
        Rule("/folder/", endpoint="folder", methods=["GET"]),
        Rule("/put/", endpoint="put", methods=["PUT"]),
        Rule("/old", endpoint="old", redirect_to="both"),
        Rule("/older", endpoint="older", redirect_to="old"),
        Rule("/elsewhere", endpoint="elsewhere", redirect_to="https://other.example/both"),
        Rule("/spaced", endpoint="spaced", redirect_to="a b"),
        Rule("/a b", endpoint="blank", methods=["GET"]),
        Rule("/app", endpoint="app", methods=["GET"]),
        Rule("/socket", endpoint="socket", websocket=True),
        Submount("/below", [Rule("/x", endpoint="x", methods=["GET"])]),
    ]


@pytest.mark.parametrize(
    ("path", "method", "expected"),
    [
        pytest.param("/both", "GET", ("get", "GET", "/both"), id="what is served"),
        pytest.param("/both", "HEAD", ("get", "HEAD", "/both"), id="HEAD, with GET"),
        pytest.param("/both", "PUT", ("put", "PUT", "/both"), id="another rule for another method"),
        pytest.param("/both", "PATCH", ("get", "GET", "/both"), id="a method that is not served: GET stands for it"),
        pytest.param("/writes", "GET", ("writes", "DELETE", "/writes"), id="without GET, the first by name, and not OPTIONS"),
        pytest.param("/options", "GET", ("options", "OPTIONS", "/options"), id="OPTIONS where there is nothing else"),
        pytest.param("/folder", "GET", ("folder", "GET", "/folder/"), id="a redirect to the slash"),
        pytest.param("/folder", "PUT", ("folder", "GET", "/folder/"), id="a path without its slash, with a method that is not served"),
        pytest.param("/put", "GET", ("put", "PUT", "/put/"), id="a path without its slash, with one method"),
        pytest.param("/put", "PUT", ("put", "PUT", "/put/"), id="a redirect to the slash, for PUT"),
        pytest.param("/old", "PUT", ("put", "PUT", "/both"), id="a redirect to another rule"),
        pytest.param("/older", "GET", None, id="two redirects"),
        pytest.param("/elsewhere", "GET", None, id="a redirect to another host"),
        pytest.param("/spaced", "GET", ("blank", "GET", "/a b"), id="a redirect to a path with a blank"),
        pytest.param("/below/x", "GET", ("x", "GET", "/below/x"), id="a rule below a prefix"),
        pytest.param("/missing", "GET", None, id="nothing"),
        pytest.param("/missing/", "GET", None, id="nothing, with a slash"),
        pytest.param("/socket", "GET", None, id="the rule of a websocket"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("root", ["/", "/rootX", "/app", "/X/both"])
def test_where_a_path_leads(path: str, method: str, expected: Any, root: str) -> None:
    adapter = Map(rules()).bind("site.example", script_name=root)
    found = match(adapter, path, method)
    assert (None if found is None else (found[0].endpoint, *found[1:])) == expected


def test_a_redirect_out_of_the_application_leads_nowhere() -> None:
    rules = [Rule("/out", endpoint="out", redirect_to="http://site.example/other"), Rule("/other", endpoint="other")]
    assert match(Map(rules).bind("site.example", script_name="/app"), "/out", "GET") is None


@pytest.mark.parametrize(
    ("path", "decoded"),
    [
        ("/a", "/a"),
        ("", "/"),
        ("a", "/a"),
        ("//a//b", "/a//b"),
        ("/\u00c3\u00a9", "/\u00e9"),
        ("/\u00ff", "/\ufffd"),
        ("/\u20ac", "/?"),
    ],
)
def test_a_path_as_werkzeug_matches_it(path: str, decoded: str) -> None:
    assert decoded_path(path) == decoded


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("/a", "/a", True),
        ("/a", "/b", False),
        ("/X", "/", False),
        ("/a/", "/a", True),
        ("/a", "/a/b", False),
        ("/<x>", "/a", True),
        ("/a", "/<x>", True),
        ("/<x>", "/<y>", True),
        ("/<x>", "/a/b", False),
        ("/<int:x>", "/a", True),
        ("/<path:x>", "/a/b", True),
        ("/a/b", "/<path:x>", True),
        ("/a/<path:x>", "/b/c", False),
        ("/a/<path:x>", "/a/b/c/d", True),
        ("/a-<x>/b", "/a/b", True),
        ("/<x>/b", "/a/c", False),
        ("/<x>/<path:y>", "/a/b/c", True),
        ("/a<x>.<y>", "/b", True),
        ('/<any("a/b", c):x>', "/c", True),
        ("/<regex:x>", "/a/b/c", True),
    ],
)
def test_rules_that_may_share_urls(one: str, other: str, expected: bool) -> None:
    first, second = Rule(one, endpoint="one"), Rule(other, endpoint="other")
    Map([first, second], converters={"regex": Anything})
    assert may_overlap(first, second) is expected
