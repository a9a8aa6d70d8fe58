"""What the two local speakers share: an ear, a line, and one command at a time."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace

from moodbox.music.spotify.failure import SpotifyError
from moodbox.music.spotify.ports import OnHeard
from moodbox.music.spotify.speaker import refusal
from moodbox.music.spotify.speaker.ear import Ear
from moodbox.music.spotify.speaker.line import EventLine
from moodbox.music.spotify.speaker.turn import Turn
from moodbox.music.spotify.values import Heard, SpeakerChoice

SECONDS = 3.0  # for a command to be answered
_SKIPPING = 3.0  # seconds within which the end of the list may be the effect of our own skip
_CLOSE = 5.0  # seconds before its end from which on a track counts as heard


class LocalSpeaker(ABC):
    """A speaker program on this machine; the subclasses know its language and open the line."""

    lists = False
    _line: EventLine

    def __init__(self, choice: SpeakerChoice, on_heard: OnHeard, monotonic: Callable[[], float]) -> None:
        self._choice = choice
        self._monotonic = monotonic
        self._ear = Ear(on_heard, monotonic)
        self._turn = Turn(monotonic)
        self._skipped_at = -_SKIPPING

    @property
    def choice(self) -> SpeakerChoice:
        """Say which speaker this is, with the name and id it gives itself where it gave them."""
        known = self._ear.known
        return replace(self._choice, id=known.id or self._choice.id, name=known.name or self._choice.name)

    def heard(self) -> Heard:
        """Return what is known without asking."""
        return self._ear.heard()

    def trouble(self) -> SpotifyError | None:
        """Return what the owner must be told, if anything: it does not run, or was never paired."""
        error = self._line.error
        if error is not None:
            return self._lost(error)
        return refusal.unpaired(self._name) if self._ear.known.paired is False else None

    def greet(self, until: float) -> None:
        """Be connected and belong to an account; raises SpotifyError if that is not so by then."""
        self._reach(until)

    def close(self, *, wait: bool = True) -> None:
        """Hang up and end the thread, waiting for its end or not; what plays goes on."""
        self._line.close(wait=wait)

    @property
    def _name(self) -> str:
        return self.choice.name

    def _soon(self) -> float:
        """Return the deadline of a command that has none of its own."""
        return self._monotonic() + SECONDS

    def _one_at_a_time(self, until: float) -> AbstractContextManager[None]:
        return self._turn.taken(until, self._name)

    def _skipped(self) -> bool:
        """Say whether we have just skipped a track ourselves."""
        return self._monotonic() - self._skipped_at < _SKIPPING

    def _is_over(self) -> bool:
        """Say whether the track at hand is at its end. One that falls silent before was taken away by somebody."""
        heard = self.heard()
        if heard.ended or heard.track is None or not heard.playing:
            return heard.ended
        return self._skipped() or heard.position >= heard.track.seconds - _CLOSE

    def _in_time(self, until: float) -> None:
        if self._monotonic() >= until:
            raise refusal.too_late(self._name)

    def _reach(self, until: float) -> None:
        """Be connected and belong to an account; raises SpotifyError."""
        if not self._line.wait_open(until):
            raise self._lost(self._line.error)
        if not self._ear.wait(lambda known: known.paired is not None, min(until, self._soon())):
            raise refusal.unanswered(self._name, sent=False)
        if self._ear.known.paired is False:
            raise refusal.unpaired(self._name)

    def _lost(self, error: Exception | None) -> SpotifyError:
        """Word why there is no connection."""
        if isinstance(error, SpotifyError):
            return error
        if isinstance(error, ConnectionRefusedError):
            return self._not_running()
        return refusal.unanswered(self._name, sent=False)

    @abstractmethod
    def _not_running(self) -> SpotifyError:
        """Word that the program does not run."""

    def _on_lost(self) -> None:
        """Forget what is no longer known; called by the line."""
        self._ear.learn(paired=None)
        self._ear.count("losses")
        self._ear.hear(connected=False, active=False, playing=False, paused=False)


def plays(heard: Heard, uri: str) -> bool:
    """Say whether what was ordered plays; a speaker that never names a context is believed."""
    return heard.playing and (not heard.context or uri in (heard.context, heard.track.uri if heard.track else ""))


def quietly(call: Callable[[], None]) -> None:
    """Do what is good to have but must not stop the music; only an answer that never came is passed on."""
    try:
        call()
    except SpotifyError as error:
        if error.uncertain:
            raise
