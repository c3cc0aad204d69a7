"""The CORS lab: cause every error, see it in your own browser, fix it.

Run it: python examples/lab    (Ctrl-C stops it)
"""

from __future__ import annotations

import argparse
import logging
import signal
import socket
import threading

import page
from applications import Lab, Origins, States
from servers import Server, reserved_port

NAMES = ("page", "api", "third")


def listen(port: int, option: str) -> socket.socket:
    """Return a socket that listens on *port*, 0 for a free one."""
    try:
        return socket.create_server(("127.0.0.1", port))
    except (OSError, OverflowError) as error:
        raise SystemExit(
            f"{option} {port} cannot be used ({error}): write another port, or none for a free one"
        ) from None


def main() -> None:
    parser = argparse.ArgumentParser(prog="python examples/lab", description="The CORS lab, on three origins.")
    for name in NAMES:
        parser.add_argument(f"--{name}-port", type=int, default=0, help="default: a free one")
    options = parser.parse_args()
    servers = {name: Server(listen(getattr(options, f"{name}_port"), f"--{name}-port")) for name in NAMES}
    with reserved_port() as reserved:
        ports = [*(server.port for server in servers.values()), reserved.getsockname()[1]]
        origins = Origins(*(f"http://localhost:{port}" for port in ports))
        states = States()
        labs = [Lab(origins, states), Lab(origins, states, is_third=True)]
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        logging.getLogger("flask_crossorigin").setLevel(logging.ERROR)  # refusals are what the lab is about
        applications = (page.create_app(origins, labs, states, servers), *labs)
        for server, app in zip(servers.values(), applications, strict=True):
            server.app = app
            server.start()
        stop = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: stop.set())
        print(f"The lab: {origins.page}\nOpen it in a browser. Ctrl-C stops it.", flush=True)
        stop.wait()


if __name__ == "__main__":
    main()
