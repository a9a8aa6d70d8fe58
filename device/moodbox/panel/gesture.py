"""Gestures: the touches of one finger become down, short, double, hold and long hold. Pure; time is handed in."""

from __future__ import annotations

from moodbox.events import Gesture

DOUBLE_WITHIN = 0.4  # seconds from release to the next touch
HOLD_AFTER = 1.5  # seconds of touching
LONG_HOLD_AFTER = 8.0

_HOLDS = ((HOLD_AFTER, Gesture.HOLD), (LONG_HOLD_AFTER, Gesture.LONG_HOLD))


class Finger:
    """Follow one finger on one button. Every call returns the gestures that became true, in order.

    A touch is down at once. Released early it is short, once nobody touched again for DOUBLE_WITHIN; the second of two
    quick touches is double as it lands. Held, it becomes hold and then long hold, the second of a double as well:
    a finger that stays always stops the music.
    """

    def __init__(self) -> None:
        self._touched: float | None = None  # since when the finger is down
        self._holds = 0  # how many of _HOLDS this touch has become
        self._second = False  # this touch made a double
        self._released: float | None = None  # since when a short waits for its second touch

    @property
    def touching(self) -> bool:
        """Say whether the finger is down."""
        return self._touched is not None

    @property
    def deadline(self) -> float | None:
        """Return the time of the next gesture if nothing else happens, None when nothing is due."""
        if self._touched is not None:
            return self._touched + _HOLDS[self._holds][0] if self._holds < len(_HOLDS) else None
        return None if self._released is None else self._released + DOUBLE_WITHIN

    def down(self, time: float) -> list[Gesture]:
        """Touch the button; a second down without an up between them changes nothing."""
        due = self.tick(time)
        if self.touching:
            return due
        self._second = self._released is not None
        self._touched, self._released, self._holds = time, None, 0
        return [*due, Gesture.DOWN, Gesture.DOUBLE] if self._second else [*due, Gesture.DOWN]

    def up(self, time: float) -> list[Gesture]:
        """Let the button go; an up without a down changes nothing."""
        due = self.tick(time)
        if self._touched is not None and not self._second and self._holds == 0:
            self._released = time
        self._touched = None
        return due

    def tick(self, time: float) -> list[Gesture]:
        """Let time pass."""
        due: list[Gesture] = []
        while self.deadline is not None and time >= self.deadline:
            if self._touched is not None:
                due.append(_HOLDS[self._holds][1])
                self._holds += 1
            else:
                due.append(Gesture.SHORT)
                self._released = None
        return due

    def cancel(self) -> None:
        """Forget the touch, as if it had never been; what it already became stays."""
        self._touched = self._released = None
