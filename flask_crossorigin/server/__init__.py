"""The server's side of CORS: what a policy allows, and the headers that say so. Knows no framework.

``policy.CORSPolicy`` is checked and compiled when it is made, with the functions of ``options``. ``protocol`` decides
by it: which headers answer a preflight, which a response gets, and which writes are refused. It does no I/O.
``origin_table`` looks up an origin among patterns and functions. ``middleware.CORSMiddleware`` is the WSGI part: it
finds the policy of a request by ``rules`` (a policy, ``paths``, or a function), answers preflights, and wraps
``start_response``. ``refusals`` and ``logs`` report what was refused, ``debug`` adds the remarks of debug mode, and is
imported only there. ``overrides`` warns of middleware below that changes the method. ``wrap`` makes a middleware
from environment variables, around an application that is given by its name; ``callables`` tells an application from
what people give in its place.

Example: a page of https://app.example sends GET /items. ``rules`` finds the policy of the path, and the application
runs. When it calls ``start_response``, ``protocol.actual`` returns the headers for this origin. ``protocol.granted``
puts them into the response, in place of CORS headers that the application wrote.
"""
