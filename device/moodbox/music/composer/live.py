"""A piece as a WAV file: while it is still being made, so that hearing begins with its first seconds, and later."""

from __future__ import annotations

import io
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from moodbox.errors import MusicError
from moodbox.music.composer.encoder import FRAME, soundfile, wave_header
from moodbox.music.composer.take import Take

_SLICE = 128 * 1024  # bytes a chunk, 0.7 s of music
_STALL = 10.0  # seconds without a new sample after which the maker counts as gone


class LiveWave:
    """The WAV of a take that grows; `size` in bytes is known from the start."""

    def __init__(self, take: Take) -> None:
        self._take = take
        self._header = wave_header(take.total)
        self.size = len(self._header) + take.total * FRAME

    def between(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield the bytes from `start` to before `stop` as they are made; ends early when no more will come."""
        begin = len(self._header)
        if start < begin:
            yield self._header[start:stop]
        at = max(start, begin)
        samples = self._take.samples.astype("<i2", copy=False).reshape(-1).view(np.uint8)
        while at < stop and self._wait(at - begin):
            until = min(stop, at + _SLICE, begin + self._take.ready * FRAME)
            yield samples[at - begin : until - begin].tobytes()
            at = until

    def _wait(self, made: int) -> bool:
        """Wait until more than `made` bytes of samples are there; False when no more will come."""
        end = time.monotonic() + _STALL
        while self._take.ready * FRAME <= made and time.monotonic() < end and not self._take.saved.is_set():
            self._take.saved.wait(0.02)
        return self._take.ready * FRAME > made


class KeptWave:
    """The WAV of kept sound, decoded as it is asked for: as long as `LiveWave`'s, so a reader may go over to it."""

    def __init__(self, kept: Path | bytes) -> None:
        """Open a FLAC file, or its bytes; deleting the file does not disturb. Raises MusicError."""
        library = soundfile()
        try:
            # By path: libsndfile then holds the file, and an answer that is never read leaves nothing open of Python's.
            self._file = library.SoundFile(io.BytesIO(kept) if isinstance(kept, bytes) else kept)
        except library.SoundFileError as error:
            raise MusicError(f"The kept sound cannot be read ({error}): choose another piece") from error
        self.frames = int(self._file.frames)
        self._header = wave_header(self.frames)
        self.size = len(self._header) + self.frames * FRAME

    def between(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield the bytes from `start` to before `stop`; not for two readers at a time."""
        begin = len(self._header)
        if start < begin:
            yield self._header[start:stop]
        at = max(start, begin)
        self._file.seek((at - begin) // FRAME)
        skip = (at - begin) % FRAME  # a range may begin within a frame
        while at < stop:
            samples = self._file.read(_SLICE // FRAME, dtype="int16", always_2d=True)
            part = samples.astype("<i2", copy=False).tobytes()[skip : skip + stop - at]
            if not part:
                return
            yield part
            at, skip = at + len(part), 0
