"""A face must land in the crop as the training pictures have it: eyes level, at one height, one distance apart."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest

from moodbox.events import Face, Rect
from moodbox.watch.card import Crop
from moodbox.watch.crop import cut, sharpness

CROP = Crop(aligned=True, margin=0.1, eye_distance=0.375, eye_line=0.385)
BOXED = Crop(aligned=True, margin=0.1, eye_distance=0.0, eye_line=0.0)
RED, BLUE = (0, 0, 255), (255, 0, 0)


def _drawn(angle: float, apart: float, center: tuple[float, float] = (320, 240)) -> tuple[np.ndarray, Face]:
    """Draw a red right and a blue left eye, `apart` pixels from each other and turned by `angle` degrees."""
    frame = np.full((480, 640, 3), 120, np.uint8)
    turn = math.radians(angle)
    along, down = np.array([math.cos(turn), math.sin(turn)]), np.array([-math.sin(turn), math.cos(turn)])
    middle = np.array(center, float)
    right, left = middle - along * apart / 2, middle + along * apart / 2
    mouth = middle + down * apart * 1.1
    for point, color in ((right, RED), (left, BLUE)):
        cv2.circle(frame, (round(point[0]), round(point[1])), max(3, round(apart / 12)), color, -1, cv2.LINE_AA)
    points = (right, left, middle + down * apart * 0.5, mouth - along * apart * 0.35, mouth + along * apart * 0.35)
    box = Rect(middle[0] - apart, middle[1] - apart, 2 * apart, 2.4 * apart)
    return frame, Face(box, 0.9, tuple((float(x), float(y)) for x, y in points))


def _place(crop: np.ndarray, color: tuple[int, int, int]) -> tuple[float, float]:
    likeness = 255 - np.abs(crop.astype(int) - color).sum(axis=2).clip(0, 255).astype(float)
    y, x = np.mgrid[0 : crop.shape[0], 0 : crop.shape[1]] + 0.5
    return float((x * likeness).sum() / likeness.sum()), float((y * likeness).sum() / likeness.sum())


@pytest.mark.parametrize("angle", [0, 20, -20, 45, -70])
@pytest.mark.parametrize("apart", [30, 75, 160])
def test_eyes_land_level_and_where_the_model_wants_them(angle: float, apart: float) -> None:
    frame, face = _drawn(angle, apart)
    crop = cut(frame, face, CROP, 96, 96)
    right, left = _place(crop, RED), _place(crop, BLUE)
    assert right[1] == pytest.approx(0.385 * 96, abs=1.5)
    assert left[1] == pytest.approx(0.385 * 96, abs=1.5)
    assert left[0] - right[0] == pytest.approx(0.375 * 96, abs=2)
    assert (left[0] + right[0]) / 2 == pytest.approx(48, abs=1.5)


def test_levelling_can_be_switched_off_by_the_model() -> None:
    frame, face = _drawn(20, 100)
    crop = cut(frame, face, Crop(aligned=False, margin=0.1, eye_distance=0.375, eye_line=0.385), 96, 96)
    right, left = _place(crop, RED), _place(crop, BLUE)
    assert left[1] - right[1] == pytest.approx(0.375 * 96 * math.sin(math.radians(20)), abs=2)


def test_turned_face_keeps_its_size_though_its_eyes_come_together() -> None:
    _, face = _drawn(0, 100)
    right, left, nose, *mouth = face.landmarks
    closer = Face(face.rect, 0.9, ((right[0] + 30, right[1]), (left[0] - 30, left[1]), nose, *mouth))
    frame, _ = _drawn(0, 100)
    narrow = cut(frame, Face(face.rect, 0.9, closer.landmarks), CROP, 96, 96)
    assert _place(narrow, BLUE)[0] - _place(narrow, RED)[0] < 0.375 * 96 * 1.3  # and not 2.5 times as large


def test_model_without_measured_eyes_gets_the_box_with_its_margin() -> None:
    frame = np.full((480, 640, 3), 120, np.uint8)
    frame[190:290, 270:370] = 255  # the box
    crop = cut(frame, Face(Rect(270, 190, 100, 100), 1.0), BOXED, 48, 48)
    white = (crop[..., 0] > 200).mean()
    assert white == pytest.approx(1 / 1.2**2, abs=0.03)


def test_haar_box_is_framed_like_a_face_with_landmarks(portrait: np.ndarray) -> None:
    with_eyes = Face(Rect(180, 63, 89, 111), 0.9, ((203.0, 104.0), (245.0, 103.0), (223, 124), (207, 143), (244, 143)))
    boxed = Face(Rect(174, 64, 97, 97), 1.0)
    ours, theirs = cut(portrait, with_eyes, CROP, 48, 48), cut(portrait, boxed, CROP, 48, 48)
    likeness = np.corrcoef(ours.ravel(), theirs.ravel())[0, 1]
    assert likeness > 0.7


@pytest.mark.parametrize(
    "rect", [Rect(-300, -300, 100, 100), Rect(0, 0, 0, 0), Rect(600, 400, 400, 400), Rect(0, 0, 640, 480)]
)
@pytest.mark.parametrize("crop", [CROP, BOXED])
def test_face_beyond_the_edge_or_without_size_still_gives_a_crop(rect: Rect, crop: Crop) -> None:
    frame = np.full((480, 640, 3), 120, np.uint8)
    assert np.array_equal(cut(frame, Face(rect, 0.9), crop, 48, 48), np.full((48, 48, 3), 120, np.uint8))


def test_large_face_is_averaged_not_sampled() -> None:
    stripes = np.zeros((480, 640, 3), np.uint8)
    stripes[:, ::2] = 255  # finer than the crop can show: must become even grey
    crop = cut(stripes, Face(Rect(100, 20, 440, 440), 1.0), BOXED, 48, 48)
    assert crop[8:-8, 8:-8].std() < 12


def test_blurred_face_counts_as_less_sharp(portrait: np.ndarray) -> None:
    face = Face(Rect(180, 63, 89, 111), 0.9, ((203.0, 104.0), (245.0, 103.0), (223, 124), (207, 143), (244, 143)))
    levels = []
    for sigma in (0.0, 2.5, 5.0, 10.0):
        frame = portrait if not sigma else cv2.GaussianBlur(portrait, (0, 0), sigma)
        levels.append(sharpness(cv2.cvtColor(cut(frame, face, CROP, 48, 48), cv2.COLOR_BGR2GRAY)))
    assert levels == sorted(levels, reverse=True)
    assert levels[0] == 1.0
    assert levels[2] < 0.3
    assert 0 <= levels[3] < levels[2]


@pytest.mark.parametrize("side", [48, 64, 96])
def test_flat_and_noisy_crops_are_the_ends_of_the_scale(side: int) -> None:
    assert sharpness(np.full((side, side), 90, np.uint8)) == 0.0
    assert sharpness(np.random.default_rng(0).integers(0, 256, (side, side)).astype(np.uint8)) == 1.0
