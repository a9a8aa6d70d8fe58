"""Spoiling does what it says, and costs accuracy where it must."""

import numpy as np
import pytest

from moodtrain.expression import stress
from moodtrain.expression.data import read
from moodtrain.expression.golden import drawings
from moodtrain.expression.predict import open_model


@pytest.fixture
def faces() -> np.ndarray:
    return drawings(48)


@pytest.mark.parametrize("name", [name for name in stress.SPOILED if name != "as it is"])
def test_every_way_changes_pictures_and_keeps_their_kind(faces, name):
    spoiled = stress.SPOILED[name](faces)
    assert spoiled.shape == faces.shape
    assert spoiled.dtype == np.uint8
    assert not np.array_equal(spoiled, faces)


def test_dark_is_darker_and_bright_is_brighter(faces):
    assert (
        stress.SPOILED["dark (gamma 2)"](faces).mean()
        < faces.mean()
        < stress.SPOILED["bright (gamma 0.5)"](faces).mean()
    )


def test_moved_face_is_four_pixels_to_the_right(faces):
    assert np.array_equal(stress.SPOILED["moved 4 px"](faces)[:, :, 8:], faces[:, :, 4:-4])


def test_untouched_faces_score_as_in_the_report(trained, tiny):
    model, faces = open_model(trained), read(tiny).split("PublicTest")
    measured = stress.measure(model, faces)
    assert list(measured) == list(stress.SPOILED)
    assert measured["as it is"] == np.mean(model.logits(faces.images).argmax(1) == faces.labels)
    assert "rotated 20 degrees" in stress.told(measured)
