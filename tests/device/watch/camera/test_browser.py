from __future__ import annotations

import threading
from dataclasses import replace

import cv2
import numpy as np
import pytest

from moodbox.errors import CameraError
from moodbox.settings import WatchSettings
from moodbox.watch.camera.browser import Browser, Doorstep

SETTINGS = WatchSettings()


def _jpeg(level: int, width: int = 640, height: int = 480) -> bytes:
    return cv2.imencode(".jpg", np.full((height, width, 3), level, np.uint8))[1].tobytes()


def test_newest_frame_is_seen_and_older_ones_are_dropped() -> None:
    doorstep = Doorstep()
    camera = Browser(SETTINGS, doorstep)
    doorstep.put(_jpeg(10))
    doorstep.put(_jpeg(200))
    assert camera.capture(1.0).frame.mean() == pytest.approx(200, abs=2)


def test_frame_that_comes_later_is_waited_for() -> None:
    doorstep = Doorstep()
    camera = Browser(SETTINGS, doorstep)
    later = threading.Timer(0.05, doorstep.put, [_jpeg(90)])
    later.start()
    assert camera.capture(10.0).frame.shape == (480, 640, 3)
    later.join()


def test_no_frame_within_the_deadline_says_what_to_do() -> None:
    with pytest.raises(CameraError, match="let it use its camera"):
        Browser(SETTINGS, Doorstep()).capture(0.01)


def test_same_frame_is_never_seen_twice() -> None:
    doorstep = Doorstep()
    camera = Browser(SETTINGS, doorstep)
    doorstep.put(_jpeg(10))
    camera.capture(1.0)
    with pytest.raises(CameraError):
        camera.capture(0.01)


@pytest.mark.parametrize("cut", [200, 700])
def test_broken_frame_is_an_error_and_the_next_one_is_seen(cut: int) -> None:
    doorstep = Doorstep()
    camera = Browser(SETTINGS, doorstep)
    noise = np.random.default_rng(0).integers(0, 255, (480, 640, 3)).astype(np.uint8)
    doorstep.put(cv2.imencode(".jpg", noise, (cv2.IMWRITE_JPEG_QUALITY, 30))[1].tobytes()[:cut])
    with pytest.raises(CameraError):
        camera.capture(1.0)
    doorstep.put(_jpeg(10))
    assert camera.capture(1.0).frame.shape == (480, 640, 3)


def test_frame_is_fitted_to_the_settings() -> None:
    doorstep = Doorstep()
    doorstep.put(_jpeg(10, 1280, 720))
    assert Browser(replace(SETTINGS, width=320, height=240), doorstep).capture(1.0).frame.shape == (180, 320, 3)


def test_closing_drops_the_frame_nobody_looked_at() -> None:
    doorstep = Doorstep()
    camera = Browser(SETTINGS, doorstep)
    doorstep.put(_jpeg(10))
    camera.close()
    camera.close()
    assert doorstep.take(0) is None
