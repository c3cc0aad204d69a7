"""Which Origin headers match which rules: a table, and an independent matcher to agree with."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from flask_crossorigin import CORSPolicy
from flask_crossorigin.server import origin_table


def row(origins: Any, origin: str, allowed: bool, *, id: str) -> Any:
    return pytest.param(origins, origin, allowed, id=id)


EXACT, WILD, PORTS, BOTH, PREVIEW = (
    "https://www.example.com",
    "https://*.example.com",
    "http://localhost:*",
    "https://*.example.com:*",
    "https://pr-*.example.com",
)

ROWS = [
    row(EXACT, "https://www.example.com", True, id="the same bytes"),
    row(EXACT, "http://www.example.com", False, id="another scheme"),
    row(EXACT, "https://www.example.com:8443", False, id="another port"),
    row(EXACT, "https://www.example.com:443", False, id="the default port spelled out"),
    row(EXACT, "https://www.example.com/", False, id="a trailing slash"),
    row(EXACT, "https://www.example.com.", False, id="a trailing dot"),
    row(EXACT, "HTTPS://www.example.com", False, id="capitals in the scheme"),
    row(EXACT, "https://WWW.example.com", False, id="capitals in the host"),
    row(EXACT, "https://www.example.com.evil.example", False, id="a host that begins so"),
    row(EXACT, "https://evilwww.example.com", False, id="a host that ends so"),
    row(EXACT, "https://wwwxexample.com", False, id="a dot replaced"),
    row(EXACT, "https://www.example.com@evil.example", False, id="userinfo"),
    row(EXACT, "https://www.example.com\n", False, id="a line break behind"),
    row(EXACT, "https://www.example.com\x00", False, id="a NUL behind"),
    row(EXACT, " https://www.example.com", False, id="a blank in front"),
    row(EXACT, "https://www.example.com, https://www.example.com", False, id="the same origin twice"),
    row(EXACT, "https://www.example.com https://www.example.com", False, id="two origins with a blank"),
    row(EXACT, "null", False, id="null"),
    row(EXACT, "", False, id="nothing"),
    row(EXACT, "*", False, id="a wildcard in a request"),
    row(WILD, "https://a.example.com", True, id="one label in front"),
    row(WILD, "https://a.b.c.example.com", True, id="three labels in front"),
    row(WILD, "https://a_b.example.com", True, id="an underscore in a label"),
    row(WILD, "https://example.com", False, id="the apex"),
    row(WILD, "https://.example.com", False, id="an empty label in front"),
    row(WILD, "https://a..example.com", False, id="an empty label between"),
    row(WILD, "https://evilexample.com", False, id="a part of a label"),
    row(WILD, "https://a.example.com.evil.example", False, id="the domain in the middle"),
    row(WILD, "https://a.example.com.", False, id="a wildcard and a trailing dot"),
    row(WILD, "http://a.example.com", False, id="a wildcard and another scheme"),
    row(WILD, "https://a.example.com:8443", False, id="a wildcard without a port and a port"),
    row(WILD, "https://A.example.com", False, id="a wildcard and capitals"),
    row(WILD, "https://*.example.com", False, id="the wildcard itself as an Origin"),
    row(WILD, "https://evil.example/.example.com", False, id="a path that ends so"),
    row(WILD, "https://evil.example?.example.com", False, id="a query that ends so"),
    row(WILD, "https://evil.example#.example.com", False, id="a fragment that ends so"),
    row(WILD, "https://evil.example\\.example.com", False, id="a backslash before the end"),
    row(WILD, "https://evil.example:1.example.com", False, id="a port that ends so"),
    row(WILD, "https://user@a.example.com", False, id="userinfo before a wildcard"),
    row(WILD, "https://a%2eexample.com", False, id="an encoded dot"),
    row(WILD, "https://[a.example.com", False, id="half a bracket"),
    row("https://*.example.com:8443", "https://a.example.com:8443", True, id="a wildcard and its port"),
    row("https://*.example.com:8443", "https://a.example.com:8444", False, id="a wildcard and another port"),
    row("https://*.example.com:8443", "https://a.example.com", False, id="a wildcard with a port and none"),
    row("https://*.co", "https://a.co", True, id="a wildcard over one label"),
    row(["https://*.a.b.c.example.com"], "https://x.a.b.c.example.com", True, id="a deep wildcard"),
    row(["https://*.a.b.c.example.com"], "https://x.b.c.example.com", False, id="a deep wildcard and a neighbour"),
    row(PORTS, "http://localhost", True, id="any port and none"),
    row(PORTS, "http://localhost:3000", True, id="any port and one"),
    row(PORTS, "http://localhost:80", False, id="any port and the default spelled out"),
    row(PORTS, "http://localhost:0", False, id="any port and 0"),
    row(PORTS, "http://localhost:65536", False, id="any port and one too large"),
    row(PORTS, "http://localhost:99999", False, id="any port and five nines"),
    row(PORTS, "http://localhost:080", False, id="any port and leading zeros"),
    row(PORTS, "http://localhost:", False, id="any port and an empty one"),
    row(PORTS, "http://localhost:*", False, id="any port and a star"),
    row(PORTS, "http://localhost:3000.evil.example", False, id="a host in the port"),
    row(PORTS, "http://localhost.evil.example:3000", False, id="localhost as a label"),
    row(PORTS, "https://localhost:3000", False, id="any port and another scheme"),
    row("http://[::1]:*", "http://[::1]:3000", True, id="any port of an IPv6 address"),
    row("http://[::1]:*", "http://[::1]", True, id="no port of an IPv6 address"),
    row("http://[1::]:*", "http://[1::]:3000", True, id="any port of an IPv6 address that ends in colons"),
    row("http://[::1]:*", "http://[::2]:3000", False, id="another IPv6 address"),
    row("http://[::1]", "http://[0:0:0:0:0:0:0:1]", False, id="an IPv6 address at length"),
    row("http://[::1]:*", "http://[::01]:1", False, id="an IPv6 address with leading zeros"),
    row(BOTH, "https://a.example.com:8443", True, id="any host below and any port"),
    row(BOTH, "https://a.example.com", True, id="any host below and no port"),
    row(BOTH, "https://example.com:8443", False, id="any host below is not the apex"),
    row("http://127.0.0.1:*", "http://127.0.0.1:5000", True, id="any port of an address"),
    row("http://127.0.0.1:*", "http://127.1:5000", False, id="an address that no browser writes so"),
    row(PREVIEW, "https://pr-12.example.com", True, id="a part of a label"),
    row(PREVIEW, "https://pr-a-b.example.com", True, id="hyphens for the star"),
    row(PREVIEW, "https://pr-.example.com", False, id="nothing for the star"),
    row(PREVIEW, "https://pr-a.b.example.com", False, id="a dot for the star"),
    row(PREVIEW, "https://pr-a_b.example.com", False, id="an underscore for the star"),
    row(PREVIEW, "https://x.pr-1.example.com", False, id="a label in front of the label"),
    row(PREVIEW, "https://pr-1.example.com:8443", False, id="a part of a label and a port"),
    row(PREVIEW, "http://pr-1.example.com", False, id="a part of a label and another scheme"),
    row(PREVIEW, "https://PR-1.example.com", False, id="a part of a label in capitals"),
    row(PREVIEW, "https://pr-1.example.com.evil.example", False, id="a part of a label and a suffix"),
    row(PREVIEW, "https://pr-1.example.co", False, id="a part of a label and part of the domain"),
    row("https://*-app.example.com", "https://one-app.example.com", True, id="the beginning of a label"),
    row("https://*-app.example.com", "https://-app.example.com", False, id="nothing for the beginning"),
    row("https://a-*-b.example.com", "https://a-x-b.example.com", True, id="the middle of a label"),
    row("https://a-*-b.example.com", "https://a-b.example.com", False, id="a middle that overlaps"),
    row("https://pr-*.example.com:*", "https://pr-1.example.com:8443", True, id="a part of a label and any port"),
    row("https://pr-*.example.com:8443", "https://pr-1.example.com:8443", True, id="a part of a label and one port"),
    row("https://pr-*.example.com:8443", "https://pr-1.example.com", False, id="a part of a label without its port"),
    row(["https://a*.x.example", "https://ab*.x.example"], "https://abc.x.example", True, id="two lengths under one domain"),
    row("https://pr-*.localhost", "https://pr-1.localhost", True, id="a part of a label in front of one label"),
    row(lambda origin, environ: True, "https://any.example", True, id="a callable"),
    row(lambda origin, environ: False, "https://any.example", False, id="a callable that says no"),
    row(lambda origin, environ: True, "https://any.example/path", False, id="a callable sees valid origins only"),
    row(lambda origin, environ: True, "null", False, id="a callable never sees null"),
    row(lambda origin, environ: environ["tenant"] in origin, "https://acme.example", True, id="a callable sees the environ"),
    row(lambda origin, environ: 1 / 0, "https://any.example", False, id="a callable that raises refuses"),
    row(lambda origin, environ: "yes", "https://any.example", False, id="a callable that returns no bool refuses"),
    row([lambda o, e: 1 / 0, lambda o, e: True], "https://any.example", True, id="a callable that raises leaves the others"),
    row(str.__contains__, "https://any.example", False, id="a callable that fails on its arguments refuses"),
    row("capacitor://localhost", "capacitor://localhost", True, id="a web view"),
    row("https://xn--bcher-kva.example", "https://xn--bcher-kva.example", True, id="an international host"),
    row("https://xn--bcher-kva.example", "https://b\xfccher.example", False, id="an international host as typed"),
]  # fmt: skip


@pytest.mark.filterwarnings("ignore::flask_crossorigin.CORSWarning")
@pytest.mark.parametrize(("origins", "origin", "allowed"), ROWS)
def test_an_origin_is_allowed_or_not(origins: Any, origin: str, allowed: bool) -> None:
    assert CORSPolicy(origins=origins).allows(origin, {"tenant": "acme"}) is allowed


def test_null_is_allowed_by_its_opt_in() -> None:
    policy = CORSPolicy(origins=["null", "https://a.example"], allow_null_origin=True)
    assert policy.allows("null", {})
    assert not policy.allows("NULL", {})


def test_an_origin_of_512_bytes_is_looked_at_and_one_of_513_is_not() -> None:
    scheme = "s" * (512 - len("://a.example"))
    policy = CORSPolicy(origins=[lambda origin, environ: True])
    assert policy.allows(f"{scheme}://a.example", {})
    assert not policy.allows(f"{scheme}s://a.example", {})


def test_the_error_of_a_callable_is_logged_once_with_its_traceback(caplog: pytest.LogCaptureFixture) -> None:
    def failing(origin: str, environ: dict[str, Any]) -> bool:
        raise LookupError("no database")

    policy = CORSPolicy(origins=failing)
    for _ in range(3):
        assert not policy.allows("https://a.example", {})
    (record,) = caplog.records
    assert (record.name, record.levelno) == ("flask_crossorigin", logging.ERROR)
    assert record.exc_info is not None
    assert record.exc_info[0] is LookupError
    assert "'https://a.example', which is refused" in record.getMessage()


def test_a_result_that_is_no_bool_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    assert not CORSPolicy(origins=lambda origin, environ: (False, "why")).allows("https://a.example", {})  # type: ignore[arg-type, return-value]
    assert "return True or False" in caplog.text


def test_what_the_patterns_say_of_an_origin_is_kept_for_512_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[str] = []
    real = vars(origin_table)["is_serialized"]

    def is_serialized(origin: str) -> bool:
        judged.append(origin)
        return bool(real(origin))

    monkeypatch.setattr(origin_table, "is_serialized", is_serialized)
    policy = CORSPolicy(origins="https://*.example.com")
    origins = [f"https://a{number}.example.com" for number in range(513)]
    for origin in (*origins[:512], origins[0], origins[511]):
        assert policy.allows(origin, {})
    assert judged == origins[:512]
    for origin in (origins[512], origins[0]):  # one too many, after which everything is looked at again
        assert policy.allows(origin, {})
    assert judged[512:] == [origins[512], origins[0]]


def test_each_function_with_a_result_that_is_no_bool_has_a_line(caplog: pytest.LogCaptureFixture) -> None:
    functions: list[Any] = [lambda origin, environ: "", lambda origin, environ: None]
    policy = CORSPolicy(origins=functions)
    assert not policy.allows("https://a.example", {})
    assert not policy.allows("https://b.example", {})
    assert [message.partition(" for origin ")[0].rpartition("> ")[2] for message in caplog.messages] == [
        "returned ''",
        "returned None",
    ]


def test_a_callable_without_a_signature_is_taken_as_it_is() -> None:
    assert not CORSPolicy(origins=min).allows("https://a.example", {})  # type: ignore[arg-type]


# --- an independent matcher: one pattern at a time, and no table -------------------------------------------

labels = st.sampled_from(["a", "b", "ab", "xay", "x_y", "wow", "www", "example", "com", "localhost", "x-y", "a_b", "1"])
hosts = st.lists(labels, min_size=1, max_size=5).map(".".join).filter(lambda host: not host.split(".")[-1].isdigit())
ports = st.sampled_from(["", ":1", ":8080", ":65535"])
schemes = st.sampled_from(["http", "https", "app"])
plain_origins = st.builds("{}://{}{}".format, schemes, hosts, ports)
patterns = st.builds(
    "{}://{}{}{}".format,
    schemes,
    st.sampled_from(["", "*.", "a*.", "*a.", "x*y.", "*-.", "w*w."]),
    hosts,
    ports | st.just(":*"),
)


def naive(pattern: str, origin: str) -> bool:
    scheme, _, rest = pattern.partition("://")
    host, _, port = rest.partition(":")
    origin_scheme, _, origin_rest = origin.partition("://")
    origin_host, _, origin_port = origin_rest.partition(":")
    if scheme != origin_scheme or (port != "*" and port != origin_port):
        return False
    if "*" not in host:
        return host == origin_host
    (first, *wanted), given = host.split("."), origin_host.split(".")
    if first == "*":
        return len(given) > len(wanted) and given[-len(wanted) :] == wanted
    before, _, after = first.partition("*")
    middle = given[0][len(before) : len(given[0]) - len(after)]
    return (
        given[1:] == wanted
        and len(given[0]) > len(before) + len(after)
        and given[0].startswith(before)
        and given[0].endswith(after)
        and all(character.isalnum() or character == "-" for character in middle)
    )


@given(st.lists(patterns, max_size=8), plain_origins)
@example(["https://*.com"], "https://a.com")
def test_the_table_agrees_with_one_pattern_at_a_time(listed: list[str], origin: str) -> None:
    assert CORSPolicy(origins=listed, allow_public_suffixes=True).allows(origin, {}) is any(
        naive(pattern, origin) for pattern in listed
    )


@given(
    st.lists(patterns, max_size=8),
    st.text(max_size=40) | st.builds(lambda o, t: o + t, plain_origins, st.text(max_size=5)),
)
def test_whatever_the_origin_it_is_never_allowed_where_the_naive_matcher_refuses(
    listed: list[str], origin: str
) -> None:
    if CORSPolicy(origins=listed, allow_public_suffixes=True).allows(origin, {}):
        assert any(naive(pattern, origin) for pattern in listed)


def test_a_function_is_asked_only_about_origins_that_no_pattern_allows() -> None:
    asked: list[str] = []

    def allowed(origin: str, environ: dict[str, Any]) -> bool:
        asked.append(origin)
        return False

    policy = CORSPolicy(origins=["https://*.a.example", "https://b.example", allowed])
    found = [policy.allows(origin, {}) for origin in ("https://x.a.example", "https://b.example", "https://c.example")]
    assert (found, asked) == ([True, True, False], ["https://c.example"])
