from __future__ import annotations

import sys

import pytest

from moodbox.errors import CameraError
from moodbox.settings import WatchSettings
from moodbox.watch.camera import webcam as module
from moodbox.watch.camera.interface import CameraStuckError
from moodbox.watch.camera.webcam import Webcam
from tests.fakes.camera_webcam import FakeCapture

SETTINGS = WatchSettings()


def _open(capture: FakeCapture) -> Webcam:
    return Webcam(0, SETTINGS, lambda _number, _settings: capture)


def test_every_picture_is_newer_than_the_one_before() -> None:
    capture = FakeCapture()
    camera = _open(capture)
    numbers = [int(camera.capture(5.0).frame[0, 0, 0]) for _ in range(5)]
    assert numbers == sorted(set(numbers))
    assert camera.name == "webcam:0"
    camera.close()
    camera.close()
    assert capture.released.is_set()


def test_picture_is_fresh_after_a_pause_in_looking() -> None:
    capture = FakeCapture()
    camera = _open(capture)
    camera.capture(5.0)
    before = capture.number
    for _ in range(20):  # meanwhile the thread throws pictures away
        capture.unplugged.wait(0.01)
    assert int(camera.capture(5.0).frame[0, 0, 0]) > before + 5
    camera.close()


def test_grey_picture_becomes_three_channels() -> None:
    camera = _open(FakeCapture(grey=True))
    assert camera.capture(5.0).frame.shape == (480, 640, 3)
    camera.close()


def test_frozen_webcam_is_noticed_in_time_and_seen_again_when_it_thaws() -> None:
    capture = FakeCapture()
    camera = _open(capture)
    camera.capture(5.0)
    capture.thawed.clear()
    assert capture.blocked.wait(10)
    with pytest.raises(CameraError, match="frozen"):
        camera.capture(0.1)
    capture.thawed.set()
    assert camera.capture(5.0).frame.shape == (480, 640, 3)
    camera.close()


def test_unplugged_webcam_is_noticed_at_once() -> None:
    capture = FakeCapture()
    camera = _open(capture)
    camera.capture(5.0)
    capture.unplugged.set()
    assert capture.released.wait(10)
    with pytest.raises(CameraError, match="stopped giving pictures: plug it in"):
        camera.capture(30.0)
    camera.close()


def test_driver_that_does_not_let_go_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CLOSING", 0.05)
    capture = FakeCapture()
    camera = _open(capture)
    camera.capture(5.0)
    capture.thawed.clear()
    assert capture.blocked.wait(10)
    with pytest.raises(CameraStuckError, match="does not let go"):
        camera.close()
    capture.thawed.set()
    camera.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux numbers its webcams by file")
def test_webcam_that_is_not_there_is_said_without_asking_opencv() -> None:
    with pytest.raises(CameraError, match="webcam 97 is not connected"):
        Webcam(97, SETTINGS)
