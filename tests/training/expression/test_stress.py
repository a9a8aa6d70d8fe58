"""Spoiling does what it says, and costs accuracy where it must."""

from pathlib import Path

import numpy as np
import pytest

from moodtrain.expression import stress
from moodtrain.expression.data import Faces, read
from moodtrain.expression.golden import drawings
from moodtrain.expression.predict import open_model

BUNDLE = Path(__file__).resolve().parents[3] / "device/moodbox/models/expression"


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


def test_moved_face_is_four_pixels_to_the_right_and_down(faces):
    assert np.array_equal(stress.SPOILED["moved 4 px"](faces)[:, 8:, 8:], faces[:, 4:-4, 4:-4])


def test_dim_room_leaves_a_fifth_of_the_light_and_the_noise(faces):
    dim = stress.SPOILED["dim room"](faces).astype(float)
    assert dim.mean() == pytest.approx(faces.mean() / 5, abs=1)
    assert np.std(dim - faces / 5) == pytest.approx(2.5, abs=0.3)


def test_spoiling_is_the_same_every_time(faces):
    for spoil in stress.SPOILED.values():
        assert np.array_equal(spoil(faces), spoil(faces))


def test_untouched_faces_score_as_in_the_report(tiny):
    model, faces = open_model(BUNDLE, "labels"), read(tiny).split("PublicTest")
    measured = stress.measure({"labels": model}, faces)
    assert list(measured) == [*stress.SPOILED, stress.MIRRORED]
    assert measured[stress.AS_IT_IS] == {"labels": np.mean(model.logits(faces.images).argmax(1) == faces.labels)}


def test_image_and_mirror_weigh_alike(tiny):
    heads, faces = {"labels": open_model(BUNDLE, "labels")}, read(tiny).split("PublicTest")
    mirrored = Faces(faces.images[:, :, ::-1].copy(), faces.labels, faces.usage)
    assert stress.measure(heads, mirrored)[stress.MIRRORED] == stress.measure(heads, faces)[stress.MIRRORED]


def test_every_peer_has_a_figure_for_what_it_was_measured_on():
    ours = {*stress.SPOILED, stress.MIRRORED}
    for shares in stress.PEERS.values():
        assert set(shares) <= ours
        assert all(share < shares[stress.MIRRORED] for name, share in shares.items() if name != stress.MIRRORED)
