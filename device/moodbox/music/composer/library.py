"""The library: the last pieces as WAV and MIDI, and the fingerprints of all that was played lately."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from moodbox import atomic
from moodbox.errors import StorageError
from moodbox.music.composer.midi import write_midi
from moodbox.music.composer.sound.sounder import RATE
from moodbox.music.composer.take import Take

_KEY = re.compile(r"[0-9a-f]{16}")
_HEARD = 5_000  # fingerprints remembered: years of pressing, 85 kB
_SLICE = 10 * RATE  # frames written at a time


class Library:
    """Keep pieces in a folder; nothing is written before the first piece is saved."""

    def __init__(self, folder: Path, keep: int) -> None:
        self._folder, self._keep = folder, max(3, keep)  # what played, plays and comes next must stay
        self._heard = self._read_heard()
        for left in folder.glob(".*.wav.*"):  # of a program that was killed while writing
            with contextlib.suppress(OSError):
                left.unlink()

    def path(self, key: str) -> Path | None:
        """Return the WAV of a piece still kept; keys are ours, so anything else is None."""
        path = self._folder / f"{key}.wav"
        return path if _KEY.fullmatch(key) and path.is_file() else None

    def heard(self, fingerprint: str) -> bool:
        """Say whether a piece was played before."""
        return fingerprint in self._heard

    def remember(self, fingerprint: str) -> None:
        """Note that a piece is played now, across restarts; raises StorageError when it can only be kept in memory."""
        self._heard[fingerprint] = None
        while len(self._heard) > _HEARD:
            del self._heard[next(iter(self._heard))]
        atomic.write_bytes(self._folder / "heard.txt", "\n".join(self._heard).encode())

    def save(self, take: Take) -> Iterator[None]:
        """Write a complete take as MIDI and WAV, a slice a step; raises StorageError and leaves nothing half done."""
        atomic.write_bytes(self._folder / f"{take.key}.mid", write_midi(take.score))
        yield
        path = self._folder / f"{take.key}.wav"
        try:
            yield from self._write(take, path)
            self._tidy()
        except OSError as error:
            reason = error.strerror or str(error)
            raise StorageError(f"{path} cannot be written ({reason}): free some space") from error

    def _write(self, take: Take, path: Path) -> Iterator[None]:
        descriptor, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=self._folder)
        try:
            with os.fdopen(descriptor, "wb") as file:
                with wave.open(file, "wb") as sound:
                    sound.setparams((2, 2, RATE, take.total, "NONE", ""))
                    for start in range(0, take.total, _SLICE):
                        part = take.samples[start : start + _SLICE]
                        sound.writeframesraw(np.rint(part * np.float32(take.trim)).astype("<i2").tobytes())
                        yield
                file.flush()
                os.fsync(file.fileno())
            Path(beside).chmod(0o644)
            Path(beside).replace(path)
        finally:
            Path(beside).unlink(missing_ok=True)

    def _tidy(self) -> None:
        """Delete the oldest pieces above the number kept."""
        pieces = sorted(self._folder.glob("*.wav"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
        for old in pieces[self._keep :]:
            old.unlink(missing_ok=True)
            old.with_suffix(".mid").unlink(missing_ok=True)

    def _read_heard(self) -> dict[str, None]:
        """Read the fingerprints, oldest first; a missing or broken file means none."""
        try:
            lines = (self._folder / "heard.txt").read_text(encoding="utf-8", errors="replace").split()
        except OSError:
            return {}
        return dict.fromkeys(line for line in lines if _KEY.fullmatch(line))
