"""Who answered: the server, proxy or cache that a response's headers and body name."""

from __future__ import annotations

from ..browser.checks import get
from ..browser.client import Exchange

# What intermediaries call themselves in a header: the header, a part of its value, their name.
_MARKS = (
    ("server", "airtunes", "macOS AirPlay Receiver"),
    ("cf-ray", "", "Cloudflare"),
    ("x-amz-cf-id", "", "Amazon CloudFront"),
    ("x-amzn-requestid", "", "Amazon API Gateway"),
    ("x-vercel-id", "", "Vercel"),
    ("x-served-by", "cache-", "Fastly"),
    ("server", "nginx", "nginx"),
    ("server", "apache", "Apache"),
    ("server", "caddy", "Caddy"),
    ("server", "awselb", "AWS load balancer"),
    ("server", "envoy", "Envoy"),
    ("via", "", "a proxy"),
)


def intermediary(exchange: Exchange | None) -> str:
    """Return the name of the proxy, cache or server that the response's headers show, or an empty string."""
    if exchange is None:
        return ""
    for header, part, name in _MARKS:
        value = get(exchange.response_headers, header)
        if value is not None and part in value.lower():
            return name
    return ""


def is_airplay(exchange: Exchange | None) -> bool:
    """Report whether macOS AirPlay Receiver answered, which listens on port 5000."""
    return intermediary(exchange) == "macOS AirPlay Receiver"


def is_refusal(exchange: Exchange | None) -> bool:
    """Report whether a response is this library's answer to a preflight from an origin that is not listed."""
    return exchange is not None and exchange.status == 403 and exchange.body == b"Origin not allowed"
