"""Reads the lines of Python that the lab shows and lets people write: parsed and validated, never evaluated.

    CORS(app, origins=["http://localhost:3000"], supports_credentials=True)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers.add("Vary", "Origin")

A value may be a literal, ``request.headers.get("Origin")``, or one of two by ``request.method == "OPTIONS"``.
"""

from __future__ import annotations

import ast
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

MAX_TEXT = 2000
# Python before 3.11.9 and 3.12.3 may fail if two threads parse at once, here or in Werkzeug's rules.
# https://github.com/python/cpython/issues/106905
PARSING = threading.RLock()

Value = Callable[[Any], str | None]  # of a header, given the request


class UnreadableError(ValueError):
    """Code that the lab does not read; the message says which line, and what it reads."""


@dataclass
class Server:
    """What the lines say: the options of ``CORS``, or ``None``, and headers with whether they are added."""

    options: dict[str, Any] | None = None
    headers: list[tuple[str, Value, bool]] = field(default_factory=list)


def read(text: str) -> Server:
    """Return what *text* says.  Raises ``UnreadableError``."""
    if len(text) > MAX_TEXT:
        raise UnreadableError(f"more than {MAX_TEXT} characters")
    try:
        with PARSING:
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", 1)
        raise UnreadableError(f"line {line}: is not Python") from None
    server = Server()
    for statement in tree.body:
        _read_statement(statement, server)
    return server


def _read_statement(statement: ast.stmt, server: Server) -> None:
    match statement:
        case ast.Expr(ast.Call(func=ast.Name("CORS"), args=[ast.Name("app")], keywords=keywords)):
            if server.options is not None:
                raise _unread(statement, "CORS(app) is there twice")
            server.options = {str(keyword.arg): _literal(keyword.value) for keyword in keywords if keyword.arg}
            if len(server.options) != len(keywords):
                raise _unread(statement, "write the options out")
        case ast.Assign(targets=[ast.Subscript(value=place, slice=ast.Constant(str(name)))], value=value) if (
            _is_headers(place)
        ):
            server.headers.append((name, _value(value), False))
        case ast.Expr(
            ast.Call(func=ast.Attribute(place, "add"), args=[ast.Constant(str(name)), value], keywords=[])
        ) if _is_headers(place):
            server.headers.append((name, _value(value), True))
        case _:
            raise _unread(statement, 'write CORS(app, origins=[...]), or response.headers["..."] = "..."')


def _is_headers(place: ast.expr) -> bool:
    return ast.unparse(place) == "response.headers"


def _value(node: ast.expr) -> Value:
    match node:
        case ast.Constant(str(text)) if "\n" not in text and "\r" not in text:
            return lambda request: text
        case ast.Call() if ast.unparse(node) == "request.headers.get('Origin')":
            return lambda request: request.headers.get("Origin")
        case ast.IfExp(test, body, orelse) if ast.unparse(test) == "request.method == 'OPTIONS'":
            preflight, other = _value(body), _value(orelse)
            return lambda request: preflight(request) if request.method == "OPTIONS" else other(request)
    raise _unread(
        node, 'the value is a text, request.headers.get("Origin"), or A if request.method == "OPTIONS" else B'
    )


def _literal(node: ast.expr) -> Any:
    try:
        return ast.literal_eval(node)
    except (ValueError, TypeError, RecursionError):
        raise _unread(node, "only literals are read here: texts, numbers, lists, True and False") from None


def _unread(node: ast.AST, hint: str) -> UnreadableError:
    return UnreadableError(f"line {getattr(node, 'lineno', 1)}: {hint}")
