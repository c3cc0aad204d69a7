"""URLs and origins as browsers write them."""

from __future__ import annotations

import pytest

from flask_crossorigin.browser.urls import parse

BASE = parse("https://a.example/x/y?q")


@pytest.mark.parametrize(
    ("text", "url", "origin"),
    [
        pytest.param("HTTPS://EXAMPLE.com:443/a/../b?q#f", "https://example.com/b?q", "https://example.com", id="case, default port, dots, fragment"),
        pytest.param("http://example.com:8080", "http://example.com:8080/", "http://example.com:8080", id="another port"),
        pytest.param("http://example.com:080/", "http://example.com/", "http://example.com", id="a port with a zero in front"),
        pytest.param("http://0x7f.1/", "http://127.0.0.1/", "http://127.0.0.1", id="hexadecimal and short IPv4"),
        pytest.param("http://2130706433/", "http://127.0.0.1/", "http://127.0.0.1", id="IPv4 as one number"),
        pytest.param("http://0177.0.0.1/", "http://127.0.0.1/", "http://127.0.0.1", id="octal IPv4"),
        pytest.param("http://127.0.0.1./", "http://127.0.0.1/", "http://127.0.0.1", id="IPv4 with a dot at the end"),
        pytest.param("http://[0:0:0:0:0:0:0:1]:80/", "http://[::1]/", "http://[::1]", id="IPv6 is compressed"),
        pytest.param("http://[::FFFF:1.2.3.4]/", "http://[::ffff:102:304]/", "http://[::ffff:102:304]", id="IPv6 with an IPv4 address in it"),
        pytest.param("https://bücher.example/", "https://xn--bcher-kva.example/", "https://xn--bcher-kva.example", id="IDNA"),
        pytest.param("https://faß.example/", "https://xn--fa-hia.example/", "https://xn--fa-hia.example", id="IDNA without transition"),
        pytest.param("https://EXAMPLE.com./", "https://example.com./", "https://example.com.", id="a dot at the end stays"),
        pytest.param("https://a_b.example/", "https://a_b.example/", "https://a_b.example", id="an underscore"),
        pytest.param("http://ex%41mple.com/", "http://example.com/", "http://example.com", id="an escape in the host"),
        pytest.param("http:\\\\example.com\\a", "http://example.com/a", "http://example.com", id="backslashes"),
        pytest.param(" http://exa\tmple.com/\n", "http://example.com/", "http://example.com", id="blanks and tabs"),
        pytest.param("http:example.com/a", "http://example.com/a", "http://example.com", id="no slashes"),
        pytest.param("http://u:p@example.com/", "http://u:p@example.com/", "http://example.com", id="userinfo"),
        pytest.param("http://:@example.com/", "http://example.com/", "http://example.com", id="empty userinfo"),
        pytest.param("ws://example.com:80/", "ws://example.com/", "ws://example.com", id="ws"),
        pytest.param("blob:https://a.example/1", "blob:https://a.example/1", "https://a.example", id="a blob has the origin in it"),
        pytest.param("data:text/html,x", "data:text/html,x", "null", id="data"),
        pytest.param("file:///etc/passwd", "file:///etc/passwd", "null", id="file"),
        pytest.param("localhost:3000", "localhost:3000", "null", id="localhost is a scheme there"),
        pytest.param("http://example.com/a b?c d'e", "http://example.com/a%20b?c%20d%27e", "http://example.com", id="escapes"),
    ],
)  # fmt: skip
def test_an_absolute_url(text: str, url: str, origin: str) -> None:
    parsed = parse(text)
    assert parsed is not None
    assert (str(parsed), parsed.origin) == (url, origin)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("255.255.255.255", "255.255.255.255"),
        ("4294967295", "255.255.255.255"),
        ("1.16777215", "1.255.255.255"),
        ("1.2.65535", "1.2.255.255"),
        ("1.2.3", "1.2.0.3"),
        ("0", "0.0.0.0"),
        ("00", "0.0.0.0"),
        ("010", "0.0.0.8"),
        ("8", "0.0.0.8"),
        ("0x", "0.0.0.0"),
        ("0X7F.0x.0.1", "127.0.0.1"),
        ("0xfF.1", "255.0.0.1"),
        ("1.0x10", "1.0.0.16"),
    ],
)
def test_an_address_however_it_is_written(host: str, address: str) -> None:
    assert str(parse(f"http://{host}/")) == f"http://{address}/"


@pytest.mark.parametrize(
    "host",
    ["4294967296", "1.16777216", "1.2.65536", "1.2.3.256", "256.1", "1.256.1", "1.2.256.1", "09", "1.08", "0.0.0.0.0", "1..2", "0x+1.1", "0x1_1.1", "+1.1", "1_0.1", "0xg.1", "1a.1"],
)  # fmt: skip
def test_what_ends_in_a_number_and_is_no_address(host: str) -> None:
    assert parse(f"http://{host}/") is None


@pytest.mark.parametrize(
    "text",
    ["", "example.com", "//example.com", "http://", "http://:80/", "http://a b/", "http://1.2.3.4.5/", "http://256.1.1.1/",
     "http://0x1ffffffff/", "http://[::1", "http://[1.2.3.4]/", "http://a.example:99999/", "http://a.example:x/", "http://a%zz.example/",
     "http://a<b/", "http://1_2.3/"],
)  # fmt: skip
def test_what_is_no_absolute_url(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("text", "url"),
    [
        pytest.param("z", "https://a.example/x/z", id="beside"),
        pytest.param("../z", "https://a.example/z", id="above"),
        pytest.param("/z", "https://a.example/z", id="from the root"),
        pytest.param("//h.example/z", "https://h.example/z", id="another host"),
        pytest.param("\\\\h.example/z", "https://h.example/z", id="another host with backslashes"),
        pytest.param("?r", "https://a.example/x/y?r", id="a query"),
        pytest.param("#f", "https://a.example/x/y?q", id="a fragment"),
        pytest.param("", "https://a.example/x/y?q", id="nothing"),
        pytest.param("https:z", "https://a.example/x/z", id="its own scheme without slashes"),
        pytest.param("http:z", "http://z/", id="another scheme without slashes"),
        pytest.param("./a/./b/..", "https://a.example/x/a/", id="dots"),
        pytest.param("%2e%2E/z", "https://a.example/z", id="escaped dots"),
    ],
)
def test_a_relative_url(text: str, url: str) -> None:
    assert str(parse(text, BASE)) == url


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("\x00\x1f /z\x20\x1f", "https://api.example/z"),
        ("!a", "https://api.example/x/!a"),
        ("/\x7f", "https://api.example/%7F"),
        ("file:///a/../b", "file:///b"),
        ("FILE://host/a", "file:///a"),
    ],
    ids=[
        "controls and blanks around it",
        "the first sign that stays",
        "the last control",
        "dots of a file",
        "a file's host",
    ],
)
def test_what_is_around_a_url_and_files(text: str, url: str) -> None:
    assert str(parse(text, parse("https://api.example/x/y"))) == url
