"""A navigation: the user follows a link, or a page posts a form. No CORS check runs, and cookies follow other rules.

https://html.spec.whatwg.org/#navigate-fetch
"""

from __future__ import annotations

from ..standard.headers import Header
from .checks import tainted_origin
from .failures import MAX_REDIRECTS, Failure
from .fetch import BrowserModel, Steps
from .metadata import fetch_metadata
from .redirects import becomes_get, destination, location
from .urls import URL
from .values import Outcome, WireRequest

_ACCEPT = ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")


def navigation(browser: BrowserModel, method: str, url: URL, body: bytes | None, content_type: str) -> Steps:
    """Send a form or follow a link, and the redirects after it; return the page that the user sees in the end.

    Driven like ``BrowserModel.fetch``.
    """
    chain = [url]
    while True:
        headers = [_ACCEPT, *([("Content-Type", content_type)] if body is not None else [])]
        headers += _origin_and_cookies(browser, method, chain)
        metadata = fetch_metadata(browser.profile, browser.origin, chain, "navigate", "document")
        answer = yield WireRequest("navigation", method, chain[-1], headers, body, metadata)
        for name, value in answer.headers:
            if name.lower() == "set-cookie":  # of the page that is opened: not of another site
                browser.jar.take(value, chain[-1], chain[-1].origin, browser.now())
        written = location(answer, browser.profile)
        if written is None:
            kept = tuple(answer.headers)
            return Outcome(url=str(chain[-1]), type="basic", status=answer.status, headers=kept, body=answer.body)
        target = destination(answer, chain[-1], browser.profile)
        if target is None or not target.is_http or len(chain) > MAX_REDIRECTS:
            return browser.refused(str(chain[-1]), Failure("redirect-invalid", written))
        if becomes_get(answer.status, method):
            method, body = "GET", None
        chain.append(target)


def _origin_and_cookies(browser: BrowserModel, method: str, chain: list[URL]) -> list[Header]:
    headers = []
    if method not in ("GET", "HEAD"):
        headers.append(("Origin", tainted_origin(browser.origin, [url.origin for url in chain])))
    cookies, _ = browser.jar.header(chain[-1], browser.origin, browser.now(), opens=method)
    return headers + ([("Cookie", cookies)] if cookies else [])
