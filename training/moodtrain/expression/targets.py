"""What a network shall answer: the ten voters of FER+, or the label of FER2013, as a distribution over LABELS."""

import numpy as np
from numpy.typing import NDArray

from moodtrain.errors import DataError
from moodtrain.expression.data import LABELS, VOTES, Faces

# the column of VOTES that says the same as each of LABELS
SHARED = tuple(
    VOTES.index(name) for name in ("anger", "disgust", "fear", "happiness", "sadness", "surprise", "neutral")
)
NOBODY = -1  # a picture on which the voters do not agree, or agree on something that is none of LABELS


def counted(faces: Faces) -> NDArray[np.uint8]:
    """Return rows x 10 votes without those of one voter alone, as the authors of FER+ count (arXiv:1608.01041)."""
    if faces.votes is None:
        raise DataError("these faces come without FER+ votes; give fer2013new.csv with --votes, or choose labels")
    return np.where(faces.votes > 1, faces.votes, 0).astype(np.uint8)


def majority(faces: Faces) -> NDArray[np.int64]:
    """Return the class that more than half of the counted votes name; NOBODY where there is none among LABELS."""
    votes = counted(faces)
    shared = votes[:, SHARED]
    winner = shared.argmax(1)
    won = 2 * shared.max(1).astype(int) > votes.sum(1)
    return np.where(won, winner, NOBODY).astype(np.int64)


def targets(faces: Faces, heads: tuple[str, ...], smoothing: float = 0.0) -> NDArray[np.float32]:
    """Return rows x heads x 7 targets; each adds up to the weight of its row, which is 1 for a label.

    A vote distribution weighs as much as its share of the counted votes that fall on LABELS: a picture most voters
    take for no face teaches nothing.
    """
    made = [voted(faces) if head == "votes" else smoothed(faces.labels, smoothing) for head in heads]
    return np.stack(made, 1)


def voted(faces: Faces) -> NDArray[np.float32]:
    """Return rows x 7: counted votes as shares of all counted votes."""
    votes = counted(faces)
    shares: NDArray[np.float32] = votes[:, SHARED] / np.maximum(votes.sum(1, keepdims=True), 1).astype(np.float32)
    return shares


def smoothed(labels: NDArray[np.int64], smoothing: float) -> NDArray[np.float32]:
    """Return rows x 7: most on the label, `smoothing` spread over all."""
    sure = np.eye(len(LABELS), dtype=np.float32)[labels]
    return (sure * (1 - smoothing) + smoothing / len(LABELS)).astype(np.float32)
