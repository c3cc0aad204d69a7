"""The page of the demo, on an origin of its own."""

from __future__ import annotations

from flask import Flask, render_template


def create_app(api_origin: str) -> Flask:
    app = Flask("page", root_path=__file__.rpartition("/")[0])

    @app.get("/")
    def page() -> str:
        return render_template("page.html", api_origin=api_origin)

    return app
