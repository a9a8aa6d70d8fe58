"""Labelled faces as every part of the training sees them."""

from dataclasses import dataclass, field
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from moodtrain.errors import DataError

LABELS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")  # the order of FER2013
SPLITS = ("Training", "PublicTest", "PrivateTest")
VOTES = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt", "unknown", "NF")
SIDE = 48  # every FER2013 picture is 48x48


@dataclass(frozen=True)
class Files:
    """What picture files were like when they were read; names are relative to the folder given."""

    names: tuple[str, ...] = ()  # the file behind each row
    unreadable: tuple[tuple[str, str], ...] = ()  # name and reason of files that gave no row
    resized: dict[str, int] = field(default_factory=dict)  # how many were not 48x48, by "width x height"
    empty: tuple[str, ...] = ()  # class folders without a picture


@dataclass(frozen=True)
class Faces:
    """Grey faces and what people said about them; row n of every array is about the same picture."""

    images: NDArray[np.uint8]  # rows x 48 x 48
    labels: NDArray[np.int64]  # index into LABELS
    usage: NDArray[np.uint8]  # index into SPLITS
    votes: NDArray[np.uint8] | None = None  # rows x 10, in the order of VOTES
    files: Files | None = None  # of a whole set of picture files as read; a part of its rows goes without

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.labels)

    def rows(self, keep: NDArray[np.bool_]) -> "Faces":
        """Return the rows where `keep` is true."""
        votes = None if self.votes is None else self.votes[keep]
        return Faces(self.images[keep], self.labels[keep], self.usage[keep], votes)

    def split(self, name: str) -> "Faces":
        """Return one split; raise DataError when the name is unknown or nothing is in it."""
        if name not in SPLITS:
            raise DataError(f"there is no split {name!r}; choose one of {', '.join(SPLITS)}")
        part = self.rows(self.usage == SPLITS.index(name))
        if not len(part):
            raise DataError(f"the split {name} is empty; training and measuring each need their own rows")
        return part

    def digest(self) -> str:
        """Return the SHA-256 of pixels, labels and splits, so that a model can name the data it saw."""
        parts = (self.images, self.labels.astype(np.uint8), self.usage)
        return "sha256:" + sha256(b"".join(np.ascontiguousarray(part).tobytes() for part in parts)).hexdigest()
