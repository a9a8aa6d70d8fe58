"""A chip of pins that behaves as the library lgpio does, as far as gpiozero uses it."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType, SimpleNamespace

OUT, ALERT = 1 << 1, 1 << 10
PULL_UP = 1 << 5


class LgpioError(Exception):
    """What lgpio raises for everything."""


class FakeLgpio(ModuleType):
    """Stands in sys.modules as `lgpio`; `fail` names the call that raises, `busy` the pins somebody else holds."""

    SET_PULL_NONE, SET_PULL_UP, SET_PULL_DOWN = 128, 32, 64
    RISING_EDGE, FALLING_EDGE, BOTH_EDGES = 1, 2, 3
    error = LgpioError

    def __init__(self, *, busy: tuple[int, ...] = (), fail: str = "") -> None:
        super().__init__("lgpio")
        self.busy, self.fail = busy, fail
        self.modes: dict[int, int] = {}
        self.levels: dict[int, int] = {}
        self.duties: dict[int, float] = {}
        self.debounce: dict[int, int] = {}
        self.listeners: dict[int, Callable[[int, int, int, int], None]] = {}
        self.open = False

    def gpiochip_open(self, chip: int) -> int:
        if self.fail == "gpiochip_open":
            raise LgpioError("can not open gpiochip")
        self.open = True
        return 7

    def gpiochip_close(self, handle: int) -> None:
        self.open = False

    def gpio_claim_input(self, handle: int, pin: int, flags: int = 0) -> None:
        self._claim(pin, flags)
        self.levels[pin] = int(flags == self.SET_PULL_UP)

    def gpio_claim_output(self, handle: int, pin: int) -> None:
        self._claim(pin, OUT)

    def gpio_claim_alert(self, handle: int, pin: int, edges: int, flags: int) -> None:
        self._claim(pin, flags | ALERT)

    def gpio_free(self, handle: int, pin: int) -> None:
        self.modes.pop(pin, None)

    def gpio_get_mode(self, handle: int, pin: int) -> int:
        return self.modes.get(pin, 0)

    def gpio_read(self, handle: int, pin: int) -> int:
        return self.levels.get(pin, 0)

    def gpio_write(self, handle: int, pin: int, level: int) -> None:
        self.levels[pin] = level

    def gpio_set_debounce_micros(self, handle: int, pin: int, micros: int) -> None:
        self.debounce[pin] = micros

    def tx_pwm(self, handle: int, pin: int, frequency: float, duty: float) -> None:
        self.duties[pin] = duty if frequency else 0.0

    def callback(
        self, handle: int, pin: int, edges: int, told: Callable[[int, int, int, int], None]
    ) -> SimpleNamespace:
        self.listeners[pin] = told
        return SimpleNamespace(cancel=lambda: self.listeners.pop(pin, None))

    def move(self, pin: int, level: int) -> None:
        """Change the level of an input from outside, as a finger does."""
        self.levels[pin] = level
        self.listeners[pin](0, pin, level, 1_000_000_000)

    def _claim(self, pin: int, mode: int) -> None:
        if pin in self.busy:
            raise LgpioError("GPIO busy")
        self.modes[pin] = mode
