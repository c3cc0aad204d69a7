"""TODO."""

from __future__ import annotations

from typing import NamedTuple

from .safelists import CLIENT_HINTS


class Profile(NamedTuple):
    """What one engine does its own way. *order*: of the checks of a preflight; ages are in seconds."""

    name: str
    order: tuple[str, ...]
    wildcard_covers_authorization: bool  # by the standard it does not, and in all three engines it does
    max_age: int  # the longest for which an answer to a preflight is kept
    keeps_invalid_age: bool = True  # for the default of 5 seconds
    keeps_wildcards: bool = True
    keeps_by_credentials: bool = False  # what was kept with credentials serves no request without
    repeats_preflights: bool = False  # after every redirect of a preflighted request, as the page itself
    limits_sum: bool = True  # of the lengths of safelisted values
    also_safe: frozenset[str] = frozenset()
    listens_without_body: bool = True  # whether an upload's listeners count where nothing is uploaded
    flag_allows_method: bool = True  # of a request that asked for the sake of its listeners, where no list is sent


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
        ),
        Profile("safari", ("status", "cors", "methods", "headers", "method", "names"), True, 600, limits_sum=False),
    )
}
