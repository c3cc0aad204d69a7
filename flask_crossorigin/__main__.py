"""``python -m flask_crossorigin``: the commands of ``flask cors`` for any WSGI application or URL."""

from .commands.group import main

main("python -m flask_crossorigin")
