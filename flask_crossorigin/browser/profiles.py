"""The engines' profiles: what each browser does otherwise than the standard."""

from __future__ import annotations

from typing import NamedTuple

from .safelists import CLIENT_HINTS


class Profile(NamedTuple):
    """How one engine differs from the others. *order*: of the checks of a preflight. Ages are in seconds."""

    name: str
    order: tuple[str, ...]
    wildcard_covers_authorization: bool  # not by the standard, but in all three engines
    max_age: int  # the longest time for which a preflight is cached
    keeps_invalid_age: bool = True  # for the default of 5 seconds, instead of not at all
    keeps_wildcards: bool = True
    keeps_by_credentials: bool = False  # an entry with credentials does not count for a request without
    repeats_preflights: bool = False  # after every redirect of a preflighted request, with the page's origin
    limits_sum: bool = True  # of the lengths of safelisted values
    also_safe: frozenset[str] = frozenset()
    listens_without_body: bool = True  # upload listeners need a preflight even without a body
    flag_allows_method: bool = True  # without Access-Control-Allow-Methods, a preflight for listeners allows any method
    redirects_are_cross_site: bool = False  # Sec-Fetch-Site after a redirect, except within the page's origin
    drops_metadata_on_redirects: bool = False  # no Sec-Fetch headers after a redirect to another origin


PROFILES = {
    profile.name: profile
    for profile in (
        Profile("standard", ("cors", "status", "methods", "headers", "method", "names"), False, 86400),
        Profile(
            "chrome",
            ("redirect", "cors", "status", "methods", "headers", "method", "names"),
            True,
            7200,
            also_safe=CLIENT_HINTS,
            listens_without_body=False,
        ),
        Profile(
            "firefox",
            ("cors", "redirect", "status", "methods", "method", "headers", "names"),
            True,
            86400,
            keeps_invalid_age=False,
            keeps_wildcards=False,
            keeps_by_credentials=True,
            repeats_preflights=True,
            flag_allows_method=False,
            redirects_are_cross_site=True,
        ),
        Profile(
            "safari",
            ("status", "cors", "methods", "headers", "method", "names"),
            True,
            600,
            limits_sum=False,
            drops_metadata_on_redirects=True,
        ),
    )
}
