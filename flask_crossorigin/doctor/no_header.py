"""What to write where a response has no CORS headers, or a preflight gets an error."""

from __future__ import annotations

import difflib

from ..browser.checks import ORIGIN
from ..browser.urls import parse
from .cases import Case
from .error_pages import correct, error_page, headers_already_sent
from .fixes import words
from .servers import PROXIES, PROXY_STATUSES, has_policy, was_cached
from .writing import add, place, write


def missing_remedy(case: Case) -> str:
    """Return what to write where the response has no Access-Control-Allow-Origin."""
    if case.is_preflight and case.status in (401, 403, 404, 405) and not has_policy(case.exchanges):
        return status_remedy(case)
    if (page := error_page(case)) is not None:
        return page
    if case.software == "frontend":
        return f"correct the URL in the page: {case.responsible.name} answered, and the API listens on another port"
    if (output := headers_already_sent(case)) is not None:
        return f"send the header() lines before any output; the page says: {output}"
    if _is_other_origin(case):
        return (
            f"answer 401 to requests of JavaScript, instead of a redirect to {case.blocked.place.url}: browsers do not "
            "let a page read a login page of another origin. Let the page open the login: location.href = '/login'"
        )
    if (misspelt := _misspelt(case)) is not None:
        return f"write Access-Control-Allow-Origin: the response has {misspelt}, which is not the name of a header"
    if was_cached(case.exchange):
        return (
            "a cache answered. Empty it, and send Vary: Origin on every response, so that it keeps one for each origin"
        )
    if has_policy(case.exchanges):
        return f"if you trust this page, {add(case, 'origin', case.origin)}"
    start = "if this page may read the response"
    if case.status == 404:
        start = "look at the URL first: the server has nothing there (404). If it is right, and this page may read it"
    fix = write(case, f"{start}, write this{place(case)}:")
    if case.is_html and 200 <= case.status <= 299:
        fix = f"look at the URL first: if the page expects JSON, this HTML page is not the API's. Otherwise, {fix}"
    elif (slashed := _with_slash(case)) is not None:
        fix = f"call {slashed} with the slash; and {fix}"
    if case.exchange is not None and b"CSRF verification failed" in case.exchange.body:
        fix += (
            "\nDjango also refuses the request because it has no CSRF token: send the header X-CSRFToken, and write "
            f"CSRF_TRUSTED_ORIGINS = [{case.origin!r}] in settings.py."
        )
    if case.exchange is not None and b"<h1>Bad Request (400)</h1>" in case.exchange.body:
        fix += "\nDjango also answers 400: ALLOWED_HOSTS in settings.py has to have the host of this URL."
    if case.software not in ("flask", "wsgi") or case.in_process:
        return fix
    exact = f"look whether its origins have exactly {case.origin!r}, and whether its resources cover this path"
    return f"{fix}\nIf CORS(app, ...) is there already, {exact}."


def _with_slash(case: Case) -> str | None:
    """Return where a redirect leads that adds a slash at the end, or ``None``."""
    url, target = parse(case.blocked.place.url), parse(case.blocked.place.to)
    is_slash = url is not None and target is not None and target.path == f"{url.path}/"
    return str(target) if case.blocked.failure.on_redirect and is_slash else None


def _misspelt(case: Case) -> str | None:
    """Return the name of a response header that somebody wrote for Access-Control-Allow-Origin."""
    names = [name for name, _ in case.exchange.response_headers] if case.exchange is not None else []
    close = difflib.get_close_matches(ORIGIN, [name.lower() for name in names], 1, 0.9)
    return next((name for name in names if close and name.lower() == close[0]), None)


def _is_other_origin(case: Case) -> bool:
    first, last = parse(case.blocked.place.first or case.blocked.place.url), parse(case.blocked.place.url)
    return first is not None and last is not None and first.origin != last.origin and case.is_html


def status_remedy(case: Case) -> str:
    """Return what to write where the preflight gets the status of an error."""
    if (refused := _refused_by_starlette(case)) and "origin" not in refused:
        adds = [add(case, "method", case.method)] if "method" in refused else []
        adds += [add(case, "header", name) for name in case.not_allowed if "headers" in refused]
        return " and ".join(adds)
    if has_policy(case.exchanges) and case.status not in (401, 404, 405):
        return f"if you trust this page, {add(case, 'origin', case.origin)}"
    if case.status == 413 or (case.status in PROXY_STATUSES and case.software in PROXIES):
        return error_page(case) or ""
    if case.status == 429:
        return "do not count OPTIONS requests in the rate limit"
    if case.status >= 500:
        return f"{correct(case)}; {words(case.software).preflight}"
    return write(case, f"answer preflights before authentication and routing{place(case)}:")


def _refused_by_starlette(case: Case) -> set[str]:
    """Return what Starlette names in its answer to a preflight: ``origin``, ``method``, ``headers``."""
    body = case.exchange.body.decode("utf-8", "replace") if case.exchange is not None else ""
    _, found, named = body.partition("Disallowed CORS ")
    return {each.strip() for each in named.split(",")} if found else set()
