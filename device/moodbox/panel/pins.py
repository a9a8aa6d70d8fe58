"""The pins: gpiozero's button and LED on real pins or on mock ones; everything above is the same for both."""

from __future__ import annotations

import importlib
import os
import tempfile
from collections import deque
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType
from typing import Any

from gpiozero import PWMLED, RGBLED, Button, GPIOZeroError  # type: ignore[import-untyped] # gpiozero has no types
from gpiozero.pins.mock import MockFactory, MockPWMPin  # type: ignore[import-untyped] # as above
from gpiozero.pins.pi import PiFactory  # type: ignore[import-untyped] # as above

from moodbox.errors import PanelError
from moodbox.panel.light import DARK, RGB, luminance
from moodbox.settings import PanelSettings

# Contacts chatter for a few milliseconds; lgpio reports an edge this much later, which the 50 ms to light can spare.
_BOUNCE = 0.01  # seconds
_INSTEAD = "or start `moodbox simulate` for a box on the screen"


class Pins:
    """Hold the button and the light. The factory is ours alone: gpiozero's global one stays as it is."""

    def __init__(self, settings: PanelSettings, *, mock: bool) -> None:
        """Take the pins; raises PanelError when they cannot be had."""
        _check(settings)
        self._single = settings.single_led
        with ExitStack() as opened:
            factory, busy = (MockFactory(pin_class=_MockPin), OSError) if mock else _real_factory()
            opened.callback(factory.close)
            try:
                self._button = opened.enter_context(_open_button(settings, factory))
                self._led = opened.enter_context(_open_led(settings, factory))
            except (GPIOZeroError, OSError, busy) as error:
                raise PanelError(
                    f"The button or the light cannot use its pin ({error}): check the pin numbers under [panel] in "
                    "the settings, and that no other program uses them"
                ) from error
            self._opened = opened.pop_all()

    def listen(self, down: Callable[[], None], up: Callable[[], None]) -> None:
        """Call `down` and `up`, from gpiozero's thread, as the button moves."""
        self._button.when_pressed = down
        self._button.when_released = up

    def press(self, down: bool) -> None:  # noqa: FBT001 - the pin has two levels
        """Drive the mock button: down is low, because the button pulls its pin to ground."""
        pin = self._button.pin
        if pin is not None:
            (pin.drive_low if down else pin.drive_high)()

    def show(self, duties: RGB) -> None:
        """Set the LED's duty cycles."""
        if not self._led.closed:
            self._led.value = luminance(duties) if self._single else duties

    def shown(self) -> RGB:
        """Read the duty cycles back from the pins; dark once closed."""
        if self._led.closed:
            return DARK
        value = self._led.value
        r, g, b = (value, value, value) if self._single else value
        return float(r), float(g), float(b)

    def close(self) -> None:
        """Put the light out and give the pins back; may be called twice."""
        self._opened.close()


class _MockPin(MockPWMPin):  # type: ignore[misc] # gpiozero has no types
    """A mock pin that forgets: gpiozero's keeps every state for ever, 90 a second while the light breathes."""

    def clear_states(self) -> None:
        super().clear_states()
        self.states: deque[Any] = deque(self.states, maxlen=32)


def _check(settings: PanelSettings) -> None:
    names = ("button_pin", "red_pin") if settings.single_led else ("button_pin", "red_pin", "green_pin", "blue_pin")
    taken: dict[int, str] = {}
    for name in names:
        pin = getattr(settings, name)
        if pin in taken:
            raise PanelError(f"{taken[pin]} and {name} are both {pin} under [panel] in the settings: use two pins")
        taken[pin] = name


def _open_button(settings: PanelSettings, factory: PiFactory) -> Button:
    # gpiozero's own hold thread, which we do not use, makes close() wait for hold_time while the button is down.
    return Button(settings.button_pin, pull_up=True, bounce_time=_BOUNCE, hold_time=_BOUNCE, pin_factory=factory)


def _open_led(settings: PanelSettings, factory: PiFactory) -> RGBLED | PWMLED:
    high = settings.active_high
    if settings.single_led:
        return PWMLED(settings.red_pin, active_high=high, pin_factory=factory)
    return RGBLED(settings.red_pin, settings.green_pin, settings.blue_pin, active_high=high, pin_factory=factory)


def _real_factory() -> tuple[PiFactory, type[Exception]]:
    """Return the factory of this machine's pins and the error it raises for a pin in use."""
    try:
        lgpio = _load_lgpio()
        factory = importlib.import_module("gpiozero.pins.lgpio")
    except ImportError as error:
        raise PanelError(
            "The button and the light need the library lgpio, which is missing: install it with `pip install lgpio` "
            f"(on Raspberry Pi OS `sudo apt install python3-lgpio`), {_INSTEAD}"
        ) from error
    try:
        return factory.LGPIOFactory(), lgpio.error
    except (lgpio.error, GPIOZeroError, OSError) as error:
        raise PanelError(
            f"The pins of this machine cannot be reached ({error}): run on a Raspberry Pi as a user of the group "
            f"gpio, {_INSTEAD}"
        ) from error


def _load_lgpio() -> ModuleType:
    """Import lgpio in a folder of its own, then come back.

    Its C part moves the whole process to $LG_WD and opens a named pipe there (joan2937/lg issues 12 and 22); without
    that it fails in a folder that cannot be written. The open pipe outlives its name.
    """
    here = Path.cwd()
    with tempfile.TemporaryDirectory(prefix="moodbox-pins-") as folder:
        os.environ["LG_WD"] = folder
        try:
            return importlib.import_module("lgpio")
        finally:
            os.chdir(here)
            del os.environ["LG_WD"]
