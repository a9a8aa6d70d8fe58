"""The lamp: one thread that keeps the LED at what the box wants to show, and sleeps while nothing moves."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from moodbox.events import Light, Motion
from moodbox.panel.light import DARK, FADE, RGB, after, brightness, curve, moves
from moodbox.panel.pins import Pins
from moodbox.settings import PanelSettings

_FRAME = 1.0 / 30.0  # seconds; fades look even from about 25 frames a second
_DOZE = 60.0  # seconds until a still light looks at the hour again, for the night
_JOIN = 2.0

_log = logging.getLogger(__name__)


def local_hour() -> int:
    """Return the hour of the owner's day, 0..23."""
    return time.localtime().tm_hour


class Lamp:
    """Show lights on the LED; the latest one wins and is there within a frame."""

    def __init__(
        self, pins: Pins, settings: PanelSettings, *, clock: Callable[[], float], hour: Callable[[], int]
    ) -> None:
        self._pins, self._settings, self._clock, self._hour = pins, settings, clock, hour
        self._light = Light(Motion.OFF)
        self._since = clock()
        self._before: RGB = DARK  # duties when the light was last changed, brightness included
        self._changed = threading.Condition()
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="panel-lamp", daemon=True)
        self._thread.start()

    def show(self, light: Light) -> None:
        """Change the light; the same light again does not restart its motion."""
        with self._changed:
            if light != self._light:
                self._before = self._pins.shown()
                self._light, self._since = light, self._clock()
                self._changed.notify()

    def close(self) -> None:
        """End the thread; may be called twice."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread is not threading.current_thread():
            self._thread.join(_JOIN)

    def _run(self) -> None:
        with self._changed:
            while not self._closed:
                rest = _DOZE
                try:
                    rest = self._draw()
                except Exception:  # noqa: BLE001 - the top of the thread: a light that fails once must not stay dark
                    _log.exception("The light could not be set, trying again with the next change")
                self._changed.wait(rest)

    def _draw(self) -> float:
        """Set the LED to this moment and return the seconds until it must be set again."""
        elapsed = self._clock() - self._since
        share = brightness(self._settings, self._hour())
        r, g, b = curve(self._light, elapsed)
        self._pins.show(after((r * share, g * share, b * share), self._before, elapsed))
        fading = self._before != DARK and elapsed < FADE
        return _FRAME if fading or moves(self._light) else _DOZE
