"""How far a figure could be off because these faces, and no others, were looked at: percentile intervals."""

import numpy as np
from numpy.typing import NDArray

from moodtrain.expression.calibration import BINS, bins

RESAMPLES, AT_ONCE = 1000, 100
PERCENTILES = (2.5, 97.5)
Floats = NDArray[np.float64]


def intervals(
    labels: NDArray[np.int64], chances: dict[str, Floats], resamples: int = RESAMPLES, seed: int = 0
) -> dict[str, tuple[float, float]]:
    """Return 95 % intervals of accuracy, balanced accuracy and macro-F1, and an ECE for each of `chances`.

    `chances` are rows x classes probabilities of the same answers at different temperatures. Faces are drawn with
    replacement; a class that is not drawn is left out of that resample's means. All figures are sums over faces, so
    a resample is one row of a matrix product.
    """
    answers = next(iter(chances.values()))
    classes, guessed = answers.shape[1], answers.argmax(1)
    cells = np.eye(classes * classes)[labels * classes + guessed]
    gaps = [_gaps(sure, guessed == labels) for sure in chances.values()]
    sums = np.concatenate(list(_sums(np.hstack([cells, *gaps]), resamples, seed)))
    figures = _figures(sums[:, : classes * classes].reshape(-1, classes, classes))
    for number, name in enumerate(chances):
        first = classes * classes + number * BINS
        figures[f"ece_{name}"] = np.abs(sums[:, first : first + BINS]).sum(1) / len(labels)
    return {name: _interval(drawn) for name, drawn in figures.items()}


def _gaps(chances: Floats, right: NDArray[np.bool_]) -> Floats:
    """Return rows x bins: how much righter than sure a face is, in the bin it falls in."""
    confidence = chances.max(1)
    gaps: Floats = np.eye(BINS)[bins(confidence)] * (right - confidence)[:, None]
    return gaps


def _sums(features: Floats, resamples: int, seed: int) -> list[Floats]:
    """Return resamples x features, the sums over the faces of each resample."""
    dice, count, made = np.random.default_rng(seed), len(features), []
    for start in range(0, resamples, AT_ONCE):
        now = min(AT_ONCE, resamples - start)
        drawn = dice.integers(0, count, (now, count)) + count * np.arange(now)[:, None]
        times = np.bincount(drawn.ravel(), minlength=now * count).reshape(now, count)
        made.append(times.astype(np.float64) @ features)
    return made


def _figures(confusion: Floats) -> dict[str, Floats]:
    """Return accuracy, balanced accuracy and macro-F1 of resamples x labels x answers counts."""
    right, support, said = confusion.diagonal(axis1=1, axis2=2), confusion.sum(2), confusion.sum(1)
    there = support > 0
    recall = right / np.maximum(support, 1)
    f1 = 2 * right / np.maximum(support + said, 1)
    return {
        "accuracy": right.sum(1) / support.sum(1),
        "balanced_accuracy": (recall * there).sum(1) / there.sum(1),
        "macro_f1": (f1 * there).sum(1) / there.sum(1),
    }


def _interval(drawn: Floats) -> tuple[float, float]:
    low, high = np.percentile(drawn, PERCENTILES)
    return float(low), float(high)
