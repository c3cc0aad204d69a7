"""The corpus of attacks, by class: no adapter lets any of these origins read, none fails, and none is slow."""

from __future__ import annotations

from typing import Any

import pytest

from .helpers.adapters import ADAPTERS
from .helpers.wsgi import call, environ_for

TRUSTED = ["https://www.example.com", "https://*.apps.example.com", "https://pr-*.example.com", "http://localhost:*"]
SPECIAL = "_-\"{}+^`!~|&'()*,$=;% @#\\<>[]?/\x00\x0b\x7f\xa0\xff"

# The class of the attack, and origins of it. Each class is one way in which a comparison of origins goes wrong.
PROBES: dict[str, list[str]] = {
    "any origin is reflected": ["https://evil.example", "http://evil.example", "https://example.com"],
    "null and its look-alikes": ["null", "NULL", "Null", "null ", "null, https://www.example.com"],
    "a prefix is compared": [
        "https://www.example.com.evil.example",
        "https://www.example.comevil.example",
        "https://www.example.com.mx",
        "https://www.example.com-evil.example",
    ],
    "a suffix is compared": [
        "https://evilwww.example.com",
        "https://evil.www.example.com",
        "https://evilapps.example.com",
        "https://apps.example.com",
        "https://evilexample.com",
    ],
    "a part is compared": ["https://ww.example.com", "https://www.example.co", "https://ample.com", "https://"],
    "a dot stands for any character": ["https://wwwxexample.com", "https://www.examplexcom", "https://a.appsxexample.com"],
    "the scheme is not compared": ["http://www.example.com", "ftp://www.example.com", "www.example.com", "//www.example.com"],
    "the port is not compared": [
        "https://www.example.com:8443",
        "https://www.example.com:443",
        "https://www.example.com:0",
        "https://www.example.com:",
        "http://localhost:99999",
        "http://localhost:80x",
    ],
    "a URL is parsed": [
        "https://www.example.com@evil.example",
        "https://evil.example#www.example.com",
        "https://evil.example?https://www.example.com",
        "https://www.example.com/",
        "https://www.example.com/path",
        "https:www.example.com",
        "https:/www.example.com",
        "https:\\\\www.example.com",
    ],
    "case is ignored": ["https://WWW.example.com", "HTTPS://www.example.com", "https://a.APPS.example.com", "HTTP://localhost:1"],
    "a dot at the end is ignored": ["https://www.example.com.", "https://a.apps.example.com."],
    "names are converted": ["https://www.ex\xe1mple.com", "https://www.example\u3002com".encode().decode("latin-1")],
    "a list is accepted": ["https://www.example.com https://evil.example", "https://evil.example,https://www.example.com"],
    "white space is ignored": [" https://www.example.com", "https://www.example.com ", "https://www.example.com\t"],
    "a wildcard covers too much": [
        "https://a.apps.example.com.evil.example",
        "https://.apps.example.com",
        "https://a..apps.example.com",
        "https://a/.apps.example.com",
        "https://evil.example/a.apps.example.com",
        "https://evil.example?.apps.example.com",
        "https://*.apps.example.com",
    ],
    "a part of a label covers too much": [
        "https://pr-.example.com",
        "https://pr-a.b.example.com",
        "https://pr-a/.example.com",
        "https://pr-a_b.example.com",
        "https://pr-evil.example#.example.com",
        "https://xpr-1.example.com",
        "https://pr-*.example.com",
    ],
    "localhost is a name": ["http://localhost.evil.example", "http://localhost.evil.example:80", "http://evil.localhost:3000", "http://localhost@evil.example:1"],
    "special characters in the host": [
        *(f"https://www.example.com{character}.evil.example" for character in SPECIAL),
        *(f"https://a{character}.apps.example.com" for character in SPECIAL if character not in "_-"),
    ],
    "other schemes are trusted": ["chrome-extension://aaaa", "capacitor://localhost", "file://", "data:text/html,x", "blob:https://www.example.com/x"],
    "lengths are not limited": ["https://" + "a" * 8000 + ".apps.example.com", "https://" + "a." * 4000 + "apps.example.com", "http://localhost:" + "1" * 9000],
}  # fmt: skip

CASES = [
    pytest.param(origin, id=f"{attack}: {origin[:60]!a}") for attack, origins in PROBES.items() for origin in origins
]


@pytest.fixture(scope="module", params=ADAPTERS)
def covered(request: pytest.FixtureRequest) -> Any:
    """An application of every adapter, under a policy with credentials and every form of origin."""
    return ADAPTERS[request.param]({"origins": TRUSTED, "supports_credentials": True})[0]


@pytest.mark.parametrize("origin", CASES)
def test_an_attacker_s_origin_never_reads(covered: Any, origin: str) -> None:
    for method, more in (("GET", []), ("OPTIONS", [("Access-Control-Request-Method", "PUT")])):
        result = call(covered, environ_for(method, "/ok", [("Origin", origin), *more]))
        names = {name.lower() for name, _ in result.headers}
        assert "access-control-allow-origin" not in names
        assert "access-control-allow-credentials" not in names
        assert result.code == (403 if more else 200)
        assert "origin" in ", ".join(value for name, value in result.headers if name.lower() == "vary").lower()


@pytest.mark.parametrize("origin", ["https://www.example.com", "https://a.b.apps.example.com", "https://pr-7.example.com", "http://localhost:3000"])  # fmt: skip
def test_the_trusted_origins_read(covered: Any, origin: str) -> None:
    result = call(covered, environ_for("GET", "/ok", [("Origin", origin)]))
    assert ("access-control-allow-origin", origin) in result.ours
