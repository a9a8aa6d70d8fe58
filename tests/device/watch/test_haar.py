from __future__ import annotations

import numpy as np
import pytest

from moodbox.watch.haar import Haar


def test_face_is_found_in_its_own_pixels_without_landmarks(portrait: np.ndarray) -> None:
    (face,) = Haar().faces(portrait)
    rect = face.rect
    assert rect.x < 205  # her eyes
    assert rect.x + rect.w > 245
    assert rect.y < 103 < rect.y + rect.h
    assert face.landmarks == ()
    assert face.score == 1.0


@pytest.mark.parametrize("shape", [(1, 1, 3), (10, 700, 3), (480, 640, 3)])
def test_empty_picture_shows_nobody(shape: tuple[int, ...]) -> None:
    assert Haar().faces(np.full(shape, 128, np.uint8)) == ()
