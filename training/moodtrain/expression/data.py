"""Read labelled faces: FER2013 as Kaggle's csv or packed without loss, with the FER+ votes when they are there."""

import csv
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from moodtrain.errors import DataError

LABELS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")  # the order of FER2013
SPLITS = ("Training", "PublicTest", "PrivateTest")
VOTES = ("neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt", "unknown", "NF")
SIDE = 48  # every FER2013 picture is 48x48
CSV_COLUMNS = ("emotion", "pixels", "Usage")


@dataclass(frozen=True)
class Faces:
    """Grey faces and what people said about them; row n of every array is about the same picture."""

    images: NDArray[np.uint8]  # rows x 48 x 48
    labels: NDArray[np.int64]  # index into LABELS
    usage: NDArray[np.uint8]  # index into SPLITS
    votes: NDArray[np.uint8] | None = None  # rows x 10, in the order of VOTES

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


def read(path: Path, votes: Path | None = None) -> Faces:
    """Read a folder of packed FER2013 or Kaggle's csv, with FER+ votes from their own csv when given."""
    if path.is_dir():
        return read_packed(path)
    if path.suffix == ".csv":
        return read_csv(path, votes)
    raise DataError(f"{path} is neither a packed FER2013 folder nor a .csv file; give one of the two with --data")


def without_leaks(training: Faces, measured: Faces) -> Faces:
    """Drop the rows of `training` that are pixel for pixel a picture of `measured`."""
    seen = set(_fingerprints(measured))
    return training.rows(np.array([print_ not in seen for print_ in _fingerprints(training)], bool))


def _fingerprints(faces: Faces) -> list[bytes]:
    return [sha256(image.tobytes()).digest() for image in faces.images]


def read_packed(folder: Path) -> Faces:
    """Read lossless strips `faces_*.webp` of 48x48 pictures and `labels.npz`, which says which row shows which."""
    if not (folder / "labels.npz").is_file():
        raise DataError(f"{folder} holds no labels.npz; give the folder of packed FER2013 or fer2013.csv with --data")
    with np.load(folder / "labels.npz") as packed:
        missing = {"emotion", "usage", "image", "votes"} - set(packed.files)
        if missing:
            raise DataError(f"{folder / 'labels.npz'} lacks {', '.join(sorted(missing))}; fetch the data set again")
        emotion, usage, votes, image = (packed[key] for key in ("emotion", "usage", "votes", "image"))
    strips = [_strip(path) for path in sorted(folder.glob("faces_*.webp"))]
    distinct = np.concatenate(strips) if strips else np.empty((0, SIDE, SIDE), np.uint8)
    counts = {len(emotion), len(usage), len(votes), len(image)}
    wanted = int(image.max(initial=0)) + 1
    if len(counts) > 1 or wanted > len(distinct):
        raise DataError(
            f"{folder} does not fit together: {len(emotion)} labels, {len(votes)} votes, "
            f"{len(distinct)} pictures of {wanted} wanted; fetch the data set again"
        )
    return _checked(Faces(distinct[image], emotion.astype(np.int64), usage, votes), folder)


def _strip(path: Path) -> NDArray[np.uint8]:
    """Return the pictures of one strip, 48 px wide, one below the other."""
    pixels = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if pixels is None or pixels.shape[1] != SIDE or pixels.shape[0] % SIDE:
        raise DataError(f"{path} is not a strip of {SIDE}x{SIDE} pictures; fetch the data set again")
    return pixels.reshape(-1, SIDE, SIDE).astype(np.uint8)


def read_csv(path: Path, votes: Path | None = None) -> Faces:
    """Read Kaggle's fer2013.csv (emotion, pixels, Usage), joined with FER+ votes by row position."""
    if not path.is_file():
        raise DataError(f"{path} is not there; give the path of fer2013.csv with --data")
    images, labels, usage = [], [], []
    with path.open(newline="", encoding="utf-8") as file:
        rows = csv.DictReader(file)
        _need(rows.fieldnames, CSV_COLUMNS, path)
        for line, row in enumerate(rows, start=2):
            images.append(_pixels(row["pixels"], path, line))
            labels.append(_choice(row["emotion"], [str(n) for n in range(len(LABELS))], path, line))
            usage.append(_choice(row["Usage"], list(SPLITS), path, line))
    if not images:
        raise DataError(f"{path} has a header but no rows; download fer2013.csv again")
    read_votes = None if votes is None else read_fer_plus(votes, expect=len(images))
    return Faces(np.stack(images), np.array(labels, np.int64), np.array(usage, np.uint8), read_votes)


def read_fer_plus(path: Path, expect: int) -> NDArray[np.uint8]:
    """Read FER+ votes; its row n speaks of row n of fer2013.csv, because its image names skip and repeat."""
    if not path.is_file():
        raise DataError(f"{path} is not there; give the path of FER+ fer2013new.csv with --votes")
    with path.open(newline="", encoding="utf-8") as file:
        rows = csv.DictReader(file)
        _need(rows.fieldnames, VOTES, path)
        try:
            votes = [[int(row[name]) for name in VOTES] for row in rows]
        except (TypeError, ValueError):
            raise DataError(f"{path}, line {rows.line_num}: a vote is not a whole number; download it again") from None
    if len(votes) != expect:
        raise DataError(
            f"{path} has {len(votes)} rows but there are {expect} faces; votes are joined by position, give whole files"
        )
    return np.array(votes, np.uint8)


def _need(found: object, wanted: tuple[str, ...], path: Path) -> None:
    names = list(found) if isinstance(found, (list, tuple)) else []
    missing = [name for name in wanted if name not in names]
    if missing:
        raise DataError(f"{path} lacks the column {', '.join(missing)}; it has {', '.join(names) or 'none'}")


def _pixels(text: str | None, path: Path, line: int) -> NDArray[np.uint8]:
    try:
        values = np.array((text or "").split(), np.uint8)
    except (ValueError, OverflowError):
        raise DataError(f"{path}, line {line}: a pixel is not a number from 0 to 255") from None
    if values.size != SIDE * SIDE:
        raise DataError(f"{path}, line {line}: {values.size} pixels where {SIDE * SIDE} belong; download it again")
    return values.reshape(SIDE, SIDE)


def _choice(text: str | None, allowed: list[str], path: Path, line: int) -> int:
    if text not in allowed:
        raise DataError(f"{path}, line {line}: {text!r} is none of {', '.join(allowed)}")
    return allowed.index(text)


def _checked(faces: Faces, path: Path) -> Faces:
    if not len(faces):
        raise DataError(f"{path} holds no faces; fetch the data set again")
    if faces.labels.max() >= len(LABELS) or faces.usage.max() >= len(SPLITS):
        raise DataError(f"{path} has a label or split that FER2013 does not know; fetch the data set again")
    return faces
