"""``wrap``: applications that nobody may edit."""

from __future__ import annotations

import sys
import types
from typing import Any

import pytest

from flask_crossorigin import CORSConfigError, wrap

from ..helpers.cases import APP
from ..helpers.wsgi import hello, origin_of, request


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
        with pytest.raises(TypeError, match="'somebodys_app:number' is 5, which is no WSGI application"):
            wrap("somebodys_app:number")
