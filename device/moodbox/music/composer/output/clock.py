"""The silent output: it plays to nobody, but in true time, so that the page can."""

from __future__ import annotations

from collections.abc import Callable

from moodbox.music.composer.output.tape import Tape
from moodbox.music.composer.sound.sounder import RATE


class ClockOutput:
    """Move the tape by a clock whenever it is polled."""

    name = "this page only"
    audible = False
    latency = 0.0

    def __init__(self, tape: Tape, clock: Callable[[], float]) -> None:
        self._tape, self._clock = tape, clock
        self._moved = clock()

    def poll(self) -> bool:
        """Let the time since the last poll pass on the tape; a clock never fails."""
        count = int((self._clock() - self._moved) * RATE)
        if count > 0:
            self._tape.skip(count)
            self._moved += count / RATE
        return True

    def close(self) -> None:
        """Nothing to give back."""
