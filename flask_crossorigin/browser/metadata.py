"""Fetch metadata: who asks and what for, which browsers send to trustworthy servers and pages cannot change.

https://w3c.github.io/webappsec-fetch-metadata/
"""

from __future__ import annotations

from collections.abc import Sequence

from ..standard.headers import Header
from .cookies import is_same_site
from .profiles import Profile
from .urls import URL


def fetch_metadata(
    profile: Profile, page: str, chain: Sequence[URL], mode: str, destination: str = "empty"
) -> list[Header]:
    """Return the Sec-Fetch headers of a request from a page of *page* that has gone through the URLs of *chain*."""
    has_moved = len({url.origin for url in chain}) > 1
    if not chain[-1].is_trustworthy or (has_moved and profile.drops_metadata_on_redirects):
        return []
    site = _site(page, chain)
    if len(chain) > 1 and site != "same-origin" and profile.redirects_are_cross_site:
        site = "cross-site"
    metadata = [("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", mode), ("Sec-Fetch-Dest", destination)]
    # A test that posts a form stands for a user who clicks.
    return [*metadata, ("Sec-Fetch-User", "?1")] if mode == "navigate" else metadata


def _site(page: str, chain: Sequence[URL]) -> str:
    """Return the widest relation between *page* and the URLs: a redirect back does not make it narrower again."""
    origins = [url.origin for url in chain]
    if all(origin == page for origin in origins):
        return "same-origin"
    return "same-site" if all(is_same_site(page, origin) for origin in origins) else "cross-site"
