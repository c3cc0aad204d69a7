"""``wrap``: applications that nobody may edit."""

from __future__ import annotations

import sys
import types
from pathlib import Path
from typing import Any

import pytest

from flask_crossorigin import CORSConfigError, CORSMiddleware, wrap
from flask_crossorigin.server.wrap import filter_app_factory, import_application

from ..helpers.cases import APP, OTHER
from ..helpers.wsgi import hello, origin_of, request

NEEDS = "write application = {}(...) in a module, and the name of that module here"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        pytest.param("one", "'factories:one' does not take (environ, start_response), so it makes one: write 'factories:one()'", id="a factory"),
        pytest.param("needs", f"'factories:needs' does not take (environ, start_response), so it makes one: {NEEDS.format('needs')}", id="a factory with an argument"),
        pytest.param("needs()", f"'factories:needs()': needs() needs arguments: {NEEDS.format('needs')}", id="a call without its argument"),
        pytest.param("needs({})", "'factories:needs({})': arguments cannot be given here: write application = needs({}) in a module, and the name of that module here", id="a call with an argument"),
        pytest.param("one(1)()", "'factories:one(1)()': arguments cannot be given here: write application = one(1)() in a module, and the name of that module here", id="a call of a call"),
    ],
)  # fmt: skip
def test_a_factory_is_named_with_what_to_write(monkeypatch: pytest.MonkeyPatch, name: str, message: str) -> None:
    module: Any = types.ModuleType("factories")
    module.one, module.needs = lambda: hello, lambda settings: hello
    monkeypatch.setitem(sys.modules, "factories", module)
    with pytest.raises((TypeError, ValueError)) as raised:
        import_application(f"factories:{name}")
    assert str(raised.value) == message


def test_what_can_be_called_as_a_server_calls_it_is_an_application(monkeypatch: pytest.MonkeyPatch) -> None:
    class Response:
        def __init__(self, environ: Any, start_response: Any) -> None:
            """Answer a request, as classes can."""

    module: Any = types.ModuleType("factories")
    module.more = lambda environ, start_response, more=1: hello(environ, start_response)
    module.some = lambda *arguments: hello(*arguments)
    module.made = Response
    monkeypatch.setitem(sys.modules, "factories", module)
    assert import_application("factories:more") is module.more
    assert import_application("factories:some") is module.some
    assert import_application("factories:made") is module.made


class TestWrap:
    @pytest.fixture(autouse=True)
    def module(self, monkeypatch: pytest.MonkeyPatch) -> None:
        module: Any = types.ModuleType("somebodys_app")
        module.app, module.number, module.make, module.inner = hello, 5, lambda: hello, types.SimpleNamespace(app=hello)
        monkeypatch.setitem(sys.modules, "somebodys_app", module)
        monkeypatch.setenv("CORS_ORIGINS", APP)

    @pytest.mark.parametrize("application", ["somebodys_app:app", "somebodys_app:inner.app", "somebodys_app:make()"])
    def test_an_application_is_imported_and_wrapped_by_the_environment(self, application: str) -> None:
        assert origin_of(request(wrap(application), origin=APP)) == APP

    def test_without_origins_it_refuses_to_start(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("CORS_ORIGINS")
        with pytest.raises(CORSConfigError, match=r"set CORS_ORIGINS, as in CORS_ORIGINS='https://app.example"):
            wrap("somebodys_app:app")

    def test_the_import_error_is_the_applications_own(self) -> None:
        with pytest.raises(ModuleNotFoundError, match="No module named 'no_such_module'"):
            wrap("no_such_module:app")

    def test_a_missing_name_is_said_with_the_one_that_is_there(self) -> None:
        with pytest.raises(ImportError, match=r"'somebodys_app:aps': there is no 'aps': did you mean 'app'\?"):
            wrap("somebodys_app:aps")
        with pytest.raises(ImportError, match=r"there is no 'zzzzz'$"):
            wrap("somebodys_app:zzzzz")

    @pytest.mark.parametrize("application", ["somebodys_app", ":app", "somebodys_app:"])
    def test_a_name_without_an_application_is_refused(self, application: str) -> None:
        with pytest.raises(ValueError, match=r"names no WSGI application: write 'package.module:app'"):
            wrap(application)

    def test_what_is_no_application_is_refused(self) -> None:
        with pytest.raises(TypeError, match="'somebodys_app:number' is 5, which is not a WSGI application"):
            wrap("somebodys_app:number")

    def test_the_variables_may_have_another_prefix(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("MYAPP_CORS_ORIGINS", OTHER)
        app = wrap("somebodys_app:app", prefix="MYAPP_CORS_")
        assert [origin_of(request(app, origin=origin)) for origin in (APP, OTHER)] == [None, OTHER]


class Asynchronous:
    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        pass


async def asynchronous(scope: Any, receive: Any, send: Any) -> None:
    pass


@pytest.mark.parametrize("app", [Asynchronous(), asynchronous], ids=["an object", "a function"])
def test_an_asgi_application_is_refused_at_start(app: Any) -> None:
    with pytest.raises(TypeError, match="is an ASGI application, and this middleware is for WSGI"):
        CORSMiddleware(app, origins="*")


class TestPasteDeploy:
    def test_the_lines_of_a_filter_are_the_options(self) -> None:
        app = filter_app_factory(hello, {}, origins=f"{APP}, {OTHER}", supports_credentials="true", max_age="5")
        result = request(app, origin=OTHER)
        assert origin_of(result) == OTHER
        assert ("Access-Control-Allow-Credentials", "true") in result.headers

    def test_a_misspelt_line_is_an_error(self) -> None:
        with pytest.raises(CORSConfigError, match="ORIGIN: 'ORIGIN' is not an option: did you mean 'ORIGINS'"):
            filter_app_factory(hello, {}, origin=APP)

    def test_the_ini_file_of_the_example_works(self) -> None:
        plaster = pytest.importorskip("plaster")
        ini = Path(__file__).parents[2] / "examples" / "pyramid.ini"
        app = plaster.get_loader(str(ini), protocols=["wsgi"]).get_wsgi_app()
        answers = [request(app, "GET", "/public", origin=origin) for origin in (APP, OTHER)]
        assert [(answer.status, origin_of(answer)) for answer in answers] == [("200 OK", APP), ("200 OK", None)]
