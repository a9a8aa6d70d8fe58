"""Signs are the box's own, and a neutral is a sign of its own."""

import numpy as np
import pytest

from moodbox.mood import COORDINATES
from moodtrain.expression import valence
from moodtrain.expression.data import LABELS

ANGRY, HAPPY, SAD, NEUTRAL = (LABELS.index(name) for name in ("angry", "happy", "sad", "neutral"))


def test_signs_are_those_of_the_box():
    assert valence.SIGNS.tolist() == [np.sign(COORDINATES[name][0]) for name in LABELS]


def test_shares_by_hand():
    labels = np.array([ANGRY, HAPPY, HAPPY, SAD, NEUTRAL])
    answers = np.array([SAD, HAPPY, NEUTRAL, HAPPY, NEUTRAL])  # right sign, right, neutral, opposite, right
    assert valence.measure(answers, labels) == pytest.approx({"sign": 3 / 5, "opposite": 1 / 5, "charged": 2 / 4})


def test_only_neutral_faces_leave_nothing_to_charge():
    assert valence.measure(np.array([HAPPY]), np.array([NEUTRAL]))["charged"] == 0
