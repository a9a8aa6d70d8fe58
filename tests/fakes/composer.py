"""A composer that takes its time: it prepares when told to play, and sounds when the test says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from moodbox.events import Piece, Playback, PlaybackChanged, Programme, Sounding


class SlowComposer:
    """Behave as `ComposerPlayer` does; `begin` is the moment at which the first seconds are written."""

    def __init__(self, tell: Callable[[PlaybackChanged], None]) -> None:
        self.tell = tell
        self.programme: Programme | None = None
        self.run = 0
        self.playback = Playback(player="composer", output="this page only")
        self._started = self._paused = False
        self._step = 0

    @property
    def sounding(self) -> bool:
        return self._started and not self._paused

    def begin(self) -> None:
        if self.programme is not None and not self._started:
            self._started = True
            self._say()

    def play(self, programme: Programme, run: int) -> None:
        assert programme.steps
        self.programme, self.run, self._step = programme, run, 0
        self._started = self._paused = False
        self._say()

    def pause(self) -> None:
        if self.programme is not None and not self._paused:
            self._paused = True
            self._say()

    def resume(self) -> None:
        if self._paused:
            self._paused = False
            self._say()

    def next(self) -> None:
        if self._started and self.programme is not None:
            self._step = min(self._step + 1, len(self.programme.steps) - 1)
            self._paused = False
            self._say()

    def stop(self) -> None:
        self.programme = None
        self._started = self._paused = False
        self._say()

    def set_volume(self, level: float) -> None:
        self.playback = replace(self.playback, volume=level)
        self._say()

    def state(self) -> Playback:
        return self.playback

    def close(self) -> None:
        self.stop()

    def _say(self) -> None:
        sounding, piece, why = Sounding.SILENT, None, ""
        if self.programme is not None:
            why = self.programme.why
            sounding = Sounding.PREPARING
            if self._started:
                sounding = Sounding.PAUSED if self._paused else Sounding.PLAYING
                piece = Piece("composed", "A piece", self.programme.steps[self._step].label, 60.0, "rules")
        self.playback = replace(self.playback, sounding=sounding, piece=piece, step=self._step, why=why)
        self.tell(PlaybackChanged(self.playback, self.run))
