"""What one account plays: a context or a list of tracks that moves on with the clock."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Played:
    """A track that was heard, for the list of recently played ones."""

    uri: str
    at: float
    context: str


@dataclass(slots=True)
class Playback:
    """The player of an account. Every method takes the time; `advance` must have been called for it before."""

    length: Callable[[str], float]  # seconds of a track
    seed: str = ""
    device_id: str = ""  # the active device, "" = none
    context: str = ""
    tracks: list[str] = field(default_factory=list)
    order: list[int] = field(default_factory=list)
    place: int = 0
    playing: bool = False
    position_then: float = 0.0  # seconds into the track, as of `then`
    then: float = 0.0
    shuffle: bool = False
    repeat: str = "off"  # "off", "context" or "track"
    waiting: list[str] = field(default_factory=list)  # tracks that somebody queued
    queued: str = ""  # the track that plays came from there
    ended: bool = False  # the list is over and nobody asked for more
    origin: str = ""  # who started it: "web", "soloist", "go-librespot", "app"
    starts: int = 0
    history: list[Played] = field(default_factory=list)

    @property
    def current(self) -> str:
        """Give the URI of the track at hand, "" when there is none."""
        if self.queued:
            return self.queued
        return self.tracks[self.order[self.place]] if self.order else ""

    @property
    def upcoming(self) -> list[str]:
        """Give what comes next, queued tracks first."""
        return [*self.waiting, *(self.tracks[number] for number in self.order[self.place + 1 :])]

    def position(self, now: float) -> float:
        """Give the seconds into the track."""
        return self.position_then + (now - self.then if self.playing else 0.0)

    def start(
        self, tracks: Sequence[str], now: float, *, context: str = "", first: int | None = None, position: float = 0.0
    ) -> None:
        """Play these tracks; with shuffling on and no `first` the first one is anybody's guess, too."""
        self._note(now)
        self.starts += 1
        self.context, self.tracks = context, list(tracks)
        self.order, self.place, self.queued, self.ended = list(range(len(tracks))), 0, "", False
        if self.shuffle:
            self._mix(first)
        elif first is not None:
            self.place = min(first, max(len(tracks) - 1, 0))
        self.playing = bool(tracks)
        self.position_then, self.then = position, now

    def resume(self, now: float) -> None:
        """Go on."""
        self.playing, self.then, self.ended = True, now, False

    def pause(self, now: float) -> None:
        """Pause."""
        self.position_then, self.then, self.playing = self.position(now), now, False

    def seek(self, seconds: float, now: float) -> None:
        """Go to a place in the track."""
        self.position_then, self.then = seconds, now

    def step(self, now: float) -> None:
        """Go to the next track; behind the last one the list is over, and stands at its beginning, paused."""
        self._note(now)
        self.position_then, self.then = 0.0, now
        if self.waiting:
            self.queued = self.waiting.pop(0)
            return
        self.queued = ""
        if self.place + 1 < len(self.order):
            self.place += 1
            return
        self.place = 0
        if self.repeat != "context" or not self.order:
            self.playing, self.ended = False, True

    def back(self, now: float) -> None:
        """Go to the track before."""
        self._note(now)
        self.queued, self.place = "", max(self.place - 1, 0)
        self.position_then, self.then = 0.0, now

    def set_shuffle(self, on: bool) -> None:  # noqa: FBT001 - it is on or off
        """Mix what is still to come, or put it back into order; the track at hand stays."""
        if on == self.shuffle:
            return
        self.shuffle = on
        here = self.order[self.place] if self.order else None
        self.order, self.place = list(range(len(self.tracks))), here or 0
        if on:
            self._mix(here)

    def advance(self, now: float) -> int:
        """Move on with the clock; return how many tracks ended since."""
        ended = 0
        while self.playing and self.current:
            length = self.length(self.current)
            over = self.position(now) - length
            if over < 0:
                break
            ended += 1
            moment = now - over
            if self.repeat == "track" and not self.waiting:
                self._note(moment)
                self.position_then, self.then = 0.0, moment
            else:
                self.step(moment)
        return ended

    def _mix(self, first: int | None) -> None:
        rest = [number for number in range(len(self.tracks)) if number != first]
        random.Random(f"{self.seed}:{self.context}:{self.starts}").shuffle(rest)
        self.order, self.place = ([] if first is None else [first]) + rest, 0

    def _note(self, now: float) -> None:
        if self.current and self.position(now) > 0:
            self.history.append(Played(self.current, now, self.context))
            del self.history[:-50]  # Spotify keeps as many
