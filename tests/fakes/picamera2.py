"""A Picamera2 without a Pi: put this folder on the path and `import picamera2` finds it.

It behaves like the library where the box could go wrong: it hands out other formats than were asked for, pads the rows
of YUV420, blocks in a capture without `wait`, raises TimeoutError with it, and can hang in close. It picks the sensor
mode as the library does, and a constructor that fails leaves its pipe open. What it does is set by PICAMERA_FAKE, a
comma-separated list of: none (no camera), busy (another program has it), nv12, xbgr, nolores, freeze=N (after N
frames), stuck.
"""

from __future__ import annotations

import os
import threading

import cv2
import numpy as np

MAIN_BGR = (200, 120, 40)  # left half; the right half is black, so that mirroring would show
# Modes of the Camera Module 2: size, and the part of the sensor's width that it shows.
SENSOR_MODES = {(640, 480): 0.39, (1640, 1232): 1.0, (1920, 1080): 0.585, (3280, 2464): 1.0}
_STREAM_KEYS = {"format", "size", "stride", "preserve_ar"}
_STRIDE = 64  # libcamera aligns rows to this


class Picamera2:
    opened: list[Picamera2] = []  # noqa: RUF012 - tests look at what was asked of the last camera

    def __init__(self) -> None:
        reader, self.notifyme_w = os.pipe2(os.O_NONBLOCK)
        self.notifymeread = os.fdopen(reader, "rb")
        self.is_open = False
        try:
            _acquire()
        except RuntimeError as error:
            raise RuntimeError("Camera __init__ sequence did not complete.") from error
        self.is_open = True
        self.sensor_resolution = max(SENSOR_MODES)
        self.frames = 0
        self.released = 0
        self.started = self.closed = False
        Picamera2.opened.append(self)

    @staticmethod
    def global_camera_info() -> list[dict[str, object]]:
        return [] if "none" in _wishes() else [{"Model": "imx708", "Num": 0, "Id": "/base/i2c/imx708"}]

    def create_video_configuration(self, main, lores=None, raw=None, controls=None, buffer_count=6):
        for asked in (main, lores, raw):
            if bad := set(asked or {}) - _STREAM_KEYS:
                raise ValueError(f"Bad key {bad}: valid stream configuration keys are {_STREAM_KEYS}")
        raw = {"size": main["size"]} | (raw or {})
        return {"main": main, "lores": lores, "raw": raw, "controls": controls, "buffer_count": buffer_count}

    def configure(self, configuration) -> None:
        wishes = _wishes()
        (width, height), (small_width, small_height) = (configuration[name]["size"] for name in ("main", "lores"))
        if small_width > width or small_height > height:
            raise RuntimeError("lores stream dimensions may not exceed main stream")
        self.sensor_mode = min(SENSOR_MODES, key=lambda mode: _distance(configuration["raw"]["size"], mode))
        self.asked = configuration
        self.streams = {
            "main": _stream(
                configuration["main"], "NV12" if "nv12" in wishes else "XBGR8888" if "xbgr" in wishes else None
            ),
            "lores": None if "nolores" in wishes else _stream(configuration["lores"], None),
        }

    def camera_configuration(self):
        return self.streams

    def start(self) -> None:
        self.started = True

    def capture_request(self, wait=None) -> Request:
        assert self.started
        frozen = _wishes().get("freeze")
        if frozen is not None and self.frames >= int(frozen):
            if threading.Event().wait(wait):  # for ever without a deadline, as the real one
                raise AssertionError
            raise TimeoutError
        self.frames += 1
        return Request(self)

    def close(self) -> None:
        if "stuck" in _wishes():
            threading.Event().wait()
        if not self.closed:
            self.notifymeread.close()
            os.close(self.notifyme_w)
        self.closed = True


class Request:
    def __init__(self, camera: Picamera2) -> None:
        self._camera = camera

    def make_array(self, name: str) -> np.ndarray:
        stream = self._camera.streams[name]
        width, height = stream["size"]
        image = np.zeros((height, width, 3), np.uint8)
        image[:, : width // 2] = MAIN_BGR
        return _encode(image, stream["format"], stream["stride"])

    def release(self) -> None:
        self._camera.released += 1


def _acquire() -> None:
    if "busy" in _wishes():
        raise RuntimeError("Failed to acquire camera: Device or resource busy")


def _distance(wanted, mode) -> float:
    """Score a sensor mode as libcamera does: too small is worse than too large, another shape is bad."""
    pairs = [(wanted[0], mode[0], 1), (wanted[1], mode[1], 1), (wanted[0] / wanted[1], mode[0] / mode[1], 1500)]
    return sum(weight * ((have - want) / 4 if have > want else 2 * (want - have)) for want, have, weight in pairs)


def _stream(asked, other_format):
    width, height = asked["size"]
    form = other_format or asked["format"]
    bytes_a_pixel = {"RGB888": 3, "XBGR8888": 4}.get(form, 1)
    stride = -(-width * bytes_a_pixel // _STRIDE) * _STRIDE
    return {"format": form, "size": (width, height), "stride": stride}


def _encode(image: np.ndarray, form: str, stride: int) -> np.ndarray:
    if form == "RGB888":
        return image
    if form == "XBGR8888":
        return cv2.cvtColor(image, cv2.COLOR_BGR2RGBA)
    height, width = image.shape[:2]
    padded = cv2.copyMakeBorder(image, 0, 0, 0, stride - width, cv2.BORDER_CONSTANT)
    yuv = cv2.cvtColor(padded, cv2.COLOR_BGR2YUV_I420)
    if form == "YUV420":
        return yuv
    chroma = yuv[height:].reshape(2, -1)
    interleaved = np.stack([chroma[0], chroma[1]], axis=1).reshape(height // 2, stride)
    return np.vstack([yuv[:height], interleaved])[:, :width]  # NV12, whose padding Picamera2 cuts off itself


def _wishes() -> dict[str, str]:
    pairs = (wish.partition("=") for wish in os.environ.get("PICAMERA_FAKE", "").split(",") if wish)
    return {name: value for name, _, value in pairs}
