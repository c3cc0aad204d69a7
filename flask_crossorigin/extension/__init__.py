"""The Flask extension: which policy a request falls under, for the same middleware that serves every WSGI application.

``CORS(app)`` (``cors``) puts ``CORSMiddleware`` around ``app.wsgi_app``. Its policy is a function, ``_Extension.find``,
and that asks ``routes``. As long as no view and no blueprint declares anything, the answer is the application's policy,
and after the first request the policy itself takes the function's place: Flask lets nobody add routes any more.

``@cross_origin`` (``decorator``) returns a wrapper with a mark (``marks``), an attribute that says what was declared.
``Routes.own`` finds it on the view, on a method of the view's class, or on a decorator in ``method_decorators``.
Options that are not declared come from ``app.config`` and from ``CORS(app)`` (``config``), so the same mark may be
another policy in another application. For a response the matched rule is known when it starts. A preflight is routed:
``url_map`` finds the rule of the method that it announces. For the error about a second ``CORS(app)``, ``one_call``
writes one call in place of two.

Example: ``@forgetful`` above ``@cross_origin(origins=[A])`` does not use ``functools.wraps``, so no mark can be seen on
the view. The first request starts under the application's policy. When the decorated function runs, it finds that the
routes do not know it, and reports itself: ``relations.relation`` sees that the view wraps it, the policy goes into the
environ, where the middleware looks before it writes headers, and the routes remember it for preflights.
"""

from .cors import CORS
from .decorator import cross_origin

__all__ = ["CORS", "cross_origin"]
