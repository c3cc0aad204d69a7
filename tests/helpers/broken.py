"""An application that does not start, for ``--app``."""

from flask import Flask

from flask_crossorigin import CORS

app = Flask("broken")
CORS(app, origins="app")
