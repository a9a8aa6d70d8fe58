"""The Haar cascade of OpenCV: the detector of last resort, slower and blinder than YuNet but always there."""

from __future__ import annotations

from pathlib import Path

import cv2

from moodbox.errors import ModelError
from moodbox.events import Face, Rect
from moodbox.watch.picture import Image

_CASCADE = "haarcascade_frontalface_default.xml"
_LONG_SIDE = 320
_STEP, _NEIGHBOURS, _SMALLEST = 1.1, 5, 30  # OpenCV's own start values; 1.3 misses a third more faces


class Haar:
    """Detect frontal faces by Viola and Jones (2001); gives boxes without landmarks and with a score of 1."""

    name = "haar"

    def __init__(self) -> None:
        path = Path(cv2.__file__).parent / "data" / _CASCADE  # cv2.data.haarcascades, which has no types
        if not path.exists():  # OpenCV 5 ships no cascades
            raise ModelError(f"OpenCV came without {_CASCADE}: install opencv-python-headless below version 5")
        self._cascade = cv2.CascadeClassifier(str(path))

    def faces(self, image: Image, long_side: int = _LONG_SIDE) -> tuple[Face, ...]:
        """Return the faces of a BGR picture, in its own pixels."""
        height, width = image.shape[:2]
        scale = min(1.0, long_side / max(height, width))
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        grey = cv2.resize(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), size, interpolation=cv2.INTER_AREA)
        found = self._cascade.detectMultiScale(grey, _STEP, _NEIGHBOURS, minSize=(_SMALLEST, _SMALLEST))
        return tuple(Face(Rect(*(float(side) / scale for side in box)), 1.0) for box in found)
