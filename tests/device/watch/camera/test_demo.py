from __future__ import annotations

import importlib.util
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from moodbox.errors import CameraError
from moodbox.settings import WatchSettings
from moodbox.watch.camera.demo import Demo, demo_is_there
from moodbox.watch.haar import Haar
from tests.fakes.camera_clock import FakeClock

SETTINGS = WatchSettings()
needs_photograph = pytest.mark.skipif(not demo_is_there(), reason="scikit-image is not installed")


@needs_photograph
def test_picture_moves_smoothly_and_never_stands_still() -> None:
    clock = FakeClock()
    demo = Demo(SETTINGS, clock)
    frames = []
    for _ in range(20):
        frames.append(demo.capture(1.0).frame.astype(int))
        clock.advance(1 / 15)
    changes = [np.abs(after - before).mean() for before, after in pairwise(frames)]
    assert min(changes) > 0
    assert max(changes) < 12
    assert frames[0].shape == (480, 640, 3)


@needs_photograph
def test_face_is_large_and_inside_whenever_one_looks() -> None:
    clock = FakeClock()
    demo, haar = Demo(SETTINGS, clock), Haar()
    found = 0
    for _ in range(30):
        faces = haar.faces(demo.capture(1.0).frame)
        found += any(60 < face.rect.w < 320 for face in faces)
        clock.advance(7.7)
    assert found >= 27


@needs_photograph
def test_fast_reading_moves_without_a_clock() -> None:
    demo = Demo(replace(SETTINGS, fast=True), FakeClock())
    assert not np.array_equal(demo.capture(1.0).frame, demo.capture(1.0).frame)
    demo.close()
    demo.close()


def test_without_scikit_image_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert not demo_is_there()
    with pytest.raises(CameraError, match="pip install scikit-image"):
        Demo(SETTINGS)
