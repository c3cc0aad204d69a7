"""What a developer is told in debug mode, and that production is silent."""

from __future__ import annotations

import logging
import sys
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import Client

from flask_crossorigin import CORS, CORSMiddleware, cross_origin
from flask_crossorigin.server.debug import error_response
from flask_crossorigin.server.rules import LatePolicy

from ..helpers.cases import APP, OTHER
from ..helpers.wsgi import call, environ_for, hello, preflight, request

NOTE = "X-CORS-Debug"


def note(result: Any) -> str | None:
    return dict(result.headers).get(NOTE)


def debugged(app: Any = hello, **options: Any) -> CORSMiddleware:
    return CORSMiddleware(app, **{"origins": [APP, "https://admin.example"]} | options, debug=True)


def test_an_error_is_sent_whatever_its_text() -> None:
    class NamelessError(Exception):
        def __str__(self) -> str:
            raise RuntimeError("no text")

    class UnreadableError(Exception):
        __cause__ = property(lambda self: (_ for _ in ()).throw(RuntimeError("no cause")))  # type: ignore[assignment]

    status, headers, body = error_response(ValueError("\ud800"))
    assert status == "500 Internal Server Error"
    assert headers == [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(body)))]
    assert body == b"ValueError: ?\n"
    assert b"NamelessError" in error_response(NamelessError())[2]
    unreadable = error_response(UnreadableError("x"))[2]
    assert unreadable == b"UnreadableError, without a readable traceback: UnreadableError('x')"


class TestRefusals:
    @pytest.mark.parametrize(
        ("origins", "origin", "expected"),
        [
            pytest.param([APP, "https://zzz.test"], "https://ap.example", f"origin-not-allowed; nearest={APP}", id="a misspelt origin"),
            pytest.param(["https://*.example.com"], "https://example.com", "origin-not-allowed; nearest=https://*.example.com", id="the apex of a wildcard"),
            pytest.param([], APP, "origin-not-allowed", id="no origins at all"),
            pytest.param([APP], "null", f"origin-not-allowed; nearest={APP}", id="null"),
            pytest.param([APP], f"{APP}/", "origin-invalid", id="a trailing slash"),
            pytest.param([APP], "https://a\r\nX: 1", "origin-invalid", id="a line break"),
        ],
    )  # fmt: skip
    def test_an_origin(self, origins: list[str], origin: str, expected: str) -> None:
        app = debugged(origins=origins)
        assert note(preflight(app, "/", origin)) == expected
        assert note(request(app, origin=origin)) == expected

    @pytest.mark.parametrize(
        ("options", "method", "names", "expected"),
        [
            pytest.param({"methods": "GET, PUT"}, "DELETE", None, "method-not-allowed; method=DELETE; listed=GET,PUT", id="a method"),
            pytest.param({"methods": "GET"}, "POST", None, "method-not-allowed; method=POST; listed=GET", id="a safelisted method that is not listed"),
            pytest.param({"methods": "PATCH"}, "patch", None, "method-not-allowed; method=patch; listed=PATCH; write it in capitals", id="patch"),
            pytest.param({"methods": "GET"}, "A\r\nB", None, "method-not-allowed; method=?; listed=GET", id="a method that is no token"),
            pytest.param({"allow_headers": "X-Token"}, "PUT", "x-tokem", "header-not-allowed; header=x-tokem; nearest=x-token", id="a misspelt header"),
            pytest.param({"allow_headers": "X-Token"}, "PUT", "x-token, qqqqq", "header-not-allowed; header=qqqqq", id="another header"),
            pytest.param({"allow_headers": "X-Token"}, "PUT", "x-token", None, id="a listed header"),
            pytest.param({"allow_headers": "X-Token"}, "PUT", "X-TOKEM", "header-not-allowed; header=X-TOKEM; nearest=x-token", id="a misspelt header in capitals"),
            pytest.param({"allow_headers": "X-Token-A, X-Token-B"}, "PUT", "x-token-ab", "header-not-allowed; header=x-token-ab; nearest=x-token-b", id="a header that is like two"),
            pytest.param({}, "DELETE", "anything", None, id="everything allowed"),
        ],
    )  # fmt: skip
    def test_a_method_or_header_that_the_browser_will_miss(
        self, options: Any, method: str, names: str | None, expected: str | None
    ) -> None:
        more = {"access_control_request_headers": names} if names else {}
        assert note(preflight(debugged(**options), "/", APP, method, **more)) == expected

    def test_nothing_is_said_in_production_nor_of_what_is_allowed(self) -> None:
        production = CORSMiddleware(hello, origins=APP, methods="GET")
        for result in (
            preflight(production, "/", OTHER),
            request(production, origin=OTHER),
            preflight(production, "/", APP),
        ):
            assert note(result) is None
        assert note(request(debugged(), origin=APP)) is None
        assert note(request(debugged())) is None


def test_a_preflight_is_kept_only_if_somebody_said_how_long() -> None:
    def max_age(**options: Any) -> str | None:
        return dict(preflight(debugged(**options), "/", APP).headers).get("Access-Control-Max-Age")

    assert (max_age(), max_age(max_age=600), max_age(max_age=None)) == ("0", "600", None)


def broken(environ: dict[str, Any], start_response: Any) -> Any:
    raise LookupError("the bug")


def broken_late(environ: dict[str, Any], start_response: Any) -> Any:
    start_response("200 OK", [("Content-Type", "text/plain")])
    raise LookupError("the bug")


class TestErrors:
    @pytest.mark.parametrize("app", [broken, broken_late], ids=["before it starts", "after it started"])
    def test_script_of_an_allowed_origin_reads_the_traceback(self, app: Any, caplog: pytest.LogCaptureFixture) -> None:
        result = request(debugged(app), origin=APP)
        assert (result.code, dict(result.headers)["Access-Control-Allow-Origin"]) == (500, APP)
        assert dict(result.headers)["Content-Type"] == "text/plain; charset=utf-8"
        assert result.body.decode().endswith("LookupError: the bug\n")
        assert "Traceback" in result.body.decode()
        assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [LookupError]

    def test_a_function_in_origins_sees_the_request_whose_error_is_sent(self) -> None:
        app = debugged(broken, origins=[lambda origin, environ: environ["HTTP_X_TENANT"] == "a"])
        headers = {"X-Tenant": "a", "Sec-Fetch-Mode": "cors"}
        response = Client(app).get("/", headers={"Origin": OTHER} | headers)
        assert b"LookupError: the bug" in response.data
        assert response.headers["Access-Control-Allow-Origin"] == OTHER
        with pytest.raises(LookupError):
            Client(app).get("/", headers={"Origin": OTHER} | headers | {"X-Tenant": "b"})

    def test_exc_info_is_passed_only_if_something_was_started(self) -> None:
        for app, passed in ((broken, ()), (broken_late, (LookupError,))):
            seen: list[Any] = []

            def start_response(status: str, headers: Any, *exc_info: Any, seen: list[Any] = seen) -> Any:
                seen.append(exc_info)
                return lambda data: None

            list(debugged(app)(environ_for(headers=[("Origin", APP)]), start_response))
            assert tuple(info[0] for info in seen[-1]) == passed

    @pytest.mark.parametrize(
        "headers",
        [
            pytest.param({}, id="it is not cross-origin"),
            pytest.param({"origin": OTHER}, id="the origin is refused"),
            pytest.param({"origin": APP, "sec_fetch_mode": "navigate"}, id="a browser says that it navigates"),
            pytest.param(
                {"origin": APP, "accept": "text/html,application/xhtml+xml"}, id="it asks for a page over plain http"
            ),
            pytest.param(
                {"origin": APP, "sec_fetch_mode": "cors", "sec_fetch_site": "same-origin"},
                id="a browser says same-origin",
            ),
            pytest.param({"origin": "https://admin.example", "host": "admin.example"}, id="the origin is the host"),
        ],
    )
    def test_all_else_reaches_the_debugger(self, headers: dict[str, str]) -> None:
        with pytest.raises(LookupError):
            request(debugged(broken), **headers)

    @pytest.mark.parametrize(
        "headers", [{"sec_fetch_mode": "cors", "accept": "text/html"}, {"accept": "application/json"}]
    )
    def test_what_tells_a_fetch_from_a_navigation(self, headers: dict[str, str]) -> None:
        assert request(debugged(broken), origin=APP, **headers).code == 500

    def test_under_testing_it_propagates(self) -> None:
        with pytest.raises(LookupError):
            request(CORSMiddleware(broken, origins=APP, debug=True, testing=True), origin=APP)

    def test_in_production_it_propagates(self) -> None:
        with pytest.raises(LookupError):
            request(CORSMiddleware(broken, origins=APP), origin=APP)

    def test_under_no_policy_it_propagates(self) -> None:
        app: Any = CORSMiddleware(broken, Uncovering(), debug=True)
        with pytest.raises(LookupError):
            request(app, origin=APP)


class Uncovering(LatePolicy):
    """Finds out late that no policy covers a request."""

    def of_preflight(self, environ: dict[str, Any]) -> None:  # noqa: ARG002
        return None

    def of_response(self, environ: dict[str, Any]) -> None:  # noqa: ARG002
        return None


def answering(*headers: tuple[str, str]) -> Any:
    def app(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", list(headers))
        return [b""]

    return app


class TestHints:
    @pytest.mark.parametrize(
        ("header", "options", "sent", "hint"),
        [
            pytest.param(("Access-Control-Allow-Origin", "*"), {}, {}, "CORS: the application sets Access-Control-Allow-Origin itself, and this header is removed: only the policy writes CORS headers", id="a second writer"),
            pytest.param(("Content-Disposition", "attachment"), {}, {}, "CORS: JavaScript cannot read the response header Content-Disposition: add it to expose_headers, as in expose_headers=['Content-Disposition']", id="a header that is not exposed"),
            pytest.param(("X-RateLimit-Remaining", "3"), {}, {}, "CORS: JavaScript cannot read the response header X-RateLimit-Remaining: add it to expose_headers, as in expose_headers=['X-RateLimit-Remaining']", id="a rate limit"),
            pytest.param(("X-Total-Count", "3"), {"expose_headers": "x-total-count"}, {}, None, id="a header that is exposed"),
            pytest.param(("Link", "3"), {"expose_headers": "*"}, {}, None, id="everything exposed"),
            pytest.param(("Set-Cookie", "id=1; Path=/"), {}, {}, "CORS: browsers drop the cookie 'id' of a cross-origin response to a request without credentials: write supports_credentials=True on the server, with origins that are listed, and credentials: 'include' in the page", id="a cookie without credentials"),
            pytest.param(("Set-Cookie", "id=1; SameSite=Lax"), {"supports_credentials": True}, {"sec_fetch_site": "cross-site"}, "CORS: browsers drop the cookie 'id' of another site: set it with SameSite=None and Secure", id="a cookie from another site"),
            pytest.param(("Set-Cookie", "id=1; SameSite=None; Secure"), {"supports_credentials": True}, {"sec_fetch_site": "cross-site"}, None, id="a cookie that may cross sites"),
            pytest.param(("Set-Cookie", "id=1"), {"supports_credentials": True}, {"sec_fetch_site": "same-site"}, None, id="a cookie of the same site"),
            pytest.param(("X-Own", "1"), {}, {"access_control_allow_origin": "*"}, "CORS: the request has the header Access-Control-Allow-Origin, which is a response header: remove it from the request", id="a response header in the request"),
        ],
    )  # fmt: skip
    def test_a_hint_is_given_once(
        self, caplog: pytest.LogCaptureFixture, header: Any, options: Any, sent: Any, hint: str | None
    ) -> None:
        app = debugged(answering(header), **options)
        for _ in range(3):
            request(app, origin=APP, **sent)
        assert caplog.messages == ([hint] if hint else [])

    def test_a_preflight_that_asks_for_a_response_header(self, caplog: pytest.LogCaptureFixture) -> None:
        preflight(debugged(), "/", APP, access_control_request_headers="access-control-allow-origin")
        assert caplog.messages == [
            "CORS: the request has the header Access-Control-Allow-Origin, which is a response header: remove it from the request"
        ]

    @pytest.mark.parametrize("status", ["400 Bad Request", "403 Forbidden"])
    def test_a_refusal_by_the_application_itself(self, caplog: pytest.LogCaptureFixture, status: str) -> None:
        def refusing(environ: dict[str, Any], start_response: Any) -> Any:
            start_response(status, [])
            return [b""]

        app = CORSMiddleware(refusing, origins=[APP, "http://127.0.0.1"], debug=True)
        for origin in (APP, APP, "http://127.0.0.1"):
            request(app, origin=origin)
        assert caplog.messages == [
            f"CORS: the application answered {status[:3]} to {APP!r}, which the policy allows: if it checks origins "
            "itself, as Flask-SocketIO, Cornice and CSRF protections do, allow the origin there too"
        ]

    def test_there_are_none_in_production(self, caplog: pytest.LogCaptureFixture) -> None:
        request(CORSMiddleware(answering(("Link", "x"), ("Set-Cookie", "a=b")), origins=APP), origin=APP)
        assert not caplog.records

    def test_a_percent_sign_in_a_name_is_shown_as_it_is(self, caplog: pytest.LogCaptureFixture) -> None:
        request(debugged(answering(("Set-Cookie", "a%sb=1"))), origin=APP)
        assert "the cookie 'a%sb' of" in caplog.messages[0]


class TestFlask:
    def make(self) -> Flask:
        app = Flask(__name__)
        CORS(app, origins=APP)
        app.add_url_rule("/bug", "bug", lambda: 1 / 0)  # type: ignore[arg-type]
        app.add_url_rule("/view", "view", cross_origin(origins=OTHER)(lambda: {}["bug"]))  # type: ignore[index]
        return app

    def test_debug_may_be_switched_on_late(self) -> None:
        app = self.make()
        app.debug = True
        response = Client(app).get("/bug", headers={"Origin": APP})
        assert (response.status_code, response.headers["Access-Control-Allow-Origin"]) == (500, APP)
        assert "ZeroDivisionError" in response.text
        assert Client(app).get("/view", headers={"Origin": OTHER}).text.endswith("KeyError: 'bug'\n")
        assert (
            Client(app).get("/none", headers={"Origin": OTHER}).headers[NOTE].startswith("origin-not-allowed; nearest=")
        )

    def test_under_testing_it_propagates(self) -> None:
        app = self.make()
        app.debug = app.testing = True
        with pytest.raises(ZeroDivisionError):
            Client(app).get("/bug", headers={"Origin": APP})

    def test_in_production_there_is_flasks_own_500(self) -> None:
        app = self.make()
        app.logger.setLevel(logging.CRITICAL)
        response = Client(app).get("/bug", headers={"Origin": APP})
        assert (response.status_code, response.headers["Access-Control-Allow-Origin"], NOTE in response.headers) == (
            500,
            APP,
            False,
        )
        assert "ZeroDivisionError" not in response.text


def test_a_later_policy_may_turn_out_to_be_none() -> None:
    for debug in (True, False):
        app: Any = CORSMiddleware(answering(("Vary", "Cookie")), Uncovering(), debug=debug)
        assert call(app, environ_for(headers=[("Origin", APP)])).headers == [("Vary", "Cookie")]
        assert preflight(app, "/", APP).headers == [("Vary", "Cookie")]
    assert sys.exc_info() == (None, None, None)


def test_a_hint_names_no_header_that_is_none(caplog: pytest.LogCaptureFixture) -> None:
    app = CORSMiddleware(hello, origins=[APP], debug=True)
    asked = {"Origin": APP, "Access-Control-Request-Method": "PUT"}
    Client(app).options("/", headers={**asked, "Access-Control-Request-Headers": "access-control-allow-origin b, x-a"})
    assert caplog.messages == []
    Client(app).options("/", headers={**asked, "Access-Control-Request-Headers": "access-control-allow-origin, x-a"})
    assert [message.partition(",")[0] for message in caplog.messages] == [
        "CORS: the request has the header Access-Control-Allow-Origin"
    ]
