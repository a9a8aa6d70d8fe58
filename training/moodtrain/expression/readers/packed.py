"""FER2013 packed without loss: strips of pictures and one file of labels, a sixth of the csv's size."""

from pathlib import Path
from zipfile import BadZipFile

import cv2
import numpy as np
from numpy.typing import NDArray

from moodtrain.errors import DataError
from moodtrain.expression.faces import LABELS, SIDE, SPLITS, VOTES, Faces

LABELLED = "labels.npz"
ARRAYS = ("emotion", "usage", "votes", "image")


def read(folder: Path) -> Faces:
    """Read lossless strips `faces_*.webp` of 48x48 pictures and `labels.npz`, which says which row shows which."""
    emotion, usage, votes, image = _arrays(folder / LABELLED)
    strips = [_strip(path) for path in sorted(folder.glob("faces_*.webp"))]
    distinct = np.concatenate(strips) if strips else np.empty((0, SIDE, SIDE), np.uint8)
    wanted = int(image.max(initial=0)) + 1
    if len({len(emotion), len(usage), len(votes), len(image)}) > 1 or wanted > len(distinct):
        raise DataError(
            f"{folder} does not fit together: {len(emotion)} labels, {len(votes)} votes, "
            f"{len(distinct)} pictures of {wanted} wanted; fetch the data set again"
        )
    if votes.shape[1:] != (len(VOTES),):
        raise DataError(f"{folder} has votes of shape {votes.shape}, not rows x {len(VOTES)}; fetch the data set again")
    if not len(emotion):
        raise DataError(f"{folder} holds no faces; fetch the data set again")
    if not (0 <= emotion.min() <= emotion.max() < len(LABELS) and 0 <= usage.min() <= usage.max() < len(SPLITS)):
        raise DataError(f"{folder} has a label or split that FER2013 does not know; fetch the data set again")
    return Faces(distinct[image], emotion.astype(np.int64), usage.astype(np.uint8), votes.astype(np.uint8))


def _arrays(path: Path) -> list[NDArray[np.integer]]:
    try:
        with path.open("rb") as file, np.load(file) as packed:
            missing = sorted(set(ARRAYS) - set(packed.files))
            if missing:
                raise DataError(f"{path} lacks {', '.join(missing)}; fetch the data set again")
            return [packed[name] for name in ARRAYS]
    except (BadZipFile, ValueError, EOFError) as error:
        raise DataError(f"{path} cannot be opened ({error}); fetch the data set again") from None


def _strip(path: Path) -> NDArray[np.uint8]:
    """Return the pictures of one strip, 48 px wide, one below the other."""
    pixels = cv2.imread(str(path), cv2.IMREAD_GRAYSCALE)
    if pixels is None or pixels.shape[1] != SIDE or pixels.shape[0] % SIDE:
        raise DataError(f"{path} is not a strip of {SIDE}x{SIDE} pictures; fetch the data set again")
    return pixels.reshape(-1, SIDE, SIDE).astype(np.uint8)
