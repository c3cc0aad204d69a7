"""What the model does not do as the engine does, by the name of the case, with the kinds of the difference."""

from __future__ import annotations

# The text has the URL's fragment, which the model does not keep.
_FRAGMENT = {"console"}
# WebKit sends a preflight to a URL with a password before it refuses it, if no response was cross-origin yet.
_PASSWORD = {"wire"}
# WebKit sends Content-Type again after some changes to GET and not after others; no rule was found that explains all.
_CONTENT_TYPE = {"wire"}
# Texts about what fails before CORS, in the engine's own words, which the model does not have.
_BEFORE = {"console"}

KNOWN: dict[str, dict[str, set[str]]] = {
    "chrome": {
        "generated 258": _FRAGMENT,
        "mode: same-origin to another origin": _BEFORE,
        "mode: no-cors with redirect: error": _BEFORE,
    },
    "firefox": {
        "generated 258": _FRAGMENT,
        "generated 346": {"console"},  # Firefox writes nothing about a redirect within the page's own origin
        "mode: same-origin to another origin": _BEFORE,
    },
    "safari": {
        "generated 319": _PASSWORD,
        "generated 380": _CONTENT_TYPE,
        "mode: same-origin to another origin": _BEFORE,
        "mode: no-cors with redirect: error": _BEFORE,
        "a port that browsers block": _BEFORE,
        "a server that does not run, with a preflight": _BEFORE,
    },
}

# Kinds of failure that no case of tests/engines causes in an engine, and why.
NEVER: dict[str, str] = {
    "mixed-content": "needs a page on https, and a server that is not on this machine: the loopback is an exception",
    "redirect-stream": "needs a streamed body, which Chromium alone sends, and over HTTP/2 alone",
    "lna-permission": "needs a page of a public address, and the prompt's answer",
    "lna-insecure": "needs a page of a public address",
    "lna-mismatch": "needs targetAddressSpace, and addresses in two spaces",
}
