"""A folder of photographs, or a single one, as a camera: each is shown for a while, round and round."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from moodbox.errors import CameraError
from moodbox.settings import WatchSettings
from moodbox.watch.picture import Image, Picture, decode, fit

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff", ".ppm", ".pgm"})
_SHOWN = 3.0  # seconds each; twice the memory of a mood, so that one settles


class Photos:
    """Show the photographs at `path` one after another; those that cannot be read are passed over."""

    def __init__(self, path: Path, settings: WatchSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self.name = str(path)
        self._path, self._settings, self._clock = path, settings, clock
        self._waiting: list[Path] = []
        self._shown = self._next()
        self._until = clock() + _SHOWN

    def capture(self, seconds: float) -> Picture:  # noqa: ARG002 - a file never makes anyone wait
        """Return the photograph of this moment, or the next one when reading as fast as possible."""
        shown = self._shown
        if self._settings.fast or self._clock() >= self._until:
            self._shown = self._next()
            self._until = self._clock() + _SHOWN
        return Picture(shown)

    def close(self) -> None:
        """Forget the list."""
        self._waiting = []

    def _next(self) -> Image:
        for _ in range(2):  # the rest of this round, then one whole new round
            while self._waiting:
                image = self._read(self._waiting.pop(0))
                if image is not None:
                    return fit(image, self._settings.width, self._settings.height)
            self._waiting = pictures_in(self._path)
        raise CameraError(f"there is no readable photograph at {self._path}: put one there or choose another camera")

    def _read(self, path: Path) -> Image | None:
        try:
            return decode(path.read_bytes())
        except OSError:  # gone or locked since the folder was listed
            return None


def pictures_in(path: Path) -> list[Path]:
    """List the photographs of a folder in order of name, or the one that `path` is. Raises CameraError."""
    if not path.is_dir():
        return [path]
    try:
        return sorted(entry for entry in path.iterdir() if entry.suffix.lower() in SUFFIXES)
    except OSError as error:
        raise CameraError(f"the folder {path} cannot be read ({error.strerror}): choose another one") from error
