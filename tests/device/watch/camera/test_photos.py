from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from moodbox.errors import CameraError
from moodbox.settings import WatchSettings
from moodbox.watch.camera.photos import Photos
from tests.fakes.camera_clock import FakeClock

SETTINGS = WatchSettings()
FAST = replace(SETTINGS, fast=True)


def _photo(path: Path, level: int, size: tuple[int, int] = (40, 30)) -> Path:
    cv2.imwrite(str(path), np.full((size[1], size[0], 3), level, np.uint8))
    return path


def _level(camera: Photos) -> int:
    return int(camera.capture(1.0).frame[0, 0, 0])


def test_folder_is_shown_in_order_of_name_round_and_round(tmp_path: Path) -> None:
    for name, level in (("b.png", 20), ("a.png", 10), ("c.png", 30)):
        _photo(tmp_path / name, level)
    camera = Photos(tmp_path, FAST)
    assert [_level(camera) for _ in range(7)] == [10, 20, 30, 10, 20, 30, 10]
    camera.close()
    camera.close()


def test_photo_stays_for_three_seconds_of_its_own_clock(tmp_path: Path) -> None:
    clock = FakeClock()
    _photo(tmp_path / "a.png", 10)
    _photo(tmp_path / "b.png", 20)
    camera = Photos(tmp_path, SETTINGS, clock)
    seen = []
    for _ in range(10):
        seen.append(_level(camera))
        clock.advance(1.0)
    assert seen == [10, 10, 10, 10, 20, 20, 20, 10, 10, 10]


def test_unreadable_photos_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"")
    (tmp_path / "b.jpg").write_bytes(b"not a picture")
    _photo(tmp_path / "c.png", 77)
    camera = Photos(tmp_path, FAST)
    assert [_level(camera), _level(camera)] == [77, 77]


@pytest.mark.parametrize("content", [None, b"", b"rubbish"])
def test_folder_without_any_readable_photo_says_so(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "a.jpg").write_bytes(content)
    with pytest.raises(CameraError, match="no readable photograph"):
        Photos(tmp_path, FAST)


def test_folder_emptied_while_it_is_shown_says_so_and_a_new_photo_is_found(tmp_path: Path) -> None:
    path = _photo(tmp_path / "a.png", 10)
    camera = Photos(tmp_path, FAST)
    path.unlink()
    with pytest.raises(CameraError, match="no readable photograph"):
        camera.capture(1.0)
    _photo(tmp_path / "b.png", 50)
    assert 50 in {_level(camera), _level(camera)}


def test_large_photo_is_shrunk_into_the_frame_with_its_aspect(tmp_path: Path) -> None:
    camera = Photos(_photo(tmp_path / "large.png", 10, (2000, 3000)), SETTINGS)
    assert camera.capture(1.0).frame.shape == (480, 320, 3)


def test_sideways_phone_photo_is_turned_upright_by_its_exif(tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    picture = image.new("RGB", (40, 20), (0, 0, 0))
    exif = picture.getexif()
    exif[274] = 6  # orientation: turn 90 degrees clockwise
    picture.save(tmp_path / "phone.jpg", exif=exif)
    assert Photos(tmp_path, FAST).capture(1.0).frame.shape == (40, 20, 3)
