"""How the ten FER+ voters of each picture decided, and which pictures that leaves without an answer."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from moodtrain.expression.data import LABELS, VOTES, Faces
from moodtrain.expression.targets import NOBODY, counted, majority

OTHERS = ("contempt", "unknown", "NF")  # what voters may say that is none of LABELS
NO_FACE = VOTES.index("NF")


@dataclass(frozen=True)
class Ballot:
    """Counts of rows; `won` and `left_out` together are all rows."""

    won: dict[str, int]  # by class: more than half of the counted votes
    left_out: dict[str, int]  # by reason
    agree: dict[str, float | None]  # by FER2013 class: share of its rows with an answer where that is the same class
    agree_all: float | None


def count(faces: Faces) -> Ballot:
    """Count majorities and reasons; raise DataError when the faces have no votes."""
    votes, winner = counted(faces), majority(faces)
    same, decided = winner == faces.labels, winner != NOBODY
    by_class = {label: decided & (faces.labels == number) for number, label in enumerate(LABELS)}
    return Ballot(
        won={label: int((winner == number).sum()) for number, label in enumerate(LABELS)},
        left_out={reason: int((rows & ~decided).sum()) for reason, rows in _reasons(votes).items()},
        agree={label: _share(same, rows) for label, rows in by_class.items()},
        agree_all=_share(same, decided),
    )


def no_face(faces: Faces) -> dict[str, list[int]]:
    """Return the rows that voters call no face (NF): most counted ones, all ten, or at least one; {} without votes."""
    if faces.votes is None:
        return {}
    votes = faces.votes[:, NO_FACE]
    chosen = {"most": _more_than_half(counted(faces), NO_FACE), "all ten": votes >= 10, "at least one": votes > 0}
    return {name: np.flatnonzero(rows).tolist() for name, rows in chosen.items()}


def _reasons(votes: NDArray[np.uint8]) -> dict[str, NDArray[np.bool_]]:
    """Return for rows x 10 counted votes which rows each reason takes, of those that have no answer."""
    ranked = np.sort(votes, axis=1)
    silent = ranked[:, -1] == 0
    tie = (ranked[:, -1] == ranked[:, -2]) & ~silent
    others = {f"most votes are for {name}": _more_than_half(votes, VOTES.index(name)) for name in OTHERS}
    rest = ~(silent | tie | np.logical_or.reduce(list(others.values())))
    return others | {"two lead with equal votes": tie, "nobody has more than half": rest, "no two voters agree": silent}


def _more_than_half(votes: NDArray[np.uint8], column: int) -> NDArray[np.bool_]:
    return np.asarray(2 * votes[:, column].astype(int) > votes.sum(1))


def _share(same: NDArray[np.bool_], rows: NDArray[np.bool_]) -> float | None:
    return float(same[rows].mean()) if rows.any() else None
