"""The board: the one place where the box writes what is so, and everybody else reads it."""

from __future__ import annotations

import threading

from moodbox.events import Snapshot


class Board:
    """Hold the latest snapshot; a new reader gets it at once, then waits for changes."""

    def __init__(self) -> None:
        self._snapshot = Snapshot()
        self._changed = threading.Condition()
        self._closed = False

    def publish(self, snapshot: Snapshot) -> None:
        """Replace the snapshot and wake everybody who waits."""
        with self._changed:
            self._snapshot = snapshot
            self._changed.notify_all()

    def latest(self) -> Snapshot:
        """Return the snapshot as of now."""
        with self._changed:
            return self._snapshot

    def wait(self, after: int, seconds: float) -> Snapshot | None:
        """Return the first snapshot numbered above `after`; None when `seconds` pass or the board closes first."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._snapshot.number > after, timeout=seconds)
            return self._snapshot if self._snapshot.number > after else None

    @property
    def closed(self) -> bool:
        """Say whether the program is ending; streams should end then."""
        return self._closed

    def close(self) -> None:
        """Let every waiting reader go; may be called twice."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
