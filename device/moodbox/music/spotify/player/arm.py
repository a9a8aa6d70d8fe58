"""The arm: every command to the speaker goes through it once, and it knows whether something may still sound."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from moodbox.music.spotify.failure import SpotifyError, Verdict
from moodbox.music.spotify.player.spin import AGREE
from moodbox.music.spotify.ports import Speaker
from moodbox.music.spotify.values import Heard, Order, SpeakerKind

log = logging.getLogger(__name__)

LATE = 15.0  # seconds in which a command whose end is unknown may still be carried out
TRIES = 5  # pauses for what began to sound after it was given up


class Arm:
    """One speaker under command. Every method but `silence` raises SpotifyError."""

    def __init__(self, speaker: Speaker, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.speaker = speaker
        self._monotonic = monotonic
        self.sounds = False  # something may sound, as far as is known
        self._late_until = float("-inf")
        self._owed = False  # it should be silent, and nobody knows whether it is
        self._told = float("-inf")  # when it was last told to be silent
        self._tries = 0
        self._volume: float | None = None

    @property
    def plain(self) -> bool:
        """Say whether it tells nothing by itself: asking costs a call of the day's budget."""
        return self.speaker.choice.kind is SpeakerKind.CONNECT

    @property
    def name(self) -> str:
        """Name it for the owner."""
        return self.speaker.choice.name or "The speaker"

    def play(self, order: Order, until: float) -> None:
        """Order music. When that fails, what may sound all the same is still to be silenced."""
        before, self.sounds = self.sounds, True
        try:
            self._command(
                lambda: self.speaker.play(order, until=until), lambda heard: heard.playing and not heard.foreign
            )
        except SpotifyError as error:
            self.sounds = before or error.uncertain
            if error.uncertain:
                self._late_until = self._monotonic() + LATE
            raise
        self._owed, self._tries = False, 0
        self._late_until = float("-inf")

    def resume(self) -> None:
        """Go on."""
        before, self.sounds = self.sounds, True
        try:
            self._command(self.speaker.resume, lambda heard: heard.playing)
        except SpotifyError as error:
            self.sounds = before or error.uncertain
            raise

    def next(self) -> None:
        """Skip."""
        self._command(self.speaker.next, lambda heard: heard.playing)

    def pause(self) -> None:
        """Fall silent."""
        self._told = self._monotonic()
        self._command(self.speaker.pause, lambda heard: not heard.playing)
        self.sounds = False

    def silence(self) -> SpotifyError | None:
        """Fall silent if anything may sound; return why that did not work."""
        if not self.sounds:
            return None
        self._tries = 0
        try:
            self.pause()
        except SpotifyError as error:
            self._owed = True
            return error
        return None

    def lose(self) -> None:
        """Take note that the speaker is gone: should it come back playing, it is to be silenced."""
        self.sounds, self._owed, self._tries = False, True, 0

    def set_volume(self, level: float) -> None:
        """Set the volume of the speaker, if it was not set so before."""
        if level == self._volume:
            return
        try:
            self.speaker.set_volume(level)
        except SpotifyError as error:
            if error.verdict is not Verdict.IGNORE:
                raise
        self._volume = level

    def hush_late(self, heard: Heard) -> None:
        """Pause what began to sound after it was given up; what somebody chose in the app is left alone."""
        now = self._monotonic()
        if not heard.playing:
            self._owed = self._owed and not heard.connected
            return
        due = (self._owed or now < self._late_until) and self._tries < TRIES
        if heard.foreign or not due or now - self._told < AGREE:
            return
        self._tries += 1
        try:
            self.pause()
        except SpotifyError as error:
            log.info("what was given up cannot be paused: %s", error.cause)

    @property
    def settled(self) -> bool:
        """Say whether what is heard may be believed: the command to be silent is some time ago."""
        return self._monotonic() - self._told >= AGREE

    @property
    def due(self) -> float | None:
        """Return when to listen again though nothing may be told."""
        waits = self._owed or not self.settled or self._monotonic() < self._late_until
        return max(self._told, self._monotonic()) + AGREE if waits and self._tries < TRIES else None

    def close(self) -> None:
        """Let go of the speaker."""
        self.speaker.close()

    def _command(self, call: Callable[[], None], done: Callable[[Heard], bool]) -> None:
        """Command once. Where nobody knows whether it was carried out, one look decides, and it is never repeated."""
        try:
            call()
        except SpotifyError as error:
            if error.verdict is Verdict.IGNORE:
                log.info("a command did not fit what was so: %s", error.cause)
            elif not error.uncertain or not self._looks(done):
                raise

    def _looks(self, done: Callable[[Heard], bool]) -> bool:
        try:
            return done(self.speaker.ask())
        except SpotifyError as error:
            log.info("an uncertain command stays uncertain: %s", error.cause)
            return False
