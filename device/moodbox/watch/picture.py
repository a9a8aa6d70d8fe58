"""Pictures as arrays: what a camera hands on, and careful decoding of what comes from outside."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]  # height x width x 3 (BGR), or height x width (grey)


@dataclass(frozen=True, slots=True)
class Picture:
    """One frame. `small` is the same view in fewer pixels when the camera makes one for free, for finding faces."""

    frame: Image
    small: Image | None = None


def decode(data: bytes) -> Image | None:
    """Decode a JPEG, PNG or other still into BGR, upright as its EXIF says; None when it is none."""
    if not data:
        return None
    try:
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:  # for instance more pixels than OpenCV agrees to decode
        return None
    return None if image is None else image.astype(np.uint8, copy=False)


def fit(image: Image, width: int, height: int) -> Image:
    """Shrink an image so that it fits into width x height pixels; smaller ones stay as they are."""
    scale = min(width / image.shape[1], height / image.shape[0])
    if scale >= 1:
        return image
    size = (max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale)))
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
