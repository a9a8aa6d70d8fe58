"""How often a model is right when it may say "not sure" about the faces it is least certain of."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

COVERAGES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)
CURVE = 100  # points of the curve that is drawn
SURE_FROM = 0.2  # the box says "not sure" where the two best chances are nearer (device/moodbox/mood.py)


def measure(chances: NDArray[np.float64], labels: NDArray[np.int64]) -> dict[str, Any]:
    """Return the accuracy of the surest faces by coverage, and the area under risk-coverage (0 is perfect).

    Sure is the chance of the best answer; the area is the mean, over 1 to all faces, of the share of wrong ones
    among the surest (AURC, Geifman et al. 2019, arXiv:1805.08206).
    """
    right = (chances.argmax(1) == labels)[np.argsort(-chances.max(1), kind="stable")]
    accuracy = np.cumsum(right) / np.arange(1, len(right) + 1)
    shares = np.linspace(1 / CURVE, 1, CURVE)
    return {
        "at": {f"{share:.0%}": float(accuracy[_last(share, len(right))]) for share in COVERAGES},
        "aurc": float(1 - accuracy.mean()),
        "curve": [[float(share), float(accuracy[_last(share, len(right))])] for share in shares],
    }


def box(chances: NDArray[np.float64], labels: NDArray[np.int64]) -> dict[str, float]:
    """Return the share of faces the box's own rule is sure of, and how often it is right on both sides."""
    second, first = np.sort(chances, axis=1)[:, -2:].T
    sure, right = first - second >= SURE_FROM, chances.argmax(1) == labels
    return {
        "coverage": float(sure.mean()),
        "accuracy": float(right[sure].mean()) if sure.any() else 0.0,
        "accuracy_not_sure": float(right[~sure].mean()) if not sure.all() else 0.0,
    }


def _last(share: float, count: int) -> int:
    return max(1, round(share * count)) - 1
