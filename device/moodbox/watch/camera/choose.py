"""Choosing and opening the camera that the settings name."""

from __future__ import annotations

import os
from pathlib import Path

from moodbox.errors import CameraError
from moodbox.settings import WatchSettings
from moodbox.watch.camera import names
from moodbox.watch.camera.browser import Browser, Doorstep
from moodbox.watch.camera.demo import Demo, demo_is_there
from moodbox.watch.camera.interface import Camera
from moodbox.watch.camera.photos import SUFFIXES, Photos
from moodbox.watch.camera.picamera import PiCamera, picamera_is_installed
from moodbox.watch.camera.video import Video
from moodbox.watch.camera.webcam import Webcam, webcams

_NAMES = "auto, picamera2, webcam, webcam:1, browser, demo, or the path of a video or of a folder of photos"


def open_camera(name: str, settings: WatchSettings, doorstep: Doorstep) -> Camera:
    """Open the camera called `name`; its own name says which one "auto" became. Raises CameraError."""
    match name.strip():
        case names.AUTO:
            return _first(settings, doorstep)
        case names.PICAMERA:
            return PiCamera(settings)
        case names.BROWSER:
            return Browser(settings, doorstep)
        case names.DEMO:
            return Demo(settings)
        case webcam if webcam == names.WEBCAM or webcam.startswith(f"{names.WEBCAM}:"):
            return Webcam(_number(webcam), settings)
        case path:
            return _file(path, settings)


def _first(settings: WatchSettings, doorstep: Doorstep) -> Camera:
    """Take the best camera that is there. A Pi never falls back to a drawing: it says that its camera is missing."""
    if picamera_is_installed():
        try:
            return PiCamera(settings)
        except CameraError:
            webcam = _first_webcam(settings)
            if webcam is None:
                raise
            return webcam
    return _first_webcam(settings) or (Demo(settings) if demo_is_there() else Browser(settings, doorstep))


def _first_webcam(settings: WatchSettings) -> Camera | None:
    """Return the first webcam that gives a picture; device files without one are common."""
    for number in webcams():
        try:
            webcam = Webcam(number, settings)
        except CameraError:
            continue
        try:
            webcam.capture(settings.capture_seconds)
        except CameraError:
            webcam.close()
            continue
        return webcam
    return None


def _number(name: str) -> int:
    _, _, number = name.partition(":")
    if not number:
        return 0
    if not number.isdecimal() or len(number) > 3:
        raise CameraError(f"{name!r} is no webcam: write webcam:0, webcam:1 and so on")
    return int(number)


def _file(name: str, settings: WatchSettings) -> Camera:
    path = Path(os.path.expanduser(name))  # noqa: PTH111 - Path.expanduser raises for unknown users
    try:
        if (name and path.is_dir()) or (path.is_file() and path.suffix.lower() in SUFFIXES):
            return Photos(path, settings)
        if path.is_file():
            return Video(path, settings)
    except (OSError, ValueError) as error:  # no permission, or a name that no file can have
        raise CameraError(f"the camera {name!r} cannot be read ({error}): choose one of {_NAMES}") from error
    raise CameraError(f"there is no camera and no file called {name!r}: choose one of {_NAMES}")
