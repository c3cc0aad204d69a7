"""Apache: the modules headers, rewrite and setenvif.

https://httpd.apache.org/docs/2.4/mod/mod_headers.html
"""

from __future__ import annotations

from .grants import RESPONSE_HEADERS, Grants, comment

_PREFLIGHT = "%{REQUEST_METHOD} == 'OPTIONS' && -n %{HTTP:Origin} && -n %{HTTP:Access-Control-Request-Method}"
_WHERE = "In the <VirtualHost>, with the modules headers, rewrite and setenvif (a2enmod headers rewrite setenvif):"


def lines(grants: Grants) -> str:
    """Return the lines for the virtual host."""
    return comment("#", *grants.left_out, _WHERE) + _lines(grants)


def whole(grants: Grants, listen: int, upstream: str) -> str:
    """Return a configuration that listens on the port *listen* and passes requests on to the URL *upstream*."""
    modules = "\n".join(
        f"LoadModule {name}_module ${{MODULES}}/mod_{name}.so"
        for name in ("mpm_event", "authz_core", "headers", "rewrite", "setenvif", "proxy", "proxy_http")
    )
    return f"""{comment("#", *grants.left_out, 'apache2 -X -d . -f "$PWD/apache.conf"')}
# Debian's place; on other systems /usr/lib64/httpd/modules or /usr/local/apache2/modules.
Define MODULES /usr/lib/apache2/modules
{modules}
# The user of Debian's Apache, where it is started by root.
User www-data
Group www-data
ServerName localhost
Listen {listen}
PidFile apache.pid
DefaultRuntimeDir .
ErrorLog /dev/stderr

<VirtualHost *:{listen}>
    {_lines(grants).replace(chr(10), chr(10) + "    ").rstrip()}

    ProxyPreserveHost On
    ProxyPass / {upstream.rstrip("/")}/
    ProxyPassReverse / {upstream.rstrip("/")}/
</VirtualHost>
"""


def _lines(grants: Grants) -> str:
    removed = "".join(f"Header unset {name}\nHeader always unset {name}\n" for name in RESPONSE_HEADERS)
    return _origins(grants) + removed + _granted(grants) + _preflight(grants)


def _origins(grants: Grants) -> str:
    if grants.origins == "*":
        return ""
    expressions = [_expression(each) for each in grants.exact] + list(grants.patterns)
    return "".join(f'SetEnvIf Origin "{_escaped(each)}" CORS_ORIGIN=$0\n' for each in expressions)


def _expression(origin: str) -> str:
    return f"^{origin.replace('.', chr(92) + '.').replace('[', chr(92) + '[').replace(']', chr(92) + ']')}$"


def _escaped(text: str) -> str:
    return text.replace('"', '\\"')


def _granted(grants: Grants) -> str:
    if grants.origins == "*":
        given = 'Header always set Access-Control-Allow-Origin "*"\n'
    else:
        given = 'Header always set Access-Control-Allow-Origin "%{CORS_ORIGIN}e" env=CORS_ORIGIN\n'
        given += "Header always merge Vary Origin\n"
    if grants.credentials:
        given += "Header always set Access-Control-Allow-Credentials true env=CORS_ORIGIN\n"
    if grants.expose_headers:
        exposed = "*" if grants.expose_headers == "*" else ", ".join(grants.expose_headers)
        given += f'Header always set Access-Control-Expose-Headers "{exposed}"\n'
    return given


def _preflight(grants: Grants) -> str:
    asked = "expr=%{{HTTP:Access-Control-Request-{}}}"
    methods = asked.format("Method") if grants.methods == "*" else ", ".join(grants.methods)
    headers = asked.format("Headers") if grants.allow_headers == "*" else ", ".join(grants.allow_headers)
    answer = [("Access-Control-Allow-Methods", methods)]
    if headers:
        answer.append(("Access-Control-Allow-Headers", headers))
    if grants.max_age is not None:
        answer.append(("Access-Control-Max-Age", str(grants.max_age)))
    sent = "".join(f'Header always set {name} "{value}" "expr={_PREFLIGHT}"\n' for name, value in answer)
    rule = "RewriteEngine On\n"
    for name in ("HTTP:Origin", "HTTP:Access-Control-Request-Method"):
        rule += f"RewriteCond %{{{name}}} .\n"
    return sent + rule + "RewriteCond %{REQUEST_METHOD} =OPTIONS\nRewriteRule ^ - [R=204,L]\n"
