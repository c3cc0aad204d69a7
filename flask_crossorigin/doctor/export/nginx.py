"""nginx: two maps, and headers in the location that passes requests on.

https://nginx.org/en/docs/http/ngx_http_headers_module.html
"""

from __future__ import annotations

from .grants import RESPONSE_HEADERS, Grants, comment

_TRAP = "add_header lines of the levels above have no effect here: repeat those that you need."


def lines(grants: Grants) -> str:
    """Return the maps and the location's lines."""
    return (
        comment("#", *grants.left_out)
        + comment("#", "In the http block:")
        + _maps(grants)
        + comment("#", "In the location that passes requests on:", _TRAP)
        + _location(grants)
    )


def whole(grants: Grants, listen: int, upstream: str) -> str:
    """Return a configuration that listens on the port *listen* and passes requests on to the URL *upstream*."""
    location = _location(grants).replace("\n", "\n" + " " * 12).rstrip()
    maps = _maps(grants).replace("\n", "\n    ").rstrip()
    return f"""{comment("#", *grants.left_out, 'nginx -p . -c "$PWD/nginx.conf"')}
events {{}}

http {{
    {maps}

    server {{
        listen {listen};

        location / {{
            {location}
            proxy_pass {upstream};
            proxy_set_header Host $http_host;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
            proxy_set_header X-Forwarded-Proto $scheme;
        }}
    }}
}}
"""


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _maps(grants: Grants) -> str:
    preflight = """map "$request_method:$http_origin:$http_access_control_request_method" $cors_preflight {
    default 0;
    "~^OPTIONS:.+:[^:]+$" 1;
}
"""
    if grants.origins == "*":
        return preflight
    entries = [_quoted(each) for each in grants.exact] + [f'"~{each}"' for each in grants.patterns]
    listed = "".join(f"    {entry} $http_origin;\n" for entry in entries)
    credentials = 'map $cors_origin $cors_credentials {\n    default "true";\n    "" "";\n}\n'
    origins = f'map $http_origin $cors_origin {{\n    default "";\n{listed}}}\n'
    return origins + (credentials if grants.credentials else "") + preflight


def _location(grants: Grants) -> str:
    everywhere = [("Access-Control-Allow-Origin", '"*"' if grants.origins == "*" else "$cors_origin")]
    if grants.credentials:
        everywhere.append(("Access-Control-Allow-Credentials", "$cors_credentials"))
    methods, headers = "$http_access_control_request_method", "$http_access_control_request_headers"
    preflight = [
        *everywhere,
        ("Access-Control-Allow-Methods", methods if grants.methods == "*" else f'"{", ".join(grants.methods)}"'),
        (
            "Access-Control-Allow-Headers",
            headers if grants.allow_headers == "*" else f'"{", ".join(grants.allow_headers)}"',
        ),
    ]
    if grants.max_age is not None:
        preflight.append(("Access-Control-Max-Age", str(grants.max_age)))
    preflight.append(("Vary", '"Origin, Access-Control-Request-Method, Access-Control-Request-Headers"'))
    actual = list(everywhere)
    if grants.expose_headers:
        exposed = "*" if grants.expose_headers == "*" else ", ".join(grants.expose_headers)
        actual.append(("Access-Control-Expose-Headers", f'"{exposed}"'))
    if grants.origins != "*":
        actual.append(("Vary", "Origin"))
    hidden = "".join(f"proxy_hide_header {name};\n" for name in RESPONSE_HEADERS)
    return f"if ($cors_preflight) {{\n{_added(preflight, '    ')}    return 204;\n}}\n{_added(actual)}{hidden}"


def _added(headers: list[tuple[str, str]], indent: str = "") -> str:
    # "always": on errors, too. An empty value is not sent.
    return "".join(f"{indent}add_header {name} {value} always;\n" for name, value in headers if value != '""')
