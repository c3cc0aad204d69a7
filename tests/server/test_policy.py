"""Options in, a valid policy or every problem at once out."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import re
import threading
from datetime import timedelta
from typing import Any

import pytest

from flask_crossorigin import CORSConfigError, CORSPolicy, CORSWarning
from flask_crossorigin.options.values import NAMES as OPTION_NAMES

WITH = {"supports_credentials": True}
MISSING = "origins: None is missing: write origins=['https://app.example'], or origins='*' for a public API"


def origins(*entries: Any, **more: Any) -> dict[str, Any]:
    return {"origins": list(entries), **more}


def bad(options: dict[str, Any], reason: str, message: str, *, id: str) -> Any:
    return pytest.param(options, reason, message, id=id)


def not_origin(entry: str, hint: str, *, id: str) -> Any:
    return bad(origins(entry), "invalid", f"origins: {entry!r} is not an origin: {hint}", id=id)


SHAPE = "write scheme://host or scheme://host:port, as in 'https://example.com'"
OPAQUE = "browsers send 'null' from such pages: serve them over http, from http://localhost while developing"
PORT = "is not an origin (its port is wrong): write a port from 1 to 65535, or leave it out"
IPV4 = "is not an origin (its IPv4 address is wrong): write four decimal numbers, as in 'http://127.0.0.1:8080'"
IPV6 = "is not an origin (its IPv6 address is wrong): write the address in brackets and without a zone, as in 'http://[2001:db8::1]:8080'"
EVERY_HOST = "is prohibited (it trusts every host there is): name the domain, as in 'https://*.example.com', or write '*' for every origin"
LISTS = "write a list of strings, or one string with commas"
NAMES = "is not a name: names are matched whole: list them one by one, or write '*'"
SECONDS = "write whole seconds (0: browsers do not cache preflights), a timedelta, or None to send nothing"

BAD = [
    # origins: the shape
    not_origin("https://example.com/app", "write 'https://example.com'", id="an origin with a path"),
    not_origin("https://example.com//", "write 'https://example.com'", id="an origin with two slashes behind"),
    not_origin("https://example.com?x=1", "write 'https://example.com'", id="an origin with a query"),
    not_origin("https://example.com#top", "write 'https://example.com'", id="an origin with a fragment"),
    not_origin("https://me:pw@example.com", "write 'https://example.com'", id="an origin with a user and a password"),
    bad(origins("https://example.com\\@evil.example"), "invalid", "origins: 'https://example.com\\\\@evil.example' is not an origin: list the origins that you trust one by one, as in 'https://app.example.com'", id='an origin with a backslash'),
    not_origin("https:\\\\example.com", "write 'https://example.com'", id="backslashes for slashes"),
    not_origin("https:/example.com", "write 'https://example.com'", id="one slash is missing"),
    not_origin("//example.com", "write 'https://example.com'", id="the scheme is missing"),
    not_origin("example.com", "write 'https://example.com'", id="a bare host"),
    not_origin("example.com:8443", "write 'https://example.com:8443'", id="a bare host with a port"),
    bad(origins("localhost:3000"), "invalid", "origins: 'localhost:3000' is not an origin: write 'http://localhost:3000', or 'https://localhost:3000' if the development server uses https", id='localhost without a scheme'),
    bad(origins("127.0.0.1:3000"), "invalid", "origins: '127.0.0.1:3000' is not an origin: write 'http://127.0.0.1:3000', or 'https://127.0.0.1:3000' if the development server uses https", id='an address without a scheme'),
    not_origin("*.example.com", "write 'https://*.example.com'", id="a wildcard without a scheme"),
    not_origin("'https://example.com'", "write 'https://example.com'", id="quotes from an environment file"),
    not_origin("https://a.example;https://b.example", "write one origin in each string, or one string with commas between them", id="semicolons between origins"),
    not_origin("", "is an environment variable not set? Write the page's origin, as in 'https://app.example', or [] for none", id="an empty string"),
    not_origin(" ", "is an environment variable not set? Write the page's origin, as in 'https://app.example', or [] for none", id="a blank"),
    bad(origins("htp://localhost:3000"), "invalid", "origins: 'htp://localhost:3000' is not an origin (its scheme is misspelt): write 'http://localhost:3000'", id="http with a letter too few"),
    bad(origins("HTTPSS://app.example"), "invalid", "origins: 'HTTPSS://app.example' is not an origin (its scheme is misspelt): write 'https://app.example'", id="https with a letter too many"),
    *(
        not_origin(written, f"write '{meant}'", id=f"a list in a string: {written}")
        for written, meant in (
            ('["https://a.example"]', "https://a.example"),
            ("['https://a.example']", "https://a.example"),
            ("[https://a.example]", "https://a.example"),
            ('"https://a.example"]', "https://a.example"),
            ("{https://a.example}", "https://a.example"),
            ("[a.example]", "https://a.example"),
            ("[http://localhost:3000]", "http://localhost:3000"),
            ("https;//a.example", "https://a.example"),
            ("http://a.example:3000:3000", "http://a.example:3000"),
            ("https://a.example:3000-3010", "https://a.example:3000"),
        )
    ),
    not_origin('["https://a.example", "https://b.example"]', "write ['https://a.example', 'https://b.example']", id="two origins in a string"),
    not_origin("[a-z]+", "list the origins that you trust one by one, as in 'https://app.example.com'", id="an expression that matches a part of every origin"),
    not_origin("https://{a,b}.example", SHAPE, id="alternatives of a shell"),
    not_origin("https://bücher.example", "write 'https://xn--bcher-kva.example'", id="an international host"),
    bad(origins("https://"), "invalid", f"origins: 'https://' is not an origin (its host is wrong): {SHAPE}", id="an origin without a host"),
    bad(origins("https://a..example"), "invalid", f"origins: 'https://a..example' is not an origin (its host is wrong): {SHAPE}", id="an empty label"),
    bad(origins("https://.example.com"), "invalid", "origins: 'https://.example.com' is not an origin (its host is wrong): write 'https://*.example.com'", id="a dot in front"),
    bad(origins("https://" + "a" * 64 + ".example"), "invalid", "origins: 'https://" + "a" * 64 + ".example' is not an origin (its host is too long): a label has at most 63 characters, a host at most 253", id="a label that is too long"),
    bad(origins("file:///home/me/page.html"), "invalid", "origins: 'file:///home/me/page.html' is not an origin: browsers send 'null' from such pages: serve them over http, from http://localhost in development", id='a file'),
    bad(origins("file://"), "invalid", "origins: 'file://' is not an origin: browsers send 'null' from such pages: serve them over http, from http://localhost in development", id='the scheme of files'),
    bad(origins("data:text/html,hello"), "invalid", "origins: 'data:text/html,hello' is not an origin: browsers send 'null' from such pages: serve them over http, from http://localhost in development", id='a data URL'),
    not_origin("NULL", "name a real origin, as in 'https://app.example': every sandboxed frame and every local file sends 'null'", id="null in capitals"),
    not_origin("https://exa%6dple.com", SHAPE, id="a percent-encoded host"),
    bad(origins("https://example.com:port"), "invalid", "origins: 'https://example.com:port' is not an origin: write 'https://example.com'", id='a port that is no number'),
    bad(origins("https://example.com:0"), "invalid", "origins: 'https://example.com:0' is not an origin (its port is wrong): write a port from 1 to 65535, or remove it", id='port 0'),
    bad(origins("https://example.com:65536"), "invalid", "origins: 'https://example.com:65536' is not an origin (its port is wrong): write a port from 1 to 65535, or remove it", id='a port that is too large'),
    bad(origins("https://example.com:"), "invalid", "origins: 'https://example.com:' is not an origin (its port is wrong): write a port from 1 to 65535, or remove it", id='a port that is empty'),
    bad(origins("http://127.1"), "invalid", f"origins: 'http://127.1' {IPV4}", id="a short IPv4 address"),
    bad(origins("http://1.2.3.256"), "invalid", f"origins: 'http://1.2.3.256' {IPV4}", id="an IPv4 address out of range"),
    bad(origins("http://0x7f.0.0.0x1"), "invalid", f"origins: 'http://0x7f.0.0.0x1' {IPV4}", id="a hexadecimal IPv4 address"),
    bad(origins("https://*.1.2.3.4"), "prohibited", "origins: 'https://*.1.2.3.4' is prohibited (an IP address has no subdomains): list the addresses one by one", id="a wildcard over an address"),
    bad(origins("http://[::g]"), "invalid", f"origins: 'http://[::g]' {IPV6}", id="a bad IPv6 address"),
    bad(origins("http://[fe80::1%eth0]"), "invalid", f"origins: 'http://[fe80::1%eth0]' {IPV6}", id="an IPv6 address with a zone"),
    not_origin("http://::1:3000", "write an IPv6 address in brackets, as in 'http://[::1]:8080'", id="IPv6 without brackets"),
    # origins: wildcards and expressions
    bad(origins("https://*"), 'prohibited', "origins: 'https://*' is prohibited (it allows every host): name the domain, as in 'https://*.example.com', or write '*' for every origin", id='a wildcard for every host'),
    bad(origins("http://*:*"), 'prohibited', "origins: 'http://*:*' is prohibited (it allows every host): name the domain, as in 'https://*.example.com', or write '*' for every origin", id='a wildcard for every host and port'),
    bad(origins("https://app.*.example.com"), 'prohibited', "origins: 'https://app.*.example.com' is prohibited ('*' may stand once, in the first label of the host): write 'https://*.example.com'", id='a wildcard in the middle'),

    bad(origins("https://*example.com"), 'prohibited', "origins: 'https://*example.com' is prohibited (it also allows 'evilexample.com', which anybody can register): write 'https://*.example.com', or allow_public_suffixes=True", id='a wildcard without its dot'),
    bad(origins("https://*.*.example.com"), 'prohibited', "origins: 'https://*.*.example.com' is prohibited ('*' may stand once, in the first label of the host): write 'https://*.example.com'", id='two wildcards'),
    bad(origins("https://example.*"), 'prohibited', "origins: 'https://example.*' is prohibited ('*' may stand once, in the first label of the host): list the hosts one by one, or name the domain, as in 'https://*.example.com'", id='a wildcard at the end'),
    not_origin("http://localhost:3*", "write 'http://localhost:*'", id="a wildcard in a port"),
    bad(origins(r"https://.*\.example\.com"), "invalid", "origins: 'https://.*\\\\.example\\\\.com' is not an origin: write 'https://*.example.com'", id='an expression for subdomains'),
    bad(origins(r"https://[a-z]+\.example\.com"), "invalid", "origins: 'https://[a-z]+\\\\.example\\\\.com' is not an origin: write 'https://*.example.com'; this also allows deeper subdomains", id='an expression for a label'),
    bad(origins(r"^https://example\.com$"), "invalid", "origins: '^https://example\\\\.com$' is not an origin: write 'https://example.com'", id='an anchored expression'),
    bad(origins(r"http://localhost:\d+"), "invalid", "origins: 'http://localhost:\\\\d+' is not an origin: write 'http://localhost:*'", id='an expression for ports'),
    bad(origins(r"https?://example\.com"), "invalid", "origins: 'https?://example\\\\.com' is not an origin: write ['http://example.com', 'https://example.com']", id='an expression for two schemes'),
    bad(origins("https://(a|b).example.com"), "invalid", "origins: 'https://(a|b).example.com' is not an origin: write ['https://a.example.com', 'https://b.example.com']", id='an expression with alternatives'),
    bad(origins(".*"), "invalid", "origins: '.*' is not an origin: write '*', which allows every origin", id='an expression for everything'),
    # origins: the kind of value
    bad({"origins": None}, "invalid", 'origins: None is not a list: is an environment variable not set? Write a list of strings, or [] for none', id='None for origins'),
    bad({"origins": 5}, "invalid", f"origins: 5 is not a list: {LISTS}", id="a number for origins"),
    bad({"origins": b"https://a.example"}, "invalid", f"origins: b'https://a.example' is not a list: {LISTS}", id="bytes for origins"),
    bad({"origins": {"https://a.example": 1}}, "invalid", f"origins: {{'https://a.example': 1}} is not a list: {LISTS}", id="a mapping for origins"),
    bad({"origins": '["https://a.example"'}, "invalid", """origins: '["https://a.example"' is not an origin: write 'https://a.example'""", id="half a JSON list"),
    bad({"origins": "[https://a.example]"}, "invalid", "origins: '[https://a.example]' is not a list in JSON (Expecting value: line 1 column 2 (char 1)): write [\"a\", \"b\"], or a, b", id="a list that is not JSON"),
    bad(origins(5), "invalid", "origins: 5 is not an origin: write a string such as 'https://app.example', or a function (origin, environ) -> bool", id='a number among the origins'),
    bad(origins(re.compile(b"x")), 'prohibited', "origins: re.compile(b'x') is a regular expression, which origins do not take: write a string such as 'https://*.example.com'", id='an expression for bytes'),
    # origins: prohibited
    bad(origins("*", **WITH), 'prohibited', "origins: '*' is prohibited with supports_credentials: list the origins of the pages that send cookies, as in ['https://app.example']", id='every origin with credentials'),
    bad(origins("https://a.example", "*", **WITH), 'prohibited', "origins: '*' is prohibited with supports_credentials: list the origins of the pages that send cookies, as in ['https://app.example']", id='every origin inside a list with credentials'),
    bad(origins("null"), 'prohibited', "origins: 'null' is prohibited without allow_null_origin: name a real origin, or write allow_null_origin=True: every sandboxed frame and every local file sends 'null'", id='null without its opt-in'),
    bad(origins("null", allow_null_origin=True, **WITH), 'prohibited', "origins: 'null' is prohibited with supports_credentials: name a real origin: every sandboxed frame and every local file sends 'null'", id='null with credentials'),
    bad(origins("http://a.example", **WITH), 'prohibited', "origins: 'http://a.example' is prohibited with supports_credentials (others on the network can change http pages): write 'https://a.example', or allow_insecure_origins=True", id='plain http with credentials'),
    bad(origins("http://*.a.example:*", **WITH), 'prohibited', "origins: 'http://*.a.example:*' is prohibited with supports_credentials (others on the network can change http pages): write 'https://*.a.example:*', or allow_insecure_origins=True", id='a plain http wildcard with credentials'),
    bad(origins("http://notlocalhost", **WITH), 'prohibited', "origins: 'http://notlocalhost' is prohibited with supports_credentials (others on the network can change http pages): write 'https://notlocalhost', or allow_insecure_origins=True", id='a host that ends in localhost'),
    bad(origins("http://128.0.0.1", **WITH), 'prohibited', "origins: 'http://128.0.0.1' is prohibited with supports_credentials (others on the network can change http pages): write 'https://128.0.0.1', or allow_insecure_origins=True", id='an address that is not loopback'),
    bad(origins("https://*.github.io", **WITH), "prohibited", "origins: 'https://*.github.io' is prohibited with supports_credentials (anybody can register a name under github.io): name your own site, as in 'https://example.github.io', or write allow_public_suffixes=True", id="a wildcard over a public suffix with credentials"),
    bad(origins("https://*.com", **WITH), "prohibited", "origins: 'https://*.com' is prohibited with supports_credentials (anybody can register a name under com): name your own site, as in 'https://example.com', or write allow_public_suffixes=True", id="a wildcard over a top-level domain with credentials"),
    bad(origins(re.compile(r"https://example\.com.*"), **WITH), 'prohibited', "origins: re.compile('https://example\\\\.com.*') is a regular expression, which origins do not take: write 'https://example.com'", id='an expression with an open end'),
    bad(origins(re.compile(r"https://.*example\.com"), **WITH), 'prohibited', "origins: re.compile('https://.*example\\\\.com') is a regular expression, which origins do not take: write ['https://example.com', 'https://*.example.com']", id='an expression with an open beginning'),
    bad(origins(re.compile(r".*"), **WITH), 'prohibited', "origins: re.compile('.*') is a regular expression, which origins do not take: list the origins that you trust one by one, as in 'https://app.example.com'", id='an expression for everything with credentials'),
    # methods
    bad({"origins": "*", "methods": ["patch"]}, "invalid", "methods: 'patch' is not the method PATCH (browsers do not change its case): write 'PATCH', here and in the client's fetch()", id='patch in lower case'),
    bad({"origins": "*", "methods": ["TRACE"]}, 'forbidden', "methods: 'TRACE' is a method that browsers do not let pages use: remove it", id='TRACE'),
    bad({"origins": "*", "methods": "connect"}, 'forbidden', "methods: 'connect' is a method that browsers do not let pages use: remove it", id='CONNECT in lower case'),
    bad({"origins": "*", "methods": ["Track"]}, 'forbidden', "methods: 'Track' is a method that browsers do not let pages use: remove it", id='TRACK'),
    bad({"origins": "*", "methods": ["GET/POST"]}, "invalid", f"methods: 'GET/POST' {NAMES}", id="a method that is no token"),
    bad({"origins": "*", "methods": ["*GET"]}, "invalid", f"methods: '*GET' {NAMES}", id="a star in a method"),
    bad({"origins": "*", "methods": [None]}, "invalid", "methods: None is not a name: write a list of strings", id="a method that is no string"),
    bad({"origins": "*", "methods": len}, "invalid", "methods: <built-in function len> is not a name: write a list of strings", id="a function for methods"),
    # headers
    bad({"origins": "*", "allow_headers": ["X-COMPANY-*"]}, "invalid", f"allow_headers: 'X-COMPANY-*' {NAMES}", id="a star in a header name"),
    bad({"origins": "*", "allow_headers": [r"X-.*"]}, "invalid", f"allow_headers: 'X-.*' {NAMES}", id="an expression for a header name"),
    bad({"origins": "*", "allow_headers": ["X-A:"]}, "invalid", "allow_headers: 'X-A:' is not a name: write 'X-A' in its place", id="a header name that is no token"),
    bad({"origins": "*", "allow_headers": ["X-Ä"]}, "invalid", f"allow_headers: 'X-Ä' {NAMES}", id="a header name beyond ASCII"),
    bad({"origins": "*", "allow_headers": ["X-A\r\nX-B"]}, "invalid", "allow_headers: 'X-A\\r\\nX-B' is not a name: write 'X-A', 'X-B' in its place", id="a header name with a line break"),
    bad({"origins": "*", "allow_headers": ["X-A: 1, 2"]}, "invalid", f"allow_headers: 'X-A: 1, 2' {NAMES}", id="a header with a list"),
    bad({"origins": "*", "allow_headers": ["Content-Type: application/json"]}, "invalid", "allow_headers: 'Content-Type: application/json' is not a name: write 'Content-Type' in its place", id="a whole header"),
    bad({"origins": "*", "allow_headers": [":"]}, "invalid", f"allow_headers: ':' {NAMES}", id="a header without a name"),
    bad({"origins": "*", "methods": ["GET,POST"]}, "invalid", "methods: 'GET,POST' is not a name: write 'GET', 'POST' in its place", id="a list in a list"),
    bad({"origins": "*", "methods": ["GET,TRACE"]}, "invalid", f"methods: 'GET,TRACE' {NAMES}", id="a list in a list, with a method that nobody may send"),
    bad({"origins": "*", "allow_headers": ["Content Type"]}, "invalid", f"allow_headers: 'Content Type' {NAMES}", id="a name with a blank"),
    bad({"origins": "*", "expose_headers": ["X-A; X-B"]}, "invalid", "expose_headers: 'X-A; X-B' is not a name: write 'X-A', 'X-B' in its place", id="a list in a list, with a semicolon"),
    bad({"origins": "*", "allow_headers": ["Cookie"]}, 'forbidden', "allow_headers: 'Cookie' is a request header that pages cannot set: remove it", id='a forbidden request header'),
    bad({"origins": "*", "allow_headers": ["origin"]}, 'forbidden', "allow_headers: 'origin' is a request header that pages cannot set: remove it", id='Origin among the request headers'),
    bad({"origins": "*", "allow_headers": ["Sec-Fetch-Mode"]}, 'forbidden', "allow_headers: 'Sec-Fetch-Mode' is a request header that pages cannot set: remove it", id='a forbidden prefix'),
    bad({"origins": "*", "allow_headers": ["Access-Control-Allow-Origin"]}, 'prohibited', "allow_headers: 'Access-Control-Allow-Origin' is a response header: remove it here, and from the page's request headers", id='a response header among the request headers'),
    bad({"origins": "*", "expose_headers": ["Set-Cookie"]}, 'forbidden', "expose_headers: 'Set-Cookie' is a response header that JavaScript can never read: remove it", id='Set-Cookie exposed'),
    bad({"origins": "*", "expose_headers": ["Access-Control-Allow-Origin"]}, 'prohibited', "expose_headers: 'Access-Control-Allow-Origin' is a header that JavaScript does not need to read: remove it", id='a CORS header exposed'),
    bad(origins("https://a.example", expose_headers="*", **WITH), 'prohibited', "expose_headers: '*' is prohibited with supports_credentials (with credentials, browsers read '*' as a header with the name *): list the headers that JavaScript may read", id='every header exposed with credentials'),
    # scalars
    bad({"origins": "*", "supports_credentials": "false"}, "invalid", "supports_credentials: 'false' is not a bool: write True or False", id="a string for a bool"),
    bad({"origins": "*", "allow_private_network": 1}, "invalid", "allow_private_network: 1 is not a bool: write True or False", id="a number for a bool"),
    bad({"origins": "*", "allow_null_origin": None}, "invalid", "allow_null_origin: None is not a bool: write True or False", id="None for a bool"),
    bad({"origins": "*", "max_age": -1}, "invalid", f"max_age: -1 is negative: {SECONDS}", id="a negative age"),
    bad({"origins": "*", "max_age": True}, "invalid", f"max_age: True is not a number of seconds: {SECONDS}", id="a bool for an age"),
    bad({"origins": "*", "max_age": 1.5}, "invalid", f"max_age: 1.5 is not a number of seconds: {SECONDS}", id="a fraction of a second"),
    bad({"origins": "*", "max_age": 600.0}, "invalid", "max_age: 600.0 is not a whole number: write 600", id="a float for an age"),
    bad({"origins": "*", "max_age": "600"}, "invalid", "max_age: '600' is not a number of seconds: write 600, without quotes", id="a string of digits for an age"),
    bad({"origins": "*", "max_age": "soon"}, "invalid", f"max_age: 'soon' is not a number of seconds: {SECONDS}", id="a string for an age"),
    bad({"origins": "*", "max_age": timedelta(milliseconds=1500)}, "invalid", f"max_age: datetime.timedelta(seconds=1, microseconds=500000) is not a number of seconds: {SECONDS}", id="a timedelta with a fraction"),
    bad({"origins": "*", "max_age": float("nan")}, "invalid", f"max_age: nan is not a number of seconds: {SECONDS}", id="not a number"),
    # options
    bad({"origins": "*", "alow_headers": "X-A"}, "invalid", "alow_headers: 'alow_headers' is not an option: did you mean 'allow_headers'? (Flask-CORS ignored 'alow_headers': under its right name the option takes effect)", id='a misspelt option'),
    bad({"origins": "*", "allow_credentials": True}, "invalid", "allow_credentials: 'allow_credentials' is not an option: did you mean 'supports_credentials'? (Flask-CORS ignored 'allow_credentials': under its right name the option takes effect)", id="another library's option"),
    bad({"origins": "*", "zzz": 1}, "invalid", "zzz: 'zzz' is not an option: the options are allow_headers, allow_insecure_origins, allow_null_origin, allow_private_network, allow_public_suffixes, csrf_protection, expose_headers, max_age, methods, origins, supports_credentials", id="an option like no other"),
    bad({"methods": "GET"}, "invalid", MISSING, id="no origins"),
]  # fmt: skip


@pytest.mark.parametrize(("options", "reason", "message"), BAD)
def test_a_bad_option_is_one_problem_with_its_remedy(options: dict[str, Any], reason: str, message: str) -> None:
    with pytest.raises(CORSConfigError) as raised:
        CORSPolicy(**options)
    (problem,) = raised.value.problems
    assert str(raised.value) == message
    assert (problem.option, problem.reason) == (message.partition(":")[0], reason)
    assert message.endswith(problem.hint)


def test_the_callables_of_a_policy_are_checked() -> None:
    async def asynchronous(*request: Any) -> bool:
        return True

    class Asynchronous:
        async def __call__(self, *request: Any) -> bool:  # noqa: ARG002
            return True

    with pytest.raises(CORSConfigError) as raised:
        CORSPolicy(origins=[asynchronous, Asynchronous(), lambda origin: True])  # type: ignore[list-item, misc]
    hints = [problem.hint for problem in raised.value.problems]
    plain = "write a plain def that returns True or False"
    assert hints == [plain, plain, "write def allowed(origin: str, environ: dict) -> bool"]


def test_all_problems_are_reported_at_once() -> None:
    with pytest.raises(CORSConfigError) as raised:
        CORSPolicy(
            origins=["https://a.example/x", "b.example"],
            methods=["patch"],
            max_age=-1,
            supports_credentials="no",  # type: ignore[arg-type]
        )  # type: ignore[arg-type]
    assert [problem.option for problem in raised.value.problems] == [
        "supports_credentials",
        "origins",
        "origins",
        "methods",
        "max_age",
    ]
    assert len(str(raised.value).splitlines()) == 5


def test_problems_are_frozen_records() -> None:
    with pytest.raises(CORSConfigError) as raised:
        CORSPolicy(origins="a.example")
    (problem,) = raised.value.problems
    with pytest.raises(AttributeError):
        problem.option = "x"  # type: ignore[misc]


def test_an_unknown_option_is_a_type_error_too() -> None:
    with pytest.raises(TypeError, match="did you mean 'origins'"):
        CORSPolicy(orgins="*")  # type: ignore[call-arg]


def test_options_are_keywords_only() -> None:
    with pytest.raises(TypeError):
        CORSPolicy("*")  # type: ignore[call-arg, misc]


def test_a_long_value_is_cut_in_its_message() -> None:
    with pytest.raises(CORSConfigError) as raised:
        CORSPolicy(origins="x" * 5000 + "/")
    assert len(str(raised.value)) < 350


def test_a_generator_is_read_once() -> None:
    assert CORSPolicy(origins=(origin for origin in ["https://a.example"])).origins == ("https://a.example",)


GOOD = [
    pytest.param("origins", "https://a.example", ("https://a.example",), id="one origin as a string"),
    pytest.param("origins", "https://a.example, https://b.example", ("https://a.example", "https://b.example"), id="commas"),
    pytest.param("origins", "https://a.example\nhttps://b.example ", ("https://a.example", "https://b.example"), id="line breaks"),
    pytest.param("origins", '["https://a.example", "https://b.example"]', ("https://a.example", "https://b.example"), id="JSON"),
    pytest.param("origins", {"https://a.example": 1}.keys(), ("https://a.example",), id="a view of a dictionary"),
    pytest.param("origins", {"https://b.example", "https://a.example"}, ("https://a.example", "https://b.example"), id="a set, sorted"),
    pytest.param("origins", "", (), id="an empty string allows nobody"),
    pytest.param("origins", " , ", (), id="a string of nothing but commas allows nobody"),
    pytest.param("origins", ["*", "https://a.example"], "*", id="the wildcard covers what stands beside it"),
    pytest.param("origins", "HTTPS://A.Example:443/", ("https://a.example",), id="capitals, default port and slash are dropped"),
    pytest.param("origins", "http://a.example:80", ("http://a.example",), id="the default port of http is dropped"),
    pytest.param("origins", "https://a.example:80", ("https://a.example:80",), id="another scheme's default port is kept"),
    pytest.param("origins", "https://a.example:08443", ("https://a.example:8443",), id="leading zeros of a port are dropped"),
    pytest.param("origins", ["https://a.example", "https://A.example"], ("https://a.example",), id="the same origin twice is one"),
    pytest.param("origins", "http://[0:0:0:0:0:0:0:1]:8080", ("http://[::1]:8080",), id="an IPv6 address is compressed"),
    pytest.param("origins", "http://[2001:DB8:0:0:1:0:0:1]", ("http://[2001:db8::1:0:0:1]",), id="the first longest run of zeros is compressed"),
    pytest.param("origins", "http://[::ffff:192.0.2.1]", ("http://[::ffff:c000:201]",), id="no embedded IPv4 address is kept"),
    pytest.param("origins", "http://[1:2:3:4:5:6:7:8]", ("http://[1:2:3:4:5:6:7:8]",), id="an IPv6 address without zeros"),
    pytest.param("origins", "capacitor://localhost tauri://localhost", ("capacitor://localhost", "tauri://localhost"), id="web views"),
    pytest.param("origins", "chrome-extension://abcdefghijklmnop", ("chrome-extension://abcdefghijklmnop",), id="an extension"),
    pytest.param("origins", "https://*.Example.com:*", ("https://*.example.com:*",), id="a wildcard for hosts and ports"),
    pytest.param("origins", "https://a_b.example.", ("https://a_b.example.",), id="an underscore and a trailing dot are kept"),
    pytest.param("origins", "https://*.github.io", ("https://*.github.io",), id="a public suffix is fine without credentials"),
    pytest.param("methods", "get, PATCH post GET", ("GET", "PATCH", "POST"), id="methods are normalized and unique"),
    pytest.param("methods", ["GET", "*"], "*", id="the wildcard covers the other methods"),
    pytest.param("methods", ["brew"], ("brew",), id="the case of other methods is kept"),
    pytest.param("allow_headers", ["X-A", "x-a", "X-B"], ("X-A", "X-B"), id="header names are unique whatever their case"),
    pytest.param("allow_headers", ["X-A", "*"], "*", id="the wildcard covers the other headers"),
    pytest.param("expose_headers", "ETag, X-Total", ("ETag", "X-Total"), id="exposed headers in one string"),
    pytest.param("expose_headers", "*", "*", id="every header exposed"),
    pytest.param("max_age", timedelta(hours=2), 7200, id="a timedelta is seconds"),
    pytest.param("max_age", 0, 0, id="an age of nothing"),
    pytest.param("max_age", 86400, 86400, id="the longest age that a browser keeps"),
]  # fmt: skip


@pytest.mark.parametrize(("option", "value", "kept"), GOOD)
def test_a_good_option_is_kept_in_one_form(option: str, value: Any, kept: Any) -> None:
    options: Any = {"origins": "*"} | {option: value}
    assert getattr(CORSPolicy(**options), option) == kept


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(origins("http://localhost:3000", **WITH), id="localhost"),
        pytest.param(origins("http://app.localhost", **WITH), id="a name below localhost"),
        pytest.param(origins("http://*.localhost:*", **WITH), id="all names below localhost"),
        pytest.param(origins("http://127.8.8.8:*", **WITH), id="a loopback address"),
        pytest.param(origins("http://[::1]:3000", **WITH), id="the IPv6 loopback address"),
        pytest.param(origins("http://a.example", allow_insecure_origins=True, **WITH), id="http by its opt-in"),
        pytest.param(origins("https://*.github.io", allow_public_suffixes=True, **WITH), id="a public suffix by its opt-in"),
        pytest.param(origins("https://*.example.com", **WITH), id="subdomains of a registered domain"),
        pytest.param(origins("https://*.localhost", **WITH), id="a suffix that nobody registers names under"),
        pytest.param(origins("null", allow_null_origin=True), id="null by its opt-in"),
        pytest.param(origins("http://a.example", "https://*.com"), id="http and a public suffix without credentials"),
    ],
)  # fmt: skip
def test_what_is_safe_or_opted_into_gives_neither_error_nor_warning(options: dict[str, Any]) -> None:
    CORSPolicy(**options)


WARNS = [
    pytest.param({"max_age": 86401}, "max_age: 86401 is longer than browsers cache a preflight", id="an age beyond every browser's"),
    pytest.param({"send_wildcard": True}, "send_wildcard has no effect: '\\*' is sent whenever", id="send_wildcard"),
    pytest.param({"always_send": True}, "always_send has no effect", id="always_send"),
    pytest.param({"vary_header": False}, "vary_header has no effect", id="vary_header"),
    pytest.param({"automatic_options": True}, "automatic_options has no effect", id="automatic_options"),
    pytest.param({"intercept_exceptions": True}, "intercept_exceptions has no effect", id="intercept_exceptions"),
    pytest.param({"headers": "X-A"}, "headers has no effect: name the request headers in allow_headers", id="headers"),
]  # fmt: skip


@pytest.mark.parametrize(("options", "message"), WARNS)
def test_what_may_be_meant_otherwise_gives_one_warning_where_it_was_written(
    options: dict[str, Any], message: str
) -> None:
    with pytest.warns(CORSWarning, match=message) as warned:
        CORSPolicy(**{"origins": "*"} | options)
    assert [warning.filename for warning in warned] == [__file__]


def test_a_policy_cannot_be_changed() -> None:
    policy = CORSPolicy(origins="*")
    with pytest.raises(dataclasses.FrozenInstanceError):
        policy.origins = ("https://a.example",)  # type: ignore[misc]


def test_a_changed_copy_is_checked_again() -> None:
    policy = CORSPolicy(origins="*", methods="GET")
    assert dataclasses.replace(policy, methods="PUT") == CORSPolicy(origins="*", methods="PUT")
    with pytest.raises(CORSConfigError):
        dataclasses.replace(policy, supports_credentials=True)
    with pytest.raises(CORSConfigError, match="did you mean 'methods'"):
        dataclasses.replace(policy, method="PUT")  # type: ignore[call-arg]


def test_policies_are_equal_by_value_and_survive_copying() -> None:
    policy = CORSPolicy(origins=["https://a.example", "https://b.example"], max_age=5)
    for other in (copy.copy(policy), copy.deepcopy(policy), pickle.loads(pickle.dumps(policy))):
        assert other == policy
        assert hash(other) == hash(policy)
        assert other.allows("https://b.example", {})


def test_a_hash_tells_policies_apart() -> None:
    assert hash(CORSPolicy(origins="https://a.example")) != hash(CORSPolicy(origins="https://b.example"))


def test_how_functions_are_called_holds_for_the_copy_that_is_not_cached() -> None:
    called: list[str] = []

    def call(function: Any, origin: str, environ: dict[str, Any]) -> bool:
        called.append(origin)
        return bool(function(origin, environ))

    policy = CORSPolicy(origins=[lambda origin, environ: True])
    assert policy.uncached.max_age == 0
    assert policy.calling(call).uncached.allows("https://a.example", {})
    assert called == ["https://a.example"]


def test_a_max_age_that_was_not_given_stays_so_in_a_copy() -> None:
    given, silent = CORSPolicy(origins="*", max_age=600), CORSPolicy(origins="*")
    assert given == silent
    assert given.max_age_given
    assert not silent.max_age_given
    assert not dataclasses.replace(silent, methods="GET").max_age_given
    assert not copy.deepcopy(silent).max_age_given


class TestFromMapping:
    def test_strings_are_read_as_what_they_mean(self) -> None:
        policy = CORSPolicy.from_mapping(
            {
                "CORS_ORIGINS": "https://a.example https://b.example",
                "CORS_METHODS": "GET,PUT",
                "CORS_SUPPORTS_CREDENTIALS": "Yes",
                "CORS_MAX_AGE": " 60 ",
                "OTHER": 1,
                5: 6,  # type: ignore[dict-item]
            }
        )  # type: ignore[dict-item]
        assert policy == CORSPolicy(
            origins=["https://a.example", "https://b.example"],
            methods=["GET", "PUT"],
            supports_credentials=True,
            max_age=60,
        )

    @pytest.mark.parametrize(
        ("text", "value"),
        [(t, True) for t in ("true", "1", "YES", "on")] + [(t, False) for t in ("false", "0", "no", "Off")],
    )
    def test_a_flag(self, text: str, value: bool) -> None:
        assert (
            CORSPolicy.from_mapping({"CORS_ORIGINS": "", "CORS_SUPPORTS_CREDENTIALS": text}).supports_credentials
            is value
        )

    @pytest.mark.parametrize(("text", "value"), [("", None), ("None", None), ("0", 0), (30, 30), (None, None)])
    def test_an_age(self, text: Any, value: int | None) -> None:
        assert CORSPolicy.from_mapping({"CORS_ORIGINS": "*", "CORS_MAX_AGE": text}).max_age == value

    def test_another_prefix(self) -> None:
        assert CORSPolicy.from_mapping({"API_CORS_ORIGINS": "*"}, prefix="API_CORS_").any_origin

    def test_everything_wrong_is_said_at_once(self) -> None:
        with pytest.raises(CORSConfigError) as raised:
            CORSPolicy.from_mapping({"CORS_ORIGIN": "*", "CORS_SUPPORTS_CREDENTIALS": "maybe", "CORS_MAX_AGE": "-5"})
        assert str(raised.value).splitlines() == [
            "CORS_ORIGIN: 'CORS_ORIGIN' is not an option: did you mean 'CORS_ORIGINS'?",
            "origins: None is missing: set CORS_ORIGINS, as in CORS_ORIGINS='https://app.example, https://admin.example'",
            "supports_credentials: 'maybe' is not a bool: write True or False",
            f"max_age: -5 is negative: {SECONDS}",
        ]

    def test_a_retired_key_is_named_as_it_is_written(self) -> None:
        with pytest.warns(CORSWarning, match="CORS_HEADERS has no effect: name the request headers in allow_headers"):
            CORSPolicy.from_mapping({"CORS_ORIGINS": "*", "CORS_HEADERS": "X-A"})

    def test_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("CORS_ORIGINS", '["https://a.example"]')
        assert CORSPolicy.from_env() == CORSPolicy(origins="https://a.example")


def test_a_policy_is_used_by_many_threads_at_once() -> None:
    policy = CORSPolicy(origins=[f"https://*.o{number}.example" for number in range(100)])
    wrong: list[int] = []

    def ask(number: int) -> None:
        if not all(policy.allows(f"https://a.b.o{number}.example", {}) for _ in range(500)):
            wrong.append(number)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_a_policy_shows_its_options_and_is_equal_by_them() -> None:
    policy = CORSPolicy(origins=["https://*.a.example"])
    names = [part.partition("=")[0] for part in re.findall(r"\w+=", repr(policy))]
    assert sorted(names) == sorted(OPTION_NAMES)
    assert policy == CORSPolicy(origins=["https://*.a.example"])
    assert hash(policy) == hash(CORSPolicy(origins=["https://*.a.example"]))
    assert policy != CORSPolicy(origins=["https://*.b.example"])
