"""A sound device that takes what the tape gives, when the test lets time pass; it can be missing, come, and go."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from moodbox.events import Problem
from moodbox.music.composer.output.tape import Tape
from moodbox.music.composer.sound.sounder import RATE, Frames

MISSING = Problem("sound", "No sound device answers, so only this page can play", "Connect or switch on a speaker")


class SoundClock:
    """Time that moves only when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


class SoundDevice:
    """One plug on the machine: `open` is what `open_speaker` is; what was heard is kept."""

    name = "Fake Speaker"
    audible = True
    latency = 0.05

    def __init__(self, *, connected: bool = True) -> None:
        self.connected = connected
        self.opened = self.closed = 0
        self.asked_afresh: list[bool] = []
        self._tape: Tape | None = None
        self._heard: list[Frames] = []

    def open(self, wanted: str, tape: Tape, clock: Callable[[], float], *, afresh: bool) -> SoundDevice | Problem:
        self.asked_afresh.append(afresh)
        if not self.connected:
            return MISSING
        self.opened += 1
        self._tape = tape
        return self

    def pull(self, seconds: float, block: int = 512) -> Frames:
        """Let the device take so many seconds; return what it heard in them."""
        assert self._tape is not None
        count = round(seconds * RATE)
        heard = [self._tape.read(min(block, count - at)) for at in range(0, count, block)]
        self._heard += heard
        return np.concatenate(heard)

    def poll(self) -> bool:
        return self.connected

    def close(self) -> None:
        self.closed += 1
