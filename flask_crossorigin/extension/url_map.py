"""What Werkzeug's URL map knows about a path: the rule that it leads to, and the rules that may share URLs."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound
from werkzeug.routing import BaseConverter, MapAdapter, RequestRedirect, Rule

from .flask_internals import converters_of


def decoded_path(path: str) -> str:
    """Return the PATH_INFO *path* as Werkzeug matches it.  https://peps.python.org/pep-3333/#unicode-issues"""
    text = path if path.isascii() else path.encode("latin-1", "replace").decode("utf-8", "replace")
    return "/" + text.lstrip("/")


def match(adapter: MapAdapter, path: str, method: str, redirects: int = 1) -> tuple[Rule, str, str] | None:
    """Return the rule that *method* and *path* lead to, the method that it serves there, and the path in the end.

    A redirect is followed once. Where the method is not served, a served one stands for it, GET before the others.
    """
    try:
        rule, _ = adapter.match(path, method, return_rule=True)
    except RequestRedirect as redirect:
        target = _target(adapter, redirect.new_url)
        return match(adapter, target, method, redirects - 1) if redirects and target is not None else None
    except MethodNotAllowed as error:
        served = sorted(error.valid_methods or (), key=lambda name: (name != "GET", name == "OPTIONS", name))
        return match(adapter, path, served[0], redirects) if served and served[0] != method else None
    except NotFound:
        # Werkzeug says 404, not 405, where the path lacks its slash and the method is not served.
        if redirects and not path.endswith("/") and adapter.allowed_methods(path + "/"):
            return match(adapter, path + "/", method, redirects - 1)
        return None
    except HTTPException:  # a websocket's rule
        return None
    return rule, method, path


def _target(adapter: MapAdapter, url: str) -> str | None:
    """Return the path within the application that a redirect of its own routing leads to."""
    parts = urlsplit(url)
    path, root = unquote(parts.path), adapter.script_name.rstrip("/")
    is_here = parts.netloc == adapter.get_host(None) and path.startswith(f"{root}/")
    return path.removeprefix(root) if is_here else None


def may_overlap(one: Rule, other: Rule) -> bool:
    """Report whether some URL could be matched by both rules; in doubt, yes."""
    ours, theirs = _segments(one), _segments(other)
    for our, their in zip(ours, theirs, strict=False):
        if _ANYTHING in (our, their):
            return True
        if our is not None and their is not None and our != their:
            return False
    return len(ours) == len(theirs)


_ANYTHING = object()


def _segments(rule: Rule) -> list[object]:
    """Return the segments of a rule: its text, ``None`` for any one, ``_ANYTHING`` where a converter takes several."""
    if re.search(r"<[^>]*/[^>]*>", rule.rule):  # a slash in a converter's arguments
        return [_ANYTHING]
    return [_segment(rule, text) for text in rule.rule.strip("/").split("/")]


def _segment(rule: Rule, text: str) -> object:
    if "<" not in text:
        return text
    converters = [converters_of(rule).get(name) for name in re.findall(r"(\w+)>", text)]
    return None if all(map(_takes_one_segment, converters)) else _ANYTHING


def _takes_one_segment(converter: BaseConverter | None) -> bool:
    """Report whether *converter* matches neither several segments nor nothing; ``None``: it is not known."""
    return converter is not None and converter.part_isolating and re.fullmatch(converter.regex, "") is None
