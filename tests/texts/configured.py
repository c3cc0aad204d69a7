"""What configurations mean, and what is said of those that are wrong: the policy, the error with its fields, the warnings."""

from __future__ import annotations

import functools
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from flask import Blueprint, Flask

from flask_crossorigin import CORS, CORSConfigError, CORSMiddleware, CORSPolicy, cross_origin
from flask_crossorigin.extension.cors import EXTENSION_KEY
from flask_crossorigin.options.expressions import translate

from ..helpers.commands import plain as anything
from .recorded import Texts

APP = "https://app.example"
WITH = {"supports_credentials": True}
PROTECTED = {"csrf_protection": True}


class Hidden:
    """A proxy that cannot be looked at outside of a request."""

    def __repr__(self) -> str:
        return "<a proxy>"

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        raise RuntimeError("outside of a request")

    def __iter__(self) -> Iterator[str]:
        raise RuntimeError("outside of a request")


class Unhashable:
    """A callable that is not hashable, although its type says so."""

    def __repr__(self) -> str:
        return "<unhashable>"

    def __hash__(self) -> int:
        raise TypeError("unhashable")

    def __call__(self, origin: str, environ: dict[str, Any]) -> bool:  # noqa: ARG002
        return True


class NotHashable(list[str]):
    """A callable whose type is not hashable."""

    def __call__(self, origin: str, environ: dict[str, Any]) -> bool:  # noqa: ARG002
        return True


class Named:
    """A callable of a class."""

    def __repr__(self) -> str:
        return "<named>"

    def __call__(self, origin: str, environ: dict[str, Any]) -> bool:  # noqa: ARG002
        return True


def allowed(origin: str, environ: dict[str, Any]) -> bool:
    return True


def one(origin: str) -> bool:
    return True


async def awaited(origin: str, environ: dict[str, Any]) -> bool:
    return True


async def streamed(origin: str, environ: dict[str, Any]) -> Any:
    yield True


def generated(origin: str, environ: dict[str, Any]) -> Any:
    yield True


def looked(origin: str, environ: dict[str, Any]) -> bool:
    """Return a bool, from values of the types that it is called with."""
    return origin.startswith("https:") and not environ


ENTRIES: tuple[Any, ...] = (
    # what is right
    APP, f"{APP}/", "HTTPS://App.Example", f"{APP}:443", "http://a.example:80", "http://localhost:3000", "http://localhost:*",
    "https://*.example.com", "https://*.example.com:*", "https://pr-*.example.com", "https://*-app.example.com", "*",
    "http://127.0.0.1:5000", "http://[::1]:3000", "http://[2001:DB8:0:0::1]", "capacitor://localhost", "https://a_b.example",
    "https://example.com.", "chrome-extension://abcdefghijklmnop", "https://a.example:65535", "https://a.example:1",
    "https://*.github.io", "https://*.com", "https://*.co.uk", "https://*example.com", "https://pr-*.github.io",
    "https://" + ".".join(["a" * 63] * 3 + ["a" * 61]), "https://" + "a" * 63 + ".example", "null",
    # what is wrong
    "", " ", "/", "*/", "/*", "//", "**", "NULL", "app.example", "localhost", "localhost:3000", "127.0.0.1:3000", "[::1]:3000", "::1",
    "app.example:8080", "app.example/path", f"{APP}/path", f"{APP}/path?a=b#c", f"{APP}?a", f"{APP}#a", "https://u:p@app.example",
    "https//app.example", "https:/app.example", "https:app.example", "https:\\\\app.example", "://app.example", "//app.example", "https://",
    "https://app.example:", "https://app.example:0", "https://app.example:65536", "https://app.example:99999999999999999999",
    "https://app.example:abc", "localhost:port", "http://localhost:<port>", "http://localhost:${PORT}", "localhost:$PORT", "https://app.example:%(port)s", "https://%s", "https://$HOST:80", "localhost:{port}/", "http://[::1]:<port>", "[::1]", "[2001:db8::1]:80", "HTTP//a.example", "http//a.example:80", "https://{host}", "<origin>",
    "*.example.com", "*example.com", "https://*", "https://*:*", "https://*.", "https://pr-*", "https://**.example.com", "https://a.*.example.com",
    "https://*.*.example.com", "https://example.*", "https://example.com/*", "https://my*shop*.example.com", "http://*.0.0.1", "http://10.0.0.*",
    "http://localhost*", "http://localhost.*", "http://localhost:3*", "http://localhost:*/", "http://*localhost", "http://1.2.3", "http://1.2.3.4.5",
    "http://256.1.1.1", "http://0x7f.1", "http://[::1", "http://[::1%25eth0]", "http://[fe80::1%eth0]:80", "http://[1.2.3.4]", "2001:db8::1", "http://2001:db8::1:80",
    "https://münchen.example", "https://例え.テスト", "https://xn--mnchen-3ya.example", "https://a b.example", f"{APP} https://b.example",
    f"{APP}, https://b.example", f"{APP};https://b.example", f"{APP}|https://b.example", "file:///home/me", "data:,", "blob:https://a.example", "about:blank",
    "javascript:alert(1)", "filesystem:x", f"'{APP}'", f'"{APP}"', f" {APP}", f"{APP}\n", "https://-app.example", "https://app..example", "https://.example.com",
    "https://" + "a" * 64 + ".example", "https://" + ".".join(["a" * 63] * 4), "https://app.example\\", "http://a.b:3000/x", "app_example", "example", "a|b",
    "same-origin", "self", "Any", "all", "none", "true", "https://app.example.com.*", "^https://app.example$", "https://app.example$", "^*.example.com$",
    # regular expressions as text
    r"https://.*\.example\.com", r"^https://[a-z]+\.example\.com$", r"https?://localhost(:\d+)?", r".*", r"https://.*", r"^https?://.*$",
    r"https://(a|b)\.example\.com", r"https://(?:a|b)\.example\.com", r".*\.example\.com", r"https://\w+\.example\.com", r"[a-z", r"(https://a.example",
    r"https://app\.example\.(com|org)", r"https://pr-\d+\.example\.com", r"http://192\.168\.\d+\.\d+", r"https://[^.]+\.example\.com", r"a\d{3}", r"x\z", r"https://(.+\.)?example\.com",
    r"http://.*\.example\.com", r"https://example\.com:[0-9]+", r"https://a'b\d", "https://a'b\"\\d", r"https://a\\", r"https:////*",
    # what is no text
    None, 1, 1.5, True, b"https://app.example", [APP], (APP,), {"a": 1}, {APP}, object, Exception(),
    re.compile(r"https://.*\.example\.com"), re.compile(r"https://[a-z]+\.example\.com", re.IGNORECASE), re.compile(r"https://a\.example", re.VERBOSE),
    re.compile(rb"https://a\.example"), re.compile(r"https://a\d+[xyz]\.example\.com", re.DOTALL), re.compile(".*"), re.compile("x" * 600), re.compile(r"https://(?=a)b"),
    allowed, one, awaited, streamed, generated, looked, str.startswith, len, print, Named(), Unhashable(), NotHashable(), functools.partial(allowed), functools.partial(one), Hidden(),
    re.compile(r"https?://pr-\d+\.example\.com"), re.compile(r"https://pr-\d+\.example\.com:3\d+"), "(?=a)" + "x" * 495, "(?=a)" + "x" * 496, "^https://*", re.compile("https://(?=a)  # (", re.VERBOSE), re.compile(r"https://(?=a)\\"),
    "https://*.a*", "https://(?=a)//*", "X", "XX", "http://a.example|http://b.example", "https://a.example|https://*.b.example", "https://a.example/x?y=(1)", "Xa.example",
    "https://**example.com/", "https://**example.com:*", "https://a.**example.com", "https://my**example.com", "https://my*example.com", "https://**X.example.com", "http://localhost:3*/", "http://localhost:30*", "https://MÜNCHEN.example", "https://straße.example",
    "https://*-app.github.io", "https://*.ck", "https://*-a.ck", "https://*app.co.uk", "http://[::1]]", "https://a.*.example.com/", "https://a.*.example.com:*", "https://a.*.X.example.com", "https://a.*example.com", "http://localhost.*/",
)  # fmt: skip
EXPRESSIONS = (
    r"", r"https://a\.example", r"^https://a\.example$", r"\Ahttps://a\.example\Z", r"\Ahttps://a\.example\z", r"https://a.example", r"https://a[.]example", r"https://a[\.]example",
    r"https?://a\.example", r"(http|https)://a\.example", r"(?:http|https)://a\.example", r"(?P<scheme>https?)://a\.example", r"http(s)?://a\.example", r"http(s?)://a\.example",
    r"(?i)https://A\.Example", r"(?i:https://a\.example)", r"(?imsx)https://a\.example", r"(?a)https://a\.example", r"(?L)x", r"(?u)https://a\.example",
    r"https://.*\.example\.com", r"https://.+\.example\.com", r"https://.*example\.com", r"https://(.*\.)?example\.com", r"https://(.+\.)*example\.com", r"https://([a-z]+\.)+example\.com",
    r"https://[a-z]+\.example\.com", r"https://[a-z0-9-]+\.example\.com", r"https://[a-z0-9]+\.example\.com", r"https://[a-z\d-]+\.example\.com", r"https://[\w-]+\.example\.com",
    r"https://[\w.-]+\.example\.com", r"https://[a-z.]+\.example\.com", r"https://[a-z0-9.-]+\.example\.com", r"https://[^.]+\.example\.com", r"https://[^./]+\.example\.com", r"https://[^/]+\.example\.com",
    r"https://[0-9]+\.example\.com", r"https://[A-Z]+\.example\.com", r"https://[abc]+\.example\.com", r"https://[a]\.example\.com", r"https://[-]a\.example\.com", r"https://[a-]b\.example\.com", r"https://[\]]a",
    r"https://\w+\.example\.com", r"https://\d+\.example\.com", r"https://\S+\.example\.com", r"https://\S*\.example\.com", r"https://\D+\.example\.com", r"https://\W\.example", r"https://\s",
    r"https://pr-\d+\.example\.com", r"https://pr-[0-9]+\.example\.com", r"https://pr-.*\.example\.com", r"https://pr-[a-z0-9-]+\.example\.com", r"https://.*-app\.example\.com", r"https://[a-z]+-app\.example\.com",
    r"https://a-\d+-b\.example\.com", r"https://a\d+b\d+\.example\.com", r"https://a\.\w+\.example\.com", r"https://\w+\.\w+\.example\.com", r"https://(a|b)\.example\.com", r"https://(a|b|c\d+)\.example\.com",
    r"https://(?:a|b)\.(?:c|d)\.example", r"https://a\.example|https://b\.example", r"https://a\.(com|org|net)", r"https://a\.example(:\d+)?", r"https://a\.example:\d+", r"https://a\.example:[0-9]+", r"https://a\.example:\d{4}",
    r"https://a\.example(:[0-9]{1,5})?", r"https://a\.example:.*", r"https://a\.example.*", r"https://a\.example/.*", r"https://a\.example/?", r"https://a\.example:?\d*", r"https://a\.example(:8080|:3000)?", r"https://a\.example:(80|81)",
    r"https://a\.example:3\d+", r"http://localhost:\d+", r"http://localhost(:\d+)?", r"https?://localhost(:\d+)?", r"http://(localhost|127\.0\.0\.1)(:\d+)?", r"http://(localhost|127\.0\.0\.1):\d+", r"http://127\.0\.0\.\d+", r"http://192\.168\.\d+\.\d+:\d+", r"http://\[::1\]:\d+",
    r".*", r".+", r"^.*$", r"https://.*", r"https?://.*", r"https://.+", r".*://.*", r"https://[^/]+", r"https://.*:\d+", r"https://.*\..*", r"https://\w+", r".*\.example\.com", r".*example\.com", r"^.*\.example\.com$", r".+\.example\.com(:\d+)?", r"\w+://a\.example", r"[a-z]+://a\.example", r"a\.example", r"(.*)a\.example",
    r"https://a{2}\.example", r"https://a{0}b\.example", r"https://a{0,}\.example", r"https://a{,3}\.example", r"https://a{1,3}\.example", r"https://a{0,0}b\.example", r"https://a?b\.example", r"https://a*b\.example", r"https://a+b\.example", r"https://(ab)?c\.example", r"https://(ab)+c\.example", r"https://(ab)*c\.example", r"https://(\d+\.)?example\.com", r"https://(\d+\.)+example\.com",
    r"https://[a-z]{3}\.example\.com", r"https://[a-z]?\.example\.com", r"https://[a-z]*\.example\.com", r"https://[a-z]*?\.example\.com", r"https://.*?\.example\.com", r"https://.++\.example\.com", r"https://.{3}\.example\.com", r"https://.?\.example\.com", r"https://.\.example\.com", r"https://\.*example\.com", r"https://x\.?example\.com",
    r"*", r"+", r"?", r"{", r"a**", r"(", r")", r"(a", r"a)", r"[", r"[a", r"[]a]", r"[^]a]", r"a|", r"|a", r"\\", "a\\", r"(?", r"(?P<a", r"(?P<a>x", r"(?=a)b", r"(?!a)b", r"(?<=a)b", r"(?<!a)b", r"(?P=a)", r"(?#c)", r"(?>a)", r"\1", r"\b", r"\x41", r"\u0041", r"\n", r"\t", r"\/", r"\-", r"\:", r"\@",
    r"https:\/\/a\.example", r"https:\/\/.*\.example\.com", r"https\:\/\/a\-b\.example", r"^https://a\.example\/?$", r"HTTPS://A\.EXAMPLE", r"ws://a\.example", r"ftp://.*\.example\.com", r"capacitor://localhost", r"chrome-extension://[a-p]+", r"chrome-extension://.*", r"moz-extension://[a-f0-9-]+",
    r"https://([a-z0-9]+[.])*example[.]com", r"https://(?:[a-z0-9-]+\.)*example\.com", r"https://(?:[a-z0-9-]+\.)+example\.com", r"https://(?:.+\.|)example\.com", r"https://(|www\.)example\.com", r"https://(www\.)?example\.com", r"https://www\d?\.example\.com", r"https://w{3}\.example\.com", r"https://.*\.(example|sample)\.com", r"https://(a|b|c|d)(1|2|3|4)\.example", r"https://(a|b|c|d)(1|2|3|4)(x|y)\.example", r"https://(a|b|c|d)(1|2|3|4|5)\.example", r"https://.*\.com", r"https://.*com", r"https://\w+\.com",
    "https://" + "a" * 489 + r"\.b", "https://" + "a" * 489 + r"\.bc", "(" * 40 + "a" + ")" * 40,
    r"https://pr-[a-z-]+\.example\.com", r"https://pr-[0-9-]+\.example\.com", r"https://pr-[a-z\d-]+\.example\.com", r"https://pr-[\w-]+\.example\.com", r"https://pr-\w+\.example\.com", r"https://pr-[a-z0-9]+\.example\.com", r"https://pr-\S+\.example\.com",
    r"https://\X\.example\.com", r"https://([a-z]x)+\.example\.com", r"https:.*example\.com", r"http:.*example\.com", r"https://a\.c.*", r"https://a\.co.*", r"http://localhost.*", r"https://localhost.*", r"localhost.*", r"localhost:\d+", r"https://a.+b.+\.example\.com", r"https://a[a-z0-9-]+b[a-z0-9-]+\.example\.com",
    r"https:.*", r"http:.*", r"https://[a-z]{0}b\.example", r"https://[a-z]{0,0}b\.example", r"https://([a-z]+\.){0,3}example\.com", r"https://([a-z]+\.){,3}example\.com", r"https://([a-z]+\.){1,3}example\.com", r"https://a\X\.example",
)  # fmt: skip


def _name(value: object) -> str:
    """Return *value* in a form that is the same in every run."""
    text = re.sub(r" at 0x[0-9A-Fa-f]+", "", repr(value))
    text = text if len(text) <= 80 else f"{text[:60]}... ({len(text)} characters)"
    return text.encode("ascii", "backslashreplace").decode()


def _noted(make: Callable[[], object]) -> str:
    """Return what *make* returns or raises, with the fields of each problem, and the warnings."""
    with warnings.catch_warnings(record=True) as given:
        warnings.simplefilter("always")
        try:
            lines = [_name(made) if not isinstance(made := make(), str) else made]
        except CORSConfigError as error:
            lines = [type(error).__name__, *(f"[{each.reason}] {each}" for each in error.problems)]
        except (TypeError, RuntimeError) as error:
            lines = [f"{type(error).__name__}: {error}"]
    lines += [f"{each.category.__name__}: {each.message}" for each in given]
    return re.sub(r" at 0x[0-9A-Fa-f]+", "", "\n".join(lines))


def _policy(**options: Any) -> str:
    """Return the options of a policy that are not the default, and what is compiled from them."""
    made = CORSPolicy(**options)
    plain = CORSPolicy(origins=())
    differing = {name: value for name, value in made._options.items() if value != plain._options[name]}
    return f"{differing}\n{made.preflight_headers}\n{made.origin_headers}\n{made.without_origin}"


def _origins(entry: Any) -> str:
    plain = _noted(lambda: repr(CORSPolicy(origins=[entry]).origins))
    parts = [plain]
    for options in (WITH, PROTECTED, {"allow_insecure_origins": True, "allow_public_suffixes": True, **WITH}):
        said = _noted(functools.partial(lambda options: repr(CORSPolicy(origins=[entry], **options).origins), options))
        if said != plain:
            parts.append(f"{' '.join(options)}: {said}")
    return "\n".join(parts)


def _translated(expression: str) -> str:
    found = translate(expression)
    return "nothing" if found is None else f"{', '.join(found.patterns) or 'every host'} | {' | '.join(found.more)}"


OPTIONS: dict[str, dict[str, Any]] = {
    "no origins": {},
    "origins None": {"origins": None},
    "origins in one string": {"origins": f"{APP}, https://b.example http://localhost:3000,"},
    "origins in JSON": {"origins": f'["{APP}", "https://b.example"]'},
    "origins in JSON with single quotes": {"origins": f"['{APP}']"},
    "origins in wrong JSON": {"origins": f"[{APP}]"},
    "origins of nothing but commas": {"origins": " , ,"},
    "origins as a star with blanks": {"origins": " * "},
    "origins as a slash and a star": {"origins": "/ *"},
    "origins as a set": {"origins": {"https://c.example", APP, "https://b.example"}},
    "origins twice": {"origins": [APP, f"{APP}/", "https://b.example", APP]},
    "origins and a star": {"origins": [APP, "*"]},
    "origins as a mapping": {"origins": {APP: True}},
    "origins as bytes": {"origins": b"https://app.example"},
    "origins as a number": {"origins": 5},
    "origins as a function": {"origins": allowed},
    "origins as an expression": {"origins": re.compile(r"https://a\.example")},
    "origins that raise": {"origins": Hidden()},
    "a comma in braces": {"origins": r"https://a{1,5}\.example, https://b.example"},
    "every mistake at once": {"origins": ["app", None], "methods": ["A B"], "max_age": "x", "expose_headers": 1, "csrf_protection": 1},
    "null with the option": {"origins": ["null"], "allow_null_origin": True},
    "null with the option and credentials": {"origins": ["null"], "allow_null_origin": True, **WITH},
    "null in capitals with the option": {"origins": ["NULL"], "allow_null_origin": True},
    "methods in one string": {"origins": "*", "methods": "get, PUT propfind"},
    "methods in small letters": {"origins": "*", "methods": ["get", "patch", "brew"]},
    "methods twice": {"origins": "*", "methods": ["GET", "get", "PUT"]},
    "no methods": {"origins": "*", "methods": []},
    "methods star": {"origins": "*", "methods": "*"},
    "methods star in a list": {"origins": "*", "methods": ["GET", "*"]},
    "methods star with credentials": {"origins": APP, "methods": "*", **WITH},
    "methods None": {"origins": "*", "methods": None},
    "methods that are forbidden": {"origins": "*", "methods": ["TRACE", "connect", "TRACK"]},
    "methods that are no tokens": {"origins": "*", "methods": ["A B", "", "Ä", 5, None, b"GET"]},
    "methods without GET": {"origins": "*", "methods": ["PUT"]},
    "headers in one string": {"origins": "*", "allow_headers": "X-A, x-b X-A"},
    "headers star": {"origins": "*", "allow_headers": "*"},
    "headers star with credentials": {"origins": APP, "allow_headers": "*", **WITH},
    "headers star in a list": {"origins": "*", "allow_headers": ["X-A", "*"]},
    "no headers": {"origins": "*", "allow_headers": []},
    "headers twice": {"origins": "*", "allow_headers": ["X-A", "x-a", "X-B"]},
    "headers that are no tokens": {"origins": "*", "allow_headers": ["X A", "", "Ä", 5, None]},
    "headers that are forbidden": {"origins": "*", "allow_headers": ["Cookie", "Sec-Fetch-Mode", "Proxy-X", "host", "Origin"]},
    "headers of responses": {"origins": "*", "allow_headers": ["Access-Control-Allow-Origin", "origin", "X-A"]},
    "headers that are always allowed": {"origins": "*", "allow_headers": ["Accept", "Content-Language"]},
    "exposed headers": {"origins": "*", "expose_headers": ["X-Total", "ETag", "x-total"]},
    "exposed headers star": {"origins": "*", "expose_headers": "*"},
    "exposed headers star with credentials": {"origins": APP, "expose_headers": "*", **WITH},
    "exposed headers star and another with credentials": {"origins": APP, "expose_headers": ["*", "X-A"], **WITH},
    "exposed headers that are forbidden": {"origins": "*", "expose_headers": ["Set-Cookie", "set-cookie2"]},
    "exposed headers that are always readable": {"origins": "*", "expose_headers": ["Content-Type", "Cache-Control"]},
    "exposed headers of CORS": {"origins": "*", "expose_headers": ["Access-Control-Allow-Origin", "Origin"]},
    "exposed headers that are no tokens": {"origins": "*", "expose_headers": ["X A", None]},
    **{
        f"max_age {age!r}": {"origins": "*", "max_age": age}
        for age in (
            0, 1, 600, 7200, 86400, 86401, 2**31 - 1, 2**31, -1, 1.0, 1.5, -1.5, 1e9, float("nan"), float("inf"), True, None, "600", " 600 ", "ten", "",
            "99999999999", "4294967295", timedelta(hours=1), timedelta(milliseconds=1500), timedelta(days=-1), timedelta(days=2), 10**400, [600],
        )
    },
    **{f"{name} {value!r}": {"origins": APP, name: value} for name in ("supports_credentials", "csrf_protection", "allow_private_network", "allow_insecure_origins", "allow_public_suffixes", "allow_null_origin") for value in (True, 1, "true", None)},
    "an unknown option": {"origins": "*", "colour": "red"},
    "options of other libraries": {"origins": "*", "allow_origins": 1, "credentials": 1, "Allow_Methods": 1, "allowed_headers": 1, "preflight_max_age": 1, "csrf": 1},
    "an option with a letter too many": {"origins": "*", "originss": 1, "method": 1, "max_ages": 1},
    "retired options": {"origins": "*", "send_wildcard": True, "vary_header": True, "always_send": True, "automatic_options": True, "intercept_exceptions": True, "headers": "x"},
}  # fmt: skip
SETTINGS: dict[str, dict[Any, Any]] = {
    "nothing": {},
    "origins": {"CORS_ORIGINS": f"{APP} https://b.example"},
    "everything": {
        "CORS_ORIGINS": APP, "CORS_METHODS": "GET,PUT", "CORS_ALLOW_HEADERS": "X-A", "CORS_EXPOSE_HEADERS": "X-B", "CORS_SUPPORTS_CREDENTIALS": "Yes", "CORS_MAX_AGE": " 60 ",
        "CORS_CSRF_PROTECTION": "on", "CORS_ALLOW_PRIVATE_NETWORK": "1",
    },
    **{f"a flag {text!r}": {"CORS_ORIGINS": APP, "CORS_SUPPORTS_CREDENTIALS": text} for text in ("true", "TRUE", "1", "on", "yes", "false", "0", "off", "no", " False ", "", "maybe", True, 1)},
    **{f"an age {text!r}": {"CORS_ORIGINS": APP, "CORS_MAX_AGE": text} for text in ("60", "", "none", "NONE", "-5", "x", "9" * 18, "9" * 19, 5, None)},
    "foreign keys": {"CORS_ORIGINS": APP, "CORS_PROXY": "x", "CORS_ORIGIN": "y", "CORS_MAXAGE": 1, "CORS_OPTIONS": 1, "cors_origins": "z", "OTHER": 1, 5: 6, "CORS_Origins": "z"},
    "retired keys": {"CORS_ORIGINS": APP, "CORS_SEND_WILDCARD": True, "CORS_vary_header": True},
    "a resource": {"CORS_ORIGINS": APP, "CORS_RESOURCES": "/api/*"},
    "a key that is hardly like ours": {"CORS_ORIGINS": APP, "CORS_ORIGIN_LIST": "x"},
}  # fmt: skip
RESOURCES: dict[str, Any] = {
    "a mapping": {"/api/*": {"origins": [APP]}, "/public": {"origins": "*"}},
    "a list": ["/api/*", "/x"],
    "a string": "/api/*",
    "JSON": '{"/api/*": {"origins": ["https://app.example"]}}',
    "wrong JSON": "{'/api/*': 1}",
    "expressions": {r"/api/.*": {"origins": APP}, r"^/x$": {"origins": APP}, r"/a\d+": {"origins": APP}, "/(a|b)": {}},
    "a compiled expression": {re.compile("/api/.*"): {"origins": APP}},
    "expressions at the end": {r"/api/X.*": {}, r"^/api/X.+": {}, "/api/X*": {}, r"/api/x\\y": {}, r"/a\\b/.*": {}},
    "no slash": {"api/*": {"origins": APP}, "": {}, "*": {}},
    "a star within": {"/api/*/x": {}, "/api*": {}, "/*/x": {}, "/**": {}},
    "options that are no mapping": {"/api/*": APP, "/x": None, "/y": [APP]},
    "wrong options": {"/api/*": {"origins": "app", "colour": 1}, "/x": {"supports_credentials": True}},
    "a number": 5,
    "None in a list": [None, "/x"],
    "a query and an escape": {
        "/a?b": {},
        "/a%20b": {},
        "/a b": {},
        "/é": {},
        "/a/../b": {},
        "//a": {},
        "/a//b": {},
        "/a#b": {},
    },
}


def _of_app(call: Callable[[Flask], object], config: Mapping[str, Any] | None = None) -> str:
    """Return what an application has after *call*."""

    def make() -> str:
        app = Flask("app")
        app.config.update(config or {})
        call(app)
        extension = app.extensions.get(EXTENSION_KEY)
        if extension is None:
            return "no extension"
        rules = extension.routes.policies.application
        return "\n".join(f"{each.where!r} {each.options}" for each in rules.declarations()) or "nothing is covered"

    return _noted(make)


def _twice(app: Flask) -> None:
    CORS(app, origins=[APP])
    CORS(app, origins=["https://b.example"], max_age=5)


def _after_a_request(app: Flask) -> None:
    app.test_client().get("/")
    CORS(app, origins=[APP])


def _registered(app: Flask) -> None:
    blueprint = Blueprint("api", "api")
    app.register_blueprint(blueprint)
    CORS(blueprint, origins=[APP])


def _blueprint_twice(app: Flask) -> None:
    blueprint = Blueprint("api", "api")
    CORS(blueprint, origins=[APP])
    CORS(blueprint, origins="*")


CALLS: dict[str, Callable[[Flask], object]] = {
    "CORS(app)": lambda app: CORS(app),
    "CORS(app, origins)": lambda app: CORS(app, origins=[APP]),
    "CORS(app, 'https://...')": lambda app: CORS(app, APP),  # type: ignore[arg-type]
    "CORS(app, 'app')": lambda app: CORS(app, "app"),  # type: ignore[arg-type]
    "CORS()": lambda app: CORS(),
    "CORS('app')": lambda app: CORS("app"),  # type: ignore[arg-type]
    "CORS(app.wsgi_app)": lambda app: CORS(app.wsgi_app, origins=[APP]),  # type: ignore[arg-type]
    "CORS(None).init_app": lambda app: CORS(origins=[APP]).init_app(app),
    "CORS(...).init_app with other options": lambda app: CORS(origins=[APP], max_age=1).init_app(app, max_age=2, methods=["GET"]),
    "CORS(app) with credentials alone": lambda app: CORS(app, supports_credentials=True),
    "CORS(app) with protection alone": lambda app: CORS(app, csrf_protection=True),
    "CORS(app) with credentials alone, and more that is wrong": lambda app: CORS(app, supports_credentials=True, methods=["A B"]),
    "CORS(app) twice": _twice,
    "CORS(app) after a request": _after_a_request,
    "CORS(blueprint) after it is registered": _registered,
    "CORS(blueprint) twice": _blueprint_twice,
    "CORS(blueprint, resources)": lambda app: CORS(Blueprint("a", "a"), resources=["/x"]),
    "CORS(blueprint) with mistakes": lambda app: CORS(Blueprint("a", "a"), origins=["app"], colour=1),  # type: ignore[call-arg]
    "cross_origin('https://...')": lambda app: cross_origin(APP),  # type: ignore[call-overload]
    "cross_origin('app')": lambda app: cross_origin("app"),  # type: ignore[call-overload]
    "cross_origin(5)": lambda app: cross_origin(5),  # type: ignore[call-overload]
    "cross_origin() with mistakes": lambda app: cross_origin(origins=["app"], methods=["A B"], colour=1),  # type: ignore[call-overload]
    "cross_origin() with resources": lambda app: cross_origin(resources=["/x"]),  # type: ignore[call-overload]
    "cross_origin() with a retired option": lambda app: cross_origin(origins=[APP], send_wildcard=True),  # type: ignore[call-overload]
    "CORSMiddleware without a policy": lambda app: CORSMiddleware(anything, None),  # type: ignore[arg-type]
    "CORSMiddleware with a list": lambda app: CORSMiddleware(anything, [APP]),  # type: ignore[arg-type]
    "CORSMiddleware with a text": lambda app: CORSMiddleware(anything, APP),  # type: ignore[arg-type]
    "CORSMiddleware with wrong paths": lambda app: CORSMiddleware(anything, {"api": CORSPolicy(origins="*"), "/x*": CORSPolicy(origins="*"), "/y": "*"}),  # type: ignore[dict-item]
    "CORSMiddleware around nothing": lambda app: CORSMiddleware(None, CORSPolicy(origins="*")),  # type: ignore[arg-type]
    "CORSMiddleware around itself": lambda app: CORSMiddleware(CORSMiddleware(anything, CORSPolicy(origins="*")), CORSPolicy(origins="*")),
    "CORSMiddleware around a Flask application": lambda app: CORSMiddleware(app, CORSPolicy(origins="*")),
}  # fmt: skip


def _resourced(value: Any) -> str:
    return _of_app(lambda app: CORS(app, resources=value))


def _texts() -> Texts:
    found: dict[str, Callable[[], str]] = {}
    for entry in ENTRIES:
        name = f"origin {_name(entry)}"
        found[name.replace("[", "(").replace("]", ")").replace("\\", "/")] = functools.partial(_origins, entry)
    for number, expression in enumerate(EXPRESSIONS):
        name = f"expression {number} {_name(expression)}"
        found[name.replace("[", "(").replace("]", ")").replace("\\", "/")] = functools.partial(_translated, expression)
    for name, options in OPTIONS.items():
        title = name.replace("[", "(").replace("]", ")")[:80]
        found[f"options: {title}"] = functools.partial(_noted, functools.partial(_policy, **options))
    for name, settings in SETTINGS.items():
        found[f"settings: {name}"] = functools.partial(
            _noted, functools.partial(lambda settings: repr(CORSPolicy.from_mapping(settings)), settings)
        )
        found[f"app.config: {name}"] = functools.partial(_of_app, lambda app: CORS(app), {str(k): v for k, v in settings.items()})  # fmt: skip
    for name, value in RESOURCES.items():
        found[f"resources: {name}"] = functools.partial(_resourced, value)
    for name, call in CALLS.items():
        found[name] = functools.partial(_of_app, call)
    return found


TEXTS = _texts()
