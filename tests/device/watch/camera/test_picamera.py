"""The Pi camera, with the library's behaviour in tests/fakes/picamera2.py."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from moodbox.errors import CameraError
from moodbox.settings import WatchSettings
from moodbox.watch.camera.picamera import PiCamera, picamera_is_installed

FAKES = Path(__file__).resolve().parents[3] / "fakes"
SETTINGS = WatchSettings(rate=20.0)


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    monkeypatch.syspath_prepend(str(FAKES))
    monkeypatch.delenv("PICAMERA_FAKE", raising=False)
    import picamera2

    yield picamera2
    sys.modules.pop("picamera2")


def _check(image: np.ndarray, library: ModuleType, size: tuple[int, int]) -> None:
    """Left half in the fake's colour, right half black, in BGR."""
    width, height = size
    assert image.shape == (height, width, 3)
    assert np.abs(image[height // 2, width // 4].astype(int) - library.MAIN_BGR).max() <= 3
    assert image[height // 2, 3 * width // 4].max() <= 3


@pytest.mark.parametrize("wish", ["", "nv12", "xbgr"])
def test_frame_and_small_view_come_in_bgr_whatever_format_is_handed_out(
    library: ModuleType, monkeypatch: pytest.MonkeyPatch, wish: str
) -> None:
    monkeypatch.setenv("PICAMERA_FAKE", wish)
    camera = PiCamera(SETTINGS)
    picture = camera.capture(2.0)
    _check(picture.frame, library, (640, 480))
    assert picture.small is not None
    _check(picture.small, library, (320, 240))
    camera.close()


def test_padding_of_the_small_view_is_cut_off(library: ModuleType) -> None:
    camera = PiCamera(WatchSettings(width=600, height=450))
    assert library.Picamera2.opened[-1].streams["lores"]["stride"] == 320
    small = camera.capture(2.0).small
    assert small is not None
    _check(small, library, (320, 240))
    camera.close()
    camera = PiCamera(WatchSettings(width=300, height=200))
    assert library.Picamera2.opened[-1].streams["lores"]["stride"] == 320  # of 300 pixels
    small = camera.capture(2.0).small
    assert small is not None
    _check(small, library, (300, 200))
    camera.close()


def test_camera_is_asked_for_two_streams_at_the_rate_of_the_settings(library: ModuleType) -> None:
    camera = PiCamera(SETTINGS)
    asked = library.Picamera2.opened[-1].asked
    assert asked["main"] == {"size": (640, 480), "format": "RGB888"}
    assert asked["lores"] == {"size": (320, 240), "format": "YUV420"}
    assert asked["controls"] == {"FrameDurationLimits": (50_000, 50_000)}
    camera.close()


@pytest.mark.parametrize("size", [(640, 480), (320, 240), (1280, 720)])
def test_whole_view_of_the_sensor_is_read_out_whatever_the_size_of_the_frame(
    library: ModuleType, size: tuple[int, int]
) -> None:
    camera = PiCamera(WatchSettings(width=size[0], height=size[1]))
    assert library.SENSOR_MODES[library.Picamera2.opened[-1].sensor_mode] == 1.0
    camera.close()


def test_camera_in_use_elsewhere_is_said_so_and_leaves_nothing_open(
    library: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PICAMERA_FAKE", "busy")
    gc.collect()
    before = set(os.listdir("/proc/self/fd"))
    for _ in range(10):
        with pytest.raises(CameraError, match=r"resource busy.*other programs"):
            PiCamera(SETTINGS)
    assert set(os.listdir("/proc/self/fd")) == before
    monkeypatch.delenv("PICAMERA_FAKE")
    camera = PiCamera(SETTINGS)
    assert camera.capture(2.0).small is not None
    camera.close()


def test_every_request_is_given_back(library: ModuleType) -> None:
    camera = PiCamera(SETTINGS)
    for _ in range(10):
        camera.capture(2.0)
    assert library.Picamera2.opened[-1].released == 10
    camera.close()
    camera.close()
    assert library.Picamera2.opened[-1].closed


def test_missing_small_stream_leaves_the_frame(library: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PICAMERA_FAKE", "nolores")
    camera = PiCamera(SETTINGS)
    assert camera.capture(2.0).small is None
    camera.close()


def test_frozen_camera_is_noticed_by_the_deadline(library: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PICAMERA_FAKE", "freeze=2")
    camera = PiCamera(SETTINGS)
    camera.capture(2.0)
    camera.capture(2.0)
    with pytest.raises(CameraError, match="frozen"):
        camera.capture(0.05)
    camera.close()


def test_no_camera_on_the_ribbon_is_said_so(library: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PICAMERA_FAKE", "none")
    with pytest.raises(CameraError, match="ribbon cable"):
        PiCamera(SETTINGS)


def test_machine_without_picamera2_says_what_to_install() -> None:
    if picamera_is_installed():
        pytest.skip("this machine has the real Picamera2")
    with pytest.raises(CameraError, match="apt install python3-picamera2"):
        PiCamera(SETTINGS)


def test_library_that_cannot_be_loaded_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "picamera2.py").write_text("import libcamera_that_is_missing")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(CameraError, match="cannot be loaded"):
        PiCamera(SETTINGS)
