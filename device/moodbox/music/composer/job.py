"""A job: one piece for one step of a programme, from nothing to its files, in slices."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager

from moodbox.errors import CatalogueError, MusicError, StorageError
from moodbox.events import Problem, Step
from moodbox.music.composer.author import Author
from moodbox.music.composer.library import Library
from moodbox.music.composer.midi import on_grid
from moodbox.music.composer.score import Score
from moodbox.music.composer.sound.sounder import Sounder
from moodbox.music.composer.take import Take

log = logging.getLogger(__name__)

_TRIES = 20  # seeds; the chance that even the second is needed is nil


class Job:
    """Make one piece; `advance` does the next slice. `take` is there once the piece is composed, or read back."""

    def __init__(
        self,
        number: int,
        step: Step,
        *,
        author: Author,
        sounder: Callable[[], Sounder],
        library: Library,
        seconds: float,
        loudness: float,
        again: str = "",
    ) -> None:
        """Write a new piece, or play the one that is kept under the key `again`."""
        self.number = number  # index of the step in its programme
        self.again = again
        self.take: Take | None = None
        self.done = False
        self.storage: StorageError | None = None  # why it could not be kept; it can be played all the same
        self.gone: Problem | None = None  # why a new piece is made though a kept one was wanted
        self._step, self._author, self._library = step, author, library
        self._sounder, self._seconds, self._loudness = sounder, seconds, loudness
        self._begun = self._kept = False
        self._held = ""
        self._hold(again)
        self._slices = self._work()

    def advance(self) -> None:
        """Do the next slice; what goes wrong in composing or sounding is raised, a full disk is noted."""
        try:
            next(self._slices)
        except StopIteration:
            self.done = True

    def begin(self) -> None:
        """Count that it is played from now on."""
        self._begun = True
        if self._kept and self.take is not None:
            self._library.played(self.take.key)

    def drop(self) -> None:
        """Give the job up; leave nothing half written, and no new piece that nobody heard. May be called twice."""
        self._slices.close()
        self.done = True
        self._hold("")
        if self.take is not None:
            self.take.saved.set()
            if self._kept and not self._begun and not self.again:
                self._library.discard(self.take.key)
                self._kept = False

    def _work(self) -> Generator[None]:
        score = self._read_again() or self._fresh()
        yield
        self.take = take = Take(score, self._sounder(), self._loudness)
        take.key = self.again or take.key  # the files of the first versions have another name
        self._hold(take.key)
        if not (self.again and (yield from self._library.load_sound(take))):
            yield from self._sound(take)
        with self._noting():
            self._library.remember(take.key)
            yield from self._library.save_sound(take)
        take.saved.set()

    def _sound(self, take: Take) -> Generator[None]:
        """Sound the piece; its MIDI is kept as soon as it can play, so that it can be liked while it does."""
        waiting = not self.again
        for _ in take.work():
            yield
            if waiting and take.ready:
                waiting = False
                with self._noting():
                    self._library.add(take, plays=int(self._begun))
                    self._kept = True

    def _read_again(self) -> Score | None:
        """Read the kept piece that was asked for; where that fails, a new one of its mood is as near as can be."""
        if not self.again:
            return None
        try:
            score = self._library.score(self.again)
        except (CatalogueError, MusicError, StorageError) as error:
            log.warning("%s", error)
            cause, _, _ = str(error).partition(": ")
            self.gone = Problem("piece", f"{cause}, so a new one of its mood plays", "Choose another piece")
            self.again = ""
            return None
        self._kept = True
        return score

    def _hold(self, key: str) -> None:
        """Keep the limits of the library away from a piece ("" for none any more)."""
        if key:
            self._library.hold(key)
        if self._held:
            self._library.let_go(self._held)
        self._held = key

    @contextmanager
    def _noting(self) -> Iterator[None]:
        """Note a disk that cannot be written; the music plays on."""
        try:
            yield
        except StorageError as error:
            log.warning("%s", error)
            self.storage = error

    def _fresh(self) -> Score:
        """Compose a piece that was not played before."""
        for _ in range(_TRIES):
            score = on_grid(self._author.compose(self._step, secrets.randbits(48), self._seconds))
            if not self._library.heard(score.fingerprint):
                break
        return score
