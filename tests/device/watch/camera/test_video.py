from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from moodbox.errors import CameraError
from moodbox.settings import WatchSettings
from moodbox.watch.camera.video import Video
from tests.fakes.camera_clock import FakeClock

SETTINGS = WatchSettings()
FAST = replace(SETTINGS, fast=True)
FRAMES, RATE = 12, 10


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Return a video of twelve grey frames, each 20 levels brighter than the one before, ten a second."""
    path = tmp_path / "clip.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), RATE, (64, 48))
    assert writer.isOpened()
    for number in range(FRAMES):
        writer.write(np.full((48, 64, 3), 20 * number, np.uint8))
    writer.release()
    return path


def _number(camera: Video) -> int:
    return round(camera.capture(1.0).frame.mean() / 20)


def test_fast_reading_gives_every_frame_once_and_loops(clip: Path) -> None:
    camera = Video(clip, FAST)
    assert [_number(camera) for _ in range(2 * FRAMES)] == 2 * list(range(FRAMES))
    camera.close()
    camera.close()


def test_frames_wait_until_they_are_due(clip: Path) -> None:
    clock = FakeClock()
    camera = Video(clip, SETTINGS, clock, clock.sleep)
    assert [_number(camera) for _ in range(4)] == [0, 1, 2, 3]
    assert sum(clock.slept) == pytest.approx(3 / RATE)
    camera.close()


def test_slow_reader_skips_frames_instead_of_falling_behind(clip: Path) -> None:
    clock = FakeClock()
    camera = Video(clip, SETTINGS, clock, clock.sleep)
    seen = []
    for _ in range(4):
        seen.append(_number(camera))
        clock.advance(0.35)
    assert seen == [0, 3, 7, 10]
    camera.close()


def test_long_pause_goes_on_where_it_stopped(clip: Path) -> None:
    clock = FakeClock()
    camera = Video(clip, SETTINGS, clock, clock.sleep)
    assert _number(camera) == 0
    clock.advance(3600)
    assert _number(camera) == 1
    camera.close()


def test_wait_for_a_frame_keeps_its_deadline(clip: Path) -> None:
    clock = FakeClock()
    camera = Video(clip, SETTINGS, clock, clock.sleep)
    camera.capture(1.0)
    camera.capture(0.03)
    assert max(clock.slept) <= 0.03
    camera.close()


@pytest.mark.parametrize("content", [b"", b"not a video", b"RIFF\x00\x00\x00\x00AVI "])
def test_file_that_is_no_video_is_said_so(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.avi"
    path.write_bytes(content)
    with pytest.raises(CameraError, match=r"broken\.avi"):
        Video(path, FAST).capture(1.0)


def test_file_deleted_while_it_plays_is_said_so(clip: Path) -> None:
    camera = Video(clip, FAST)
    clip.unlink()
    for _ in range(FRAMES):
        camera.capture(1.0)
    with pytest.raises(CameraError, match=r"clip\.avi"):
        camera.capture(1.0)
    camera.close()


def test_real_clip_gives_its_faces_frame_by_frame(shared_path: Callable[..., Path]) -> None:
    camera = Video(shared_path("data", "video", "head-pose-male.mp4"), FAST)
    first = camera.capture(1.0).frame
    assert first.shape == (270, 480, 3)
    for _ in range(61):
        last = camera.capture(1.0).frame
    assert not np.array_equal(first, last)
    assert np.array_equal(camera.capture(1.0).frame, first)
    camera.close()
