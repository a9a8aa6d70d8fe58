"""Tracks that end as soon as they begin: the account gets no audio key (librespot#1649), and nobody says so."""

from __future__ import annotations

_SHORT = 3.0  # seconds; a track that ends sooner was skipped, not heard
_IN_A_ROW = 3
_PATIENCE = 600.0  # seconds after which playing is tried again: Spotify may have changed its mind


class Skips:
    """Count tracks in a row that ended within three seconds. Times are of one monotonic clock."""

    def __init__(self) -> None:
        self._uri = ""
        self._began = 0.0
        self._row = 0
        self._noticed_at: float | None = None

    def begins(self, uri: str, now: float) -> None:
        """Note that a track plays."""
        self._uri, self._began = uri, now

    def ends(self, uri: str, seconds: float, now: float) -> bool:
        """Note that a track of so many seconds (0 = unknown) has ended; True when that makes it a trouble."""
        if uri != self._uri:
            return False
        self._uri = ""
        if now - self._began >= _SHORT:
            self._row, self._noticed_at = 0, None  # it was heard to its end
        elif not 0 < seconds <= _SHORT:
            self._row += 1
        if self._row < _IN_A_ROW:
            return False
        self._row, self._noticed_at = 0, now
        return True

    def lasts(self, now: float) -> None:
        """Look whether the track at hand has been playing for longer than a skip: then there is sound."""
        if self._uri and now - self._began >= _SHORT:
            self._row, self._noticed_at = 0, None

    def noticed(self, now: float) -> bool:
        """Say whether the trouble is still fresh."""
        return self._noticed_at is not None and now - self._noticed_at < _PATIENCE
