"""A job: one piece for one step of a programme, from nothing to its files, in slices."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Generator

from moodbox.errors import StorageError
from moodbox.events import Step
from moodbox.music.composer.compose import compose
from moodbox.music.composer.library import Library
from moodbox.music.composer.score import Score
from moodbox.music.composer.sound.sounder import Sounder
from moodbox.music.composer.take import Take

log = logging.getLogger(__name__)

_TRIES = 20  # seeds; the chance that even the second is needed is nil


class Job:
    """Make one piece; `advance` does the next slice. `take` is there once the piece is composed."""

    def __init__(
        self,
        number: int,
        step: Step,
        *,
        sounder: Callable[[], Sounder],
        library: Library,
        seconds: float,
        loudness: float,
    ) -> None:
        self.number = number  # index of the step in its programme
        self.take: Take | None = None
        self.done = False
        self.storage: StorageError | None = None  # why it could not be kept; it can be played all the same
        self._step, self._library = step, library
        self._sounder, self._seconds, self._loudness = sounder, seconds, loudness
        self._slices = self._work()

    def advance(self) -> None:
        """Do the next slice; what goes wrong in composing or sounding is raised, a full disk is noted."""
        try:
            next(self._slices)
        except StopIteration:
            self.done = True

    def drop(self) -> None:
        """Give the job up and leave nothing half written."""
        self._slices.close()
        self.done = True
        if self.take is not None:
            self.take.saved.set()

    def _work(self) -> Generator[None]:
        score = self._fresh()
        yield
        self.take = Take(score, self._sounder(), self._loudness)
        yield from self.take.work()
        try:
            self._library.remember(self.take.key)
            yield from self._library.save(self.take)
        except StorageError as error:
            log.warning("%s", error)
            self.storage = error
        self.take.saved.set()

    def _fresh(self) -> Score:
        """Compose a piece that was not played before."""
        for _ in range(_TRIES):
            score = compose(self._step, secrets.randbits(48), self._seconds)
            if not self._library.heard(score.fingerprint):
                break
        return score
