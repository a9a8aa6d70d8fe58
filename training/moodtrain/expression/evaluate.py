"""Measure a model on labelled faces: how often it is right, for whom, and what it takes for what."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import accuracy_score, confusion_matrix, precision_recall_fscore_support

from moodtrain.expression.data import LABELS, Faces
from moodtrain.expression.predict import Predictor


def measure(model: Predictor, faces: Faces) -> dict[str, Any]:
    """Return accuracy, balanced accuracy, macro-F1, every class's share and the confusion counts."""
    return score(model.logits(faces.images), faces.labels)


def score(logits: NDArray[np.float32], labels: NDArray[np.int64]) -> dict[str, Any]:
    """Return the same from logits; balanced accuracy and macro-F1 are means over the classes that occur."""
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


def told(report: dict[str, Any]) -> str:
    """Return the report as text."""
    lines = [
        "{faces} faces: accuracy {accuracy:.2%}, balanced {balanced_accuracy:.2%}, macro-F1 {macro_f1:.2%}".format(
            **report
        ),
        "",
        f"{'':9}precision  recall      F1   faces",
    ]
    for name, row in report["classes"].items():
        lines.append(f"{name:9}{row['precision']:9.1%}{row['recall']:8.1%}{row['f1']:8.1%}{row['faces']:8}")
    lines += ["", "label (down) taken for (across)", " " * 9 + "".join(f"{name:>9}" for name in LABELS)]
    for name, row in zip(LABELS, report["confusion"], strict=True):
        lines.append(f"{name:9}" + "".join(f"{count:9}" for count in row))
    return "\n".join(lines)


def write(report: dict[str, Any], path: Path) -> None:
    """Write the report as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
