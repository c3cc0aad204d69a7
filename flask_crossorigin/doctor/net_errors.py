"""What Chromium's network errors mean: ``net::ERR_...``, which the console shows in place of a response.

https://source.chromium.org/chromium/chromium/src/+/main:net/base/net_error_list.h
"""

from __future__ import annotations

import re

# The name behind ERR_ as an expression, what happened, and what to do; the first that matches.
_ERRORS = (
    (
        "CONNECTION_REFUSED",
        "no server listens at this host and port",
        "start the server, or correct the host and the port of the URL",
    ),
    ("NAME_NOT_RESOLVED", "the host name does not exist", "correct the host name, or look at its DNS entry"),
    (
        "SSL_PROTOCOL_ERROR",
        "the URL says https, and the server speaks plain http at this port",
        "write http:// in the URL, or switch TLS on at this port",
    ),
    (
        "CERT_\\w+|SSL_\\w+",
        "TLS failed: the certificate is not trusted, or it belongs to another name",
        "open the URL itself in the browser to see the certificate error, and install a certificate for this name",
    ),
    (
        "(?:CONNECTION_)?TIMED_OUT",
        "the server did not answer in time",
        "look at the server's log: it hangs, or a firewall drops the connection",
    ),
    (
        "EMPTY_RESPONSE|CONNECTION_(?:RESET|CLOSED|ABORTED)|HTTP2_\\w+|INCOMPLETE_\\w+|CONTENT_LENGTH_MISMATCH",
        "the server closed the connection before the response was complete",
        "look at the server's log: it crashed or was restarted; if it speaks plain http, write http:// in the URL",
    ),
    (
        "BLOCKED_BY_CLIENT",
        "an extension of the browser blocks the request, such as an ad blocker",
        "switch the extension off for this page, or rename the path: /ads, /track and /analytics are often blocked",
    ),
    (
        "BLOCKED_BY_RESPONSE\\w*|BLOCKED_BY_ORB",
        "other sites may not embed this response (Cross-Origin-Resource-Policy), or it is not a script",
        "send Cross-Origin-Resource-Policy: cross-origin with this response, if every site may embed it",
    ),
    (
        "BLOCKED_BY_PRIVATE_NETWORK\\w*|BLOCKED_BY_LOCAL_NETWORK\\w*",
        "the page may not access this machine or the local network",
        "serve the page over https, and let the user allow the access",
    ),
    ("UNSAFE_PORT", "browsers do not connect to this port", "run the server on another port, such as 8000"),
    (
        "INTERNET_DISCONNECTED|NETWORK_CHANGED",
        "the machine is not connected to the network",
        "connect it, and try again",
    ),
    (
        "ADDRESS_UNREACHABLE|NETWORK_ACCESS_DENIED",
        "the address cannot be reached",
        "look at the network and the firewall",
    ),
    ("TOO_MANY_REDIRECTS", "the redirects do not end", "look for a loop: a redirect that leads back"),
    ("ABORTED", "the page ended the request itself", "look for AbortController, or for a form that reloads the page"),
    (
        "FILE_NOT_FOUND|ACCESS_DENIED",
        "the page was opened as a file, or asks for one",
        "serve the folder over http: python -m http.server 8000, and open http://localhost:8000",
    ),
)


def meaning(text: str) -> tuple[str, str, str] | None:
    """Return the name of the first error in *text* that is known, what happened, and what to do; or ``None``."""
    found = re.search(r"net::(ERR_(\w+))", text)
    if found is None:
        return None
    for expression, cause, fix in _ERRORS:
        if re.fullmatch(expression, found[2]):
            return found[1], cause, fix
    return None
