"""The copyist: sounds kept pieces again for whoever wants the file, with a synthesiser of its own.

It shares nothing with what plays. It makes one copy at a time, for the box has other work, and not for ever.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from moodbox.errors import MusicError
from moodbox.music.composer.encoder import Encoder, exact, frames
from moodbox.music.composer.score import Score
from moodbox.music.composer.sound.rack import Rack
from moodbox.music.composer.take import Take

LONGEST = 120.0  # seconds for a copy: three minutes of music on the smallest Pi take 60


class Copyist:
    """Make copies in the thread that asks; any thread may."""

    def __init__(self, soundfont: str, loudness: float, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._soundfont, self._loudness, self._monotonic = soundfont, loudness, monotonic
        self._busy = threading.Lock()
        self._closed = threading.Event()

    def sound(self, score: Score) -> bytes:
        """Sound a score and return it as FLAC. Raises MusicError when busy, too slow, or it cannot be sounded."""
        with self._alone() as in_time:
            rack = Rack(self._soundfont)
            try:
                take = Take(score, rack.sounder(), self._loudness)
                for _ in take.work():
                    in_time()
                encoder = Encoder("flac")
                for samples in exact(take):
                    encoder.add(samples)
                    in_time()
                return encoder.finish()
            finally:
                rack.close()

    def encode(self, flac: bytes, form: str) -> bytes:
        """Turn kept sound into another form; raises MusicError as `sound` does."""
        with self._alone() as in_time:
            encoder = Encoder(form)
            for samples in frames(flac):
                encoder.add(samples)
                in_time()
            return encoder.finish()

    def close(self) -> None:
        """Give up the copy being made; may be called twice."""
        self._closed.set()

    @contextmanager
    def _alone(self) -> Iterator[Callable[[], None]]:
        if not self._busy.acquire(blocking=False):
            raise MusicError("Another file is being made for somebody: try again in a moment")
        try:
            end = self._monotonic() + LONGEST
            yield lambda: self._check(end)
        finally:
            self._busy.release()

    def _check(self, end: float) -> None:
        if self._closed.is_set():
            raise MusicError("The box is stopping: ask again when it is on")
        if self._monotonic() > end:
            raise MusicError("Sounding this piece takes too long: try again when the box has less to do")
