"""The composer as a player: one worker thread that composes, sounds and plays; callers never wait."""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from moodbox.events import Playback, PlaybackChanged, Problem, Programme
from moodbox.music.composer.cellar import Cellar
from moodbox.music.composer.copyist import Copyist
from moodbox.music.composer.deck import Deck
from moodbox.music.composer.library import Library
from moodbox.music.composer.live import KeptWave, LiveWave
from moodbox.music.composer.output.outlet import Outlet, Output
from moodbox.music.composer.output.speaker import open_speaker
from moodbox.music.composer.output.tape import Tape
from moodbox.music.composer.register import Register
from moodbox.music.composer.sound.rack import Rack
from moodbox.settings import MusicSettings
from moodbox.store.database import Database

log = logging.getLogger(__name__)

_CLOSE_SECONDS = 5.0


class ComposerPlayer:
    """Play music that the box writes itself. News come from the player's own thread."""

    def __init__(
        self,
        settings: MusicSettings,
        *,
        state: Path,
        on_change: Callable[[PlaybackChanged], None],
        clock: Callable[[], float] = time.monotonic,
        database: Database | None = None,
        problem: Problem | None = None,
        opener: Callable[..., Output | Problem] = open_speaker,
    ) -> None:
        """Start the worker; pieces are kept in `state`/pieces, and in `database` what else is known of them.

        `problem` says why there is no database. `clock` and `opener` are for tests.
        """
        self._clock = clock
        self._tape = Tape(settings.volume * settings.ceiling)
        self._outlet = Outlet(settings.output, self._tape, clock, opener=opener)
        self.library = Library(
            Cellar(state / "pieces"),
            Register(database),
            Copyist(settings.soundfont, settings.loudness),
            keep=settings.keep,
            limit=settings.disk * 1_000_000,
            problem=problem,
        )
        self._rack = Rack(settings.soundfont)
        self._deck = Deck(
            settings,
            library=self.library,
            rack=self._rack,
            tape=self._tape,
            outlet=self._outlet,
            clock=clock,
            on_change=on_change,
        )
        self._commands: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._work, name="composer", daemon=True)
        self._thread.start()

    def play(self, programme: Programme, run: int) -> None:
        """Start a programme instead of whatever plays."""
        self._commands.put(partial(self._deck.play, programme, run))

    def pause(self) -> None:
        """Fall silent and keep the place."""
        self._tape.hush()  # at once: the worker may be in the middle of a slice
        self._commands.put(self._deck.pause)

    def resume(self) -> None:
        """Go on from where `pause` left off."""
        self._commands.put(self._deck.resume)

    def next(self) -> None:
        """Go to the next piece and step."""
        self._commands.put(self._deck.next)

    def stop(self) -> None:
        """Fall silent and forget the programme."""
        self._tape.hush()
        self._commands.put(self._deck.stop)

    def set_volume(self, level: float) -> None:
        """Set the volume, 0..1."""
        self._commands.put(partial(self._deck.set_volume, level))

    def state(self) -> Playback:
        """Return what plays as of now, with the position of this moment."""
        playback = self._deck.playback
        if playback.piece is None:
            return playback
        return replace(playback, position=self._outlet.position, time=self._clock())

    def sound(self, key: str) -> KeptWave | LiveWave | None:
        """Return the sound of a piece as a WAV: what is kept, or what grows while it plays or comes next."""
        kept = self.library.wave(key)
        if kept is not None:
            return kept
        job = self._deck.job_of(key)
        return LiveWave(job.take) if job is not None and job.take is not None else None

    def close(self) -> None:
        """Fall silent and end the worker; may be called twice."""
        self._ending.set()
        self._tape.hush()
        self.library.close()
        self._commands.put(lambda: None)
        self._thread.join(_CLOSE_SECONDS)

    def _work(self) -> None:
        """Obey, then do a slice; nothing that goes wrong ends the thread."""
        due = 0.0
        self._guarded(self._warm_up)
        while not self._ending.is_set():
            for command in self._waiting(due):
                self._guarded(command)
            due = self._guarded(self._deck.turn) or 0.0
        self._guarded(self._deck.close)

    def _warm_up(self) -> None:
        """Load the soundfont and the model, and find the sound device before the first press: a second or more."""
        self._rack.sounder()
        self._outlet.ready()
        self._deck.author.open()

    def _waiting(self, seconds: float) -> list[Callable[[], None]]:
        """Collect the commands that wait, or the first that comes within `seconds`."""
        found: list[Callable[[], None]] = []
        try:
            found.append(self._commands.get(timeout=seconds) if seconds else self._commands.get_nowait())
            while True:
                found.append(self._commands.get_nowait())
        except queue.Empty:
            return found

    def _guarded(self, call: Callable[[], float | None]) -> float | None:
        try:
            return call()
        except Exception:
            log.exception("the player's worker failed and goes on")
            return 1.0
