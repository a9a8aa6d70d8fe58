"""Measure a model on labelled faces: how often it is right, for whom, and what it takes for what."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import accuracy_score, confusion_matrix, precision_recall_fscore_support

from moodtrain.expression import bootstrap, calibration, coverage, valence
from moodtrain.expression.data import LABELS, Faces
from moodtrain.expression.predict import Predictor
from moodtrain.expression.truths import own


def measure(model: Predictor, faces: Faces) -> dict[str, Any]:
    """Return the scores of a model on the labels it learnt: FER+ majority rows, or FER2013's labels."""
    rows, labels = own(faces, model.head)
    return score(model.logits(faces.images[rows]), labels)


def score(logits: NDArray[np.float32], labels: NDArray[np.int64]) -> dict[str, Any]:
    """Return accuracy, balanced accuracy, macro-F1, every class's share and the confusion counts.

    Balanced accuracy and macro-F1 are means over the classes that occur.
    """
    guessed, classes = logits.argmax(1), range(len(LABELS))
    precision, recall, f1, support = precision_recall_fscore_support(labels, guessed, labels=classes, zero_division=0)
    there = support > 0
    return {
        "faces": len(labels),
        "accuracy": float(accuracy_score(labels, guessed)),
        "balanced_accuracy": float(recall[there].mean()),
        "macro_f1": float(f1[there].mean()),
        "classes": {
            name: {"precision": float(p), "recall": float(r), "f1": float(f), "faces": int(n)}
            for name, p, r, f, n in zip(LABELS, precision, recall, f1, support, strict=True)
        },
        "confusion": confusion_matrix(labels, guessed, labels=classes).tolist(),  # row = label, column = answer
    }


def brief(report: dict[str, Any]) -> dict[str, float]:
    """Return the three numbers a model carries with it."""
    return {key: round(report[key], 4) for key in ("accuracy", "balanced_accuracy", "macro_f1")}


def figures(logits: NDArray[np.float32], labels: NDArray[np.int64], stated: float | None = None) -> dict[str, Any]:
    """Return the scores with 95 % intervals, calibration, coverage and valence; `stated` is the file's temperature."""
    chances = calibration.probabilities(logits)
    fitted = calibration.probabilities(logits, calibration.crossfitted(logits, labels))
    boxed = fitted if stated is None else calibration.probabilities(logits, stated)
    return {
        **score(logits, labels),
        "intervals": bootstrap.intervals(labels, {"before": chances, "after": fitted}),
        "calibration": calibration.measure(logits, labels, stated),
        "coverage": {**coverage.measure(fitted, labels), "box": coverage.box(boxed, labels)},
        "valence": valence.measure(logits.argmax(1), labels),
    }
