"""What is asked of the contenders: policies, and requests with strings that are new in every call."""

from __future__ import annotations

import io
from typing import Any

from .contenders import Policy

APP, OTHER = "https://app.example", "https://other.example"


def _origins(number: int) -> list[str]:
    return [*(f"https://o{index}.example" for index in range(1, number)), APP]


POLICIES: dict[str, Policy] = {
    "1 origin": Policy(),
    "*": Policy(origins=["*"], credentials=False),
    "10 origins": Policy(origins=_origins(10)),
    "1,000 origins": Policy(origins=_origins(1_000)),
    "10,000 origins": Policy(origins=_origins(10_000)),
    "100,000 origins": Policy(origins=_origins(100_000)),
    "100 wildcards": Policy(origins=[], wildcards=[f"https://*.w{index}.example" for index in range(99)] + ["https://*.example"], credentials=False),
    "10,000 wildcards": Policy(origins=[], wildcards=[f"https://*.w{index}.example" for index in range(9_999)] + ["https://*.example"], credentials=False),
    "100 wildcards in labels": Policy(origins=[], wildcards=[f"https://pr-*.w{index}.example" for index in range(99)] + ["https://ap*.example"], credentials=False),
    "1 path": Policy(paths=1),
    "10 paths": Policy(paths=10),
    "100 paths": Policy(paths=100),
    "10 routes": Policy(routes=10),
    "1,000 routes": Policy(routes=1_000),
}  # fmt: skip


def _preflight(origin: str, names: str = "content-type", path: str = "/") -> dict[str, str]:
    return {
        "REQUEST_METHOD": "OPTIONS",
        "PATH_INFO": path,
        "HTTP_ORIGIN": origin,
        "HTTP_ACCESS_CONTROL_REQUEST_METHOD": "PUT",
        "HTTP_ACCESS_CONTROL_REQUEST_HEADERS": names,
    }


REQUESTS: dict[str, dict[str, str]] = {
    "no Origin": {},
    "allowed": {"HTTP_ORIGIN": APP},
    "refused": {"HTTP_ORIGIN": OTHER},
    "preflight": _preflight(APP),
    "preflight refused": _preflight(OTHER),
    "preflight, converters": _preflight(APP, path="/item/1"),
    "preflight, mixed": _preflight(APP, path="/mixed"),
    "Origin of 8 KiB": {"HTTP_ORIGIN": "https://" + "a" * 8184},
    "names of 8 KiB": _preflight(APP, "x" * 8192),
    "names of 64 KiB": _preflight(APP, "x" * 65536),
    "10,000 commas": _preflight(APP, "," * 10_000),
}
USUAL = ("no Origin", "allowed", "refused", "preflight", "preflight refused")
HOSTILE = ("Origin of 8 KiB", "names of 8 KiB", "names of 64 KiB", "10,000 commas")


def environ(request: dict[str, str]) -> dict[str, Any]:
    """Return the environ of *request*, with strings of its own, whose hashes nobody has computed yet."""
    fresh = {key: "".join([value[:1], value[1:]]) for key, value in request.items()}
    return {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/",
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "HTTP_HOST": "localhost",
        "HTTP_ACCEPT": "*/*",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": None,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
        **fresh,
    }
