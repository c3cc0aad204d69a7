"""The demo: a page on one origin that calls an API on another, and shows what became of it.

Run it: python examples/lab    (Ctrl-C stops it)
"""

from __future__ import annotations

import argparse
import logging
import signal
import socket
import threading

import api
import page
from flask import Flask
from werkzeug.serving import make_server

HOST = "localhost"


def listen(port: int, option: str) -> socket.socket:
    """Return a socket that listens on *port*, 0 for a free one."""
    try:
        return socket.create_server(("127.0.0.1", port))
    except (OSError, OverflowError) as error:
        raise SystemExit(
            f"{option} {port} cannot be used ({error}): write another port, or leave it out for a free one"
        ) from None


def serve(app: Flask, listener: socket.socket) -> None:
    server = make_server("127.0.0.1", listener.getsockname()[1], app, threaded=True, fd=listener.fileno())
    threading.Thread(target=server.serve_forever, daemon=True).start()


def main() -> None:
    parser = argparse.ArgumentParser(prog="python examples/lab", description="The CORS demo, on two origins.")
    parser.add_argument("--page-port", type=int, default=0, help="port of the page (default: a free one)")
    parser.add_argument("--api-port", type=int, default=0, help="port of the API (default: a free one)")
    options = parser.parse_args()
    with listen(options.page_port, "--page-port") as for_page, listen(options.api_port, "--api-port") as for_api:
        page_origin = f"http://{HOST}:{for_page.getsockname()[1]}"
        api_origin = f"http://{HOST}:{for_api.getsockname()[1]}"
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        serve(api.create_app(page_origin), for_api)
        serve(page.create_app(api_origin), for_page)
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        print(
            f"The page: {page_origin}\nThe API:  {api_origin}\nOpen the page in a browser. Ctrl-C stops both.",
            flush=True,
        )
        stop.wait()


if __name__ == "__main__":
    main()
