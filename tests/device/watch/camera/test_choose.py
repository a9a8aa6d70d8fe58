from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from moodbox.errors import CameraError
from moodbox.settings import WatchSettings
from moodbox.watch.camera.browser import Doorstep
from moodbox.watch.camera.choose import open_camera
from moodbox.watch.camera.demo import demo_is_there
from moodbox.watch.camera.picamera import picamera_is_installed
from moodbox.watch.camera.webcam import webcams

SETTINGS = WatchSettings(capture_seconds=0.2)
FAKES = Path(__file__).resolve().parents[3] / "fakes"


def _name(camera: str) -> str:
    opened = open_camera(camera, SETTINGS, Doorstep())
    opened.close()
    return opened.name


def test_cameras_are_found_by_name(tmp_path: Path) -> None:
    photo = tmp_path / "a.png"
    cv2.imwrite(str(photo), np.zeros((20, 20, 3), np.uint8))
    assert _name("browser") == "browser"
    assert _name(str(tmp_path)) == str(tmp_path)
    assert _name(str(photo)) == str(photo)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("webcm", "called 'webcm': choose one of auto, picamera2"),
        ("", "called ''"),
        ("/no/such/clip.mp4", "called '/no/such/clip.mp4'"),
        ("webcam:x", "write webcam:0"),
        ("webcam:-1", "write webcam:0"),
        ("webcam:99999999", "write webcam:0"),
        ("a\0b", "choose one of"),
        ("x" * 5000, "choose one of"),
        ("~nobody-of-this-name/x", "choose one of"),
        ("/dev/null", "choose one of"),
    ],
)
def test_wrong_name_is_one_sentence_with_the_right_ones(name: str, words: str) -> None:
    with pytest.raises(CameraError, match=words):
        open_camera(name, SETTINGS, Doorstep())


def test_file_that_is_no_picture_is_said_so(tmp_path: Path) -> None:
    text = tmp_path / "notes.txt"
    text.write_text("hello")
    with pytest.raises(CameraError, match="neither a picture nor a video"):
        open_camera(str(text), SETTINGS, Doorstep())


@pytest.mark.skipif(bool(webcams()) or picamera_is_installed(), reason="this machine has a camera of its own")
class TestAutoWithoutAnyCamera:
    @pytest.mark.skipif(not demo_is_there(), reason="scikit-image is not installed")
    def test_demo_stands_in(self) -> None:
        assert _name("auto") == "demo"

    def test_browser_stands_in_without_scikit_image(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
        assert _name("auto") == "browser"

    def test_pi_uses_its_own_camera(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.syspath_prepend(str(FAKES))
        assert _name("auto") == "picamera2"
        sys.modules.pop("picamera2")

    def test_pi_without_its_camera_says_so_and_shows_no_drawing(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.syspath_prepend(str(FAKES))
        monkeypatch.setenv("PICAMERA_FAKE", "none")
        with pytest.raises(CameraError, match="no camera is connected"):
            open_camera("auto", SETTINGS, Doorstep())
        sys.modules.pop("picamera2")
