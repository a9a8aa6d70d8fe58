"""A threaded HTTP server on the loopback address. It closes each connection after its answer, as werkzeug's does."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from werkzeug.serving import WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class _Handler(WSGIRequestHandler):
    """One connection. It logs no request, for the addresses of a sign-in hold codes."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log nothing."""

    def send_response(self, code: int, message: str | None = None) -> None:
        """Leave the Date header to the gate, which knows the world's time."""
        self.send_response_only(code, message)


class Server:
    """Serve an application in a thread of its own."""

    def __init__(self, app: WSGIApplication, port: int = 0) -> None:
        self._server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Handler)
        self.port: int = self._server.port
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.05,), name="spotify-standin", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._thread.join(5.0)
        self._server.server_close()
