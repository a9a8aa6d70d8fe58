"""How often to look: often while somebody is there, seldom after a while of nobody."""

from __future__ import annotations

from collections import deque

from moodbox.settings import WatchSettings

_WINDOW = 2.0  # seconds over which the real rate is measured
_WINDOW_IDLE = 4  # frames that are always kept, so that two a second are measured too


class Pace:
    """Tell when the next frame is due. Times are seconds of one clock that never goes back."""

    def __init__(self, settings: WatchSettings, now: float) -> None:
        self._settings = settings
        self._somebody = self._due = now  # a camera that wakes up looks often first
        self._frames: deque[float] = deque()

    def seen(self, now: float, *, faces: bool) -> None:
        """Note a frame and whether anybody was on it."""
        if faces:
            self._somebody = now
        self._frames.append(now)
        while len(self._frames) > _WINDOW_IDLE and self._frames[0] < now - _WINDOW:
            self._frames.popleft()
        # Counted from when this frame was due, so that small delays do not add up; a long one is not caught up.
        self._due = max(self._due + self._period(now), now)
        self._due = min(self._due, now + self._period(now))

    def due(self) -> float:
        """Return when to take the next frame."""
        return self._due

    def rate(self) -> float:
        """Return the frames per second of the last moments."""
        if len(self._frames) < 2:
            return 0.0
        return (len(self._frames) - 1) / max(self._frames[-1] - self._frames[0], 1e-6)

    def _period(self, now: float) -> float:
        if self._settings.fast:
            return 0.0
        idle = now - self._somebody >= self._settings.idle_after
        return 1 / (self._settings.idle_rate if idle else self._settings.rate)
