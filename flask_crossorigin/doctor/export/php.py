"""PHP: headers before any output.  https://www.php.net/manual/en/function.header.php"""

from __future__ import annotations

from .grants import Grants, comment

_FIRST = (
    "In place of the first line, <?php, of the script. These lines stand before any output, and before any empty line."
)


def lines(grants: Grants) -> str:
    """Return the first lines of the script."""
    return "<?php\n" + comment("//", *grants.left_out, _FIRST) + _lines(grants)


def whole(grants: Grants) -> str:
    """Return a router script."""
    return f"""<?php
{comment("//", *grants.left_out, "php -S 127.0.0.1:8000 server.php")}
{_lines(grants)}
if (parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH) !== '/') {{
    http_response_code(404);
    exit('Not Found');
}}
if (!in_array($_SERVER['REQUEST_METHOD'], ['GET', 'POST', 'PUT', 'DELETE'], true)) {{
    http_response_code(405);
    header('Allow: GET, POST, PUT, DELETE');
    exit('Method Not Allowed');
}}
header('X-Total-Count: 1');
echo 'ok';
"""


def _lines(grants: Grants) -> str:
    origin, allowed = "$_SERVER['HTTP_ORIGIN'] ?? ''", _condition(grants)
    given = "header('Access-Control-Allow-Origin: *');\n"
    if grants.origins != "*":
        credentials = "    header('Access-Control-Allow-Credentials: true');\n" if grants.credentials else ""
        given = (
            f"$origin = {origin};\n"
            f'if ({allowed}) {{\n    header("Access-Control-Allow-Origin: $origin");\n{credentials}}}\n'
            "header('Vary: Origin', false);\n"
        )
    exposed = "*" if grants.expose_headers == "*" else ", ".join(grants.expose_headers)
    if exposed:
        given += f"header({_text(f'Access-Control-Expose-Headers: {exposed}')});\n"
    return given + _preflight(grants)


def _condition(grants: Grants) -> str:
    parts = [f"in_array($origin, [{', '.join(map(_text, grants.exact))}], true)"]
    parts += [
        f"preg_match({_text('~' + each.replace('~', chr(92) + '~') + '~D')}, $origin)" for each in grants.patterns
    ]
    return " || ".join(parts)


def _preflight(grants: Grants) -> str:
    asked = "$_SERVER['HTTP_ACCESS_CONTROL_REQUEST_{}'] ?? ''"
    methods = f"'Access-Control-Allow-Methods: ' . ({asked.format('METHOD')})"
    headers = f"'Access-Control-Allow-Headers: ' . ({asked.format('HEADERS')})"
    if grants.methods != "*":
        methods = _text(f"Access-Control-Allow-Methods: {', '.join(grants.methods)}")
    if grants.allow_headers != "*":
        headers = _text(f"Access-Control-Allow-Headers: {', '.join(grants.allow_headers)}")
    sent = [methods, headers, "'Vary: Access-Control-Request-Method, Access-Control-Request-Headers', false"]
    if grants.max_age is not None:
        sent.append(f"'Access-Control-Max-Age: {grants.max_age}'")
    return (
        "if ($_SERVER['REQUEST_METHOD'] === 'OPTIONS' && isset($_SERVER['HTTP_ACCESS_CONTROL_REQUEST_METHOD'])) {\n"
        + "".join(f"    header({each});\n" for each in sent)
        + "    http_response_code(204);\n    exit;\n}\n"
    )


def _text(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
