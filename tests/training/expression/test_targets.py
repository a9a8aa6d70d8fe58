"""Votes become targets and majorities by FER+'s own rules, on rows counted by hand."""

from dataclasses import replace

import numpy as np
import pytest

from moodtrain.errors import DataError
from moodtrain.expression.data import LABELS, VOTES, Faces
from moodtrain.expression.targets import NOBODY, counted, majority, targets

ROWS = {
    "all say happy": ({"happiness": 10}, "happy"),
    "six of ten": ({"anger": 6, "disgust": 4}, "angry"),
    "half is not more than half": ({"anger": 5, "disgust": 5}, None),
    "two lead": ({"fear": 4, "surprise": 4, "neutral": 2}, None),
    "most, but not half": ({"neutral": 4, "sadness": 3, "anger": 3}, None),
    "single votes are dropped first": (
        {"sadness": 4, "neutral": 2, "anger": 1, "fear": 1, "NF": 1, "unknown": 1},
        "sad",
    ),
    "only single votes": ({"anger": 1, "disgust": 1, "fear": 1}, None),
    "contempt wins": ({"contempt": 7, "neutral": 3}, None),
    "contempt takes the half": ({"neutral": 5, "contempt": 5}, None),
    "no face": ({"NF": 10}, None),
    "surprise over unknown": ({"surprise": 6, "unknown": 4}, "surprise"),
    "nobody voted": ({}, None),
}


@pytest.fixture
def faces():
    votes = np.array([[said.get(name, 0) for name in VOTES] for said, _ in ROWS.values()], np.uint8)
    count = len(ROWS)
    return Faces(np.zeros((count, 48, 48), np.uint8), np.zeros(count, np.int64), np.zeros(count, np.uint8), votes)


@pytest.mark.parametrize("name", ROWS)
def test_majority_of(name, faces):
    winner = ROWS[name][1]
    expected = NOBODY if winner is None else LABELS.index(winner)
    assert majority(faces)[list(ROWS).index(name)] == expected


def test_single_votes_do_not_count(faces):
    kept = counted(faces)[list(ROWS).index("single votes are dropped first")]
    assert dict(zip(VOTES, kept.tolist(), strict=True)) == dict.fromkeys(VOTES, 0) | {"sadness": 4, "neutral": 2}
    assert faces.votes[kept.argmax()].max() > 0  # the faces themselves keep all votes


def test_target_of_votes_is_the_share_of_all_counted_votes(faces):
    made = dict(zip(ROWS, targets(faces, ("votes",))[:, 0], strict=True))
    assert made["six of ten"].tolist() == pytest.approx([0.6, 0.4, 0, 0, 0, 0, 0])
    assert made["single votes are dropped first"].tolist() == pytest.approx([0, 0, 0, 0, 4 / 6, 0, 2 / 6])


def test_picture_most_take_for_none_of_the_labels_weighs_less(faces):
    weights = dict(zip(ROWS, targets(faces, ("votes",))[:, 0].sum(-1), strict=True))
    assert weights["contempt wins"] == pytest.approx(0.3)
    assert weights["surprise over unknown"] == pytest.approx(0.6)
    assert weights["no face"] == weights["nobody voted"] == weights["only single votes"] == 0
    assert weights["two lead"] == 1


def test_heads_keep_their_order_and_labels_are_smoothed(faces):
    faces = replace(faces, labels=np.full(len(faces), 3))
    made = targets(faces, ("votes", "labels"), 0.7)
    assert made.shape == (len(ROWS), 2, 7)
    assert made.dtype == np.float32
    assert made[0, 0].tolist() == [0, 0, 0, 1, 0, 0, 0]
    assert made[0, 1].tolist() == pytest.approx([0.1, 0.1, 0.1, 0.4, 0.1, 0.1, 0.1])
    assert np.array_equal(targets(faces, ("labels", "votes"), 0.7), made[:, ::-1])


def test_faces_without_votes_are_refused(faces):
    with pytest.raises(DataError, match=r"without FER\+ votes; give fer2013new.csv with --votes"):
        majority(replace(faces, votes=None))
