"""One command at a time, so that an answer can only belong to the command before it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from moodbox.music.spotify.speaker import refusal

_LONGEST = 3600.0  # seconds that anything is waited for; the system's own limit raises an error


def left(until: float, now: float) -> float:
    """Return the seconds to wait until a deadline: none when it is over, and never for ever."""
    return min(_LONGEST, max(0.0, until - now))


class Turn:
    """Whose turn it is to command a speaker."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()

    @contextmanager
    def taken(self, until: float, name: str) -> Iterator[None]:
        """Have the turn; raises SpotifyError when the command before is not through by `until`."""
        if not self._lock.acquire(timeout=left(until, self._monotonic())):
            raise refusal.too_late(name)
        try:
            yield
        finally:
            self._lock.release()
