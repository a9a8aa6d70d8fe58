"""The outlet: the sound device when there is one, else the silent clock; changes over by itself."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Protocol

from moodbox.events import Problem
from moodbox.music.composer.output.clock import ClockOutput
from moodbox.music.composer.output.speaker import open_speaker
from moodbox.music.composer.output.tape import Tape

log = logging.getLogger(__name__)

NO_DEVICE = "none"  # in the settings: the owner wants no sound here


class Output(Protocol):
    """Something that moves the tape."""

    name: str
    audible: bool
    latency: float

    def poll(self) -> bool:
        """Do what is due; False when the device is gone."""

    def close(self) -> None:
        """Give everything back; may be called twice."""


class Outlet:
    """Choose where the tape sounds. Belongs to one thread."""

    def __init__(
        self,
        wanted: str,
        tape: Tape,
        clock: Callable[[], float],
        *,
        opener: Callable[..., Output | Problem] = open_speaker,
    ) -> None:
        self._wanted, self._tape, self._clock, self._open = wanted, tape, clock, opener
        self._output: Output = ClockOutput(tape, clock)
        self.name = self._output.name  # where it sounds, or will: a device at rest keeps its name
        self.problem: Problem | None = None

    @property
    def audible(self) -> bool:
        """Say whether a sound device plays."""
        return self._output.audible

    @property
    def position(self) -> float:
        """Seconds of the take that were heard."""
        return max(0.0, self._tape.position - self._output.latency)

    def ready(self) -> None:
        """Look for the device before a piece starts, again each time it was missing."""
        if self._wanted == NO_DEVICE or self._output.audible:
            return
        found = self._open(self._wanted, self._tape, self._clock, afresh=self.problem is not None)
        if isinstance(found, Problem):
            self.problem = found
        else:
            self._output, self.problem = found, None
        self.name = self._output.name

    def poll(self) -> None:
        """Let the output do what is due; a device that went away is replaced by the clock."""
        if self._output.poll():
            return
        log.warning("the sound device %s is gone", self._output.name)
        gone = self._output.name
        self.rest()
        self.name = self._output.name
        self.problem = Problem(
            "sound", f"The sound device {gone} went away", "Connect it again; the next piece will use it"
        )

    def rest(self) -> None:
        """Give the device back until the next piece."""
        self._output.close()
        self._output = ClockOutput(self._tape, self._clock)

    def close(self) -> None:
        """Give everything back; may be called twice."""
        self._output.close()
