"""TODO."""

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
    """Return who says in the headers of a response that it had a hand in it, or an empty string."""
    if exchange is None:
        return ""
    for header, part, name in _MARKS:
        value = get(exchange.response_headers, header)
        if value is not None and part in value.lower():
            return name
    return ""


def is_airplay(exchange: Exchange | None) -> bool:
    return intermediary(exchange) == "macOS AirPlay Receiver"


def is_refusal(exchange: Exchange | None) -> bool:
    """Report whether the answer to a preflight is this library's refusal of an origin."""
    return exchange is not None and exchange.status == 403 and exchange.body == b"Origin not allowed"
