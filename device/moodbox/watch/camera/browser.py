"""The visitor's own webcam: frames come from the page, through the parent, as JPEGs."""

from __future__ import annotations

import threading

from moodbox.errors import CameraError
from moodbox.settings import WatchSettings
from moodbox.watch.camera.names import BROWSER
from moodbox.watch.jpeg import check_jpeg
from moodbox.watch.picture import Picture, decode, fit


class Doorstep:
    """Where frames from outside are put down; only the newest lies there."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._jpeg: bytes | None = None

    def put(self, jpeg: bytes) -> None:
        """Put a frame down and wake who waits for it."""
        with self._changed:
            self._jpeg = jpeg
            self._changed.notify_all()

    def take(self, seconds: float) -> bytes | None:
        """Take the frame, waiting up to `seconds` for one."""
        with self._changed:
            self._changed.wait_for(lambda: self._jpeg is not None, timeout=seconds)
            jpeg, self._jpeg = self._jpeg, None
            return jpeg


class Browser:
    """See what the page sends."""

    name = BROWSER

    def __init__(self, settings: WatchSettings, doorstep: Doorstep) -> None:
        self._settings, self._doorstep = settings, doorstep

    def capture(self, seconds: float) -> Picture:
        """Return the next frame from the page."""
        jpeg = self._doorstep.take(seconds)
        if jpeg is None:
            raise CameraError("no picture comes from the browser: open the page there and let it use its camera")
        check_jpeg(jpeg)
        image = decode(jpeg)
        if image is None:
            raise CameraError("the browser's picture cannot be decoded: reload the page")
        return Picture(fit(image, self._settings.width, self._settings.height))

    def close(self) -> None:
        """Drop a frame that nobody looked at."""
        self._doorstep.take(0)
