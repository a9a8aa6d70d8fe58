"""Somebody who listens to a speaker, and whom tests ask what was heard."""

from __future__ import annotations

import threading
from collections.abc import Callable

from moodbox.music.spotify.values import Heard

DEADLINE = 10.0  # seconds; generous, for a busy machine


class Listener:
    """Keep everything heard; waits for what a test expects."""

    def __init__(self) -> None:
        self.all: list[Heard] = []
        self.threads: set[str] = set()
        self._news = threading.Condition()

    def __call__(self, heard: Heard) -> None:
        with self._news:
            self.all.append(heard)
            self.threads.add(threading.current_thread().name)
            self._news.notify_all()

    def wait(self, ready: Callable[[Heard], bool], *, after: int = 0) -> Heard:
        """Wait for news like that, not counting the first `after`; fails the test when none come."""

        def found() -> Heard | None:
            return next((heard for heard in self.all[after:] if ready(heard)), None)

        with self._news:
            assert self._news.wait_for(lambda: found() is not None, DEADLINE), f"never heard; heard: {self.all[after:]}"
            heard = found()
        assert heard is not None
        return heard


class Turned:
    """A monotonic clock that is turned by hand."""

    def __init__(self, now: float = 1_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def turn(self, seconds: float) -> None:
        """Let time pass."""
        self.now += seconds
