"""The cellar: the folder of the kept pieces, `<key>.mid` for each and `<key>.flac` for some. Whole files or none.

FLAC for the sound: a third of WAV's size (4.6 MB for 75 s), so a third of the wear of an SD card, for 0.09 s of work a
piece (0.35 s on a Pi 4, against 4 s of sounding); a browser that seeks gets any part of it decoded in milliseconds.
"""

from __future__ import annotations

import contextlib
import logging
import re
from collections.abc import Iterator
from pathlib import Path

from moodbox import atomic
from moodbox.errors import StorageError

log = logging.getLogger(__name__)

KEY = re.compile(r"[0-9a-f]{16}")
_ASIDE = ".broken"  # ends the name of a MIDI file that cannot be read
_ASIDE_KEPT = 3  # older ones make way
_BEFORE = "*.wav"  # cached sound as it was kept before; it can be sounded again


class Cellar:
    """Read and write the files of pieces. Nothing is made before the first is written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def sweep(self) -> None:
        """Delete what a program that was killed left half written, and sound whose piece is gone."""
        for left in [*self._folder.glob(".*"), *self._folder.glob(_BEFORE)]:
            with contextlib.suppress(OSError):
                left.unlink()
        for sound in self._folder.glob("*.flac"):
            if not sound.with_suffix(".mid").exists():
                with contextlib.suppress(OSError):
                    sound.unlink()

    def keys(self) -> set[str]:
        """List the pieces that have a MIDI file; raises StorageError when the folder cannot be read."""
        try:
            names = [path.stem for path in self._folder.iterdir() if path.suffix == ".mid"]
        except FileNotFoundError:
            return set()
        except OSError as error:
            raise self._error("be read", error) from error
        return {name for name in names if KEY.fullmatch(name)}

    def sizes(self) -> dict[str, int]:
        """Return {file name: bytes} of everything here."""
        found = {}
        with contextlib.suppress(OSError):
            for path in self._folder.iterdir():
                with contextlib.suppress(OSError):  # gone in between
                    found[path.name] = path.stat().st_size
        return found

    def midi(self, key: str) -> bytes:
        """Read a piece; raises FileNotFoundError when it is gone, StorageError when it cannot be read."""
        try:
            return self._path(key, ".mid").read_bytes()
        except FileNotFoundError:
            raise
        except OSError as error:
            raise self._error("be read", error) from error

    def made_at(self, key: str) -> float:
        """Return when a piece was written, Unix time; 0 when it is gone."""
        try:
            return self._path(key, ".mid").stat().st_mtime
        except OSError:
            return 0.0

    def sound(self, key: str) -> Path | None:
        """Return the FLAC of a piece while it is there; keys are ours, so anything else is None."""
        path = self._path(key, ".flac")
        return path if KEY.fullmatch(key) and path.is_file() else None

    def write_midi(self, key: str, data: bytes) -> None:
        """Keep a piece; raises StorageError."""
        atomic.write_bytes(self._path(key, ".mid"), data)

    def write_sound(self, key: str, data: bytes) -> None:
        """Keep the sound of a piece; raises StorageError."""
        atomic.write_bytes(self._path(key, ".flac"), data)

    def delete(self, key: str) -> None:
        """Delete a piece, its MIDI first: without it nothing comes back. Raises StorageError, and it is still there."""
        try:
            self._path(key, ".mid").unlink(missing_ok=True)
        except OSError as error:
            raise self._error("be changed", error) from error
        self.delete_sound(key)

    def delete_sound(self, key: str) -> None:
        """Delete the sound of a piece; what cannot be deleted now is swept at the next start."""
        with contextlib.suppress(OSError):
            self._path(key, ".flac").unlink(missing_ok=True)

    def set_aside(self, key: str) -> None:
        """Rename a MIDI file that cannot be read, so that it is seen only once; a few are kept."""
        path = self._path(key, ".mid")
        log.warning("%s is broken and is put aside as %s%s", path, path.name, _ASIDE)
        with contextlib.suppress(OSError):
            path.replace(path.with_name(path.name + _ASIDE))
        self.delete_sound(key)
        for old in list(self._aside())[:-_ASIDE_KEPT]:
            with contextlib.suppress(OSError):
                old.unlink()

    def heard(self) -> list[str]:
        """Read the fingerprints of what was played, oldest first; a missing or broken file means none."""
        try:
            lines = (self._folder / "heard.txt").read_text(encoding="utf-8", errors="replace").split()
        except OSError:
            return []
        return [line for line in lines if KEY.fullmatch(line)]

    def write_heard(self, fingerprints: Iterator[str]) -> None:
        """Keep the fingerprints; raises StorageError."""
        atomic.write_bytes(self._folder / "heard.txt", "\n".join(fingerprints).encode())

    def _aside(self) -> list[Path]:
        """List the files that were put aside, the oldest first."""
        found = []
        for path in self._folder.glob(f"*{_ASIDE}"):
            with contextlib.suppress(OSError):
                found.append((path.stat().st_mtime, path))
        return [path for _, path in sorted(found)]

    def _path(self, key: str, suffix: str) -> Path:
        return self._folder / f"{key}{suffix}"

    def _error(self, what: str, error: OSError) -> StorageError:
        reason = error.strerror or str(error)
        return StorageError(f"{self._folder} cannot {what} ({reason}): make the folder readable and writable")
