"""The middleware: how requests find their policy, and that everything else of WSGI passes untouched."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from wsgiref.validate import validator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from webtest import TestApp
from werkzeug.test import Client

from flask_crossorigin import CORSConfigError, CORSMiddleware, CORSPolicy

from ..helpers.cases import APP, OTHER, PREFLIGHT_VARY
from ..helpers.wsgi import call, environ_for, hello, origin_of, preflight, request

PUBLIC, PRIVATE = CORSPolicy(origins="*"), CORSPolicy(origins=[APP], supports_credentials=True)


class TestWhichPolicy:
    def test_keywords_make_one(self) -> None:
        assert origin_of(request(CORSMiddleware(hello, origins=APP), origin=APP)) == APP

    def test_a_mapping_of_path_patterns(self) -> None:
        app = CORSMiddleware(hello, {"/public/*": PUBLIC, "/private/*": PRIVATE, "/public/closed": None})
        assert origin_of(request(app, path="/public/x", origin=OTHER)) == "*"
        assert origin_of(request(app, path="/private/x", origin=APP)) == APP
        assert origin_of(request(app, path="/private/x", origin=OTHER)) is None
        assert origin_of(request(app, path="/public/closed", origin=APP)) == "own"
        assert origin_of(request(app, path="/public/x/../closed", origin=APP)) == "own"

    def test_a_callable(self) -> None:
        app = CORSMiddleware(hello, lambda environ: PUBLIC if environ["HTTP_HOST"] == "api.example" else None)
        assert origin_of(request(app, host="api.example")) == "*"
        assert origin_of(request(app, host="www.example")) == "own"

    def test_a_request_under_no_policy_passes_byte_for_byte(self) -> None:
        seen: list[Any] = []

        def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            seen.append((environ, start_response))
            return iterable

        iterable: list[bytes] = []
        environ, start_response = (
            environ_for("OPTIONS", "/x", [("Origin", APP), ("Access-Control-Request-Method", "PUT")]),
            object(),
        )
        middleware: Any = CORSMiddleware(app, lambda environ: None)
        assert middleware(environ, start_response) is iterable
        ((seen_environ, seen_start),) = seen
        assert seen_environ is environ
        assert seen_start is start_response

    def test_what_a_callable_returns_is_checked(self) -> None:
        app = CORSMiddleware(hello, lambda environ: {"origins": "*"})  # type: ignore[arg-type, return-value]
        with pytest.raises(TypeError, match="return a CORSPolicy or None"):
            request(app)

    @pytest.mark.parametrize(
        ("policy", "options", "message"),
        [
            pytest.param("https://a.example", {}, "policy: 'https://a.example' is not a policy: write CORSMiddleware(app, origins=['https://app.example']), or give a CORSPolicy", id="a string"),
            pytest.param({"/x": {"origins": "*"}}, {}, "policy: {'origins': '*'} is not a CORSPolicy: write {'/x': CORSPolicy(origins=[...])}, or None for a path that is not covered", id="a mapping of options"),
            pytest.param({"x": PUBLIC}, {}, "policy: 'x' is not a path pattern: write '/x'", id="a mapping with a bad pattern"),
            pytest.param(PUBLIC, {"methods": "GET"}, f"policy: {PUBLIC!r} is given together with methods: write CORSPolicy(...) with all of them, or all of them here", id="a policy and options"),
            pytest.param(None, {}, "origins: None is missing: write origins=['https://app.example'], or origins='*' for a public API", id="nothing"),
            pytest.param(None, {"origin": "*"}, "origin: 'origin' is not an option: did you mean 'origins'? (Flask-CORS ignored 'origin': under its right name the option takes effect)\norigins: None is missing: write origins=['https://app.example'], or origins='*' for a public API", id="a misspelt option"),
        ],
    )  # fmt: skip
    def test_what_is_no_policy_is_refused_at_start_up(self, policy: Any, options: dict[str, Any], message: str) -> None:
        with pytest.raises(CORSConfigError) as raised:
            CORSMiddleware(hello, policy, **options)
        shown = message if len(repr(policy)) <= 200 else message.replace(repr(policy), repr(policy)[:197] + "...")
        assert str(raised.value) == shown
        assert {problem.reason for problem in raised.value.problems} == {"invalid"}

    def test_what_is_no_application_is_refused(self) -> None:
        with pytest.raises(TypeError, match=r"app: <CORSPolicy|app: CORSPolicy"):
            CORSMiddleware(PUBLIC, hello)  # type: ignore[arg-type]

    def test_the_policy_can_be_swapped(self) -> None:
        app = CORSMiddleware(hello, PUBLIC)
        assert app.policy is PUBLIC
        app.policy = {"/x": PRIVATE}
        assert origin_of(request(app, path="/x", origin=APP)) == APP
        assert origin_of(request(app, path="/y", origin=APP)) == "own"
        with pytest.raises(CORSConfigError):
            app.policy = "https://a.example"  # type: ignore[assignment]
        assert app.policy == {"/x": PRIVATE}

    def test_every_answer_is_of_one_policy_while_it_is_swapped(self) -> None:
        old = CORSPolicy(
            origins=["https://a.example", "https://b.example"], methods="GET", max_age=1, supports_credentials=True
        )
        new = CORSPolicy(origins=["https://a.example"], methods="PUT", max_age=2, allow_headers="X-New")
        app = CORSMiddleware(hello, old)
        answers: set[frozenset[tuple[str, str]]] = set()
        stop = threading.Event()

        def ask() -> None:
            while not stop.is_set():
                answers.add(frozenset(preflight(app, "/", "https://a.example").headers))
                answers.add(frozenset(request(app, origin="https://a.example").headers))

        threads = [threading.Thread(target=ask) for _ in range(8)]
        interval = sys.getswitchinterval()
        sys.setswitchinterval(1e-6)
        try:
            for thread in threads:
                thread.start()
            for turn in range(400):
                app.policy = (new, old)[turn % 2]
        finally:
            stop.set()
            for thread in threads:
                thread.join()
            sys.setswitchinterval(interval)
        whole = set()
        for policy in (old, new):
            settled = CORSMiddleware(hello, policy)
            whole |= {
                frozenset(preflight(settled, "/", "https://a.example").headers),
                frozenset(request(settled, origin="https://a.example").headers),
            }
        assert answers <= whole


class TestTheRestOfWSGI:
    def test_the_servers_list_is_a_fresh_one(self) -> None:
        kept = [("Content-Type", "text/plain"), ("Vary", "Cookie")]

        def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            start_response("200 OK", kept)
            return [b""]

        result = request(CORSMiddleware(app, PRIVATE), origin=APP)
        assert result.headers is not kept
        assert kept == [("Content-Type", "text/plain"), ("Vary", "Cookie")]
        first, second = (preflight(CORSMiddleware(app, PRIVATE), "/", APP).headers for _ in range(2))
        assert first is not second

    def test_the_write_callable_is_the_servers(self) -> None:
        def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            write = start_response("200 OK", [("Content-Type", "text/plain")])
            write(b"written ")
            return [b"returned"]

        result = request(CORSMiddleware(app, PRIVATE), origin=APP)
        assert (result.body, origin_of(result)) == (b"written returned", APP)

    def test_exc_info_reaches_the_server(self) -> None:
        seen: list[Any] = []

        def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            start_response("200 OK", [])
            try:
                raise LookupError
            except LookupError:
                start_response("500 Oh", [("Content-Type", "text/plain")], sys.exc_info())
            return [b"oh"]

        def start_response(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Callable[[bytes], None]:
            seen.append((status, dict(headers), exc_info))
            return lambda data: None

        list(CORSMiddleware(app, PRIVATE)(environ_for(headers=[("Origin", APP)]), start_response))
        assert [(status, headers["Access-Control-Allow-Origin"]) for status, headers, _ in seen] == [
            ("200 OK", APP),
            ("500 Oh", APP),
        ]
        assert seen[0][2] == ()
        assert seen[1][2][0][0] is LookupError

    def test_the_iterable_is_the_applications_own_and_closed_once(self) -> None:
        class Body:
            closed = 0

            def __iter__(self) -> Iterator[bytes]:
                return iter([b"x"])

            def close(self) -> None:
                self.closed += 1

        body = Body()

        def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            start_response("200 OK", [("Content-Type", "text/plain")])
            return body

        middleware = CORSMiddleware(app, PRIVATE)
        assert middleware(environ_for(), lambda status, headers: lambda data: None) is body  # type: ignore[arg-type]
        call(middleware, environ_for())
        assert body.closed == 1

    def test_a_file_wrapper_passes_untouched(self) -> None:
        class FileWrapper:
            pass

        wrapper = FileWrapper()

        def app(environ: dict[str, Any], start_response: Any) -> Any:
            start_response("200 OK", [])
            return wrapper

        assert CORSMiddleware(app, PRIVATE)(environ_for(), lambda status, headers: lambda data: None) is wrapper  # type: ignore[arg-type, comparison-overlap]

    def test_a_lazily_started_response_has_its_headers(self) -> None:
        def app(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
            start_response("200 OK", [("Content-Type", "text/plain")])
            yield b"late"

        result = request(CORSMiddleware(app, PRIVATE), origin=APP)
        assert (result.body, origin_of(result)) == (b"late", APP)

    def test_an_application_that_never_starts_fails_as_it_would_alone(self) -> None:
        def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            raise LookupError("mine")

        with pytest.raises(LookupError, match="mine"):
            request(CORSMiddleware(app, PRIVATE), origin=APP)

    def test_the_environ_is_not_touched(self) -> None:
        environ = environ_for(headers=[("Origin", APP)])
        before = dict(environ)
        call(CORSMiddleware(hello, PRIVATE), environ)
        assert environ == before

    def test_several_lines_of_a_header_are_kept_and_vary_is_merged_into_the_first(self) -> None:
        own = [
            ("Set-Cookie", "a=1"),
            ("Set-Cookie", "b=2"),
            ("VARY", "Cookie"),
            ("Vary", "Accept"),
            ("ACCESS-CONTROL-ALLOW-ORIGIN", "x"),
            ("Access-Control-Allow-Origin", "*"),
        ]

        def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            start_response("200 OK", own)
            return [b""]

        result = request(CORSMiddleware(app, PRIVATE), origin=APP)
        assert result.headers == [
            ("Set-Cookie", "a=1"),
            ("Set-Cookie", "b=2"),
            ("VARY", "Cookie, Origin"),
            ("Vary", "Accept"),
            ("Access-Control-Allow-Origin", APP),
            ("Access-Control-Allow-Credentials", "true"),
        ]

    @pytest.mark.parametrize("other", ["Accept, origin", "*"])
    def test_vary_is_left_alone_where_any_line_says_it_already(self, other: str) -> None:
        def app(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
            start_response("200 OK", [("Vary", "Cookie"), ("Vary", other)])
            return [b""]

        assert request(CORSMiddleware(app, PRIVATE)).headers == [("Vary", "Cookie"), ("Vary", other)]

    def test_webtest_and_werkzeugs_client_agree(self) -> None:
        app = CORSMiddleware(hello, PRIVATE)
        asked = {"Origin": APP, "Access-Control-Request-Method": "PUT"}
        by_webtest = TestApp(app).options("/", headers=asked)
        by_werkzeug = Client(app).options("/", headers=asked)
        assert sorted(by_webtest.headers.items()) == sorted(by_werkzeug.headers.items())
        assert by_werkzeug.status == by_webtest.status == "200 OK"


HOSTILE = [
    pytest.param({"origin": "https://" + "a" * 8192}, id="an Origin of 8 KiB"),
    pytest.param({"origin": "https://a.example" + "\r\nX-Injected: 1"}, id="a line break in the Origin"),
    pytest.param({"origin": "https://a.example\x00"}, id="a NUL in the Origin"),
    pytest.param({"origin": "https://b\xfc\xff.example"}, id="an Origin beyond ASCII"),
    pytest.param({"origin": "https://" + "a." * 250 + "example"}, id="an Origin of very many labels"),
    pytest.param({"origin": APP + "\n"}, id="an Origin that ends in a line break"),
    pytest.param({"origin": "https://\u0430pp.example".encode().decode("latin-1")}, id="a look-alike host"),
]  # fmt: skip


@pytest.mark.parametrize("headers", HOSTILE)
@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_a_hostile_origin_is_refused(method: str, headers: dict[str, str]) -> None:
    app = CORSMiddleware(hello, PRIVATE)
    if method == "OPTIONS":
        result = request(app, method, access_control_request_method="PUT", **headers)
        assert (result.code, result.body, result.ours) == (403, b"Origin not allowed", [("vary", PREFLIGHT_VARY)])
    else:
        assert request(app, method, **headers).ours == [("vary", "Origin")]


@pytest.mark.parametrize(
    "names",
    [
        pytest.param("x" * 65536, id="64 KiB of one name"),
        pytest.param("," * 10000, id="10,000 commas"),
        pytest.param("x-a," * 16384, id="64 KiB of names"),
        pytest.param("x-a\r\nX-Injected: 1", id="a line break"),
        pytest.param("x-a\x00", id="a NUL"),
        pytest.param("x-\xfc", id="a name beyond ASCII"),
        pytest.param(" ," * 2000 + ";", id="blanks and commas that end badly"),
    ],
)  # fmt: skip
def test_hostile_names_are_not_echoed(names: str) -> None:
    app = CORSMiddleware(hello, origins=APP, methods="*")
    headers = dict(preflight(app, "/", APP, names, access_control_request_headers=names).headers)
    assert "Access-Control-Allow-Headers" not in headers
    assert "Access-Control-Allow-Methods" not in headers


bytes_in_a_header = st.binary(max_size=60).map(lambda raw: raw.decode("latin-1"))


@given(
    method=st.sampled_from(["GET", "OPTIONS", "POST", "options", ""]),
    path=bytes_in_a_header,
    origin=bytes_in_a_header | st.just(APP) | st.just("https://a.b.wild.example"),
    asked=bytes_in_a_header,
    names=bytes_in_a_header,
)
def test_any_bytes_give_a_valid_answer(method: str, path: str, origin: str, asked: str, names: str) -> None:
    policy = CORSPolicy(origins=[APP, "https://*.wild.example"], methods="*", supports_credentials=True)
    app = CORSMiddleware(hello, {"/*": policy, "/x/*": None, "/y": PUBLIC})
    environ = environ_for(
        method,
        path,
        [("Origin", origin), ("Access-Control-Request-Method", asked), ("Access-Control-Request-Headers", names)],
    )
    result = call(app, environ)
    assert result.code in (200, 403)
    for name, value in result.headers:
        assert name.isascii()
        assert not any(ord(character) < 0x20 or ord(character) == 0x7F for character in name + value)


def test_the_validator_has_nothing_to_say_on_a_request_without_a_policy() -> None:
    result = request(validator(CORSMiddleware(validator(hello), {"/x": PUBLIC})))
    assert result.body == b"hello"


@pytest.mark.parametrize("origin", [APP, "http://b@d", "null"], ids=["an origin", "no origin", "null"])
def test_a_refused_method_is_reported_as_one_whatever_the_origin(origin: str) -> None:
    seen: list[str] = []
    app = CORSMiddleware(
        hello, origins="*", methods=["GET"], on_refused=lambda **refused: seen.append(refused["reason"])
    )
    preflight(app, "/", origin, "POST")
    assert seen == ["method-not-allowed"]
