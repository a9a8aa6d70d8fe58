"""A video file as a camera: it runs by its own clock, round and round."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

from moodbox.errors import CameraError
from moodbox.settings import WatchSettings
from moodbox.watch.picture import Image, Picture, fit

_USUAL_RATE = 25.0  # frames per second, where a file does not say


class Video:
    """Play the video at `path`: frames come when they are due and are skipped when late, or at once when `fast`."""

    def __init__(
        self,
        path: Path,
        settings: WatchSettings,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name = str(path)
        self._path, self._settings, self._clock, self._sleep = path, settings, clock, sleep
        self._capture = open_video(path)
        rate = self._capture.get(cv2.CAP_PROP_FPS)
        self._rate = rate if math.isfinite(rate) and 1 <= rate <= 240 else _USUAL_RATE
        self._started, self._passed = clock(), 0  # frames grabbed since then

    def capture(self, seconds: float) -> Picture:
        """Return the frame that is due now, waiting for it if need be."""
        if self._settings.fast:
            return self._picture(1)
        wait = self._passed / self._rate - (self._clock() - self._started)
        if wait > 0:
            self._sleep(min(wait, seconds))
        late = math.floor((self._clock() - self._started) * self._rate) - self._passed
        if late > self._rate:  # more than a second: it was paused, so go on from here
            self._started, late = self._clock() - self._passed / self._rate, 0
        return self._picture(1 + max(0, late))

    def close(self) -> None:
        """Close the file."""
        self._capture.release()

    def _picture(self, steps: int) -> Picture:
        """Move on by so many frames and return the last of them."""
        for _ in range(steps):
            if not self._capture.grab():
                self._rewind()
            self._passed += 1
        found, image = self._capture.retrieve()
        if not found or image is None:
            raise CameraError(f"the video {self._path} stopped giving frames: choose another file")
        frame: Image = image.astype(np.uint8, copy=False)
        return Picture(fit(frame, self._settings.width, self._settings.height))

    def _rewind(self) -> None:
        """Start again from the first frame; reopening also works for files that cannot be sought."""
        self._capture.release()
        self._capture = open_video(self._path)
        if not self._capture.grab():
            raise CameraError(f"the video {self._path} has no frames: choose another file")


def open_video(path: Path) -> cv2.VideoCapture:
    """Open a video file that must be there. Raises CameraError when it is none."""
    capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
    if not capture.isOpened():
        capture.release()
        raise CameraError(f"{path} is neither a picture nor a video that can be read: choose another file")
    return capture
