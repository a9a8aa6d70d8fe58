"""Somebody who has the page open all through a long run: reads its event stream and remembers what it said."""

from __future__ import annotations

import http.client
import threading
from collections import Counter
from typing import Any

from bench.visitor import Visitor


class Onlooker:
    """Read the event stream in a thread of its own and open it again when it breaks."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor
        self._closing = threading.Event()
        self._changed = threading.Condition()
        self.views = 0
        self.breaks = 0
        self.pieces: set[str] = set()
        self.states: Counter[str] = Counter()
        self.problems: set[str] = set()
        self._key: str | None = None
        self._thread = threading.Thread(target=self._read, name="onlooker", daemon=True)
        self._thread.start()

    @property
    def key(self) -> str | None:
        """Name the piece that plays now."""
        return self._key

    def wait_for_another(self, key: str | None, seconds: float) -> str | None:
        """Wait until a piece other than `key` plays and name it; None when none came in time."""
        with self._changed:
            return self._key if self._changed.wait_for(lambda: self._key not in (None, key), seconds) else None

    def close(self) -> None:
        """Stop reading."""
        self._closing.set()

    def _read(self) -> None:
        while not self._closing.is_set():
            try:
                for view in self._visitor.views():
                    self._note(view)
                    if self._closing.is_set():
                        return
            except (OSError, http.client.HTTPException):
                pass  # counted below, like a stream that just ended
            if not self._closing.wait(1.0):
                self.breaks += 1

    def _note(self, view: dict[str, Any]) -> None:
        with self._changed:
            self.views += 1
            self.states[view["state"]] += 1
            self.problems |= {problem["cause"] for problem in view["problems"]}
            playback = view["playback"]
            self._key = playback["key"] if playback["sounding"] == "playing" else None
            if self._key:
                self.pieces.add(self._key)
            self._changed.notify_all()
