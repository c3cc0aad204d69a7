"""The preflight cache: for how long, and for which requests, a browser skips the preflight.

https://fetch.spec.whatwg.org/#concept-cache
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from ..standard.headers import Header, is_safelisted_method, is_token
from .checks import HEADERS, MAX_AGE, METHODS, extract, get
from .preflight import Asked, names_to_ask_for
from .profiles import Profile

_MOST_DIGITS = 18  # of a number of seconds; more is more than every limit


def max_age(headers: Sequence[Header], profile: Profile) -> int:
    """Return for how many seconds *profile* keeps a preflight's response.

    https://fetch.spec.whatwg.org/#http-access-control-max-age
    """
    value = get(headers, MAX_AGE)
    if value is None or (value == "" and not profile.keeps_invalid_age):
        return 5
    if re.fullmatch(r"[0-9]+", value):
        return (
            profile.max_age
            if len(value.lstrip("0")) > _MOST_DIGITS
            else min(int(value.lstrip("0") or "0"), profile.max_age)
        )
    if not profile.keeps_negative_age and re.fullmatch(r"-[0-9]+", value):
        return 0
    return 5 if profile.keeps_invalid_age else 0


class _Entry(NamedTuple):
    expires: float
    credentials: bool
    methods: frozenset[str]
    names: frozenset[str]


class PreflightCache:
    """The entries of one browser, by origin and URL; times are seconds of the caller's clock."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._entries: dict[tuple[str, str], list[_Entry]] = {}

    def covers(self, url: str, asked: Asked, now: float) -> bool:
        """Report whether an entry allows the request *asked* at the time *now*, so that it needs no preflight."""
        include = asked.credentials == "include"
        by_credentials = self._profile.keeps_by_credentials
        kept = [
            entry
            for entry in self._entries.get((asked.origin, url), ())
            if entry.expires > now
            and (entry.credentials == include if by_credentials else entry.credentials or not include)
        ]
        safe = {"GET", "POST"} if by_credentials else None
        free = not asked.flag and (asked.method in safe if safe else is_safelisted_method(asked.method))
        again = self._profile.keeps_answers
        wildcards = self._profile.keeps_wildcards and not (again and include)

        def is_kept(name: str, values: frozenset[str]) -> bool:
            return name in values or (wildcards and "*" in values and (again or name != "authorization"))

        return (free or any(is_kept(asked.method, entry.methods) for entry in kept)) and all(
            any(is_kept(name, entry.names) for entry in kept) for name in names_to_ask_for(asked.headers, self._profile)
        )

    def store(self, url: str, asked: Asked, headers: Sequence[Header], now: float) -> None:
        """Keep the response of a preflight that allowed its request."""
        if asked.origin == "null" and not self._profile.keeps_tainted:
            return
        age = max_age(headers, self._profile)
        methods = extract(headers, METHODS).elements
        if methods is None and asked.flag:
            methods = [asked.method]
        names = extract(headers, HEADERS).elements
        entry = _Entry(
            now + age,
            asked.credentials == "include",
            frozenset(filter(is_token, methods or ())),
            frozenset(name.lower() for name in names or ()),
        )
        kept = self._entries.setdefault((asked.origin, url), [])
        kept[:] = [entry] if self._profile.keeps_one else [*kept, entry]

    def forget(self, url: str, origin: str) -> None:
        """Drop the entries of *url* and *origin*, as after a request that failed although its preflight passed."""
        self._entries.pop((origin, url), None)
