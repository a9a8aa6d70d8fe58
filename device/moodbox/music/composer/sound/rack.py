"""The rack: FluidSynth when it can be had, the built-in synthesiser otherwise, and why."""

from __future__ import annotations

import logging

from moodbox.errors import MusicError
from moodbox.events import Problem
from moodbox.music.composer.sound.fluid import FluidSounder
from moodbox.music.composer.sound.sounder import Sounder
from moodbox.music.composer.sound.soundfont import find_soundfont
from moodbox.music.composer.sound.synth import SynthSounder

log = logging.getLogger(__name__)


class Rack:
    """Hold the sounder of this machine; it is made at the first call of `sounder`."""

    def __init__(self, soundfont: str) -> None:
        """Use a soundfont by path, or "" for the first one installed."""
        self._soundfont = soundfont
        self._sounder: Sounder | None = None
        self.problem: Problem | None = None

    def sounder(self) -> Sounder:
        """Return what sounds scores here."""
        if self._sounder is None:
            try:
                self._sounder = FluidSounder(find_soundfont(self._soundfont))
            except MusicError as error:
                self._use_built_in(str(error))
        return self._sounder or SynthSounder()

    def fall_back(self, why: str) -> bool:
        """Change to the built-in sound after a failure; False when that is what failed."""
        if isinstance(self._sounder, SynthSounder):
            return False
        self.close()
        self._use_built_in(why)
        return True

    def close(self) -> None:
        """Give everything back; may be called twice."""
        if self._sounder is not None:
            self._sounder.close()
            self._sounder = None

    def _use_built_in(self, why: str) -> None:
        log.warning("the built-in sound is used: %s", why)
        cause, _, action = why.partition(": ")
        self.problem = Problem(
            "synth", f"{cause}, so a simpler built-in sound plays", (action or "look into the log").capitalize()
        )
        self._sounder = SynthSounder()
