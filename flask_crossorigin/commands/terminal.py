"""What the commands print: usage errors, text without control characters, tables, colours."""

from __future__ import annotations

from typing import NoReturn

import click

from ..errors import escaped


def usage(message: str) -> NoReturn:
    """End the command with a usage error."""
    raise click.UsageError(plain(message))


def plain(text: str) -> str:
    """Return *text* for a terminal, without the control characters that a server or a message may have sent."""
    return "\n".join(map(escaped, text.split("\n")))


def table(rows: list[tuple[str, ...]], *, markdown: bool) -> str:
    """Return *rows* as a table; the first is the head."""
    if markdown:
        escaped = [[cell.replace("|", "\\|") for cell in row] for row in rows]
        lines = [f"| {' | '.join(row)} |" for row in escaped]
        return "\n".join([lines[0], "|---" * len(rows[0]) + "|", *lines[1:]])
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def coloured(text: str) -> str:
    """Return *text* with its first line, the verdict, in colour; click removes colours outside of a terminal."""
    first, end, rest = plain(text).partition("\n")
    colour = "green" if first.startswith("ALLOWED") else "red"
    return click.style(first, fg=colour, bold=True) + end + rest
