"""A piece as a WAV file while it is still being made: hearing begins with its first seconds."""

from __future__ import annotations

import io
import time
import wave
from collections.abc import Iterator

import numpy as np

from moodbox.music.composer.sound.sounder import RATE
from moodbox.music.composer.take import Take

_SLICE = 128 * 1024  # bytes a chunk, 0.7 s of music
_STALL = 10.0  # seconds without a new sample after which the maker counts as gone
_FRAME = 4  # bytes: two channels of two


class LiveWave:
    """The WAV of a take that grows; `size` in bytes is known from the start."""

    def __init__(self, take: Take) -> None:
        self._take = take
        self._header = _header(take.total)
        self.size = len(self._header) + take.total * _FRAME

    def between(self, start: int, stop: int) -> Iterator[bytes]:
        """Yield the bytes from `start` to before `stop` as they are made; ends early when no more will come."""
        begin = len(self._header)
        if start < begin:
            yield self._header[start:stop]
        at = max(start, begin)
        samples = self._take.samples.astype("<i2", copy=False).reshape(-1).view(np.uint8)
        while at < stop and self._wait(at - begin):
            until = min(stop, at + _SLICE, begin + self._take.ready * _FRAME)
            yield samples[at - begin : until - begin].tobytes()
            at = until

    def _wait(self, made: int) -> bool:
        """Wait until more than `made` bytes of samples are there; False when no more will come."""
        end = time.monotonic() + _STALL
        while self._take.ready * _FRAME <= made and time.monotonic() < end and not self._take.saved.is_set():
            self._take.saved.wait(0.02)
        return self._take.ready * _FRAME > made


def _header(frames: int) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as sound:
        sound.setparams((2, 2, RATE, frames, "NONE", ""))
        sound.writeframesraw(b"")
        return buffer.getvalue()
