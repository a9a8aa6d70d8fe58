"""The button: edges of the pin become presses, told by one thread that waits for the next edge or deadline."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable
from enum import Enum, auto

from moodbox.events import Gesture, Press
from moodbox.panel.gesture import Finger
from moodbox.panel.pins import Pins

RENEW_WITHIN = 1.0  # seconds that an on-screen touch lasts without being renewed
_JOIN = 2.0

_log = logging.getLogger(__name__)


class _Edge(Enum):
    DOWN = auto()
    UP = auto()
    RENEWED = auto()
    STOP = auto()


class ButtonWatch:
    """Turn the button's edges into presses.

    A finger on a real button is there until its pin says otherwise. A finger on the screen is only known to be there
    when the page says so: it becomes a hold no later than the last time it did, and after RENEW_WITHIN of silence (the
    browser died) it is forgotten. So no dead tab ever stops the music or shuts the box down.
    """

    def __init__(
        self, pins: Pins, on_press: Callable[[Press], None], *, on_screen: bool, clock: Callable[[], float]
    ) -> None:
        self._pins, self._on_press, self._on_screen, self._clock = pins, on_press, on_screen, clock
        self._finger = Finger()
        self._renewed = 0.0
        self._edges: queue.SimpleQueue[tuple[_Edge, float]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="panel-button", daemon=True)
        self._thread.start()
        pins.listen(lambda: self._put(_Edge.DOWN), lambda: self._put(_Edge.UP))

    def renew(self) -> None:
        """Say that the finger on the screen is still there."""
        self._put(_Edge.RENEWED)

    def close(self) -> None:
        """End the thread; may be called twice."""
        self._put(_Edge.STOP)
        if self._thread is not threading.current_thread():
            self._thread.join(_JOIN)

    def _put(self, edge: _Edge) -> None:
        self._edges.put((edge, self._clock()))

    def _run(self) -> None:
        while True:
            edge, time = self._next()
            if edge is _Edge.STOP:
                return
            for gesture in self._gestures(edge, time):
                self._tell(gesture, time)

    def _next(self) -> tuple[_Edge | None, float]:
        """Wait for an edge; (None, now) when a deadline came first."""
        deadline = self._deadline()
        wait = None if deadline is None else max(0.0, deadline - self._clock())
        try:
            return self._edges.get(timeout=wait)
        except queue.Empty:
            return None, self._clock()

    def _deadline(self) -> float | None:
        if self._on_screen and self._finger.touching:
            return self._renewed + RENEW_WITHIN
        return self._finger.deadline

    def _gestures(self, edge: _Edge | None, time: float) -> list[Gesture]:
        if self._lapsed(time):
            self._finger.cancel()
            self._pins.press(down=False)
            return []
        match edge:
            case _Edge.DOWN:
                self._renewed = time
                return self._finger.down(time)
            case _Edge.UP:
                return self._finger.up(time)
            case _Edge.RENEWED:
                self._renewed = time
        if self._on_screen and self._finger.touching:
            return self._finger.tick(self._renewed)
        return self._finger.tick(time)

    def _lapsed(self, time: float) -> bool:
        return self._on_screen and self._finger.touching and time - self._renewed >= RENEW_WITHIN

    def _tell(self, gesture: Gesture, time: float) -> None:
        try:
            self._on_press(Press(gesture, "button", time))
        except Exception:  # noqa: BLE001 - the top of the thread: the button must outlive one bad press
            _log.exception("A press was not taken: %s", gesture)
