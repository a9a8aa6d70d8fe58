"""The page's server: waitress inside the program, on loopback only, and gone within seconds when told to close."""

from __future__ import annotations

import errno
import logging
import socket
import threading
from typing import Any

from flask import Flask
from waitress.server import create_server  # type: ignore[import-untyped]  # it has no stubs

from moodbox.errors import PageError
from moodbox.page.guard import HOSTS
from moodbox.page.stream import MOST, Streams
from moodbox.settings import PageSettings

log = logging.getLogger(__name__)

THREADS = MOST + 6  # every stream holds one; the rest answer presses, pictures and pieces
LARGEST_BODY = 400_000  # bytes; below waitress's 512 KiB, so that no picture is ever buffered in a file
MOST_UNSENT = 262_144  # bytes kept for a visitor who does not read, again well below what goes into a file
GONE_AFTER = 20_000  # milliseconds after which a visitor who acknowledges nothing is cut off
CLOSING = 2.0  # seconds given to each step of closing


class PageServer:
    """Serve the app from threads of its own."""

    def __init__(self, app: Flask, settings: PageSettings) -> None:
        self._app = app
        self._settings = settings
        self._streams: Streams = app.extensions["streams"]
        self._server: Any = None
        self._thread: threading.Thread | None = None

    def start(self) -> str:
        """Open the port and return the page's address. Raises PageError."""
        listener = _listen(self._settings.host, self._settings.port)
        self._server = create_server(
            self._app,
            sockets=[listener],
            threads=THREADS,
            ident="",
            max_request_body_size=LARGEST_BODY,
            outbuf_high_watermark=MOST_UNSENT,
            channel_request_lookahead=1,  # so that a closed window is noticed while its stream runs
            channel_timeout=30,
            asyncore_use_poll=True,  # select() fails above 1023 open files
        )
        self._thread = threading.Thread(target=self._server.run, name="page", daemon=True)
        self._thread.start()
        host = "[::1]" if self._settings.host == "::1" else self._settings.host
        return f"http://{host}:{listener.getsockname()[1]}"

    def close(self) -> None:
        """Free the port and the threads; may be called twice."""
        server, self._server = self._server, None
        self._streams.close()
        if server is None or self._thread is None:
            return
        # The order matters: a thread of waitress that still works may wake the loop, whose pipe goes last.
        server.trigger.pull_trigger(server.del_channel)
        server.task_dispatcher.shutdown(timeout=CLOSING)
        server.trigger.pull_trigger(lambda: _hang_up(server))
        server.task_dispatcher.shutdown(timeout=CLOSING)  # those that waited for a visitor who does not read
        pulled = threading.Event()  # the loop may come to it before the pipe was written to, and must not close it then
        server.trigger.pull_trigger(lambda: (pulled.wait(CLOSING), server.close()))
        pulled.set()
        self._thread.join(CLOSING)
        if self._thread.is_alive():
            log.error("the page's server did not end within %s s", CLOSING)


def _hang_up(server: Any) -> None:
    for channel in list(server.active_channels.values()):
        channel.handle_close()


def _listen(host: str, port: int) -> socket.socket:
    if host not in HOSTS:
        raise PageError(
            f'The page stays on this computer until it has accounts: set page.host to "127.0.0.1" instead of "{host}"'
        )
    family = socket.AF_INET6 if host == "::1" else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux; accepted connections inherit it
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, GONE_AFTER)
        listener.bind((host, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise PageError(_why_not(error, port)) from error
    return listener


def _why_not(error: OSError, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is already in use: stop the other program or choose another with --port"
    if error.errno == errno.EACCES:
        return f"Port {port} is reserved for the system: choose one above 1023 with --port"
    return f"Port {port} cannot be opened ({error.strerror}): choose another with --port"
