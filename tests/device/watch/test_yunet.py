"""YuNet through onnxruntime must find what OpenCV's own implementation of it finds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest

from moodbox.errors import ModelError
from moodbox.events import Face, Rect
from moodbox.watch.yunet import OVERLAP, SCORE, YuNet

PHOTOS = ["obama.jpg", "obama_small.jpg", "biden.jpg", "astronaut.jpg", "grace_hopper.jpg", "partial_face.jpg"]


@pytest.fixture
def yunet(yunet_file: Path) -> YuNet:
    return YuNet(yunet_file.read_bytes(), 1)


def _overlap(a: Rect, b: Rect) -> float:
    w = min(a.x + a.w, b.x + b.w) - max(a.x, b.x)
    h = min(a.y + a.h, b.y + b.h) - max(a.y, b.y)
    common = max(w, 0) * max(h, 0)
    return common / (a.w * a.h + b.w * b.h - common)


def _opencv_faces(file: Path, image: np.ndarray) -> np.ndarray:
    height, width = image.shape[:2]
    detector = cv2.FaceDetectorYN.create(str(file), "", (width, height), SCORE, OVERLAP)
    found = detector.detect(image)[1]
    return np.empty((0, 15)) if found is None else found


@pytest.mark.parametrize("name", PHOTOS)
def test_face_is_where_opencv_finds_it(
    yunet: YuNet, yunet_file: Path, shared_path: Callable[..., Path], name: str
) -> None:
    image = cv2.imread(str(shared_path("data", "photos", name)))
    scale = 320 / max(image.shape[:2])
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    theirs = _opencv_faces(yunet_file, small)
    ours = yunet.faces(small)
    assert len(ours) == len(theirs) == 1
    x, y, w, h, *points, score = theirs[0].tolist()
    assert _overlap(ours[0].rect, Rect(x, y, w, h)) > 0.97
    assert ours[0].score == pytest.approx(score, abs=0.01)
    assert np.allclose(np.ravel(ours[0].landmarks), points, atol=1.0)


@pytest.mark.parametrize("name", PHOTOS)
def test_face_in_a_large_photo_comes_in_its_own_pixels(
    yunet: YuNet, shared_path: Callable[..., Path], name: str
) -> None:
    image = cv2.imread(str(shared_path("data", "photos", name)))
    (face,) = yunet.faces(image)
    (twice,) = yunet.faces(cv2.resize(image, None, fx=2, fy=2))
    grown = Rect(*(2 * side for side in (face.rect.x, face.rect.y, face.rect.w, face.rect.h)))
    assert _overlap(grown, twice.rect) > 0.85


def test_cat_and_coffee_show_no_face(yunet: YuNet, shared_path: Callable[..., Path]) -> None:
    for name in ("cat.jpg", "coffee.jpg"):
        image = cv2.imread(str(shared_path("data", "photos", name)))
        assert yunet.faces(image) == ()
        assert yunet.faces(image, 640) == ()


def test_two_faces_side_by_side_are_two(yunet: YuNet, portrait: np.ndarray) -> None:
    faces = yunet.faces(np.hstack([portrait[:300], portrait[:300]]))
    assert len(faces) == 2
    assert abs(abs(faces[0].rect.x - faces[1].rect.x) - 512) < 10


def test_right_eye_comes_first_and_is_left_in_the_picture(yunet: YuNet, portrait: np.ndarray) -> None:
    right, left, nose, mouth_right, mouth_left = yunet.faces(portrait)[0].landmarks
    assert right[0] < nose[0] < left[0]
    assert mouth_right[0] < mouth_left[0]
    assert max(right[1], left[1]) < nose[1] < min(mouth_right[1], mouth_left[1])


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 700, 3), (700, 1, 3), (33, 31, 3), (480, 640, 3), (2000, 1500, 3)])
def test_empty_picture_of_any_shape_shows_nobody(yunet: YuNet, shape: tuple[int, ...]) -> None:
    assert yunet.faces(np.full(shape, 128, np.uint8)) == ()


def test_many_shapes_do_not_pile_up_buffers(yunet: YuNet) -> None:
    for width in range(100, 400, 10):
        yunet.faces(np.zeros((200, width, 3), np.uint8))
    assert len(yunet._canvases) <= 9


def test_same_frame_twice_gives_the_same_faces(yunet: YuNet, portrait: np.ndarray) -> None:
    first: tuple[Face, ...] = yunet.faces(portrait)
    yunet.faces(np.zeros_like(portrait))
    assert yunet.faces(portrait) == first


def test_other_onnx_model_is_refused_by_name(make_model: Callable[..., Path]) -> None:
    with pytest.raises(ModelError, match="not a YuNet model"):
        YuNet(make_model().read_bytes(), 1)
