"""Write faces the way Kaggle and the authors of FER+ do."""

import csv
from collections.abc import Sequence
from pathlib import Path

from moodtrain.expression.data import SPLITS, Faces

KAGGLE = ("emotion", "pixels", "Usage")


def rows_of(faces: Faces) -> list[dict[str, str]]:
    """Return the rows of fer2013.csv."""
    return [
        {"emotion": str(label), "pixels": " ".join(map(str, image.ravel())), "Usage": SPLITS[usage]}
        for image, label, usage in zip(faces.images, faces.labels, faces.usage, strict=True)
    ]


def write_csv(path: Path, rows: list[dict[str, str]], columns: Sequence[str] = KAGGLE) -> Path:
    """Write a table with these columns of the rows."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, columns, extrasaction="ignore")
        table.writeheader()
        table.writerows(rows)
    return path
