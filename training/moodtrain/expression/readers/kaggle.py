"""Kaggle's fer2013.csv: one row a face, pixels as text (arXiv:1307.0414)."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from moodtrain.errors import DataError
from moodtrain.expression.faces import LABELS, SIDE, SPLITS, Faces
from moodtrain.expression.readers import ferplus, table

COLUMNS = ("emotion", "pixels", "Usage")
NUMBERS = tuple(str(number) for number in range(len(LABELS)))


def read(path: Path, votes: Path | None = None) -> Faces:
    """Read fer2013.csv, joined with FER+ votes by row position when their file is given."""
    if not path.is_file():
        raise DataError(f"{path} is not there; give the path of fer2013.csv with --data")
    images, labels, usage = [], [], []
    for line, row in table.rows(path, COLUMNS):
        images.append(_pixels(row["pixels"], path, line))
        labels.append(_choice(row["emotion"], NUMBERS, path, line))
        usage.append(_choice(row["Usage"], SPLITS, path, line))
    if not images:
        raise DataError(f"{path} has a header but no rows; download fer2013.csv again")
    said = None if votes is None else ferplus.read(votes, expect=len(images))
    return Faces(np.stack(images), np.array(labels, np.int64), np.array(usage, np.uint8), said)


def _pixels(text: str | None, path: Path, line: int) -> NDArray[np.uint8]:
    try:
        values = bytes(map(int, (text or "").split()))
    except ValueError:
        raise DataError(f"{path}, line {line}: a pixel is not a number from 0 to 255") from None
    if len(values) != SIDE * SIDE:
        raise DataError(f"{path}, line {line}: {len(values)} pixels where {SIDE * SIDE} belong; download it again")
    return np.frombuffer(values, np.uint8).reshape(SIDE, SIDE)


def _choice(text: str | None, allowed: tuple[str, ...], path: Path, line: int) -> int:
    if text not in allowed:
        raise DataError(f"{path}, line {line}: {text!r} is none of {', '.join(allowed)}")
    return allowed.index(text)
