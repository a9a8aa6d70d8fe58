"""Where the eyes stand in the training pictures, so that a device can cut faces out the same way."""

import math
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from moodtrain.errors import DataError
from moodtrain.expression.data import Faces

SIDES, EDGE = (96, 128, 192), 64  # enlarged, with an even edge: YuNet wants faces inside a frame
SCORE, OVERLAP, MOST = 0.7, 0.3, 50


def measure(faces: Faces, detector: Path, count: int) -> NDArray[np.float32]:
    """Return eye distance, eye line and longer side of the box, over the picture side, for faces that YuNet finds."""
    if not detector.is_file():
        raise DataError(
            f"{detector} is not there; give face_detection_yunet_2023mar.onnx of opencv_zoo with --detector"
        )
    rows = np.random.default_rng(0).permutation(len(faces))[:count]
    kept = [row for side in SIDES for row in _found(faces.images[rows], detector, side)]
    if not kept:
        raise DataError("YuNet finds no face in these pictures; are they faces at all?")
    return np.array(kept, np.float32)


def told(measured: NDArray[np.float32]) -> str:
    """Return quartiles as text."""
    lines = [
        f"{len(measured)} faces found; fractions of the picture's side, at three sizes",
        f"{'':20}    25 %  median    75 %",
    ]
    for name, column in zip(("eye distance", "eye line", "longer side of box"), measured.T, strict=True):
        lines.append(f"{name:20}" + "".join(f"{value:8.3f}" for value in np.percentile(column, [25, 50, 75])))
    return "\n".join(lines)


def _found(images: NDArray[np.uint8], detector: Path, side: int) -> Iterator[tuple[float, float, float]]:
    """Yield the three fractions of the surest face; YuNet's row is box (4), right eye, left eye, ..., score."""
    frame = side + 2 * EDGE
    yunet = cv2.FaceDetectorYN.create(str(detector), "", (frame, frame), SCORE, OVERLAP, MOST)
    for image in images:
        faces = yunet.detect(_framed(image, side))[1]
        if faces is not None:
            best = max(faces.tolist(), key=lambda face: face[14])
            (right_x, right_y, left_x, left_y), longer = best[4:8], max(best[2:4])
            distance = math.hypot(left_x - right_x, left_y - right_y)
            yield distance / side, ((right_y + left_y) / 2 - EDGE) / side, longer / side


def _framed(image: NDArray[np.uint8], side: int) -> cv2.typing.MatLike:
    large = cv2.resize(image, (side, side), interpolation=cv2.INTER_CUBIC)
    grey = int(image.mean())
    framed = cv2.copyMakeBorder(large, EDGE, EDGE, EDGE, EDGE, cv2.BORDER_CONSTANT, value=grey)
    return cv2.cvtColor(framed, cv2.COLOR_GRAY2BGR)
