"""Read labelled faces in any form people have them, and keep the measured ones out of training."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from moodtrain.errors import DataError
from moodtrain.expression.faces import LABELS, SIDE, SPLITS, VOTES, Faces, Files
from moodtrain.expression.readers import folders, kaggle, packed, rafdb

__all__ = (
    "ALIKE",
    "LABELS",
    "SIDE",
    "SPLITS",
    "VOTES",
    "Faces",
    "Files",
    "copies",
    "read",
    "standardised",
    "with_a_face",
    "without_leaks",
)
FORMS = "fer2013.csv, the folder of packed FER2013, RAF-DB's folder, or a folder that holds a folder per class"
ALIKE = 0.98  # correlation of two copies of one picture: 280 PublicTest rows are equal to a Training row, 300 alike


def read(path: Path, votes: Path | None = None) -> Faces:
    """Read fer2013.csv (with FER+ votes when given), packed FER2013, RAF-DB's aligned layout or a folder per class."""
    if not path.is_dir():
        if path.suffix.lower() != ".csv":
            raise DataError(f"{path} is neither a folder nor a .csv file; --data takes {FORMS}")
        return kaggle.read(path, votes)
    if votes is not None:
        raise DataError(f"{votes} speaks of the rows of fer2013.csv and {path} is a folder; leave --votes away")
    if (path / packed.LABELLED).exists():
        return packed.read(path)
    if (path / rafdb.LIST).exists() or (path / rafdb.ALIGNED).exists():
        return rafdb.read(path)
    if folders.inside(path):
        return folders.read(path)
    raise DataError(f"{path} holds no labels.npz, no {rafdb.LIST} and no folder per class; --data takes {FORMS}")


def without_leaks(training: Faces, measured: Faces) -> Faces:
    """Drop the rows of `training` that show, but for scaling and compression, a picture of `measured`."""
    return training.rows(~copies(training.images, measured.images))


def copies(images: NDArray[np.uint8], others: NDArray[np.uint8], alike: float = ALIKE) -> NDArray[np.bool_]:
    """Return which images equal one of `others` or correlate with one at `alike` or above; even ones do with none."""
    known = {image.tobytes() for image in others}
    found = np.array([image.tobytes() in known for image in images], bool)
    wanted = standardised(others).T
    for start in range(0, len(images), 2048):
        part = standardised(images[start : start + 2048]) @ wanted
        found[start : start + 2048] |= part.max(1, initial=-1) >= alike
    return found


def standardised(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return images as rows of mean 0 and length 1, so that their products are correlations; even pictures become 0."""
    rows = images.reshape(len(images), -1).astype(np.float32)
    rows -= rows.mean(1, keepdims=True)
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
    return rows


def with_a_face(faces: Faces) -> Faces:
    """Drop pictures of one even grey, of which FER2013 has a dozen."""
    rows = faces.images.reshape(len(faces), -1)
    return faces.rows(rows.max(1) > rows.min(1))
