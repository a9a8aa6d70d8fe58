"""What counts as right: the label of FER2013, or what most FER+ voters said (seven shared classes)."""

import numpy as np
from numpy.typing import NDArray

from moodtrain.errors import DataError
from moodtrain.expression import ballot
from moodtrain.expression.data import Faces
from moodtrain.expression.targets import NOBODY, majority

NAMES = {"votes": "FER+ majority", "labels": "FER2013 labels"}  # by the head of a model that learnt them
Ints = NDArray[np.int64]


def truth(faces: Faces, head: str) -> Ints:
    """Return the right class of every row for a head; NOBODY where there is none; raises DataError without votes."""
    return majority(faces) if head == "votes" else faces.labels


def own(faces: Faces, head: str) -> tuple[NDArray[np.bool_], Ints]:
    """Return which rows count for a head, and their right classes; raise DataError when none does."""
    true = truth(faces, head)
    rows = true != NOBODY
    if not rows.any():
        raise DataError(f"no row here has a class among {NAMES[head]}; measure on other faces, or another --head")
    return rows, true[rows]


def known(faces: Faces, first: str = "votes") -> dict[str, Ints]:
    """Return the right classes by head, for every kind of truth that these faces bring; `first` in front."""
    heads = sorted(NAMES if faces.votes is not None else ["labels"], key=lambda head: head != first)
    made = {head: truth(faces, head) for head in heads}
    return {head: true for head, true in made.items() if (true != NOBODY).any()}


def left_out(faces: Faces) -> dict[str, int]:
    """Return how many rows FER+ majority leaves out, by reason; single votes are dropped before anything is counted."""
    *others, tie, rest, silent = ballot.count(faces).left_out.values()
    return {**dict(zip(ballot.OTHERS, others, strict=True)), "tie": tie + silent, "no majority": rest}
