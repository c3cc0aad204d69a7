"""The browser's half of the protocol: which requests a page's ``fetch()`` sends, and whether it may read the response.

Pure: no I/O, no clock, and nothing of the server's half. ``BrowserModel.fetch`` is a generator: it yields each
``WireRequest`` that a browser would send, receives the ``WireResponse`` to it, and returns an ``Outcome``.

https://fetch.spec.whatwg.org/#fetching
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from ..standard.headers import FORBIDDEN_RESPONSE_HEADERS, Header
from .checks import cors_check, exposed_names, get, is_redirect, tainted_origin
from .console import JAVASCRIPT_ERRORS, Place, console_text
from .cookies import CookieJar, Refused
from .failures import MAX_REDIRECTS, Failure
from .metadata import fetch_metadata
from .preflight import Asked, check_preflight, preflight_headers, preflight_reasons, preflight_warnings
from .preflight_cache import PreflightCache
from .profiles import PROFILES, Profile
from .safelists import combined, normalize_method, settable
from .urls import BAD_PORTS, URL, parse, read_origin
from .values import Blocked, Kind, NoAnswerError, Outcome, Request, WireRequest, WireResponse, invalid_request


@dataclass
class _State:
    """A fetch on its way, hop by hop."""

    request: Request
    method: str
    headers: list[Header]
    body: bytes | None
    chain: list[URL]
    tainting: Literal["basic", "cors", "opaque"] = "basic"
    reasons: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    cookies: list[Refused] = field(default_factory=list)

    @property
    def url(self) -> URL:
        return self.chain[-1]


Steps: TypeAlias = Generator[WireRequest, WireResponse, Outcome]


class BrowserModel:
    """A browser with a page of *origin* open. *profile*: ``standard``, ``chrome``, ``firefox`` or ``safari``.

    *base*: what relative URLs are relative to. *clock*: returns seconds; caches and cookies expire by it.
    """

    def __init__(self, origin: str, *, profile: str, base: URL, clock: Callable[[], float]) -> None:
        if profile not in PROFILES:
            raise ValueError(f"profile: {profile!r} is none of {', '.join(PROFILES)}")
        self.origin = read_origin(origin)
        self.profile: Profile = PROFILES[profile]
        self.base = base
        self.jar = CookieJar()
        self.cache = PreflightCache(self.profile)
        self._clock = clock

    def fetch(self, request: Request) -> Steps:
        """Run *request*; see the module for how to drive it."""
        problem = invalid_request(request)
        url = parse(request.url, self.base)
        if problem is None and url is None:
            problem = f"{request.url!r} is not a URL"
        elif problem is None and url is not None and url.userinfo:
            problem = "the URL contains a username or password"
        if problem is not None or url is None:
            place = Place(request.url, self.origin)
            return self._error(
                [Blocked(Failure("request-invalid", problem or ""), place, f"TypeError: {problem}")], None
            )
        headers = settable(request.headers, request.mode)
        state = _State(request, normalize_method(request.method), headers, request.body, [url])
        try:
            return (yield from self._main(state))
        except NoAnswerError as error:
            return self._failed(state, [Failure("network", error.text, error.cause)])

    # --- main fetch: which kind of request it is -----------------------------------------------------------

    def _main(self, state: _State) -> Steps:
        request, url = state.request, state.url
        if url.origin == self.origin and state.tainting == "basic":
            return (yield from self._http(state))
        if request.mode == "same-origin":
            return self._failed(state, [Failure("mode-same-origin")])
        if request.mode == "no-cors":
            if request.redirect != "follow":
                return self._failed(state, [Failure("no-cors-redirect")])
            state.tainting = "opaque"
            return (yield from self._http(state))
        if not url.is_http:
            return self._failed(state, [Failure("redirect-scheme", url.scheme)])
        state.tainting = "cors"
        failed = yield from self._ask(state)
        return failed if failed is not None else (yield from self._http(state))

    def _ask(self, state: _State) -> Generator[WireRequest, WireResponse, Outcome | None]:
        """Send the preflight if the request needs one, and return the outcome if it fails."""
        asked = self._asked(state)
        reasons = preflight_reasons(state.method, state.headers, self.profile, flag=asked.flag)
        again = self.profile.repeats_preflights and bool(state.reasons)
        if again:
            reasons = (
                []
                if state.url.origin == self.origin
                else reasons or ["the request had a preflight before the redirect"]
            )
            asked = asked._replace(origin=self.origin)
        state.reasons += [reason for reason in reasons if reason not in state.reasons]
        url = str(state.url)
        if not reasons or (not again and self.cache.covers(url, asked, self._clock())):
            return None
        if blocked := self._unreachable(state):
            return self._failed(state, [blocked])
        headers, metadata = (
            preflight_headers(asked, self.profile),
            fetch_metadata(self.profile, self.origin, state.chain, "cors"),
        )
        answer = yield WireRequest("preflight", "OPTIONS", state.url, headers, None, metadata)
        failures = check_preflight(answer.status, answer.headers, asked, self.profile)
        if failures:
            self.cache.forget(url, asked.origin)
            return self._failed(state, failures, answer)
        self.cache.store(url, asked, answer.headers, self._clock())
        state.warnings += preflight_warnings(answer, asked)
        return None

    def _asked(self, state: _State) -> Asked:
        listens = state.request.upload_listeners and (state.body is not None or self.profile.listens_without_body)
        flag = listens or state.request.stream
        return Asked(self._sent_origin(state), state.method, state.headers, state.request.credentials, flag)

    def _sent_origin(self, state: _State) -> str:
        return tainted_origin(self.origin, [url.origin for url in state.chain])

    # --- HTTP fetch: send it, check what comes back --------------------------------------------------------

    def _http(self, state: _State) -> Steps:
        if blocked := self._unreachable(state):
            return self._failed(state, [blocked])
        url, request = state.url, state.request
        with_credentials = request.credentials == "include" or (
            request.credentials == "same-origin" and state.tainting == "basic"
        )
        headers, metadata = (
            self._headers(state, with_credentials),
            fetch_metadata(self.profile, self.origin, state.chain, request.mode),
        )
        answer = yield WireRequest("actual", state.method, url, headers, state.body, metadata)
        if with_credentials:
            self._take_cookies(state, answer)
        if state.tainting == "cors" and answer.status != 407:
            failures = cors_check(answer.headers, self._sent_origin(state), request.credentials)
            if failures:
                self.cache.forget(str(url), self._sent_origin(state))
                hop = is_redirect(answer.status, answer.headers)
                named = [each._replace(on_redirect=hop) for each in failures]
                return self._failed(state, named, answer)
        if is_redirect(answer.status, answer.headers):
            return (yield from self._redirect(state, answer))
        return self._done(state, answer)

    def _headers(self, state: _State, with_credentials: bool) -> list[Header]:
        headers = combined(state.headers)
        names = {name.lower() for name, _ in headers}
        headers += [("Accept", "*/*")] if "accept" not in names else []
        if state.tainting == "cors" or (state.method not in ("GET", "HEAD")):
            headers.append(("Origin", self._sent_origin(state)))
        if with_credentials:
            cookies, refused = self.jar.header(state.url, self.origin, self._clock())
            headers += [("Cookie", cookies)] if cookies else []
            state.cookies += refused
        return headers

    def _take_cookies(self, state: _State, answer: WireResponse) -> None:
        for name, value in answer.headers:
            if name.lower() == "set-cookie":
                refused = self.jar.take(value, state.url, self.origin, self._clock())
                state.cookies += [refused] if refused is not None else []

    def _unreachable(self, state: _State) -> Failure | None:
        """Return why the browser does not send the request at all, or ``None``."""
        url = state.url
        page = parse(self.origin)
        loopback = url.is_trustworthy and self.profile.name != "safari"  # Safari makes no exception for localhost
        if page is not None and page.scheme == "https" and url.scheme == "http" and not loopback:
            return Failure("mixed-content", str(url))
        return Failure("bad-port", str(url.port)) if url.port in BAD_PORTS else None

    # --- HTTP-redirect fetch -------------------------------------------------------------------------------

    def _redirect(self, state: _State, answer: WireResponse) -> Steps:
        request, url = state.request, state.url
        if request.redirect == "error":
            return self._failed(state, [Failure("redirect-mode", str(answer.status))], answer)
        if request.redirect == "manual":
            return self._outcome(state, "opaqueredirect", redirected=False)
        location = get(answer.headers, "location") or ""
        target = parse(location, url)
        failure = self._refused_redirect(state, target, answer.status, location)
        if failure is not None or target is None:
            return self._failed(state, [failure or Failure("redirect-invalid", location)], answer, to=location)
        if (answer.status in (301, 302) and state.method == "POST") or (
            answer.status == 303 and state.method not in ("GET", "HEAD")
        ):
            state.method, state.body = "GET", None
            state.headers = [header for header in state.headers if header[0].lower() not in _BODY_HEADERS]
        if target.origin != url.origin:
            state.headers = [header for header in state.headers if header[0].lower() != "authorization"]
        state.chain.append(target._replace(userinfo=""))
        return (yield from self._main(state))

    def _refused_redirect(self, state: _State, target: URL | None, status: int, location: str) -> Failure | None:
        if target is None:
            return Failure("redirect-invalid", location)
        if not target.is_http:
            return Failure("redirect-scheme", target.scheme)
        if len(state.chain) > MAX_REDIRECTS:
            return Failure("redirect-limit", location)
        cross = state.request.mode == "cors" and target.origin != self.origin
        if target.userinfo and (cross or state.tainting == "cors"):
            return Failure("redirect-credentials", location)
        if status != 303 and state.request.stream and state.body is not None:
            return Failure("redirect-stream", location)
        return None

    # --- outcomes ------------------------------------------------------------------------------------------

    def _done(self, state: _State, answer: WireResponse) -> Outcome:
        if state.tainting == "opaque":
            return self._outcome(state, "opaque")
        if state.tainting == "cors":
            names = set(exposed_names(answer.headers, state.request.credentials))
        else:
            names = {name.lower() for name, _ in answer.headers} - FORBIDDEN_RESPONSE_HEADERS
        readable = tuple(header for header in answer.headers if header[0].lower() in names)
        return self._outcome(
            state, state.tainting, status=answer.status, headers=readable, body=answer.body, url=str(state.url)
        )

    def _failed(
        self, state: _State, failures: list[Failure], answer: WireResponse | None = None, to: str = ""
    ) -> Outcome:
        initiator = "XMLHttpRequest" if state.request.upload_listeners else state.request.initiator
        location = to or (get(answer.headers, "location") or "" if answer is not None else "")
        redirect = answer is not None and is_redirect(answer.status, answer.headers)
        target = parse(location, state.url) if redirect else None
        place = Place(
            str(state.url),
            self._sent_origin(state),
            answer.status if answer is not None else None,
            str(state.chain[0]),
            str(target) if target is not None else location if redirect else "",
            initiator,
            self.origin,
        )
        return self._error([Blocked(failure, place, self.console(failure, place)) for failure in failures], state)

    def refused(self, url: str, failure: Failure) -> Outcome:
        """Return the outcome of a request that fails with *failure*, outside of ``fetch``."""
        place = Place(url, self.origin)
        return self._error([Blocked(failure, place, self.console(failure, place))], None)

    def now(self) -> float:
        """Return the time in seconds."""
        return self._clock()

    def console(self, failure: Failure, place: Place) -> str:
        """Return what this browser writes to its console about *failure*."""
        return console_text(self.profile.name, failure, place)

    def _error(self, failures: list[Blocked], state: _State | None) -> Outcome:
        seen = JAVASCRIPT_ERRORS[self.profile.name]
        noted = {} if state is None else _noted(state)
        return Outcome(url=failures[0].place.url, type="error", failures=tuple(failures), script_sees=seen, **noted)

    def _outcome(self, state: _State, kind: Kind, **values: Any) -> Outcome:
        made = {"url": "", "redirected": len(state.chain) > 1, **_noted(state), **values}
        return Outcome(type=kind, **made)


_BODY_HEADERS = frozenset({"content-encoding", "content-language", "content-location", "content-type"})


def _noted(state: _State) -> dict[str, Any]:
    return {"reasons": tuple(state.reasons), "warnings": tuple(state.warnings), "cookies": tuple(state.cookies)}
