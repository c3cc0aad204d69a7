"""The doctor: why a request is blocked, and what to write. Stands on the browser's side alone.

``examine`` runs a request through the browser model and looks at what went over the wire. For every check that failed
it makes a ``Finding``. A ``Case`` holds everything that is known of the failure: ``titles`` says what happened,
``servers`` who answered, ``advice`` what to write (``no_header`` and ``error_pages`` for responses without CORS
headers), in the words that ``fixes`` has for that software, with the lines that ``export`` writes for it. ``warnings``
adds what works and still surprises. ``compare`` sets the response of the process against the one over the network, so
that a proxy that changed it is found. ``report`` prints. ``explain`` and ``meanings`` go the other way: from a pasted
message of a console to the kind of failure. ``audit`` and ``writes`` try attacks. ``snapshot`` lists what pages can
read, and what has changed since the last one.

Example: a page of https://app.example calls PUT /items, and nginx answers the preflight with 405. The model reports
``preflight-status`` (it has no Access-Control-Allow-Origin either, which the browser would report first). ``examine``
drops what only follows from the refusal, ``servers.layers`` finds ``Server: nginx``, and the fix has nginx's lines.
"""
