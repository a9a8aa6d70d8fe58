"""What callers want of the watcher: changed by any thread without waiting, followed by the watcher's own."""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Want:
    """The latest wishes of all callers."""

    camera: str
    awake: bool = False
    preview_until: float = 0.0  # time.monotonic()
    frame: bytes | None = None  # of the browser's camera, not yet handed on
    closing: bool = False


class Wanted:
    """Hold the wishes; a change makes `fileno` readable, so that one select waits for callers and child alike."""

    def __init__(self, camera: str) -> None:
        self._lock = threading.Lock()
        self._want = Want(camera)
        self._bell, self._ear = socket.socketpair()
        self._bell.setblocking(False)
        self._ear.setblocking(False)

    def change(self, **values: Any) -> None:
        """Change some wishes and wake the watcher's thread."""
        with self._lock:
            if self._want.closing:
                return
            self._want = replace(self._want, **values)
            try:
                self._bell.send(b"!")
            except BlockingIOError:  # rung so often already that nobody can have missed it
                return

    def latest(self) -> Want:
        """Return the wishes as of now."""
        with self._lock:
            return self._want

    def take_frame(self) -> bytes | None:
        """Return the waiting frame and forget it."""
        with self._lock:
            frame = self._want.frame
            self._want = replace(self._want, frame=None)
            return frame

    def fileno(self) -> int:
        """Return the descriptor that is readable after a change."""
        return self._ear.fileno()

    def hear(self) -> None:
        """Note that the changes were seen."""
        try:
            self._ear.recv(4096)
        except BlockingIOError:
            return

    def close(self) -> None:
        """Give the descriptors back; may be called twice."""
        self._bell.close()
        self._ear.close()
