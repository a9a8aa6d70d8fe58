"""A short look at the shelf for every open window: what tells that it is another than before, and the playing piece."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Callable
from typing import Any

from moodbox.errors import MoodboxError
from moodbox.events import Playback
from moodbox.page.pieces.desk import PiecesDesk
from moodbox.page.pieces.view import sounding_key

View = dict[str, Any]
FRESH = 0.5  # seconds for which one look serves all windows, however often they are drawn


class Glance:
    """Look at the shelf, but not more often than is useful."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._seen: tuple[object, ...] | None = None
        self._time = float("-inf")
        self._view: View | None = None

    def look(self, desk: PiecesDesk | None, playback: Playback, changes: int) -> View | None:
        """Return the stamp of the shelf, and the key and the heart of the piece that plays; None without a shelf.

        `changes` counts what was changed on the page itself; such a change is seen at once.
        """
        if desk is None:
            return None
        seen = (changes, playback.sounding, sounding_key(playback))
        with self._lock:
            now = self._clock()
            if self._view is None or seen != self._seen or now - self._time >= FRESH:
                self._view, self._seen, self._time = _look(desk, seen), seen, now
            return self._view


def _look(desk: PiecesDesk, seen: tuple[object, ...]) -> View:
    key = str(seen[-1])
    try:
        newest = desk.shelf(count=1)
        piece = desk.find(key) if key else None
    except MoodboxError as error:
        return {"stamp": _digest(seen, str(error)), "key": "", "liked": False}
    stamp = _digest(seen, [each.key for each in newest.pieces], newest.total, newest.problem, piece and piece.liked)
    return {"stamp": stamp, "key": piece.key if piece else "", "liked": bool(piece and piece.liked)}


def _digest(*parts: object) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]
