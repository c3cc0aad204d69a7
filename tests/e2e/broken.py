"""Set-ups as people have them: programs for seven kinds of servers, each with one place where CORS is written.

``{cors}`` is that place. A broken set-up fills it wrongly, or with nothing; the fix that the doctor gives goes there.
"""

from __future__ import annotations

import re
import textwrap

EXPRESS = """
const express = require('express')
const app = express()
{cors}
{more}
app.all('/items', (request, response) => response.json([1]))
app.listen(process.env.PORT)
"""
FASTAPI = """
from fastapi import FastAPI, Depends, HTTPException
from fastapi.responses import RedirectResponse
app = FastAPI()
{cors}
{more}
@app.get("/items")
@app.post("/items")
@app.put("/items")
def items():
    return [1]
{last}
"""
DJANGO = """
import sys
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import path
INSTALLED_APPS = ["django.contrib.sessions"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware",
              "django.middleware.clickjacking.XFrameOptionsMiddleware"]
def refuse(get_response):
    return lambda request: get_response(request) if "Authorization" in request.headers else HttpResponse(status=401)
{more}
{cors}
settings.configure(ROOT_URLCONF=__name__, SECRET_KEY="x", ALLOWED_HOSTS=["*"], DEBUG=False,
                   **{{name: value for name, value in vars().items() if name.isupper()}})
urlpatterns = [path("items", lambda request: JsonResponse([1], safe=False))]
sys.modules.setdefault(__name__, sys.modules[__name__])
application = get_wsgi_application()
"""
PHP = """{cors}<?php
{more}
header('Content-Type: application/json');
echo '[1]';
"""
FLASK = """
import flask
from flask import Flask, request, jsonify
app = Flask(__name__)
{cors}
{more}
@app.route("/items", methods=["GET", "POST", "PUT"])
def items():
    return jsonify([1])
"""
NGINX = """
events {{}}
http {{
    access_log off;
{http}
    server {{
        listen 127.0.0.1:{port};
        location / {{
{cors}
            {more}
        }}
    }}
}}
"""
APACHE = """
Define MODULES /usr/lib/apache2/modules
{modules}
User www-data
Group www-data
ServerName localhost
Listen 127.0.0.1:{port}
PidFile apache.pid
DefaultRuntimeDir .
ErrorLog /dev/stderr
DocumentRoot .
<Directory .>
    Require all granted
</Directory>
<VirtualHost *:{port}>
{cors}
{more}
</VirtualHost>
"""
MODULES = ("mpm_event", "authz_core", "headers", "rewrite", "setenvif", "proxy", "proxy_http", "dir", "alias")
TEMPLATES = {"express": EXPRESS, "fastapi": FASTAPI, "django": DJANGO, "php": PHP, "flask": FLASK}


def program(kind: str, cors: str, more: str = "", *, port: int = 0, upstream: str = "", last: str = "") -> str:
    """Return the program or configuration of *kind* with *cors* in its place, and *more* below."""
    if kind == "nginx":
        http, location = _nginx_parts(cors)
        passing = more.replace("UPSTREAM", upstream) or f"proxy_pass {upstream};"
        return NGINX.format(http=http, cors=location, more=passing, port=port)
    if kind == "apache":
        modules = "\n".join(f"LoadModule {name}_module ${{MODULES}}/mod_{name}.so" for name in MODULES)
        passing = more.replace("UPSTREAM", upstream) or f"ProxyPass / {upstream}/"
        return APACHE.format(modules=modules, cors=cors, more=passing, port=port)
    if kind == "fastapi":
        return FASTAPI.format(cors=cors, more=more, last=last)
    return TEMPLATES[kind].format(cors=cors, more=more)


def _nginx_parts(cors: str) -> tuple[str, str]:
    """Split what the doctor prints for nginx, by its comments, into the http block's part and the location's."""
    http, mark, location = cors.partition("# In the location")
    return (http, f"# {location}") if mark else ("", cors)


def code_of(remedy: str) -> str:
    """Return the lines to paste in a fix: those that are indented."""
    lines = re.findall(r"^  .*$|^$", remedy, re.MULTILINE)
    code = textwrap.dedent("\n".join(lines)).strip()
    # PHP: a script that begins with the lines ends them, so that the rest can follow.
    return f"{code}\n?>" if code.startswith("<?php") else code
