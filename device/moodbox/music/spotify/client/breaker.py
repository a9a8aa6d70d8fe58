"""The circuit breaker: while Spotify cannot be reached, calls fail at once instead of waiting for nothing."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from moodbox.music.spotify.failure import SpotifyError

AFTER = 3  # failures in a row before it opens
EVERY = 20.0  # s between the calls that try whether Spotify is back

_COUNTED = ("spotify-offline", "spotify-down")


class Breaker:
    """Remember failures in a row; `check` before each call, then tell how it ended."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._row = 0
        self._last: SpotifyError | None = None
        self._tried_at = 0.0
        self._barred: SpotifyError | None = None
        self._barred_until = 0.0

    def check(self, *, in_person: bool = False) -> None:
        """Raise the last failure while open, but let one call through every 20 s; a bar holds unless in person."""
        now = self._monotonic()
        with self._lock:
            if self._barred and now < self._barred_until and not in_person:
                raise self._barred.again()
            if self._row < AFTER or self._last is None:
                return
            if now - self._tried_at < EVERY:
                raise self._last.again()
            self._tried_at = now

    def failed(self, error: SpotifyError) -> None:
        """Count a failure, if it is one of reaching Spotify."""
        with self._lock:
            if error.key not in _COUNTED:
                return
            self._row += 1
            self._last = error
            self._tried_at = self._monotonic()

    def answered(self) -> None:
        """Close again: Spotify answers, be it with a no."""
        with self._lock:
            self._row = 0
            self._last = None

    def bar(self, error: SpotifyError, seconds: float) -> None:
        """Stop asking for a while about what only the owner can change; who looks at the page may ask all the same."""
        with self._lock:
            self._barred = error
            self._barred_until = self._monotonic() + seconds

    def unbar(self) -> None:
        """Go on asking: a call has succeeded."""
        with self._lock:
            self._barred = None
