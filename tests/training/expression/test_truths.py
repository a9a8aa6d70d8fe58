"""Every row is either counted or left out for one reason."""

import numpy as np
import pytest

from moodtrain.errors import DataError
from moodtrain.expression import truths
from moodtrain.expression.data import VOTES, Faces


def voted(*rows: dict[str, int]) -> Faces:
    votes = np.array([[row.get(name, 0) for name in VOTES] for row in rows], np.uint8)
    return Faces(
        np.zeros((len(rows), 48, 48), np.uint8), np.zeros(len(rows), np.int64), np.ones(len(rows), np.uint8), votes
    )


FACES = voted(
    {"happiness": 6, "neutral": 4},
    {"contempt": 8, "anger": 2},
    {"NF": 10},
    {"unknown": 6, "sadness": 4},
    {"sadness": 5, "neutral": 5},
    {"sadness": 4, "neutral": 3, "fear": 3},
    {"happiness": 1, "fear": 1, "anger": 1},  # single votes do not count: nothing is left
)


def test_reasons_add_up_to_what_is_left_out():
    reasons = truths.left_out(FACES)
    assert reasons == {"contempt": 1, "unknown": 1, "NF": 1, "tie": 2, "no majority": 1}
    rows, labels = truths.own(FACES, "votes")
    assert rows.tolist() == [True] + [False] * 6
    assert labels.tolist() == [3]
    assert sum(reasons.values()) + rows.sum() == len(FACES)


def test_truths_stand_in_the_order_asked_for():
    assert list(truths.known(FACES, "votes")) == ["votes", "labels"]
    assert list(truths.known(FACES, "labels")) == ["labels", "votes"]


def test_faces_without_votes_or_without_majority_know_only_labels():
    bare = Faces(FACES.images, FACES.labels, FACES.usage)
    assert list(truths.known(bare, "votes")) == ["labels"]
    undecided = FACES.rows(np.arange(len(FACES)) > 0)
    assert list(truths.known(undecided, "votes")) == ["labels"]
    with pytest.raises(DataError, match="no row here has a class among FER\\+ majority"):
        truths.own(undecided, "votes")
    with pytest.raises(DataError, match="without FER\\+ votes"):
        truths.own(bare, "votes")
