"""The child process: opens the camera, reads every frame and tells its parent. No frame is ever written down."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import cv2

from moodbox.errors import CameraError
from moodbox.events import CameraState, Problem, Reading, WatchState
from moodbox.settings import WatchSettings
from moodbox.watch.camera.browser import Doorstep
from moodbox.watch.camera.choose import open_camera
from moodbox.watch.camera.interface import Camera, CameraStuckError
from moodbox.watch.camera.names import BROWSER, STAND_INS
from moodbox.watch.message import reading_values, state_values
from moodbox.watch.pace import Pace
from moodbox.watch.picture import Image, Picture, fit
from moodbox.watch.problem import problem_of
from moodbox.watch.sight import Sight
from moodbox.watch.wire import Wire
from moodbox.watch.wishes import Wish, Wishes

_FIRST_RETRY, _LAST_RETRY = 0.5, 5.0  # seconds between tries to open a camera
_TELL_RATE = 1.0  # seconds between two words about the frame rate
_PREVIEW_PERIOD, _PREVIEW_SIDE, _PREVIEW_QUALITY = 0.095, 640, 75


class Child:
    """Look while awake, wait while asleep, and say how it is."""

    def __init__(self, wire: Wire, wishes: Wishes, doorstep: Doorstep, settings: WatchSettings, state: Path) -> None:
        self._wire, self._wishes, self._doorstep, self._settings = wire, wishes, doorstep, settings
        self._sight = Sight(settings, state)
        self._camera: Camera | None = None
        self._wished = self._settled = ""
        self._pace = Pace(settings, time.monotonic())
        self._number = 0
        self._retry = _FIRST_RETRY
        self._previewed = self._told = 0.0
        self._state = WatchState(
            detector=self._sight.detector, model=self._sight.model, ready=True, problems=self._sight.problems
        )

    def run(self) -> None:
        """Do as the parent wishes until it is gone. Raises CameraStuckError when only our end frees the camera."""
        self._wire.send("ready", {"labels": self._sight.labels})
        self._tell(CameraState.ASLEEP, "")
        while not (wish := self._wishes.latest()).ended:
            if not wish.awake:
                self._fall_asleep()
            elif self._is_open(wish):
                self._look(wish)
        self._close()

    def _fall_asleep(self) -> None:
        self._close()
        self._tell(CameraState.ASLEEP, "")
        self._retry = _FIRST_RETRY
        self._wishes.wait(lambda wish: wish.awake or wish.ended, None)

    def _is_open(self, wish: Wish) -> bool:
        """Make sure that the camera of the wish is open; else say why not and wait a little."""
        if wish.camera != self._wished:
            self._close()
            self._wished, self._settled, self._retry = wish.camera, wish.settled, _FIRST_RETRY
        if self._camera is not None:
            return True
        name = self._settled or wish.camera
        if self._state.camera is not CameraState.TROUBLE:  # a retry is no news
            self._tell(CameraState.OPENING, name)
        try:
            self._camera = open_camera(name, self._settings, self._doorstep)
        except CameraStuckError:
            raise
        except CameraError as error:
            self._have_trouble(error, name, wish)
            return False
        if self._camera.name not in STAND_INS:
            self._settled = self._camera.name
        self._pace = Pace(self._settings, time.monotonic())
        return True

    def _look(self, wish: Wish) -> None:
        """Take one frame, read it, tell the parent, and wait until the next one is due."""
        camera = self._camera
        assert camera is not None  # noqa: S101 - _is_open said so
        started = time.monotonic()
        try:
            picture = camera.capture(self._settings.capture_seconds)
        except CameraError as error:
            if camera.name != BROWSER:  # that one is only waiting, and the next frame must find it so
                self._close()
            self._have_trouble(error, camera.name, wish)
            return
        now = time.monotonic()
        self._retry = _FIRST_RETRY
        self._number += 1
        reading = self._sight.read(picture.frame, self._number, now, small=picture.small)
        self._pace.seen(now, faces=bool(reading.faces))
        self._send(reading, picture, camera=now - started)
        if self._state.camera is not CameraState.SEEING or now - self._told >= _TELL_RATE:
            self._tell(CameraState.SEEING, camera.name)
        self._wait(self._pace.due() - time.monotonic(), wish)

    def _send(self, reading: Reading, picture: Picture, camera: float) -> None:
        jpeg = b""
        wanted = self._wishes.latest().preview_until
        if reading.time < wanted and reading.time - self._previewed >= _PREVIEW_PERIOD:
            self._previewed = reading.time
            jpeg = _jpeg(picture.frame)
        reading = replace(reading, seconds={"camera": camera, **reading.seconds})
        self._wire.send("reading", reading_values(reading), jpeg)

    def _have_trouble(self, error: CameraError, name: str, wish: Wish) -> None:
        """Say what is wrong with the camera, and wait before the next try, longer every time."""
        self._tell(CameraState.TROUBLE, name, problem_of("camera", error))
        if self._camera is None:
            self._wait(self._retry, wish)
            self._retry = min(2 * self._retry, _LAST_RETRY)

    def _wait(self, seconds: float, wish: Wish) -> None:
        """Wait, but no longer than until the parent wants something else."""
        if seconds > 0:
            self._wishes.wait(lambda new: new.ended or not new.awake or new.camera != wish.camera, seconds)

    def _tell(self, camera: CameraState, name: str, *problems: Problem) -> None:
        rate = self._pace.rate() if camera is CameraState.SEEING else 0.0
        self._told = time.monotonic()
        self._state = replace(
            self._state,
            camera=camera,
            camera_name=name,
            rate=round(rate, 1),
            problems=(*self._sight.problems, *problems),
        )
        self._wire.send("state", state_values(self._state))

    def _close(self) -> None:
        camera, self._camera = self._camera, None
        if camera is not None:
            camera.close()


def _jpeg(frame: Image) -> bytes:
    small = fit(frame, _PREVIEW_SIDE, _PREVIEW_SIDE)
    made, jpeg = cv2.imencode(".jpg", small, (cv2.IMWRITE_JPEG_QUALITY, _PREVIEW_QUALITY))
    return jpeg.tobytes() if made else b""
