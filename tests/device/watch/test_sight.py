"""Sight: what cannot be loaded is said, and the rest still works."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from moodbox.settings import WatchSettings
from moodbox.watch.sight import Sight

SETTINGS = WatchSettings(threads=1)


@pytest.fixture
def sight(yunet_file: Path, tmp_path: Path) -> Sight:
    return Sight(replace(SETTINGS, detector=str(yunet_file)), tmp_path)


def _label(sight: Sight, probabilities: tuple[float, ...]) -> str:
    return sight.labels[int(np.argmax(probabilities))]


def test_frame_becomes_a_reading(sight: Sight, portrait: np.ndarray) -> None:
    reading = sight.read(portrait, 7, 12.5)
    assert (reading.number, reading.time, reading.width, reading.height) == (7, 12.5, 512, 512)
    assert reading.labels == sight.labels
    assert _label(sight, reading.faces[0].probabilities) == "happy"
    assert set(reading.seconds) == {"detect", "express"}
    assert (sight.detector, sight.problems) == ("yunet", ())
    assert sight.model


@pytest.mark.parametrize("name", ["cat.jpg", "coffee.jpg", "cameraman.jpg"])
def test_cat_coffee_and_profile_have_no_readable_face(
    sight: Sight, shared_path: Callable[..., Path], name: str
) -> None:
    image = cv2.imread(str(shared_path("data", "photos", name)))
    assert sight.read(image, 1, 0.0).faces == ()
    assert sight.read(image, 1, 0.0, closer=True).faces == ()


@pytest.mark.parametrize("name", ["obama.jpg", "obama_small.jpg", "biden.jpg", "astronaut.jpg", "partial_face.jpg"])
def test_smiling_portrait_is_happy(sight: Sight, shared_path: Callable[..., Path], name: str) -> None:
    (face,) = sight.read(cv2.imread(str(shared_path("data", "photos", name))), 1, 0.0).faces
    assert _label(sight, face.probabilities) == "happy"


def test_face_found_in_the_small_view_is_in_pixels_of_the_frame(sight: Sight, portrait: np.ndarray) -> None:
    frame = cv2.resize(portrait, (640, 480))
    small = cv2.resize(frame, (320, 240), interpolation=cv2.INTER_AREA)
    (whole,) = sight.read(frame, 1, 0.0).faces
    (mapped,) = sight.read(frame, 1, 0.0, small=small).faces
    for ours, theirs in zip(mapped.face.landmarks, whole.face.landmarks, strict=True):
        assert np.hypot(ours[0] - theirs[0], ours[1] - theirs[1]) < 3
    assert mapped.probabilities == pytest.approx(whole.probabilities, abs=0.1)


def test_second_look_finds_the_small_face_of_a_still(sight: Sight, portrait: np.ndarray) -> None:
    tiny = cv2.resize(portrait[:256, 96:352], (50, 50), interpolation=cv2.INTER_AREA)
    scene = np.full((640, 640, 3), 110, np.uint8)
    scene[300:350, 300:350] = tiny
    assert sight.read(scene, 1, 0.0).faces == ()
    (face,) = sight.read(scene, 1, 0.0, closer=True).faces
    assert 300 < face.face.rect.x < 350


def test_crowd_is_limited_to_the_largest(sight: Sight, portrait: np.ndarray) -> None:
    head = portrait[30:230, 120:320]
    scene = np.vstack([np.hstack([head] * 6)] * 4)
    assert 0 < len(sight.read(cv2.resize(scene, (1280, 960)), 1, 0.0, closer=True).faces) <= 16


def test_without_yunet_haar_sees_and_says_what_to_do(tmp_path: Path, portrait: np.ndarray) -> None:
    sight = Sight(SETTINGS, tmp_path)
    (problem,) = sight.problems
    assert (sight.detector, problem.key) == ("haar", "detector")
    assert "Haar" in problem.cause
    assert "moodbox fetch-detector" in problem.action
    (face,) = sight.read(portrait, 1, 0.0).faces
    assert _label(sight, face.probabilities) == "happy"


@pytest.mark.parametrize("content", [b"", b"not onnx", None])
def test_wrong_yunet_file_falls_back_to_haar(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "yunet.onnx"
    if content is not None:
        path.write_bytes(content)
    sight = Sight(replace(SETTINGS, detector=str(path)), tmp_path)
    assert sight.detector == "haar"
    assert str(path) in sight.problems[0].cause


def test_broken_model_is_a_problem_and_not_the_end(tmp_path: Path, portrait: np.ndarray) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(b"")
    sight = Sight(replace(SETTINGS, model=str(path)), tmp_path)
    assert "model" in {problem.key for problem in sight.problems}
    assert sight.model == ""
    reading = sight.read(portrait, 1, 0.0)
    assert (reading.faces, reading.labels) == ((), ())
