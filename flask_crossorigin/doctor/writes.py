"""The attack that CORS does not stop: a page of another site sends a POST that needs no preflight.

https://owasp.org/www-community/attacks/csrf
"""

from __future__ import annotations

from collections.abc import Iterator

from ..browser.client import Transport
from ..browser.urls import URL
from ..browser.values import NoAnswerError, WireRequest
from .audit import FOREIGN, Vulnerability


def writes(transport: Transport, url: URL, credentials: bool) -> Iterator[Vulnerability]:
    """Yield what a foreign page can make the server execute, although it cannot read the answer.

    Sends POST requests, as a form and as ``fetch(..., {mode: "no-cors"})`` do. *credentials*: whether users log in.
    """
    for attack, content_type, mode in (
        ("a form of a foreign page", "application/x-www-form-urlencoded", "navigate"),
        ("a text/plain POST of a foreign page", "text/plain", "no-cors"),
    ):
        headers = [("Origin", FOREIGN), ("Content-Type", content_type), ("Accept", "*/*")]
        headers += [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", mode)]
        try:
            answer = transport(WireRequest("actual", "POST", url, headers, b"a=1"))
        except NoAnswerError:
            continue
        if answer.status < 400:
            yield Vulnerability(
                harm="medium" if credentials else "low",
                attack=f"{attack} is executed",
                url=str(url),
                method="POST",
                origin=FOREIGN,
                received=str(answer.status),
                meaning="CORS keeps the page from reading the answer, but not from sending it, with the user's cookies",
                remedy="check a CSRF token in the application; in this library: csrf_protection=True",
            )
