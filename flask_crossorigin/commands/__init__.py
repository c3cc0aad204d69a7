"""The commands: ``flask cors ...``, ``flask-crossorigin ...`` and ``python -m flask_crossorigin ...``.

The only package that sees both sides. Each command is a module; ``group`` puts them together, ``common`` holds what
they share, and ``application`` finds out which policy covers a request of an application in this process.
"""
