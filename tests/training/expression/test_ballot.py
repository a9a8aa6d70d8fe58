"""Votes are counted as one can by hand."""

import numpy as np
import pytest

from moodtrain.expression import ballot
from moodtrain.expression.data import VOTES, Faces, read


def voted(*rows: dict[str, int], labels: list[int] | None = None) -> Faces:
    votes = np.array([[row.get(name, 0) for name in VOTES] for row in rows], np.uint8)
    count = len(rows)
    said = np.array(labels or [3] * count, np.int64)
    return Faces(np.zeros((count, 48, 48), np.uint8), said, np.zeros(count, np.uint8), votes)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"contempt": 6, "happiness": 4}, "most votes are for contempt"),
        ({"unknown": 6, "sadness": 4}, "most votes are for unknown"),
        ({"NF": 9, "sadness": 1}, "most votes are for NF"),
        ({"happiness": 5, "neutral": 5}, "two lead with equal votes"),
        ({"happiness": 4, "neutral": 3, "fear": 3}, "nobody has more than half"),
        (dict.fromkeys(VOTES, 1), "no two voters agree"),
    ],
)
def test_row_without_an_answer_has_one_reason(row, reason):
    counted = ballot.count(voted(row))
    assert {name: rows for name, rows in counted.left_out.items() if rows} == {reason: 1}
    assert sum(counted.won.values()) == 0
    assert counted.agree_all is None


def test_single_votes_are_dropped_before_half_is_asked():
    counted = ballot.count(voted({"happiness": 5, "neutral": 2, "fear": 1, "anger": 1, "sadness": 1}))
    assert counted.won["happy"] == 1


def test_agreement_with_the_label_is_of_rows_with_an_answer():
    happy, tie = {"happiness": 10}, {"happiness": 5, "neutral": 5}
    counted = ballot.count(voted(happy, happy, happy, tie, labels=[3, 3, 0, 3]))
    assert counted.agree_all == pytest.approx(2 / 3)
    assert counted.agree["happy"] == 1
    assert counted.agree["angry"] == 0
    assert counted.agree["fear"] is None


def test_no_face_lists_rows():
    faces = voted({"NF": 10}, {"NF": 6, "fear": 4}, {"NF": 1, "fear": 9}, {"fear": 10})
    assert ballot.no_face(faces) == {"most": [0, 1], "all ten": [0], "at least one": [0, 1, 2]}
    assert ballot.no_face(Faces(faces.images, faces.labels, faces.usage)) == {}


def test_every_row_of_the_real_set_is_won_or_left_out(shared_path):
    public = read(shared_path("data", "fer2013")).split("PublicTest")
    counted = ballot.count(public)
    assert sum(counted.won.values()) + sum(counted.left_out.values()) == len(public)
    assert sum(counted.won.values()) == 3186
