"""The public expression networks that ours is compared with, and how each of them wants to be asked.

All three are MIT and under 1.4 MB; larger ones could not be had. They are for measuring only and lie in
../shared/models/peers, whose README names commits and digests.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Images = NDArray[np.uint8]
Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Peer:
    """One network: `order` names the column of its answer for each of moodtrain's LABELS."""

    name: str
    file: str
    prepare: Callable[[Images], Floats]
    order: tuple[int, ...]


def _grey(images: Images) -> Floats:
    """Return N x 1 x 64 x 64 from -1 to 1, as oarriaga/face_classification: src/utils/preprocessor.py."""
    return (_resized(images, 64) / 127.5 - 1)[:, None].astype(np.float32)


def _colour(images: Images) -> Floats:
    """Return N x 3 x 112 x 112, as justadudewhohacks/face-api.js: src/faceFeatureExtractor (its RGB means)."""
    means = np.array([122.782, 117.001, 104.298], np.float32).reshape(1, 3, 1, 1)
    return ((_resized(images, 112)[:, None] - means) / 255).astype(np.float32)


def _resized(images: Images, side: int) -> Floats:
    return np.stack([cv2.resize(image, (side, side), interpolation=cv2.INTER_LINEAR) for image in images]).astype(
        np.float32
    )


PEERS = (
    Peer("mini-Xception 102 (the `fer` package)", "mini_xception_102.onnx", _grey, (0, 1, 2, 3, 4, 5, 6)),
    Peer("big-Xception 54", "big_xception_54.onnx", _grey, (0, 1, 2, 3, 4, 5, 6)),
    # theirs: neutral, happy, sad, angry, fearful, disgusted, surprised
    Peer("face-api.js", "faceapi_expression.onnx", _colour, (3, 5, 4, 1, 2, 6, 0)),
)
