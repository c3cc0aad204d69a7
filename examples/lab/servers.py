"""The lab's three servers, each of which can be stopped and started, so that a dead server can be seen."""

from __future__ import annotations

import socket
import threading
from typing import Any

from werkzeug.serving import BaseWSGIServer, make_server

PAUSE = 8  # seconds: nothing could start the page's server again but itself


class Server:
    """One server on a port of 127.0.0.1, which stays its own while it is stopped: nobody listens there then."""

    def __init__(self, listener: socket.socket) -> None:
        self.port: int = listener.getsockname()[1]
        self.app: Any = None
        self._listener: socket.socket | None = listener
        self._server: BaseWSGIServer | None = None
        self._lock = threading.Lock()

    @property
    def is_running(self) -> bool:
        return self._server is not None

    def start(self) -> None:
        """Accept connections.  Raises ``OSError`` if another program took the port in the meantime."""
        with self._lock:
            if self._server is not None:
                return
            listener = self._listener or socket.create_server(("127.0.0.1", self.port))
            self._server = make_server("127.0.0.1", self.port, self.app, threaded=True, fd=listener.fileno())
            listener.close()  # the server has a copy of it
            self._listener = None
            threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Refuse connections from now on."""
        with self._lock:
            if self._server is not None:
                self._server.shutdown()
                self._server.server_close()
                self._server = None

    def pause(self) -> None:
        """Stop for ``PAUSE`` seconds, after the answer that is on its way."""
        threading.Timer(0.2, self.stop).start()
        again = threading.Timer(PAUSE, self.start)
        again.daemon = True
        again.start()


def reserved_port() -> socket.socket:
    """Return a socket that keeps a port on which nobody listens, as long as it is not closed."""
    reserved = socket.socket()
    reserved.bind(("127.0.0.1", 0))
    return reserved
