"""Sound into bytes and back: FLAC and Ogg Vorbis through libsndfile, WAV by hand. All of it in memory, in slices."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from moodbox.errors import MusicError
from moodbox.music.composer.sound.sounder import RATE
from moodbox.music.composer.take import Samples, Take

SLICE = 10 * RATE  # frames encoded at a time: a tenth of a second's work on a small Pi
CHANNELS = 2
FRAME = 2 * CHANNELS  # bytes
_CODECS = {"flac": ("FLAC", "PCM_16"), "ogg": ("OGG", "VORBIS")}


class Encoder:
    """Encode samples that come in slices; raises MusicError where libsndfile is missing."""

    def __init__(self, form: str) -> None:
        """Encode to "flac" or "ogg"."""
        # In memory: libsndfile loses the errors of a file of ours (a full disk), and rewrites a header at the end.
        self._buffer = io.BytesIO()
        form, codec = _CODECS[form]
        self._file = soundfile().SoundFile(self._buffer, "w", RATE, CHANNELS, format=form, subtype=codec)

    def add(self, samples: Samples) -> None:
        """Encode the next frames."""
        self._file.write(np.ascontiguousarray(samples, np.int16))

    def finish(self) -> bytes:
        """Return the whole file."""
        self._file.close()
        return self._buffer.getvalue()


def exact(take: Take) -> Iterator[Samples]:
    """Yield a complete take in slices, as loud as it should be to the last decimal."""
    for start in range(0, take.total, SLICE):
        yield np.rint(take.samples[start : start + SLICE] * np.float32(take.trim)).astype(np.int16)


def frames(source: Path | bytes) -> Iterator[Samples]:
    """Yield what a file or its bytes hold, in slices; raises MusicError when it is broken."""
    library = soundfile()
    try:
        with library.SoundFile(io.BytesIO(source) if isinstance(source, bytes) else source) as file:
            while len(part := file.read(SLICE, dtype="int16", always_2d=True)):
                yield part
    except library.SoundFileError as error:
        raise MusicError(f"The kept sound cannot be read ({error}): choose another piece") from error


def wave_header(count: int) -> bytes:
    """Return the beginning of a WAV file of so many frames."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as sound:
        sound.setparams((CHANNELS, 2, RATE, count, "NONE", ""))
        sound.writeframesraw(b"")
        return buffer.getvalue()


def soundfile() -> Any:
    """Import soundfile; raises MusicError where it or its C library is missing."""
    try:
        import soundfile as library  # type: ignore[import-untyped]  # noqa: PLC0415 - a C library, only when asked for
    except (ImportError, OSError) as error:
        raise MusicError("soundfile is not installed, so sound cannot be kept: run pip install soundfile") from error
    return library
