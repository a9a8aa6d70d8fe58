from __future__ import annotations

import pytest

from moodbox.events import Face, Rect
from moodbox.watch.pose import from_the_side

BOX = Rect(0, 0, 100, 120)


def _face(right_x: float, left_x: float, nose_x: float, mouth: tuple[float, float]) -> Face:
    return Face(BOX, 0.9, ((right_x, 40.0), (left_x, 40.0), (nose_x, 60.0), (mouth[0], 82.0), (mouth[1], 82.0)))


@pytest.mark.parametrize(
    ("face", "side"),
    [
        (_face(30, 70, 50, (35, 65)), False),
        (_face(36, 64, 57, (40, 60)), False),  # turned by some 40 degrees
        (_face(45, 60, 66, (46, 56)), True),  # one eye hides
        (_face(30, 70, 80, (35, 65)), True),  # nose beyond the eyes
        (_face(50, 50, 50, (50, 50)), True),  # both eyes in one place
    ],
)
def test_face_is_read_only_while_both_eyes_show(face: Face, side: object) -> None:
    assert from_the_side(face) is side


def test_face_without_landmarks_is_taken_as_it_is() -> None:
    assert not from_the_side(Face(BOX, 1.0))
