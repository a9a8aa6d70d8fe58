"""The panel: the one button and the one light of the box, on real pins or on mock ones for the screen."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from moodbox.errors import PanelError
from moodbox.events import Light, Press
from moodbox.panel.button import ButtonWatch
from moodbox.panel.lamp import Lamp, local_hour
from moodbox.panel.light import RGB, seen
from moodbox.panel.pins import Pins
from moodbox.settings import PanelSettings


class Panel:
    """Tell presses and show lights. `on_press` is called from the panel's own thread and must not block."""

    def __init__(
        self,
        settings: PanelSettings,
        *,
        on_press: Callable[[Press], None],
        mock: bool,
        clock: Callable[[], float] = time.monotonic,
        hour: Callable[[], int] = local_hour,
    ) -> None:
        """Take the pins and start; raises PanelError, with what to do, when real pins cannot be had."""
        self._mock = mock
        self._pins = Pins(settings, mock=mock)
        self._lamp = Lamp(self._pins, settings, clock=clock, hour=hour)
        self._button = ButtonWatch(self._pins, on_press, on_screen=mock, clock=clock)
        self._touching = threading.Lock()
        self._closed = False

    def show(self, light: Light) -> None:
        """Show a light from now on; never blocks longer than a frame."""
        self._lamp.show(light)

    def color(self) -> RGB:
        """Return what the LED's pins show now as a screen colour (r, g, b), 0..1, brightness and night included."""
        return seen(self._pins.shown())

    def touch(self, down: bool) -> None:  # noqa: FBT001 - a finger is down or it is not
        """Move the on-screen finger; one that stays must say so again every second or is forgotten.

        Raises PanelError on a real panel: its button is pressed by hand.
        """
        if not self._mock:
            raise PanelError("This box has a real button: press that one, the one on the screen is for `simulate`")
        with self._touching:
            if self._closed:
                return
            self._pins.press(down)
            if down:
                self._button.renew()

    def close(self) -> None:
        """Put the light out, give the pins back and end both threads; may be called twice."""
        with self._touching:
            self._closed = True
        self._button.close()
        self._lamp.close()
        self._pins.close()
