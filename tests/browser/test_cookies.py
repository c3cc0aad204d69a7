"""The browser's cookies: what it stores, what it sends, and in which words it says why not."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import pytest

from flask_crossorigin.browser.cookies import MAX_SIZE, Cookie, CookieJar, Refused, is_same_site, site

from ..helpers.browser import at

NOW = 1_000_000.0
API = "https://api.example.com/v1/items"
PAGE = "https://app.example.com"
OTHER_SITE = "https://other.example"


def stored(line: str, url: str = API, page: str = PAGE) -> Cookie | Refused:
    jar = CookieJar()
    refused = jar.take(line, at(url), page, NOW)
    kept = list(jar)
    return refused if refused is not None else kept[0]


def own(name: str = "a", value: str = "1", **parts: Any) -> Cookie:
    """Return a cookie as the API's host sets it without attributes, but for *parts*."""
    plain = Cookie(name, value, "api.example.com", True, "/v1", False, "lax", None)
    return plain._replace(**parts)


STORED = {
    "a name and a value": ("a=1", own()),
    "spaces around name, value and attributes are dropped": (" a = 1 ; Path = / ; Secure ", own(path="/", secure=True)),
    "an equals sign belongs to the value": ("a=b=c", own(value="b=c")),
    "an empty value": ("a=", own(value="")),
    "no name": ("=1", own(name="")),
    "a line without an equals sign is a value without a name": ("token", own(name="", value="token")),
    "spaces around a value without a name are dropped": (" token ; Path=/", own(name="", value="token", path="/")),
    "attributes in capitals": ("a=1; PATH=/; SECURE; SAMESITE=NONE", own(path="/", secure=True, same_site="none")),
    "SameSite=Strict": ("a=1; SameSite=Strict", own(same_site="strict")),
    "SameSite=Lax": ("a=1; SameSite=Lax", own()),
    "an unknown SameSite is Lax": ("a=1; SameSite=Sometimes", own()),
    "the last of two attributes counts": ("a=1; Path=/x; Path=/", own(path="/")),
    "a path that does not start with a slash is not taken": ("a=1; Path=v2", own()),
    "an empty path is not taken": ("a=1; Path=", own()),
    "Domain of the site": ("a=1; Domain=example.com", own(host="example.com", host_only=False)),
    "Domain with a dot in front": ("a=1; Domain=.example.com", own(host="example.com", host_only=False)),
    "Domain in capitals": ("a=1; Domain=EXAMPLE.com", own(host="example.com", host_only=False)),
    "Domain of the host itself": ("a=1; Domain=api.example.com", own(host_only=False)),
    "an empty Domain": ("a=1; Domain=", own()),
    "Max-Age of a second": ("a=1; Max-Age=1", own(expires=NOW + 1)),
    "Max-Age wins against Expires": ("a=1; Expires=Sat, 01 Jan 2050 00:00:00 GMT; Max-Age=5", own(expires=NOW + 5)),
    "Max-Age with more digits than matter": ("a=1; Max-Age=" + "9" * 5000, own(expires=NOW + 999_999_999_999)),
    "Max-Age that is no number": ("a=1; Max-Age=1.5", own()),
    "Max-Age with a plus sign": ("a=1; Max-Age=+5", own()),
    "Expires": ("a=1; Expires=Thu, 01 Jan 2032 00:00:00 GMT", own(expires=1_956_528_000.0)),
    "Expires with hyphens": ("a=1; Expires=Thu, 01-Jan-2032 00:00:00 GMT", own(expires=1_956_528_000.0)),
    "Expires without a zone is in GMT": ("a=1; Expires=Thu, 01 Jan 2032 00:00:00", own(expires=1_956_528_000.0)),
    "Expires with hyphens, and without a comma": (
        "a=1; Expires=Thu 01-Jan-2032 00:00:00 GMT",
        own(expires=1_956_528_000.0),
    ),
    "Expires that is no date": ("a=1; Expires=tomorrow", own()),
    "__Host- as it has to be": ("__Host-a=1; Path=/; Secure", own(name="__Host-a", path="/", secure=True)),
    "__Secure- with Secure": ("__Secure-a=1; Secure", own(name="__Secure-a", secure=True)),
    "the greatest size": ("ab=" + "x" * (MAX_SIZE - 2), own(name="ab", value="x" * (MAX_SIZE - 2))),
}


@pytest.mark.parametrize(("line", "cookie"), STORED.values(), ids=STORED)
def test_what_is_stored(line: str, cookie: Cookie) -> None:
    assert stored(line) == cookie


PATHS = {
    "a file in the root": ("https://api.example.com/items", "/"),
    "the root": ("https://api.example.com/", "/"),
    "a folder": ("https://api.example.com/v1/", "/v1"),
    "a folder in a folder": ("https://api.example.com/v1/deep/items", "/v1/deep"),
    "a query with a slash": ("https://api.example.com/v1/items?next=/a/b", "/v1"),
}


@pytest.mark.parametrize(("url", "path"), PATHS.values(), ids=PATHS)
def test_the_path_of_a_cookie_that_names_none(url: str, path: str) -> None:
    assert stored("a=1", url) == own(path=path)


def test_an_address_is_a_host_of_its_own() -> None:
    assert stored("a=1; Domain=127.0.0.1", "http://127.0.0.1/v1/", "http://127.0.0.1") == own(host="127.0.0.1")


BOTH = "set it with SameSite=None and Secure, or serve page and API from one site"
HOST_PREFIX = ("has a name that needs Path=/ and no Domain", "set Path=/ and remove Domain")
REFUSED = {
    "Secure over http": (
        *("a=1; Secure", "http://api.example.com/", "http://app.example.com"),
        Refused("a", "is Secure, and the response came over http", "serve the API over https"),
    ),
    "SameSite=None without Secure": (
        *("a=1; SameSite=None", API, PAGE),
        Refused("a", "has SameSite=None without Secure", "add Secure"),
    ),
    "__Secure- without Secure": (
        *("__Secure-a=1", API, PAGE),
        Refused("__Secure-a", "has a name that needs Secure", "add Secure"),
    ),
    "__Host- without Secure": (
        *("__Host-a=1; Path=/", API, PAGE),
        Refused("__Host-a", "has a name that needs Secure", "add Secure"),
    ),
    "__host- in small letters": (
        *("__host-a=1; Path=/", API, PAGE),
        Refused("__host-a", "has a name that needs Secure", "add Secure"),
    ),
    "__Host- with another path": (
        *("__Host-a=1; Secure; Path=/v1", API, PAGE),
        Refused("__Host-a", *HOST_PREFIX),
    ),
    "__Host- without a path": (
        *("__Host-a=1; Secure", "https://api.example.com/", PAGE),
        Refused("__Host-a", *HOST_PREFIX),
    ),
    "__Host- with a domain": (
        *("__Host-a=1; Secure; Path=/; Domain=example.com", API, PAGE),
        Refused("__Host-a", *HOST_PREFIX),
    ),
    "a byte too long": (
        *("ab=" + "x" * (MAX_SIZE - 1), API, PAGE),
        Refused("ab", "is longer than 4096 bytes", "store the data on the server, and only a key in the cookie"),
    ),
    "another host": (
        *("a=1; Domain=other.example", API, PAGE),
        Refused("a", "has Domain=other.example, which is not the host api.example.com", "remove Domain"),
    ),
    "a host below": (
        *("a=1; Domain=deep.api.example.com", API, PAGE),
        Refused("a", "has Domain=deep.api.example.com, which is not the host api.example.com", "remove Domain"),
    ),
    "a host that only ends alike": (
        *("a=1; Domain=ple.com", API, PAGE),
        Refused("a", "has Domain=ple.com, which is not the host api.example.com", "remove Domain"),
    ),
    "a part of an address": (
        *("a=1; Domain=0.0.1", "http://127.0.0.1/", "http://127.0.0.1"),
        Refused("a", "has Domain=0.0.1, which is not the host 127.0.0.1", "remove Domain"),
    ),
    "a public suffix": (
        *("a=1; Domain=com", API, PAGE),
        Refused("a", "has Domain=com, under which anybody can register a name", "remove Domain"),
    ),
    "no SameSite, and another site": (
        *("a=1", API, OTHER_SITE),
        Refused("a", "has no SameSite, which means Lax, and the response is cross-site", BOTH),
    ),
    "SameSite=Lax, and another site": (
        *("a=1; SameSite=Lax", API, OTHER_SITE),
        Refused("a", "has SameSite=Lax, and the response is cross-site", BOTH),
    ),
    "SameSite=Strict, and another site": (
        *("a=1; SameSite=Strict; Secure", API, OTHER_SITE),
        Refused("a", "has SameSite=Strict, and the response is cross-site", BOTH),
    ),
    "a page of an opaque origin": (
        *("a=1", API, "null"),
        Refused("a", "has no SameSite, which means Lax, and the response is cross-site", BOTH),
    ),
}


@pytest.mark.parametrize(("line", "url", "page", "refused"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_stored_and_why(line: str, url: str, page: str, refused: Refused) -> None:
    assert stored(line, url, page) == refused


def test_a_public_suffix_may_set_cookies_of_its_own() -> None:
    assert stored("a=1; Domain=github.io", "https://github.io/v1/", "https://github.io") == own(
        host="github.io", host_only=False
    )


def test_a_browser_that_blocks_third_party_cookies() -> None:
    jar = CookieJar(third_party=False)
    line = "a=1; SameSite=None; Secure"
    assert jar.take(line, at(API), OTHER_SITE, NOW) == Refused(
        "a", "is a third-party cookie, which this browser blocks", "serve page and API from one site"
    )
    assert jar.take(line, at(API), PAGE, NOW) is None


def test_a_browser_that_takes_insecure_cookies_with_samesite_none() -> None:
    jar = CookieJar(insecure_none=True)
    assert jar.take("a=1; SameSite=None", at(API), OTHER_SITE, NOW) is None
    assert jar.header(at(API), OTHER_SITE, NOW) == ("a=1", [])


NONE = "; SameSite=None; Secure"
LINES = ("lax=1", "strict=1; SameSite=Strict", "none=1" + NONE)
SENT = {
    "to the same site: all": (LINES, API, PAGE, "", "lax=1; strict=1; none=1", ()),
    "to another site: SameSite=None alone": (LINES, API, OTHER_SITE, "", "none=1", ("Lax", "Strict")),
    "from an opaque origin: SameSite=None alone": (LINES, API, "null", "", "none=1", ("Lax", "Strict")),
    "GET that opens a page: Lax as well": (LINES, API, OTHER_SITE, "GET", "lax=1; none=1", ("Strict",)),
    "HEAD that opens a page: Lax as well": (LINES, API, OTHER_SITE, "HEAD", "lax=1; none=1", ("Strict",)),
    "POST that opens a page: SameSite=None alone": (LINES, API, OTHER_SITE, "POST", "none=1", ("Lax", "Strict")),
    "the longest path comes first": (("root=1; Path=/", "deep=1; Path=/v1/items"), API, PAGE, "", "deep=1; root=1", ()),
    "the path itself": (("a=1; Path=/v1/items",), API, PAGE, "", "a=1", ()),
    "a path with a slash at its end": (("a=1; Path=/v1/",), API, PAGE, "", "a=1", ()),
    "a path that only starts alike": (("a=1; Path=/v1/it",), API, PAGE, "", "", ()),
    "a path below": (("a=1; Path=/v1/items/deep",), API, PAGE, "", "", ()),
    "another host of the site gets no cookie of a host": (
        *(("a=1; Path=/",), "https://other.example.com/", PAGE, "", "", ()),
    ),
    "a host below gets no cookie of a host": (("a=1; Path=/",), "https://deep.api.example.com/", PAGE, "", "", ()),
    "another host of the site gets a cookie of the domain": (
        *(("a=1; Path=/; Domain=example.com",), "https://other.example.com/", PAGE, "", "a=1", ()),
    ),
    "the domain itself gets its cookie": (
        *(("a=1; Path=/; Domain=example.com",), "https://example.com/", PAGE, "", "a=1", ()),
    ),
    "another domain gets none": (
        *(("a=1; Path=/; Domain=example.com" + NONE,), "https://notexample.com/", PAGE, "", "", ()),
    ),
    "Secure does not go over http": (
        *(("a=1; Path=/; Secure", "b=1; Path=/"), "http://api.example.com/", "http://app.example.com", "", "b=1", ()),
    ),
    "a cookie without a name is its value": (("token",), API, PAGE, "", "token", ()),
    "the same cookie again takes the place of the first": (("a=1", "b=1", "a=2"), API, PAGE, "", "b=1; a=2", ()),
    "the same name under another path is another cookie": (
        *(("a=1; Path=/", "a=2; Path=/v1"), API, PAGE, "", "a=2; a=1", ()),
    ),
    "Max-Age=0 removes": (("a=1", "a=2; Max-Age=0"), API, PAGE, "", "", ()),
    "Max-Age=-1 removes": (("a=1", "a=2; Max-Age=-1"), API, PAGE, "", "", ()),
    "a date in the past removes": (("a=1", "a=2; Expires=Thu, 01 Jan 1970 00:00:01 GMT"), API, PAGE, "", "", ()),
    "a date that is now removes": (("a=1", "a=2; Expires=Mon, 12 Jan 1970 13:46:40 GMT"), API, PAGE, "", "", ()),
}


@pytest.mark.parametrize(("lines", "url", "page", "opens", "header", "kept_back"), SENT.values(), ids=SENT)
def test_what_is_sent(
    lines: Sequence[str], url: str, page: str, opens: str, header: str, kept_back: Sequence[str]
) -> None:
    jar = CookieJar()
    for line in lines:
        assert jar.take(line, at(API), PAGE, NOW) is None
    refused = [Refused(kind.lower(), f"is SameSite={kind}, and the request is cross-site", BOTH) for kind in kept_back]
    assert jar.header(at(url), page, NOW, opens) == (header, refused)


def test_a_redirect_over_another_site_makes_the_request_cross_site() -> None:
    jar = CookieJar()
    jar.take("a=1", at(API), PAGE, NOW)
    assert jar.header(at(API), PAGE, NOW, chain=(PAGE,))[0] == "a=1"
    assert jar.header(at(API), PAGE, NOW, chain=(PAGE, OTHER_SITE))[0] == ""


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="Windows has no way to change the zone of a process")
def test_a_date_does_not_depend_on_where_the_browser_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    try:
        for zone in ("", " GMT"):
            assert stored(f"a=1; Expires=Thu, 01 Jan 2032 00:00:00{zone}") == own(expires=1_956_528_000.0)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_cookie_that_is_over_already_is_not_stored() -> None:
    jar = CookieJar()
    jar.take("a=1; Expires=Mon, 12 Jan 1970 13:46:40 GMT", at(API), PAGE, NOW)
    assert list(jar) == []


LIVES = {"a second before": (9.0, "a=1"), "at the second": (10.0, ""), "a second after": (11.0, "")}


@pytest.mark.parametrize(("later", "header"), LIVES.values(), ids=LIVES)
def test_a_cookie_that_has_lived_its_time_is_not_sent(later: float, header: str) -> None:
    jar = CookieJar()
    jar.take("a=1; Max-Age=10", at(API), PAGE, NOW)
    assert jar.header(at(API), PAGE, NOW + later)[0] == header


SITES = {
    "a host below a registrable domain": ("https://api.example.com", "https://example.com"),
    "a port does not count": ("https://api.example.com:8443", "https://example.com"),
    "the scheme counts": ("http://api.example.com", "http://example.com"),
    "an address": ("http://127.0.0.1:5000", "http://127.0.0.1"),
    "an address of version 6": ("http://[::1]:5000", "http://[::1]"),
    "a name without dots": ("http://localhost:5000", "http://localhost"),
    "a public suffix": ("https://github.io", "https://github.io"),
    "a host below a public suffix": ("https://me.github.io", "https://me.github.io"),
    "null": ("null", "null"),
    "a scheme without a host": ("data:,", "null"),
    "no URL": ("", "null"),
}


@pytest.mark.parametrize(("origin", "expected"), SITES.values(), ids=SITES)
def test_the_site_of_an_origin(origin: str, expected: str) -> None:
    assert site(origin) == expected


def test_opaque_origins_share_no_site() -> None:
    assert is_same_site("https://a.example.com", "https://b.example.com")
    assert not is_same_site("null", "null")
    assert not is_same_site("https://a.example.com", "null")
    assert not is_same_site("null", "https://a.example.com")
