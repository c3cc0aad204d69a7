"""The doctor: why a request is blocked, and what to write. Stands on the browser's side alone.

``examine`` runs a request through the browser model and looks at what went over the wire. For every check that failed
it makes a ``Finding``: ``advice`` says what happened and what to write, ``servers`` who answered, ``warnings`` adds
what works and still surprises. ``compare`` sets the response of the process against the one over the network, so that a
proxy that changed it is found. ``report`` prints. ``explain`` goes the other way: from a pasted message of a console to
the kind of failure. ``audit`` tries attacks. ``snapshot`` lists what
pages can read, and what has changed since the last one.

Example: a page of https://app.example calls PUT /items, and nginx answers the preflight with 405. The model reports
``preflight-status`` (it has no Access-Control-Allow-Origin either, which the browser would report first). ``examine``
drops what only follows from the refusal, ``servers.intermediary`` finds ``Server: nginx``, so the layer is nginx.
"""
