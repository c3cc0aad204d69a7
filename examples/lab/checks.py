"""What the browser checks in the exchanges that really took place: one line for each check, with its rule.

The checks are those of the browser model, run on what the servers recorded.
"""

from __future__ import annotations

from typing import Any

from applications import Origins
from scenarios import Request

from flask_crossorigin.browser.checks import CREDENTIALS, HEADERS, METHODS, ORIGIN, cors_check, get, is_redirect
from flask_crossorigin.browser.failures import FAILURES, Check, Failure, kind_of
from flask_crossorigin.browser.preflight import Asked, check_preflight, names_to_ask_for
from flask_crossorigin.browser.profiles import PROFILES
from flask_crossorigin.standard.headers import Header, is_safelisted_method

Row = dict[str, Any]  # a check as the page shows it
_CORS: tuple[Check, ...] = (
    "acao-missing",
    "acao-wildcard-credentials",
    "acao-multiple",
    "acao-invalid",
    "acao-mismatch",
)
_DOCUMENTED = ("acao-", "acac")  # sections of docs/errors.md that have no stage in their name


def timeline(exchanges: list[dict[str, Any]], asked: Request, profile: str, origins: Origins) -> list[dict[str, Any]]:
    """Return *exchanges* with the ``checks`` of each, and whether it is a ``preflight``."""
    return [
        each
        | {
            "preflight": _is_preflight(each),
            "by": "server" if _is_of_server(each, asked, origins) else "browser",
            "checks": _checks(each, asked, profile, origins),
        }
        for each in exchanges
    ]


def _is_of_server(exchange: dict[str, Any], asked: Request, origins: Origins) -> bool:
    """Report whether the lab's own server sent the request, as the bridge does: a browser would say from where."""
    is_own = exchange["host"] == origins.page.partition("//")[2]
    return asked.mode == "cors" and asked.kind != "form" and not is_own and get(exchange["sent"], "origin") is None


def section(kind: str) -> str:
    """Return the section of docs/errors.md about a kind of failure; empty if there is none."""
    stage, _, check = kind.partition("-")
    return check if stage == "response" or check.startswith(_DOCUMENTED) else kind


def _is_preflight(exchange: dict[str, Any]) -> bool:
    return (
        exchange["line"].startswith("OPTIONS ") and get(exchange["sent"], "access-control-request-method") is not None
    )


def _checks(exchange: dict[str, Any], asked: Request, profile: str, origins: Origins) -> list[Row]:
    sent: list[Header] = [(name, value) for name, value in exchange["sent"]]
    received: list[Header] = [(name, value) for name, value in exchange["received"]]
    status = int(exchange["status"].split()[0])
    origin = get(sent, "origin")
    if asked.kind == "form" or asked.mode == "no-cors" or (asked.kind == "font" and profile == "safari"):
        return []
    if origin is None or (exchange["host"] == origins.page.partition("//")[2] and origin == origins.page):
        return []
    if not _is_preflight(exchange):
        failed = {FAILURES[each.kind].check: each for each in cors_check(received, origin, asked.credentials)}
        rows = _cors_rows(received, origin, asked, failed, "response")
        return _in_order([*rows, _redirect_row(received)] if is_redirect(status, received) else rows)
    wanted = Asked(origin, asked.method, tuple(asked.headers.items()), asked.credentials)
    failures = check_preflight(status, received, wanted, PROFILES[profile])
    failed = {FAILURES[each.kind].check: each for each in failures}
    parts = {
        "cors": _cors_rows(received, origin, asked, failed, "preflight"),
        "status": _status_rows(status, failed),
        "method": _method_rows(received, wanted, failed),
        "names": _header_rows(received, wanted, profile, failed),
    }
    return _in_order([row for step in PROFILES[profile].order for row in parts.get(step, [])])


def _row(
    texts: tuple[str, str], kind: Any, failed: dict[Check, Failure], checks: tuple[Check, ...], header: str = ""
) -> Row:
    """Return one check; *texts*: what is said if it passes, and if it fails."""
    rule, is_ok = FAILURES[kind], not any(check in failed for check in checks)
    return {"text": texts[not is_ok], "ok": is_ok, "rule": rule.rule, "link": rule.link, "header": header}


def _status_rows(status: int, failed: dict[Check, Failure]) -> list[Row]:
    bad = f"The status is {status}: a preflight needs 200 to 299"
    return [_row((f"The status is {status}", bad), "preflight-status", failed, ("status", "redirect"))]


def _cors_rows(
    received: list[Header], origin: str, asked: Request, failed: dict[Check, Failure], stage: Any
) -> list[Row]:
    with_credentials = asked.credentials == "include"
    allowed, wanted = get(received, ORIGIN), origin if with_credentials else f"{origin} or *"
    kind = next((kind_of(stage, check) for check in _CORS if check in failed), kind_of(stage, "acao-mismatch"))
    bad = f"Access-Control-Allow-Origin is {allowed or 'missing'}: it has to be {wanted}"
    if origin == "null":
        bad = f"Access-Control-Allow-Origin is {allowed or 'missing'}: the origin is null, which no server should allow"
    rows = [_row((f"Access-Control-Allow-Origin is {allowed}", bad), kind, failed, _CORS, ORIGIN)]
    if with_credentials:
        bad = f"Access-Control-Allow-Credentials is {get(received, CREDENTIALS) or 'missing'}: it has to be true"
        texts = ("Access-Control-Allow-Credentials is true", bad)
        rows.append(_row(texts, kind_of(stage, "acac"), failed, ("acac",), CREDENTIALS))
    return rows


def _method_rows(received: list[Header], wanted: Asked, failed: dict[Check, Failure]) -> list[Row]:
    if is_safelisted_method(wanted.method):
        return []
    texts = _list_texts("Access-Control-Allow-Methods", wanted.method, get(received, METHODS))
    return [_row(texts, "preflight-method", failed, ("method", "acam-unparsable"), METHODS)]


def _header_rows(received: list[Header], wanted: Asked, profile: str, failed: dict[Check, Failure]) -> list[Row]:
    names = names_to_ask_for(wanted.headers, PROFILES[profile])
    if not names:
        return []
    texts = _list_texts("Access-Control-Allow-Headers", " and ".join(names), get(received, HEADERS))
    return [_row(texts, "preflight-header", failed, ("header", "acah-unparsable"), HEADERS)]


def _list_texts(header: str, wanted: str, value: str | None) -> tuple[str, str]:
    if value is None:
        return f"{header} is not needed", f"{header} is missing: it has to list {wanted}"
    return f"{header} is {value}: it allows {wanted}", f"{header} is {value}: it does not allow {wanted}"


def _redirect_row(received: list[Header]) -> Row:
    return {
        "text": f"The response redirects: the browser requests {(get(received, 'location') or '').partition('?')[0]}",
        "ok": True,
        "rule": "HTTP-redirect fetch",
        "link": "https://fetch.spec.whatwg.org/#http-redirect-fetch",
        "header": "location",
    }


def _in_order(rows: list[Row]) -> list[Row]:
    """Return *rows*; those after the first that fails were never reached, and have no ``ok``."""
    failed = next((index for index, row in enumerate(rows) if not row["ok"]), len(rows))
    return [row if index <= failed else _not_reached(row) for index, row in enumerate(rows)]


def _not_reached(row: Row) -> Row:
    return row | {"ok": None, "text": f"{row['header'].title() or 'The status'} was not checked"}
