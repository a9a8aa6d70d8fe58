"""Rooms with behaviour for the box's loop: a watcher that obeys, a player that plays by the test's word."""

from __future__ import annotations

from moodbox.events import Piece, Playback, PlaybackChanged, Programme, Sounding


class FakeWatcher:
    """Remember whether the camera is awake."""

    def __init__(self) -> None:
        self.awake = False
        self.woken = 0

    def wake(self) -> None:
        self.awake = True
        self.woken += 1

    def sleep(self) -> None:
        self.awake = False


class FakePlayer:
    """Play at once and tell it, as a real player does from its own thread."""

    def __init__(self) -> None:
        self.on_change = lambda _news: None
        self.programmes: list[Programme] = []
        self.playback = Playback(player="fake")
        self.run = 0

    def play(self, programme: Programme, run: int) -> None:
        self.programmes.append(programme)
        self.run = run
        piece = Piece(f"p{len(self.programmes)}", "A piece", programme.steps[0].label, 60.0, "rules")
        self._tell(Playback(Sounding.PLAYING, "fake", piece, why=programme.why, volume=self.playback.volume))

    def pause(self) -> None:
        self._tell(Playback(Sounding.PAUSED, "fake", self.playback.piece, why=self.playback.why))

    def resume(self) -> None:
        self._tell(Playback(Sounding.PLAYING, "fake", self.playback.piece, why=self.playback.why))

    def next(self) -> None:
        piece = Piece("next", "Another", "happy", 60.0, "rules")
        self._tell(Playback(Sounding.PLAYING, "fake", piece, why=self.playback.why))

    def stop(self) -> None:
        self._tell(Playback(Sounding.SILENT, "fake"))

    def set_volume(self, level: float) -> None:
        self._tell(Playback(self.playback.sounding, "fake", self.playback.piece, volume=level))

    def state(self) -> Playback:
        return self.playback

    def close(self) -> None:
        pass

    def _tell(self, playback: Playback) -> None:
        self.playback = playback
        self.on_change(PlaybackChanged(playback, self.run))
