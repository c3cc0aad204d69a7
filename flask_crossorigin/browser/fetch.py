"""The browser's half of the protocol: which requests a page's ``fetch()`` sends, and whether it may read the response.

Pure: no I/O, no clock, and nothing of the server's half. ``BrowserModel.fetch`` is a generator: it yields each
``WireRequest`` that a browser would send, receives the ``WireResponse`` to it, and returns an ``Outcome``.

https://fetch.spec.whatwg.org/#fetching
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any, TypeAlias

from ..standard.headers import FORBIDDEN_RESPONSE_HEADERS, Header
from .checks import cors_check, exposed_names, get, is_redirect, tainted_origin
from .console import JAVASCRIPT_ERRORS, Place, console_text
from .cookies import CookieJar
from .failures import FAILURES, Failure
from .metadata import fetch_metadata
from .preflight import Asked, check_preflight, preflight_headers, preflight_reasons, preflight_warnings
from .preflight_cache import PreflightCache
from .profiles import PROFILES, Profile
from .redirects import location, target
from .safelists import combined, normalize_method, settable
from .state import State
from .urls import BAD_PORTS, URL, parse, read_origin
from .values import (
    INITIATORS,
    Blocked,
    Kind,
    NoAnswerError,
    Outcome,
    Request,
    WireRequest,
    WireResponse,
    invalid_request,
)

Steps: TypeAlias = Generator[WireRequest, WireResponse, Outcome]


class BrowserModel:
    """A browser with a page of *origin* open. *profile*: ``standard``, ``chrome``, ``firefox`` or ``safari``.

    *base*: what relative URLs are relative to. *clock*: returns seconds; caches and cookies expire by it.
    *third_party_cookies*: whether cookies of other sites are stored and sent, as users of every browser can choose.
    """

    def __init__(
        self, origin: str, *, profile: str, base: URL, clock: Callable[[], float], third_party_cookies: bool = True
    ) -> None:
        if profile not in PROFILES:
            raise ValueError(f"profile: {profile!r} is none of {', '.join(PROFILES)}")
        self.origin = read_origin(origin)
        self.profile: Profile = PROFILES[profile]
        self.base = base
        self.jar = CookieJar(insecure_none=self.profile.insecure_none, third_party=third_party_cookies)
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
        state = State(request, normalize_method(request.method), headers, request.body, [url])
        try:
            return (yield from self._main(state))
        except NoAnswerError as error:
            return self._failed(state, [Failure("network", error.text, error.cause)])

    # --- main fetch: which kind of request it is -----------------------------------------------------------

    def _main(self, state: State) -> Steps:
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

    def _ask(self, state: State) -> Generator[WireRequest, WireResponse, Outcome | None]:
        """Send the preflight if the request needs one, and return the outcome if it fails."""
        asked, again = self._asked(state), bool(state.reasons and self.profile.repeats_preflights)
        headers = state.first_headers if self.profile.repeats_preflights else state.headers
        reasons = preflight_reasons(state.method, headers, self.profile, flag=asked.flag)
        if again:
            reasons = reasons or ["the request had a preflight before the redirect"]
        state.reasons += [reason for reason in reasons if reason not in state.reasons]
        as_now = again and self.profile.repeats_preflights == "as now"
        if not reasons or not (as_now or self._sends(state, asked)):
            return None
        if blocked := self._unreachable(state):
            return self._failed(state, [blocked])
        asked, url = asked._replace(origin=self.origin) if as_now else asked, str(state.url)
        metadata = fetch_metadata(self.profile, self.origin, state.chain, "cors")
        answer = yield WireRequest(
            "preflight", "OPTIONS", state.bare_url, preflight_headers(asked, self.profile), None, metadata
        )
        failures = check_preflight(answer.status, answer.headers, asked, self.profile)
        if as_now and state.url.origin == self.origin:  # Firefox looks at the status alone there
            failures = [each for each in failures if FAILURES[each.kind].check in ("status", "redirect")]
        if not failures or (self.profile.keeps_answers and {each.kind for each in failures} <= _UNLISTED):
            self.cache.store(url, asked, answer.headers, self._clock())
        else:
            self.cache.forget(url, asked.origin)
        if failures:
            return self._failed(state, failures, answer)
        state.warnings += preflight_warnings(answer, asked)
        return None

    def _sends(self, state: State, asked: Asked) -> bool:
        """Report whether a preflight that is needed is sent, because none is kept that allows *asked*."""
        cache = "no-store" if state.request.cache == "default" and state.is_conditional() else state.request.cache
        if cache in self.profile.cache_modes:
            return True
        needs = preflight_reasons(asked.method, asked.headers, self.profile, flag=asked.flag)
        return not needs or not self.cache.covers(str(state.url), asked, self._clock())

    def _asked(self, state: State) -> Asked:
        listens = state.request.upload_listeners and (state.body is not None or self.profile.listens_without_body)
        flag = listens or state.request.stream
        headers = state.first_headers if self.profile.repeats_preflights == "as first" else state.headers
        return Asked(self._sent_origin(state), state.method, headers, state.request.credentials, flag)

    def _sent_origin(self, state: State) -> str:
        return tainted_origin(self.origin, [url.origin for url in state.chain])

    # --- HTTP fetch: send it, check what comes back --------------------------------------------------------

    def _http(self, state: State) -> Steps:
        if blocked := self._unreachable(state):
            return self._failed(state, [blocked])
        url, request = state.url, state.request
        with_credentials = request.credentials == "include" or (
            request.credentials == "same-origin" and state.tainting == "basic"
        )
        headers = self._headers(state, with_credentials)
        metadata = fetch_metadata(
            self.profile, self.origin, state.chain, request.mode, INITIATORS[request.initiator].destination
        )
        sent = WireRequest("actual", state.method, state.bare_url, headers, state.body, metadata)
        answer = yield sent
        if answer.status == 421 and self.profile.repeats_on_421:
            answer = yield sent
        if answer.status == 407 and self.profile.fails_on_407:
            return self._failed(state, [Failure("network", "407, and the browser uses no proxy", "failed")])
        if with_credentials:
            self._take_cookies(state, answer)
        if (early := self._judged_first(state, answer)) is not None:
            return early
        if state.tainting == "cors" and answer.status != 407:
            failures = cors_check(answer.headers, self._sent_origin(state), request.credentials)
            if failures:
                if not self.profile.keeps_after_failure:
                    self.cache.forget(str(url), self._sent_origin(state))
                hop = is_redirect(answer.status, answer.headers)
                named = [each._replace(on_redirect=hop) for each in failures]
                return self._failed(state, named, answer)
        written = location(answer, self.profile)
        return self._done(state, answer) if written is None else (yield from self._redirect(state, answer, written))

    def _headers(self, state: State, with_credentials: bool) -> list[Header]:
        headers = combined(state.headers)
        if self.profile.writes_utf8:
            headers = [(name, value.encode().decode("latin-1")) for name, value in headers]
        names = {name.lower() for name, _ in headers}
        headers += [("Accept", INITIATORS[state.request.initiator].accept)] if "accept" not in names else []
        state.has_origin |= state.tainting == "cors" or state.method not in ("GET", "HEAD")
        if (
            state.tainting == "cors"
            or state.method not in ("GET", "HEAD")
            or (state.has_origin and self.profile.keeps_origin)
        ):
            headers.append(("Origin", self._sent_origin(state)))
        if with_credentials:
            seen = [url.origin for url in state.chain] if self.profile.counts_chain else ()
            cookies, refused = self.jar.header(state.url, self.origin, self._clock(), chain=seen)
            headers += [("Cookie", cookies)] if cookies else []
            state.cookies += refused
        return headers

    def _take_cookies(self, state: State, answer: WireResponse) -> None:
        for name, value in answer.headers:
            if name.lower() == "set-cookie":
                refused = self.jar.take(value, state.url, self.origin, self._clock())
                state.cookies += [refused] if refused is not None else []

    def _unreachable(self, state: State) -> Failure | None:
        """Return why the browser does not send the request at all, or ``None``."""
        url = state.url
        page = parse(self.origin)
        loopback = url.is_trustworthy and self.profile.name != "safari"  # Safari makes no exception for localhost
        if page is not None and page.scheme == "https" and url.scheme == "http" and not loopback:
            return Failure("mixed-content", str(url))
        return Failure("bad-port", str(url.port)) if url.port in BAD_PORTS else None

    # --- HTTP-redirect fetch -------------------------------------------------------------------------------

    def _judged_first(self, state: State, answer: WireResponse) -> Outcome | None:
        """Return the outcome of a redirect that Firefox refuses before the CORS check, or ``None``."""
        text = location(answer, self.profile)
        if text is None or not self.profile.judges_location_first or state.request.redirect != "follow":
            return None
        found = target(state.way(answer, self.origin), self.profile)
        if not isinstance(found, Failure) or found.kind not in ("redirect-invalid", "redirect-scheme"):
            return None
        return self._failed(state, [found], answer, to=text)

    def _redirect(self, state: State, answer: WireResponse, text: str) -> Steps:
        request = state.request
        if request.redirect == "error":
            return self._failed(state, [Failure("redirect-mode", str(answer.status))], answer)
        if request.redirect == "manual":
            return self._outcome(state, "opaqueredirect", url=str(state.url), redirected=False)
        found = target(state.way(answer, self.origin), self.profile)
        if isinstance(found, Failure):
            return self._failed(state, [found], answer, to=text)
        state.follow(found, answer.status, self.profile)
        return (yield from self._main(state))

    # --- outcomes ------------------------------------------------------------------------------------------

    def _done(self, state: State, answer: WireResponse) -> Outcome:
        if state.tainting == "opaque":
            return self._outcome(state, "opaque", redirected=False)
        if state.tainting == "cors":
            names = set(exposed_names(answer.headers, state.request.credentials))
        else:
            names = {name.lower() for name, _ in answer.headers} - FORBIDDEN_RESPONSE_HEADERS
        readable = tuple(header for header in answer.headers if header[0].lower() in names)
        return self._outcome(
            state, state.tainting, status=answer.status, headers=readable, body=answer.body, url=str(state.url)
        )

    def _failed(
        self, state: State, failures: list[Failure], answer: WireResponse | None = None, to: str = ""
    ) -> Outcome:
        initiator = INITIATORS["xhr" if state.request.upload_listeners else state.request.initiator].name
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

    def _error(self, failures: list[Blocked], state: State | None) -> Outcome:
        seen = JAVASCRIPT_ERRORS[self.profile.name]
        noted = {} if state is None else state.noted()
        return Outcome(url=failures[0].place.url, type="error", failures=tuple(failures), script_sees=seen, **noted)

    def _outcome(self, state: State, kind: Kind, **values: Any) -> Outcome:
        made = {"url": "", "redirected": len(state.chain) > 1, **state.noted(), **values}
        return Outcome(type=kind, **made)


# Failures of a preflight whose answer WebKit keeps all the same.
_UNLISTED = {"preflight-method", "preflight-header"}
