"""What a local speaker has said so far. No thread of its own: whoever reads the line notes it here."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from moodbox.music.spotify.failure import SpotifyError
from moodbox.music.spotify.ports import OnHeard
from moodbox.music.spotify.speaker.turn import left
from moodbox.music.spotify.values import Heard

_TAKING = 3.0  # seconds from falling silent to no longer being the active device, when another one takes over


@dataclass(frozen=True, slots=True)
class Known:
    """Everything known of a speaker. The counters tell news from what was known before a command."""

    heard: Heard = field(default_factory=Heard)
    name: str = ""  # as the speaker calls itself
    id: str = ""
    paired: bool | None = None  # it belongs to an account; None = it has not said
    shuffle: bool | None = None
    origin: bool | None = None  # True = our own command started what plays
    answer: str = ""  # the command that was answered last
    answers: int = 0
    error: str = ""  # why the last command was refused
    errors: int = 0
    states: int = 0  # whole states told
    starts: int = 0  # news that say that something plays
    losses: int = 0  # connections lost


class Ear:
    """Keep what is known, tell what changed, and let commands wait for it."""

    def __init__(self, on_heard: OnHeard, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._on_heard = on_heard
        self._monotonic = monotonic
        self._news = threading.Condition()
        self._known = Known()
        self._wanted = ""  # URI of our last order
        self._played_at = -_TAKING  # when it was last known to play
        self._ordering = False  # an order is on its way: what is told now may still be about the music before

    @property
    def known(self) -> Known:
        """Return everything, with the position as it was told."""
        with self._news:
            return self._known

    def heard(self) -> Heard:
        """Return what plays, with the position of this moment."""
        return advanced(self.known.heard, self._monotonic())

    def hear(self, *, tell: bool = True, **changes: Any) -> None:
        """Note fields of `Heard`; `tell` is for the speaker's own thread only."""
        with self._news:
            before = self._known.heard
            now = replace(advanced(before, self._monotonic()), **changes)
            if before.playing:
                self._played_at = now.at
            self._known = replace(self._known, heard=replace(now, foreign=self._is_foreign(before, now)))
            after = self._known.heard
            self._news.notify_all()
        if tell and _changed(before, after):
            self._on_heard(after)

    def learn(self, **changes: Any) -> None:
        """Note other fields of `Known`."""
        with self._news:
            self._known = replace(self._known, **changes)
            self._news.notify_all()

    def count(self, name: str) -> None:
        """Add one to a counter of `Known`."""
        with self._news:
            self._known = replace(self._known, **{name: getattr(self._known, name) + 1})
            self._news.notify_all()

    @contextmanager
    def ordering(self, uri: str) -> Iterator[None]:
        """Give an order: until it is through nothing is foreign, after that everything else is.

        An order that was surely not carried out leaves the one before it in force.
        """
        with self._news:
            before, self._wanted, self._ordering = self._wanted, uri, True
        in_force = uri
        try:
            yield
        except SpotifyError as error:
            in_force = uri if error.uncertain else before
            raise
        finally:
            self._ordered(in_force)

    def wait(self, ready: Callable[[Known], bool], until: float) -> bool:
        """Wait for news that make `ready` true; False when time is over first."""
        with self._news:
            return self._news.wait_for(lambda: ready(self._known), left(until, self._monotonic()))

    def _ordered(self, uri: str) -> None:
        with self._news:
            self._wanted, self._ordering = uri, False
            heard = self._known.heard
            self._known = replace(self._known, heard=replace(heard, foreign=self._is_foreign(heard, heard)))

    def _is_foreign(self, before: Heard, now: Heard) -> bool:
        """Say whether somebody else took over: another device, another list, or not our command."""
        if self._ordering or not now.connected:
            return False
        if not now.active:  # taken away while it played; falling asleep after a pause is nobody's doing
            by_itself = now.ended or before.paused or now.at - self._played_at >= _TAKING
            return before.foreign or (before.active and not by_itself)
        if not (now.playing or now.paused):
            return False
        ours = self._wanted in (now.context, now.track.uri if now.track else "")
        return self._known.origin is False or (bool(now.context) and not ours)


def advanced(heard: Heard, now: float) -> Heard:
    """Move the position on to `now`; never beyond the end of the track."""
    position = heard.position + (max(0.0, now - heard.at) if heard.playing else 0.0)
    if heard.track is not None and heard.track.seconds:
        position = min(position, heard.track.seconds)
    return replace(heard, position=position, at=now)


def _changed(before: Heard, after: Heard) -> bool:
    """Say whether anything but the passing of time is new."""
    expected = advanced(before, after.at)
    return replace(expected, position=0.0) != replace(after, position=0.0) or (
        abs(expected.position - after.position) > 1.0  # a seek; less is a speaker's imprecise clock
    )
