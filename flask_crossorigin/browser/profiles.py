"""The engines' profiles: what each browser does otherwise than the standard."""

from __future__ import annotations

from typing import Literal, NamedTuple

from .safelists import CLIENT_HINTS, Safelist


class Profile(NamedTuple):
    """How one engine differs from the others. *order*: of the checks of a preflight. Ages are in seconds.

    ``tests/engines/rules.py`` has a case for each of these, which real engines have answered.
    """

    name: str
    order: tuple[str, ...]
    wildcard_covers_authorization: bool  # not by the standard, but in all three engines
    max_age: int  # the longest time for which a preflight is cached

    # What needs a preflight
    safelist: Safelist = Safelist()
    listens_without_body: bool = True  # upload listeners need a preflight even without a body
    flag_allows_method: bool = True  # without Access-Control-Allow-Methods, a preflight for listeners allows any method

    # The preflight cache
    keeps_invalid_age: bool = True  # for the default of 5 seconds, instead of not at all
    keeps_negative_age: bool = True  # likewise
    keeps_wildcards: bool = True
    keeps_by_credentials: bool = False  # an entry with credentials does not count for a request without
    keeps_after_failure: bool = False  # an entry outlives a response that fails the CORS check
    keeps_tainted: bool = True  # preflights with Origin: null
    keeps_one: bool = False  # entry for each URL: a new one replaces it
    keeps_answers: bool = False  # each as a whole, even if it refused, and judges it again for every request
    cache_modes: frozenset[str] = frozenset()  # those of fetch() that send a preflight all the same

    # Redirects
    repeats_preflights: Literal["", "as now", "as first"] = (
        ""  # once one was needed; with the headers of now or of first
    )
    restores_body_headers: bool = False  # each redirect starts from the first request, and may have Content-Type again
    keeps_origin: bool = False  # of the first request, also with GET to the page's own origin
    allows_own_userinfo: bool = True  # a password in a Location on the page's own origin
    empty_location: Literal["follow", "ignore", "error"] = "follow"
    same_locations: bool = False  # several Location lines are one if they are the same
    joins_locations: bool = False  # several Location lines are one URL with a comma
    judges_location_first: bool = False  # before the CORS check of a redirect

    # What the network layer does, before CORS
    fails_on_407: bool = False
    repeats_on_421: bool = True
    writes_utf8: bool = False  # of characters beyond ASCII in request headers; others write Latin-1
    counts_chain: bool = False  # a redirect through another site keeps SameSite=Lax cookies back
    insecure_none: bool = False  # takes cookies with SameSite=None and without Secure
    redirects_are_cross_site: bool = False  # Sec-Fetch-Site after a redirect, except within the page's origin
    drops_metadata_on_redirects: bool = False  # no Sec-Fetch headers after a redirect to another origin


_LARGEST = 2**63 - 1  # of a number in Range


PROFILES = {
    profile.name: profile
    for profile in (
        Profile(
            "standard",
            ("cors", "status", "methods", "headers", "method", "names"),
            False,
            86400,
            repeats_on_421=False,
        ),
        Profile(
            "chrome",
            ("redirect", "cors", "status", "methods", "headers", "method", "names"),
            True,
            7200,
            safelist=Safelist(also=CLIENT_HINTS | {"user-agent"}, largest=_LARGEST),
            listens_without_body=False,
            keeps_negative_age=False,
            keeps_after_failure=True,
            keeps_tainted=False,
            keeps_one=True,
            cache_modes=frozenset({"no-cache", "no-store", "reload"}),
            allows_own_userinfo=False,
            empty_location="ignore",
            same_locations=True,
            fails_on_407=True,
        ),
        Profile(
            "firefox",
            ("cors", "redirect", "status", "methods", "method", "headers", "names"),
            True,
            86400,
            safelist=Safelist(largest=_LARGEST, ascii_only=True),
            flag_allows_method=False,
            keeps_invalid_age=False,
            keeps_negative_age=False,
            keeps_wildcards=False,
            keeps_by_credentials=True,
            cache_modes=frozenset({"no-store", "reload"}),
            repeats_preflights="as now",
            restores_body_headers=True,
            same_locations=True,
            judges_location_first=True,
            counts_chain=True,
            redirects_are_cross_site=True,
        ),
        Profile(
            "safari",
            ("status", "cors", "methods", "headers", "method", "names"),
            True,
            600,
            safelist=Safelist(largest=_LARGEST, any_case=True, limits_sum=False),
            keeps_negative_age=False,
            keeps_after_failure=True,
            keeps_tainted=False,
            keeps_one=True,
            keeps_answers=True,
            repeats_preflights="as first",
            restores_body_headers=True,
            keeps_origin=True,
            empty_location="error",
            joins_locations=True,
            writes_utf8=True,
            insecure_none=True,
            drops_metadata_on_redirects=True,
        ),
    )
}
