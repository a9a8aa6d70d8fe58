"""The listener on this computer's own 127.0.0.1, for a browser here or one that comes through `ssh -L`."""

from __future__ import annotations

import logging
import socket

log = logging.getLogger(__name__)

HOST = "127.0.0.1"


def listen(port: int) -> socket.socket | None:
    """Open the port; None when another program has it, and the address must be pasted."""
    try:
        return bound(HOST, port)
    except OSError as error:
        log.warning("port %d cannot be opened for Spotify's answer (%s); pasting still works", port, error.strerror)
        return None


def bound(host: str, port: int) -> socket.socket:
    """Bind and listen there. Raises OSError."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(64)
    except BaseException:
        listener.close()
        raise
    return listener
