"""A USB or built-in webcam through OpenCV."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import cv2
import numpy as np

from moodbox.errors import CameraError
from moodbox.settings import WatchSettings
from moodbox.watch.camera.interface import CameraStuckError
from moodbox.watch.picture import Image, Picture, fit

_LINUX: bool = sys.platform.startswith("linux")
_CLOSING = 5.0  # seconds that a driver may take to let go
_NUMBERS = range(10)  # Raspberry Pi's codecs sit at /dev/video10 and above


class Capture(Protocol):
    """The part of `cv2.VideoCapture` that is used."""

    def isOpened(self) -> bool:  # noqa: N802 - OpenCV's name
        """Say whether the device is open."""

    def grab(self) -> bool:
        """Wait for the next frame."""

    def retrieve(self) -> tuple[bool, Any]:
        """Decode the frame that was grabbed."""

    def release(self) -> None:
        """Close the device."""


class Webcam:
    """Read a webcam in a thread of its own, because a frozen one blocks for ever in the driver.

    The thread takes every frame, so that none is stale, but decodes only those that are asked for.
    """

    def __init__(
        self, number: int, settings: WatchSettings, opener: Callable[[int, WatchSettings], Capture] | None = None
    ) -> None:
        self.name = f"webcam:{number}"
        self._number, self._settings = number, settings
        self._capture = (opener or _open)(number, settings)
        self._changed = threading.Condition()
        self._wanted = self._ended = self._closing = False
        self._image: Image | None = None
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)
        self._thread.start()

    def capture(self, seconds: float) -> Picture:
        """Return a frame taken after this call."""
        with self._changed:
            self._wanted = True
            self._changed.wait_for(lambda: self._image is not None or self._ended, timeout=seconds)
            image, self._image, self._wanted = self._image, None, False
        if image is not None:
            return Picture(fit(image, self._settings.width, self._settings.height))
        if self._ended:
            raise CameraError(f"webcam {self._number} stopped giving pictures: plug it in again")
        raise CameraError(
            f"webcam {self._number} is frozen, no picture for {seconds:.0f} s: unplug it and plug it in again"
        )

    def close(self) -> None:
        """Stop the thread and close the device."""
        with self._changed:
            self._closing = True
        self._thread.join(_CLOSING)
        if self._thread.is_alive():
            raise CameraStuckError(f"webcam {self._number} does not let go: unplug it and plug it in again")

    def _run(self) -> None:
        try:
            while not self._closing and self._capture.grab():
                if self._wanted:
                    found, image = self._capture.retrieve()
                    self._hand_over(image if found else None)
        finally:
            self._capture.release()
            with self._changed:
                self._ended = True
                self._changed.notify_all()

    def _hand_over(self, image: Any) -> None:
        with self._changed:
            if self._wanted and image is not None:  # else it would lie here and be old when somebody asks again
                self._image = _color(image)
                self._changed.notify_all()


def webcams() -> list[int]:
    """Number the webcams that may be there, without opening or waking any."""
    if not _LINUX:
        return [0]
    return [number for number in _NUMBERS if Path(f"/dev/video{number}").exists()]


def _color(image: Any) -> Image:
    frame: Image = np.asarray(image, np.uint8)
    return frame if frame.ndim == 3 else cv2.cvtColor(frame, cv2.COLOR_GRAY2BGR).astype(np.uint8, copy=False)


def _open(number: int, settings: WatchSettings) -> Capture:
    if _LINUX and not Path(f"/dev/video{number}").exists():
        raise CameraError(f"webcam {number} is not connected: plug it in or choose another camera")
    capture = cv2.VideoCapture(number, cv2.CAP_V4L2 if _LINUX else cv2.CAP_ANY)
    if not capture.isOpened():
        raise CameraError(f"webcam {number} cannot be opened: close other programs that use it, or plug it in again")
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, settings.width)
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, settings.height)
    capture.set(cv2.CAP_PROP_FPS, settings.rate)
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
    return capture
