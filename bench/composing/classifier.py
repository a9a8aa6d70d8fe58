"""The classifier: whether the seven moods can be told apart by ear, taught on half of the rendered pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from bench.figures import Goal, Report, Table

WANTED = 70.0  # per cent
_SEED = 7  # of the split
_LEAST = 4  # pieces a mood that can be split at all

Rows = Sequence[dict[str, float]]


@dataclass(frozen=True)
class Told:
    """How the other half was told: `matrix[asked, told]` counts pieces, in the order of `labels`."""

    labels: tuple[str, ...]
    matrix: npt.NDArray[np.int64]

    @property
    def right(self) -> float:
        """Return the share that was told right, in per cent."""
        return 100 * float(np.trace(self.matrix) / max(1, self.matrix.sum()))


def tell(labels: Sequence[str], rows: Rows) -> Told:
    """Teach on a half of every mood's pieces, chosen by a fixed seed, and tell the other half."""
    names = tuple(dict.fromkeys(labels))
    taught = halves(labels)
    table = np.array([list(row.values()) for row in rows])
    answers = np.array([names.index(label) for label in labels])
    model = make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=5000))
    told = model.fit(table[taught], answers[taught]).predict(table[~taught])
    matrix = np.zeros((len(names), len(names)), np.int64)
    np.add.at(matrix, (answers[~taught], told), 1)
    return Told(names, matrix)


def halves(labels: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Choose a half of every label's pieces; True is for teaching."""
    rng = np.random.default_rng(_SEED)
    chosen = np.zeros(len(labels), bool)
    for label in dict.fromkeys(labels):
        places = np.flatnonzero([each == label for each in labels])
        chosen[rng.permutation(places)[: (len(places) + 1) // 2]] = True
    return chosen


def report(labels: Sequence[str], notes: Rows, sounds: Rows) -> Report:
    """Tell the moods by notes (velocity included) and sound together, and by each alone."""
    if len(set(labels)) < 2 or min(labels.count(label) for label in labels) < _LEAST:
        return Report("Moods told apart", notes=(f"Not measured: it takes two moods with {_LEAST} pieces each",))
    told = tell(labels, [{**of_notes, **of_sound} for of_notes, of_sound in zip(notes, sounds, strict=True)])
    goal = Goal(
        f"{len(told.labels)} moods told apart, second half of the pieces", told.right, WANTED, "%", at_most=False
    )
    rows: list[tuple[str | float | None, ...]] = [
        (f"asked {label}", *map(float, counts)) for label, counts in zip(told.labels, told.matrix, strict=True)
    ]
    words = (
        "Logistic regression on features of the rendered sound (timbre, dynamics, attacks) and of the notes (the 29)",
        "Taught on a half of every mood's pieces, chosen by a fixed seed, and tried on the other half",
        (
            f"By sound alone {tell(labels, sounds).right:.1f} %, by notes alone {tell(labels, notes).right:.1f} %,"
            f" by chance {100 / len(told.labels):.1f} %"
        ),
    )
    head = ("told as", *told.labels)
    return Report("Moods told apart", (), (goal,), words, Table(head, ("", *[".0f"] * len(told.labels)), tuple(rows)))
