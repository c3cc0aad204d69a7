"""Set-ups as people write them: each starts, or starts when its hints are followed once, and allows nobody else then."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import flask
import pytest

from flask_crossorigin import CORSConfigError, CORSPolicy

# Origins that no set-up here names. They must not be allowed, whatever hint is followed.
FOREIGN = [
    "null",
    "https://evil.test",
    "http://evil.test",
    "https://evilexample.com",
    "https://example.com.evil.test",
    "https://app.example.com.evil.test",
    "https://evil.github.io",
    "https://appXexample.com",
    "https://localhost.evil.test",
    "http://localhost.evil.test:3000",
]


class Unhashable:
    __hash__ = None  # type: ignore[assignment]

    def __call__(self, *_: Any) -> bool:
        return False


class Odd:
    def __repr__(self) -> str:
        raise RuntimeError


class Unreadable(Odd):
    """An object whose attributes and hash raise."""

    def __hash__(self) -> int:
        raise RuntimeError

    @property
    def __signature__(self) -> Any:
        raise RuntimeError

    def __iter__(self) -> Any:
        raise RuntimeError


# Written where a list of origins belongs.
ORIGINS: list[Any] = [
    # addresses as they stand in the address bar
    "https://app.example.com/",
    "https://app.example.com/login",
    "https://app.example.com/login?next=/#top",
    "http://localhost:3000/",
    "http://localhost:3000/index.html",
    "https://user:secret@app.example.com",
    "HTTPS://App.Example.COM",
    "https://app.example.com:443",
    "http://localhost:80",
    " https://app.example.com ",
    '"https://app.example.com"',
    "'http://localhost:3000'",
    "https://bücher.example.com",
    "https://app.example.com.",
    # hosts alone
    "app.example.com",
    "www.example.com",
    "localhost",
    "localhost:3000",
    "localhost:5173/",
    "127.0.0.1",
    "127.0.0.1:8080",
    "192.168.1.20:3000",
    "//app.example.com",
    "://localhost:3000",
    "example",
    "::1",
    "::1:3000",
    "[::1]:3000",
    # misspelt schemes and separators
    "http:/localhost:3000",
    "http//localhost:3000",
    "https:\\\\app.example.com",
    "https:app.example.com",
    "https;//app.example.com",
    # placeholders
    "http://localhost:port",
    "http://localhost:<port>",
    "https://{domain}",
    "https://your-domain.com/",
    "<your origin>",
    "YOUR_ORIGIN_HERE",
    "...",
    # several in one string
    "https://app.example.com, http://localhost:3000",
    "https://app.example.com http://localhost:3000",
    "https://app.example.com;http://localhost:3000",
    "https://app.example.com|http://localhost:3000",
    '["https://app.example.com", "http://localhost:3000"]',
    "['https://app.example.com', 'http://localhost:3000']",
    ["https://app.example.com,http://localhost:3000"],
    ["https://app.example.com http://localhost:3000"],
    [["https://app.example.com"]],
    {"origins": ["https://app.example.com"]},
    # stars
    "*",
    ["*"],
    "https://*.example.com",
    "*.example.com",
    "*example.com",
    "https://*example.com",
    "https://*.example.com/",
    "https://*.example.com/*",
    "https://app.*.com",
    "https://app.example.*",
    "https://*",
    "http://*",
    "http://*:3000",
    "*://app.example.com",
    "*://*.example.com",
    "http*://app.example.com",
    "https://www.*.example.com",
    "https://*.*.example.com",
    "https://pr-*.example.com",
    "https://*-staging.example.com",
    "https://my-app-*.vercel.app",
    "https://*.vercel.app",
    "https://*.github.io",
    "http://*.github.io",
    "http://*.github.io/x",
    "https://*.ck",
    "https://*.kawasaki.jp",
    "http://*example.com",
    "https://*example.com:8443",
    "https://*-.com",
    "https://*-myteam.vercel.app",
    "https://www.my*shop.com",
    "https://*.xn--p1ai",
    "http://localhost:*",
    "http://localhost*",
    "localhost:*",
    "http://127.0.0.1:*",
    "http://192.168.1.*",
    "http://192.168.*:3000",
    "/ *",
    "/*",
    "**",
    "* ",
    # regular expressions
    ".*",
    "^.*$",
    r".*\.example\.com",
    r"^https://.*\.example\.com$",
    r"https://.*\.example\.com",
    r"https?://.*\.example\.com",
    r"^https?://(.*\.)?example\.com$",
    r"^https://(www\.)?example\.com$",
    r"https://(app|admin)\.example\.com",
    r"https://[a-z0-9-]+\.example\.com",
    r"https://[a-z]{1,5}\.example\.com",
    r"https://\w+\.example\.com",
    r"https://app\.example\.com(:\d+)?",
    r"http://localhost:\d+",
    r"http://localhost:[0-9]+",
    r"http://localhost:.*",
    r"http://localhost.*",
    r"^http://localhost(:\d+)?$",
    r"https?://localhost:\d{4}",
    r"http://127\.0\.0\.1:\d+",
    r"http://(localhost|127\.0\.0\.1):\d+",
    r"http://192\.168\.\d+\.\d+:\d+",
    r"https://pr-\d+\.example\.com",
    r"https://deploy-preview-\d+--site\.netlify\.app",
    r"https://(?!evil)\w+\.example\.com",
    r"https://app.example.com$",
    r"^https://app.example.com",
    r"*.example.com$",
    r"https://(app.example.com",
    r"https://[app.example.com",
    r"https://(?P<name>\w+)\.example\.com",
    r"https://.+-team[.]acme\.com",
    r"https://.+-[a-z]+shop\.com",
    r"https://[^/]+\.example\.com",
    r"https://[^.]+\.example\.com$",
    r"\Ahttps://app\.example\.com\Z",
    r"https://app\.example\.com\b",
    r"(https://app\.example\.com)\1",
    r"https://[a-z]{0}\.example\.com",
    r"https://(app\.)*example\.com",
    r"https://(abc)+\.example\.com",
    r"https:.*example\.com",
    r"https?.*example\.com",
    r".*://app\.example\.com",
    r"https://[a-z]+\.[a-z]+\.example\.com",
    r"https://app\.[a-z]+\.example\.com",
    r"https://app\.example\.com:80\d\d",
    r"https://app\.example\.com:8443",
    r"https://app\.example\.com:(8080|8443)",
    r"http://local.*",
    r"https://example.*",
    r"https://(a|b|c|d|e|f|g|h|i|j|k|l|m|n|o|p|q|r)\.example\.com",
    r"https://[a-z]+\.com",
    r"https://.*\.co\.uk",
    r"+https://app\.example\.com",
    r"https://(app\.example\.com",
    "(" * 300 + "a" + ")" * 300,
    "x+" * 300,
    re.compile(r"https://app \.example\.com", re.VERBOSE),
    re.compile(r"https://.*\.example\.com"),
    re.compile(r"^https://(\w+\.)?example\.com$"),
    re.compile(r"https://APP\.example\.com", re.IGNORECASE),
    re.compile(r"http://localhost:\d+"),
    re.compile(rb"https://app\.example\.com"),
    re.compile(".*"),
    # what is not a web page's origin
    "null",
    "Null",
    "file://",
    "file:///home/me/index.html",
    "chrome-extension://abcdefghijklmnop",
    "capacitor://localhost",
    "ionic://localhost",
    "tauri://localhost",
    "about:blank",
    "none",
    "any",
    "all",
    "true",
    "self",
    # environment variables and other values
    None,
    [None],
    "",
    [],
    [""],
    True,
    False,
    [True],
    0,
    3000,
    ["https://app.example.com", None],
    ["https://app.example.com", ""],
    b"https://app.example.com",
    ("https://app.example.com",),
    {"https://app.example.com"},
    lambda origin: True,
    lambda origin, environ: False,
    [lambda: True],
    [Unhashable()],
    [Unreadable()],
    Unreadable(),
    [flask.session],
    flask.session,
    [10**5000],
    [Odd()],
]
# Written in other options.
OTHERS: list[dict[str, Any]] = [
    {"methods": "GET"},
    {"methods": "GET, POST"},
    {"methods": "GET POST"},
    {"methods": ["get", "post"]},
    {"methods": ["GET", "OPTIONS"]},
    {"methods": ["*"]},
    {"methods": "*", "supports_credentials": True},
    {"methods": ["GET,POST"]},
    {"methods": ["GET", None]},
    {"methods": ["CONNECT"]},
    {"methods": 5},
    {"methods": None},
    {"methods": []},
    {"allow_headers": "Content-Type"},
    {"allow_headers": "Content-Type, Authorization"},
    {"allow_headers": ["Content-Type,Authorization"]},
    {"allow_headers": ["Content-Type: application/json"]},
    {"allow_headers": ["*"], "supports_credentials": True},
    {"allow_headers": ["Access-Control-Allow-Origin"]},
    {"allow_headers": ["Access-Control-Allow-Headers", "Content-Type"]},
    {"allow_headers": ["X-COMPANY-.*"]},
    {"allow_headers": ["X-Company-*"]},
    {"allow_headers": r"X-[A-Z]+"},
    {"allow_headers": True},
    {"allow_headers": None},
    {"expose_headers": "X-Total-Count"},
    {"expose_headers": "*"},
    {"expose_headers": "*", "supports_credentials": True},
    {"expose_headers": ["Set-Cookie"]},
    {"expose_headers": ["Content-Type"]},
    {"expose_headers": ["Access-Control-Allow-Origin"]},
    {"max_age": "600"},
    {"max_age": "600\x1e"},
    {"max_age": "10 minutes"},
    {"max_age": 86400},
    {"max_age": 10**9},
    {"max_age": 10**20},
    {"max_age": "9999999999"},
    {"max_age": -1},
    {"max_age": -5.0},
    {"max_age": 1e20},
    {"max_age": 600.0},
    {"max_age": 0.5},
    {"max_age": timedelta(minutes=10)},
    {"max_age": True},
    {"max_age": float("inf")},
    {"supports_credentials": "true"},
    {"supports_credentials": "false"},
    {"supports_credentials": 1},
    {"supports_credentials": 0},
    {"supports_credentials": None},
    {"origin": "https://app.example.com"},
    {"allow_origins": ["https://app.example.com"]},
    {"support_credentials": True},
    {"allow_credentials": True},
    {"headers": ["Content-Type"]},
    {"allowed_headers": ["Content-Type"]},
    {"allow_header": ["Content-Type"]},
    {"method": ["GET"]},
    {"allow_methods": ["GET"]},
    {"expose_header": ["X-Total"]},
    {"exposed_headers": ["X-Total"]},
    {"maxage": 600},
    {"max-age": 600},
    {"send_wildcard": True},
    {"always_send": True},
    {"vary_header": False},
    {"automatic_options": True},
    {"intercept_exceptions": False},
    {"allow_private_network": "yes"},
    {"debug": True},
    {"foo": 1},
]


def called(value: object) -> str:
    try:
        return re.sub(" at 0x[0-9a-f]+", "", repr(value))[:60]  # the same in every process
    except Exception:
        return "an odd object"


@pytest.mark.filterwarnings("ignore::flask_crossorigin.CORSWarning")
@pytest.mark.parametrize("credentials", [False, True], ids=["", "with credentials"])
@pytest.mark.parametrize("written", ORIGINS, ids=called)
def test_origins_start_when_their_hints_are_followed(written: Any, credentials: bool) -> None:
    policy, hints = followed({"origins": written, "supports_credentials": credentials})
    if hints and not any("every origin" in hint for hint in hints):
        assert [origin for origin in FOREIGN if policy.allows(origin, {})] == []


@pytest.mark.filterwarnings("ignore::flask_crossorigin.CORSWarning")
@pytest.mark.parametrize("written", OTHERS, ids=called)
def test_options_start_when_their_hints_are_followed(written: dict[str, Any]) -> None:
    policy, _ = followed({"origins": "https://app.example.com", **written})
    assert [origin for origin in FOREIGN if policy.allows(origin, {})] == []


def followed(options: dict[str, Any]) -> tuple[CORSPolicy, list[str]]:
    """Return the policy of *options*, written again as its error says, and the hints; a second error is raised."""
    try:
        return CORSPolicy(**options), []
    except CORSConfigError as error:
        problems = error.problems
    written = dict(options)
    for problem in problems:
        _follow(written, problem.option, problem.value, problem.hint)
    return CORSPolicy(**written), [problem.hint for problem in problems]


def _follow(options: dict[str, Any], option: str, value: object, hint: str) -> None:
    """Change *options* as *hint* says; if it says nothing that can be written, an author removes the value."""
    if (meant := re.match(r"did you mean '(\w+)'", hint)) is not None:
        options[meant[1]] = options.pop(option)
        return
    if option not in CORSPolicy.__dataclass_fields__:
        options.pop(option)
        return
    new = _written(hint)
    if option != "origins" and not isinstance(options[option], list):
        options[option] = new
        if new is None:
            del options[option]
        return
    entries = _entries(options[option])
    kept = [entry for entry in entries if not _is_same(entry, value)]
    if len(kept) == len(entries):  # the value is the whole option
        kept = []
    more = [*new] if isinstance(new, list | tuple) else [] if new is None else [new]
    options[option] = [*kept, *more]


def _entries(value: Any) -> list[Any]:
    if isinstance(value, str):
        return re.split(r"[,\s]+", value.strip()) if "[" not in value else [value]
    return list(value) if isinstance(value, list | tuple | set) else [value]


def _is_same(entry: object, value: object) -> bool:
    return entry is value or (type(entry) is type(value) and entry == value)


def _written(hint: str) -> Any:
    """Return the Python value that *hint* says to write, ``None`` if there is none."""
    if "PATTERN = " in hint:
        return _function(hint)
    for start in (match.end() for match in re.finditer(r"\b(?:write |as in |origins=)", hint)):
        for end in range(len(hint), start, -1):
            if hint[end - 1] not in "'\"])0123456789":  # a comma or space at the end would make a tuple
                continue
            try:
                return ast.literal_eval(hint[start:end])
            except (ValueError, SyntaxError):
                continue
    return None


def _function(hint: str) -> Callable[..., bool]:
    code = re.fullmatch(r"write a function: (def .*), with (PATTERN = .*), and origins=\[allowed\]", hint, re.DOTALL)
    assert code is not None
    names: dict[str, Any] = {"re": re}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        exec(f"{code[2]}\n{code[1]}", names)
    allowed: Callable[..., bool] = names["allowed"]
    return allowed
