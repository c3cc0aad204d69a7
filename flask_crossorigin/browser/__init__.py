"""The browser's side of CORS: a model of what a browser sends, checks and reports.

Imports nothing of the server's side.

``fetch.BrowserModel.fetch`` follows the standard's algorithms step by step: main fetch, CORS-preflight fetch, HTTP
fetch, HTTP-redirect fetch. It is a generator and does no I/O: ``client`` drives it against a WSGI application or a URL.
``checks`` and ``preflight`` decide, ``profiles`` says where Chromium, Firefox and WebKit differ from the standard.
``failures`` is the catalogue of everything that can go wrong, and ``console`` has what each browser writes about it.

Example: fetch("https://api.example/items", {method: "PUT"}) on a page of https://app.example. The method is not
safelisted, so ``fetch`` yields an OPTIONS request and receives its response. ``preflight.check_preflight`` runs the
checks in the order of the profile. If they pass, the response is stored in ``preflight_cache``, and the PUT is yielded.
"""
