"""The group of commands: ``flask cors ...``, ``flask-crossorigin ...`` and ``python -m flask_crossorigin ...``.

Exit status: 0 allowed or nothing found, 1 blocked or found, 2 wrong usage or nothing could be tried.
"""

from __future__ import annotations

import click

from ..server.logs import logger
from .audit import audit
from .check import check
from .explain import explain
from .export import export
from .routes import routes
from .snapshot import snapshot


@click.group("cors", context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="flask-crossorigin")
@click.option("--traceback", is_flag=True, help="Show the traceback of an application that does not start.")
def cors(traceback: bool) -> None:  # noqa: ARG001 (load_application looks it up)
    """Find out why a cross-origin request is blocked, and what to write."""
    logger.disabled = True  # the report says the same
    click.get_current_context().call_on_close(lambda: setattr(logger, "disabled", False))


for _command in (check, explain, routes, audit, snapshot, export):
    cors.add_command(_command)


def main(name: str = "flask-crossorigin") -> None:
    """Run the commands outside of ``flask``; *name*: how they were called."""
    cors(prog_name=name)
