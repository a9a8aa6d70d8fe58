"""The demo camera: NASA's portrait of Eileen Collins from scikit-image, moved, zoomed and relit like a live picture."""

from __future__ import annotations

import importlib.util
import math
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from moodbox.errors import CameraError
from moodbox.settings import WatchSettings
from moodbox.watch.camera.names import DEMO
from moodbox.watch.picture import Image, Picture, decode

_FACE = (224.0, 125.0)  # where her face is in the 512x512 photograph, in pixels
_ZOOM = 1.9  # at 480 rows her face is then some 200 pixels high
_BACKGROUND = (70, 60, 50)
_FAST_RATE = 15.0  # frames of the demo in a second of its own time, when read as fast as possible


class Demo:
    """Show a portrait that sways and comes nearer in slowly changing light."""

    name = DEMO

    def __init__(self, settings: WatchSettings, clock: Callable[[], float] = time.monotonic) -> None:
        image = decode(_photograph().read_bytes())
        if image is None:
            raise CameraError("the demo photograph in scikit-image is damaged: install scikit-image again")
        self._photograph = image
        self._size = (settings.width, settings.height)
        self._fast, self._clock, self._number = settings.fast, clock, 0

    def capture(self, seconds: float) -> Picture:  # noqa: ARG002 - a drawing never makes anyone wait
        """Return the picture of this moment, or the next one when reading as fast as possible."""
        self._number += 1
        return Picture(self._at(self._number / _FAST_RATE if self._fast else self._clock()))

    def close(self) -> None:
        """Need nothing."""

    def _at(self, seconds: float) -> Image:
        """Draw the picture; the periods have no common measure, so that it never quite repeats."""
        width, height = self._size
        scale = height / 512 * _ZOOM * (1 + 0.12 * math.sin(seconds / 2.9))
        angle = 0.10 * math.sin(seconds / 3.7)
        x = width * (0.5 + 0.08 * math.sin(seconds / 2.3))
        y = height * (0.48 + 0.05 * math.sin(seconds / 3.1))
        cos, sin = scale * math.cos(angle), scale * math.sin(angle)
        face_x, face_y = _FACE
        matrix = np.array([[cos, -sin, x - cos * face_x + sin * face_y], [sin, cos, y - sin * face_x - cos * face_y]])
        moved = cv2.warpAffine(self._photograph, matrix, (width, height), borderValue=_BACKGROUND)
        light = cv2.convertScaleAbs(moved, alpha=1 + 0.18 * math.sin(seconds / 4.3), beta=8 * math.sin(seconds / 1.9))
        return light.astype(np.uint8, copy=False)


def demo_is_there() -> bool:
    """Say whether scikit-image's photograph is installed; nothing is imported for it."""
    try:
        return _photograph().exists()
    except CameraError:
        return False


def _photograph() -> Path:
    found = importlib.util.find_spec("skimage")
    if found is None or found.origin is None:
        raise CameraError("the demo camera needs scikit-image, which is not here: pip install scikit-image")
    path = Path(found.origin).parent / "data" / "astronaut.png"
    if not path.exists():
        raise CameraError("this scikit-image came without its photograph: pip install --force-reinstall scikit-image")
    return path
