"""The Raspberry Pi camera through Picamera2 (github.com/raspberrypi/picamera2, its manual's chapters 4 and 6)."""

from __future__ import annotations

import importlib
import importlib.util
import logging
import os
from typing import Any

import cv2
import numpy as np

from moodbox.errors import CameraError
from moodbox.settings import WatchSettings
from moodbox.watch.camera.names import PICAMERA
from moodbox.watch.picture import Image, Picture

_log = logging.getLogger(__name__)

_SEEING_SIDE = 320  # long side of the small stream, which is what the face detector wants
_BUFFERS = 4
# What libcamera may hand out instead of what was asked for, and how OpenCV makes BGR of it. Its names give the bytes
# from the last to the first: "RGB888" is B, G, R in memory, which is what OpenCV calls BGR.
_TO_BGR = {
    "BGR888": cv2.COLOR_RGB2BGR,
    "XRGB8888": cv2.COLOR_BGRA2BGR,
    "XBGR8888": cv2.COLOR_RGBA2BGR,
    "YUV420": cv2.COLOR_YUV2BGR_I420,
    "YVU420": cv2.COLOR_YUV2BGR_YV12,
    "NV12": cv2.COLOR_YUV2BGR_NV12,
    "NV21": cv2.COLOR_YUV2BGR_NV21,
    "YUYV": cv2.COLOR_YUV2BGR_YUYV,
    "UYVY": cv2.COLOR_YUV2BGR_UYVY,
    "MJPEG": cv2.COLOR_RGB2BGR,  # Picamera2 decodes it
}


class PiCamera:
    """Show the full frame, and the small stream that the camera scales for free for finding faces."""

    name = PICAMERA

    def __init__(self, settings: WatchSettings) -> None:
        self._camera = _open()
        try:
            self._start(settings)
        except Exception as error:  # libcamera's errors share no other base
            self.close()
            raise CameraError(f"the Pi camera does not start ({error}): check its ribbon cable and restart") from error

    def capture(self, seconds: float) -> Picture:
        """Return the newest picture. Every wait has its deadline, as a capture without one may wait for ever."""
        try:
            request = self._camera.capture_request(wait=seconds)
        except TimeoutError as error:
            raise CameraError(
                f"the Pi camera is frozen, no picture for {seconds:.0f} s: check its ribbon cable"
            ) from error
        except RuntimeError as error:
            raise CameraError(f"the Pi camera stopped ({error}): check its ribbon cable") from error
        try:
            small = self._image(request, "lores") if self._streams.get("lores") else None
            return Picture(self._image(request, "main"), small)
        finally:
            request.release()

    def close(self) -> None:
        """Stop the camera. This may hang in the driver: then the parent ends the whole process."""
        camera, self._camera = self._camera, None
        if camera is not None:
            camera.close()

    def _start(self, settings: WatchSettings) -> None:
        whole, period = (settings.width, settings.height), round(1e6 / settings.rate)
        scale = min(1.0, _SEEING_SIDE / max(whole))
        seeing = (round(whole[0] * scale / 2) * 2, round(whole[1] * scale / 2) * 2)  # YUV420 needs even sides
        configuration = self._camera.create_video_configuration(
            main={"size": whole, "format": "RGB888"},
            lores={"size": seeing, "format": "YUV420"},
            raw={"size": self._whole_view()},
            controls={"FrameDurationLimits": (period, period)},
            buffer_count=_BUFFERS,
        )
        self._camera.configure(configuration)
        # What was asked for and what comes may differ (USB and virtual cameras): believe what is read back.
        self._streams: dict[str, Any] = self._camera.camera_configuration()
        for name in ("main", "lores"):
            stream = self._streams.get(name)
            if stream and stream["format"] != "RGB888" and stream["format"] not in _TO_BGR:
                raise CameraError(f"its {name} stream has the unknown format {stream['format']}")
        self._camera.start()

    def _whole_view(self) -> tuple[int, int]:
        """Return the sensor's half resolution: the mode nearest to it shows the whole view.

        Left to itself the library takes the mode nearest to the frame, which at 640 x 480 is cropped to the middle 39 %
        of a Camera Module 2's width (github.com/raspberrypi/picamera2/issues/558 and 683).
        """
        width, height = self._camera.sensor_resolution
        return width // 2, height // 2

    def _image(self, request: Any, name: str) -> Image:
        stream = self._streams[name]
        width, height = stream["size"]
        pixels = request.make_array(name)
        code = _TO_BGR.get(stream["format"])
        image = pixels if code is None else cv2.cvtColor(pixels, code)
        # Rows of YUV420 come with their padding (the stride), which is easiest to cut off after conversion.
        return np.ascontiguousarray(image[:height, :width])


def picamera_is_installed() -> bool:
    """Say whether this machine has Picamera2, which means that it is a Raspberry Pi; nothing is imported for it."""
    return importlib.util.find_spec("picamera2") is not None


def _open() -> Any:
    if not picamera_is_installed():
        raise CameraError("Picamera2 is not installed: sudo apt install python3-picamera2, or choose another camera")
    try:
        library = importlib.import_module("picamera2")  # here, as only a Pi has it and it takes seconds
    except (ImportError, OSError) as error:
        raise CameraError(
            f"Picamera2 cannot be loaded ({error}): sudo apt install --reinstall python3-picamera2"
        ) from error
    try:
        if not library.Picamera2.global_camera_info():
            raise CameraError("no camera is connected to this Pi: check the ribbon cable and restart")
        return _construct(library.Picamera2)
    except (RuntimeError, IndexError, OSError) as error:
        raise CameraError(
            f"the Pi camera cannot be opened ({_root(error)}): end other programs that use it, "
            "or check its ribbon cable and restart"
        ) from error


def _construct(kind: Any) -> Any:
    """Open the camera; what a failed constructor leaves open is closed, as a box may try again for days."""
    camera = kind.__new__(kind)
    try:
        camera.__init__()
    except Exception:
        if getattr(camera, "is_open", False):
            camera.camera.release()
        if hasattr(camera, "notifymeread"):
            camera.notifymeread.close()
            os.close(camera.notifyme_w)
        raise
    return camera


def _root(error: BaseException) -> BaseException:
    """Return the first cause: the library's last word is only that its constructor did not complete."""
    while error.__cause__ is not None:
        error = error.__cause__
    return error
