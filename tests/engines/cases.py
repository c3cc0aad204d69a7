"""Cases: what a page calls, and what the servers answer at each step. Origins are names in braces, such as ``{api}``."""

from __future__ import annotations

import random
from dataclasses import asdict, dataclass, field
from typing import Any

Headers = list[tuple[str, str]]
SEED = 20261126
NUMBER = 440
ORIGIN, CREDENTIALS = "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials"
METHODS, NAMES, AGE = "Access-Control-Allow-Methods", "Access-Control-Allow-Headers", "Access-Control-Max-Age"
EXPOSED = "Access-Control-Expose-Headers"


@dataclass
class Call:
    """One call of ``fetch()``, or with *api* ``xhr`` or ``xhr-upload`` (with a listener on its upload)."""

    method: str = "GET"
    headers: Headers = field(default_factory=list)
    body: str | None = None
    credentials: str = "omit"
    mode: str = "cors"
    redirect: str = "follow"
    cache: str = "default"
    api: str = "fetch"
    host: str = "api"
    hop: int = 0


@dataclass
class Hop:
    """What every server answers at one path: status and headers, to a preflight and to everything else."""

    preflight: tuple[int, Headers] = (200, [])
    actual: tuple[int, Headers] = (200, [])


@dataclass
class Case:
    """Calls one after the other, and the hops that they meet."""

    name: str
    calls: list[Call]
    hops: list[Hop]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


ALLOW: Headers = [(ORIGIN, "{page}"), (CREDENTIALS, "true"), (METHODS, "PUT, PATCH, DELETE"), (NAMES, "x-one, x-two, content-type, authorization, range, accept, content-language, user-agent, if-none-match, accept-language")]  # fmt: skip
NULL: Headers = [(ORIGIN, "null"), *ALLOW[1:]]
ANY: Headers = [(ORIGIN, "*"), *ALLOW[2:]]


def to(place: str, hop: int = 1) -> tuple[str, str]:
    """Return a Location: the *hop* of this case on the server *place*."""
    return ("Location", f"{place}/c/{{case}}/{hop}")


def generated(seed: int, number: int) -> list[Case]:
    """Return *number* cases drawn with *seed*."""
    choose = random.Random(seed)
    makers = [_plain] * 5 + [_redirected] * 4 + [_repeated] * 2 + [_odd] * 2
    return [choose.choice(makers)(choose, f"generated {index}") for index in range(number)]


def _plain(choose: random.Random, name: str) -> Case:
    call = _call(choose)
    hop = Hop(
        _preflight(choose, call),
        (choose.choice([200, 200, 200, 404, 500]), [*_origin(choose, call.credentials), *_exposed(choose)]),
    )
    return Case(name, [call], [hop])


def _call(choose: random.Random) -> Call:
    method = choose.choice(["GET", "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "patch", "FOO", "put"])
    call = Call(
        method, list(choose.choice(REQUEST_HEADERS)), credentials=choose.choice(["omit", "same-origin", "include"])
    )
    if method in ("POST", "PUT", "put") and choose.random() < 0.5:
        call.body = "x"
    if call.credentials != "omit" and choose.random() < 0.25:
        call.api = choose.choice(["xhr", "xhr-upload"])
    return call


REQUEST_HEADERS: list[Headers] = [
    [],
    [],
    [("X-One", "1")],
    [("Authorization", "a")],
    [("Content-Type", "application/json")],
    [("X-Two", "2"), ("X-One", "1"), ("Content-Type", "text/x")],
    [("Accept-Language", "a" * 129)],
    [("Accept", '"')],
    [("Range", "bytes=0-9")],
    [("Range", "bytes=-9")],
    [("Content-Type", "text/plain")],
    [("Accept", "text/x")],
]
ORIGINS: list[Any] = [*["{page}"] * 12, "*", "*", None, "{page}/", "null", "", "example.com", "{page}, https://b.example", "https://b.example", ("{page}", "{page}"), ("*", "*"), "* ", "{PAGE}", "localhost:3000", "{page} https://b.example", ("{page}", "")]  # fmt: skip
METHOD_LISTS: list[Any] = [None, "*", "PUT, PATCH, DELETE, FOO", "PUT, PATCH, DELETE, FOO, patch", "put", "PUT,,PATCH", "P@T, PUT", "", "GET", ("PUT", "PATCH, DELETE")]  # fmt: skip
NAME_LISTS: list[Any] = [None, "*", "x-one, content-type, authorization, x-two", "X-One, Content-Type", "x one", "", "*, authorization", "x-two", ("x-one, x-two", "content-type"), "x-one, content-type, authorization, x-two, range, accept, accept-language"]  # fmt: skip


def _lines(name: str, value: Any) -> Headers:
    return [(name, each) for each in ([value] if isinstance(value, str) else value or ())]


def _origin(choose: random.Random, credentials: str) -> Headers:
    truth = ["true", "true", "true", None, "True", "false", ""] if credentials == "include" else [None, "true", "x"]
    return _lines(ORIGIN, choose.choice(ORIGINS)) + _lines(CREDENTIALS, choose.choice(truth))


def _exposed(choose: random.Random) -> Headers:
    return [
        *_lines(EXPOSED, choose.choice([None, "*", "x-total, etag", "x total", "X-Total"])),
        ("X-Total", "1"),
        ("ETag", '"a"'),
    ]


def _preflight(choose: random.Random, call: Call) -> tuple[int, Headers]:
    status = choose.choice([200] * 12 + [204, 302, 308, 401, 404, 405, 500, 299])
    headers = [
        *_origin(choose, call.credentials),
        *_lines(METHODS, choose.choice(METHOD_LISTS)),
        *_lines(NAMES, choose.choice(NAME_LISTS)),
    ]
    return status, [*headers, ("Location", "/elsewhere")] if status in (302, 308) else headers


def _redirected(choose: random.Random, name: str) -> Case:
    call = Call(choose.choice(["GET", "POST", "PUT"]), list(choose.choice([[], [], [("Authorization", "a")], [("X-One", "1")], [("Content-Type", "application/json")]])), credentials=choose.choice(["omit", "include"]))  # fmt: skip
    if call.method != "GET" and choose.random() < 0.5:
        call.body = "x"
    if choose.random() < 0.2:
        call.host = "page"
    length = choose.choice([1, 1, 1, 2, 2, 3])
    hops = []
    for index in range(length):
        place = choose.choice(["{third}", "{third}", "{api}", "{page}", "{elsewhere}"])
        place = place if choose.random() > 0.1 else place.replace("{", "u:p@{")
        location = (
            to(place, index + 1)
            if choose.random() > 0.08
            else ("Location", choose.choice(["ftp://localhost/", "data:,x", "http://[", "/c/{case}/1#x"]))
        )
        hops.append(
            Hop(
                (200, choose.choice([ALLOW] * 5 + [NULL])),
                (
                    choose.choice([301, 302, 303, 307, 308]),
                    [*choose.choice([ALLOW] * 4 + [NULL, NULL, ANY, []]), location],
                ),
            )
        )
    end = choose.choice([ALLOW, ALLOW, NULL, NULL, ANY, []])
    return Case(name, [call], [*hops, Hop((200, end), (200, end))])


def _repeated(choose: random.Random, name: str) -> Case:
    headers: list[Headers] = [
        [("X-One", "1")],
        [("X-Two", "1")],
        [],
        [("Authorization", "a")],
        [("X-One", "1"), ("X-Two", "2")],
    ]
    credentials = choose.choice([["omit"], ["include"], ["omit", "include"]])
    calls = [
        Call(
            choose.choice(["GET", "PUT", "DELETE"]),
            list(choose.choice(headers)),
            credentials=choose.choice(credentials),
        )
        for _ in range(choose.choice([2, 3, 4]))
    ]
    age = choose.choice([None, "600", "600", "0", "-1", "5x", "", "+600", "99999999999999999999999", "1.5"])
    lists = choose.choice([ALLOW[2:], [(METHODS, "*"), (NAMES, "*")], [(METHODS, "PUT"), (NAMES, "x-one")], [(METHODS, "PUT, DELETE"), (NAMES, "x-one, x-two, authorization")]])  # fmt: skip
    preflight = [*ALLOW[:2], *lists, *_lines(AGE, age)]
    actual = choose.choice([ALLOW, ALLOW, ALLOW, []])
    return Case(name, calls, [Hop((200, preflight), (200, actual))])


def _odd(choose: random.Random, name: str) -> Case:
    header = choose.choice(
        [
            ("User-Agent", "x"),
            ("Range", "bytes=0-99999999999999999999"),
            ("Range", "BYTES=0-5"),
            ("Range", "bytes=5-0"),
            ("Accept", "a\u00e9"),
            ("Content-Type", "text/plain; a=\u00e9"),
            ("Content-Type", "text/plain,text/plain"),
            ("Content-Language", "en_GB"),
            ("DPR", "2"),
            ("Save-Data", "on"),
            ("If-None-Match", '"a"'),
            ("X-HTTP-Method-Override", "PUT"),
            ("Accept", "a" * 128),
            ("Accept", "a" * 129),
            ("Last-Event-ID", "1"),
            ("Content-Type", "TEXT/PLAIN"),
            ("Content-Type", "text/plain;"),
        ]
    )
    call = Call(choose.choice(["GET", "POST"]), [header], credentials=choose.choice(["omit", "include"]), cache=choose.choice(["default"] * 6 + ["no-store", "reload", "no-cache"]))  # fmt: skip
    if call.method == "POST":
        call.body = "x"
    twice = [call, call] if choose.random() < 0.4 else [call]
    return Case(
        name,
        twice,
        [
            Hop(
                (200, [*ALLOW, (NAMES, "dpr, save-data, x-http-method-override, last-event-id"), (AGE, "600")]),
                (200, [*ALLOW, *_exposed(choose)]),
            )
        ],
    )
