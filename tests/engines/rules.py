"""The rules in which engines differ from the standard, or from one another: one minimal case each, named by its sentence."""

from __future__ import annotations

from .cases import AGE, ALLOW, ANY, CREDENTIALS, METHODS, NAMES, NULL, ORIGIN, Call, Case, Headers, Hop, to

AGED: Headers = [*ALLOW, (AGE, "600")]
ONE: Headers = [("X-One", "1")]


def _hop(status: int, *headers: tuple[str, str], preflight: Headers = ALLOW) -> Hop:
    return Hop((200, preflight), (status, list(headers)))


def _redirect(name: str, call: Call, status: int, *places: str, end: Headers = NULL) -> Case:
    hops = [_hop(status, *ALLOW, to(place, index)) for index, place in enumerate(places, 1)]
    return Case(name, [call], [*hops, Hop((200, end), (200, end))])


def _cached(name: str, *calls: Call, preflight: Headers = AGED, actual: Headers = ALLOW) -> Case:
    return Case(name, list(calls), [Hop((200, preflight), (200, actual))])


def _single(name: str, call: Call, actual: Headers = ALLOW, status: int = 200, preflight: Headers = ALLOW) -> Case:
    return Case(name, [call], [Hop((200, preflight), (status, actual))])


RULES = [
    # Redirects
    _redirect("a 303 after a preflighted PUT, to a third origin", Call("PUT", ONE), 303, "{third}"),
    _redirect("a 303 after a preflighted PUT without other headers, to a third origin", Call("PUT"), 303, "{third}"),
    _redirect("a 303 after a preflighted PUT, within the API", Call("PUT"), 303, "{api}", end=ALLOW),
    _redirect(
        "a 302 for a POST with JSON, to a third origin",
        Call("POST", [("Content-Type", "application/json")], "{}"),
        302,
        "{third}",
    ),
    _redirect(
        "a 302 for a POST with JSON, within the API",
        Call("POST", [("Content-Type", "application/json")], "{}"),
        302,
        "{api}",
        end=ALLOW,
    ),
    _redirect(
        "a 302 for a POST with Content-Language, to a third origin",
        Call("POST", [("Content-Language", "en")], "x"),
        302,
        "{third}",
    ),
    _redirect("a 307 for a PUT, to a third origin", Call("PUT", body="x"), 307, "{third}"),
    _redirect("a 307 for a PUT, back to the page's own origin", Call("PUT", body="x"), 307, "{page}"),
    _redirect("a 303 for a PUT, back to the page's own origin", Call("PUT", body="x"), 303, "{page}"),
    _redirect("a 302 for a GET with a header, back to the page's own origin", Call("GET", ONE), 302, "{page}"),
    _redirect("a 302 for a GET, back to the page's own origin", Call("GET"), 302, "{page}"),
    _redirect("Authorization on a redirect to a third origin", Call("GET", [("Authorization", "a")]), 302, "{third}"),
    _redirect(
        "Authorization on a redirect within the API", Call("GET", [("Authorization", "a")]), 302, "{api}", end=ALLOW
    ),
    _redirect(
        "Authorization from the page's own origin to the API",
        Call("GET", [("Authorization", "a")], host="page"),
        302,
        "{api}",
        end=ALLOW,
    ),
    _redirect("two redirects: a third origin, and back to the API", Call("GET", ONE), 302, "{third}", "{api}"),
    Case(
        "two Location lines that differ", [Call()], [_hop(302, *ALLOW, to("{api}"), to("{third}")), _hop(200, *ALLOW)]
    ),
    Case(
        "two Location lines that are the same",
        [Call()],
        [_hop(302, *ALLOW, to("{api}"), to("{api}")), _hop(200, *ALLOW)],
    ),
    Case("an empty Location", [Call()], [_hop(302, *ALLOW, ("Location", "")), _hop(200, *ALLOW)]),
    *(
        Case(
            f"a redirect to {target.rstrip('[')}",
            [Call()],
            [_hop(302, *ALLOW, ("Location", target)), _hop(200, *ALLOW)],
        )
        for target in (
            "data:,x",
            "about:blank",
            "file:///etc/hostname",
            "ws://localhost:1/",
            "http://[",
            "ftp://localhost/",
            "mailto:a@a.example",
        )
    ),
    Case(
        "a redirect to a URL with a password",
        [Call()],
        [_hop(302, *ALLOW, to("http://u:p@{third:host}")), _hop(200, *NULL)],
    ),
    Case("a redirect loop", [Call()], [_hop(302, *ALLOW, to("{api}", 0))]),
    Case("redirect: manual", [Call(redirect="manual")], [_hop(302, *ALLOW, to("{api}")), _hop(200, *ALLOW)]),
    Case("redirect: error", [Call(redirect="error")], [_hop(302, *ALLOW, to("{api}")), _hop(200, *ALLOW)]),
    Case("a redirect in no-cors mode", [Call(mode="no-cors")], [_hop(302, to("{third}")), _hop(200)]),
    # What needs a preflight
    *(
        _single(
            f"the request header {name}: {value[:20].encode('ascii', 'replace').decode()} ({len(value)})",
            Call(headers=[(name, value)]),
            preflight=[*ALLOW, (NAMES, "dpr, save-data, sec-ch-ua-x")],
        )
        for name, value in (
            ("User-Agent", "x"),
            ("Range", "bytes=0-5"),
            ("Range", "bytes=0-99999999999999999999"),
            ("Range", "BYTES=0-5"),
            ("Range", "bytes=0-"),
            ("Range", "bytes=-5"),
            ("Range", "bytes=5-0"),
            ("Range", "bytes=0-1,2-3"),
            ("Accept", "a\u00e9"),
            ("Content-Type", "text/plain;a=\u00e9"),
            ("Accept-Language", "a\u00e9"),
            ("Accept", "a" * 128),
            ("Accept", "a" * 129),
            ("DPR", "2"),
            ("Save-Data", "on"),
            ("Content-Type", "text/plain,"),
        )
    ),
    _single(
        "a header appended twice, safe each by itself", Call(headers=[("Accept", "a" * 100), ("Accept", "b" * 100)])
    ),
    _single(
        "Content-Type appended twice",
        Call("POST", [("Content-Type", "text/plain"), ("Content-Type", "text/plain")], "x"),
    ),
    _single("an upload listener, with a body", Call("POST", body="x", api="xhr-upload")),
    _single("an upload listener, without a body", Call("POST", api="xhr-upload")),
    _single(
        "Accept-Language in 9 parts of 120 bytes",
        Call(headers=[("Accept", "a" * 120), ("Accept-Language", "a" * 120), ("Content-Language", "a" * 120)]),
    ),
    # The preflight cache
    _cached(
        "X-One, X-Two, X-One: a new answer and the old one",
        Call(headers=ONE),
        Call(headers=[("X-Two", "1")]),
        Call(headers=ONE),
        preflight=[*ALLOW[:2], (NAMES, "x-one"), (AGE, "600")],
    ),
    _cached("X-One, X-Two, X-One: all listed", Call(headers=ONE), Call(headers=[("X-Two", "1")]), Call(headers=ONE)),
    _cached(
        "PUT, DELETE, PUT with one method listed at a time",
        Call("PUT"),
        Call("GET", ONE),
        Call("PUT"),
        preflight=[*ALLOW[:2], (METHODS, "PUT"), (NAMES, "x-one"), (AGE, "600")],
    ),
    _cached("a kept preflight whose response then fails", Call("PUT"), Call("PUT"), actual=[]),
    _cached("without credentials, then with", Call("PUT"), Call("PUT", credentials="include")),
    _cached("with credentials, then without", Call("PUT", credentials="include"), Call("PUT")),
    *(
        _cached(f"Access-Control-Max-Age: {age!r}", Call("PUT"), Call("PUT"), preflight=[*ALLOW, (AGE, age)])
        for age in ("0", "-1", "", "x", "+5", "5 ", "1.5", "600, 600")
    ),
    _cached("without Access-Control-Max-Age", Call("PUT"), Call("PUT"), preflight=ALLOW),
    *(
        _cached(f"cache: {mode} with a kept preflight", Call("PUT"), Call("PUT", cache=mode))
        for mode in ("no-store", "reload", "no-cache", "force-cache")
    ),
    *(
        _cached(
            f"{name} with a kept preflight",
            Call("GET", [(name, value)]),
            Call("GET", [(name, value)]),
            preflight=[*AGED, (NAMES, name)],
        )
        for name, value in (
            ("If-None-Match", '"a"'),
            ("If-Modified-Since", "Wed, 21 Oct 2015 07:28:00 GMT"),
            ("Cache-Control", "no-cache"),
            ("Pragma", "no-cache"),
        )
    ),
    _cached("HEAD with a header, twice", Call("HEAD", ONE), Call("HEAD", ONE)),
    _cached(
        "wildcards in the lists, twice",
        Call("PUT", ONE),
        Call("PUT", ONE),
        preflight=[*ALLOW[:1], (METHODS, "*"), (NAMES, "*"), (AGE, "600")],
    ),
    Case(
        "a preflight with Origin: null, twice",
        [Call("PUT", host="api"), Call("PUT", host="api")],
        [_hop(307, *ALLOW, to("{third}"), preflight=AGED), Hop((200, [*NULL, (AGE, "600")]), (200, NULL))],
    ),
    # Lists and values
    _single("a second Access-Control-Allow-Origin that is empty", Call(), [(ORIGIN, "{page}"), (ORIGIN, "")]),
    _single("the first Access-Control-Allow-Origin is empty", Call(), [(ORIGIN, ""), (ORIGIN, "{page}")]),
    _single("names in capitals", Call(), [("ACCESS-CONTROL-ALLOW-ORIGIN", "{page}")]),
    _single("two lines in two spellings", Call(), [(ORIGIN, "{page}"), ("access-control-allow-origin", "{page}")]),
    _single("a byte over 0x7F in the value", Call(), [(ORIGIN, "http://\u00e9.example")]),
    _single("a tab after the origin", Call(), [(ORIGIN, "{page}\t")]),
    _single(
        "Access-Control-Allow-Credentials: TRUE",
        Call(credentials="include"),
        [(ORIGIN, "{page}"), (CREDENTIALS, "TRUE")],
    ),
    _single(
        "two Access-Control-Allow-Credentials",
        Call(credentials="include"),
        [(ORIGIN, "{page}"), (CREDENTIALS, "true"), (CREDENTIALS, "true")],
    ),
    _single(
        "an empty element in the lists of a preflight",
        Call("PUT", ONE),
        preflight=[*ALLOW[:2], (METHODS, "PUT,,"), (NAMES, ",x-one")],
    ),
    # The network layer and the response object
    _single("407 with the right headers", Call(), status=407),
    _single("421 with the right headers", Call(), status=421),
    _single("304 that nobody asked for", Call(), status=304),
    _single("204 with the right headers", Call(), status=204),
    _single("an opaque response", Call(mode="no-cors"), []),
    _single("any origin may read", Call(), ANY),
    # What never reaches a server
    _single("mode: same-origin to another origin", Call(mode="same-origin")),
    _single("mode: no-cors with redirect: error", Call(mode="no-cors", redirect="error")),
    _single("the method TRACE", Call("TRACE")),
    _single("a port that browsers block", Call(host="bad")),
    _single("a server that does not run", Call(host="closed")),
    _single("a server that does not run, with a preflight", Call("PUT", host="closed")),
]
