"""Accuracy when a face arrives as it does at home: badly cut, tilted, in the dark, far away, compressed."""

from collections.abc import Callable, Mapping

import cv2
import numpy as np
from numpy.typing import NDArray

from moodtrain.expression import truths
from moodtrain.expression.calibration import probabilities
from moodtrain.expression.data import SIDE, Faces
from moodtrain.expression.predict import Predictor
from moodtrain.expression.targets import NOBODY

Images = NDArray[np.uint8]
AS_IT_IS = "as it is"
MIRRORED = "mean of image and mirror"  # no spoiling: what a second look would bring


def measure(heads: Mapping[str, Predictor], faces: Faces) -> dict[str, dict[str, float]]:
    """Return, for every way of spoiling the same faces, the accuracy of `heads` on the kind of truth each answers."""
    ways = {name: _once(spoil(faces.images)) for name, spoil in SPOILED.items()} | {MIRRORED: _twice(faces.images)}
    right = {truth: truths.truth(faces, truth) for truth in heads}
    return {
        name: {
            truth: float((answer(head) == right[truth])[right[truth] != NOBODY].mean()) for truth, head in heads.items()
        }
        for name, answer in ways.items()
    }


def _once(images: Images) -> Callable[[Predictor], NDArray[np.int64]]:
    return lambda model: model.logits(images).argmax(1)


def _twice(images: Images) -> Callable[[Predictor], NDArray[np.int64]]:
    looks = (images, np.ascontiguousarray(images[:, :, ::-1]))
    return lambda model: np.sum([probabilities(model.logits(look)) for look in looks], axis=0).argmax(1)


def _warped(degrees: float = 0, scale: float = 1, shift: float = 0) -> Callable[[Images], Images]:
    middle = (SIDE - 1) / 2
    matrix = cv2.getRotationMatrix2D((middle, middle), degrees, scale) + np.array([[0, 0, shift]] * 2, float)
    sides = (SIDE, SIDE)
    return _each(lambda image: cv2.warpAffine(image, matrix, sides, borderMode=cv2.BORDER_REFLECT_101))


def _each(change: Callable[[Images], cv2.typing.MatLike]) -> Callable[[Images], Images]:
    return lambda images: np.stack([change(image) for image in images]).astype(np.uint8)


def _gamma(power: float) -> Callable[[Images], Images]:
    table = np.round(255 * (np.arange(256) / 255) ** power).astype(np.uint8)
    return lambda images: table[images]


def _noisy(images: Images, sigma: float = 12) -> Images:
    noise = np.random.default_rng(0).normal(0, sigma, images.shape)
    return np.clip(images + noise, 0, 255).astype(np.uint8)


def _dim(images: Images) -> Images:
    """Leave a fifth of the light; the sensor's noise and its 256 steps stay, so they weigh five times as much."""
    return _noisy(np.round(images / 5).astype(np.uint8), sigma=2.5)


def _small(image: Images) -> cv2.typing.MatLike:
    return cv2.resize(cv2.resize(image, (24, 24), interpolation=cv2.INTER_AREA), (SIDE, SIDE))


def _pressed(image: Images) -> cv2.typing.MatLike:
    coded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 30])[1]
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_GRAYSCALE), np.uint8)


SPOILED: dict[str, Callable[[Images], Images]] = {
    AS_IT_IS: lambda images: images,
    "crop 10 % tighter each side": _warped(scale=1.25),
    "crop 10 % looser each side": _warped(scale=0.83),
    "rotated 10 degrees": _warped(degrees=10),
    "rotated 20 degrees": _warped(degrees=20),
    "moved 4 px": _warped(shift=4),  # to the right and down
    "dark (gamma 2)": _gamma(2),
    "bright (gamma 0.5)": _gamma(0.5),
    "noise, sigma 12": _noisy,
    "face only 24 px": _each(_small),
    "histogram equalised": _each(cv2.equalizeHist),
    "dim room": _dim,
    "JPEG, quality 30": _each(_pressed),
}

# What the same does to small public networks: accuracy on the labels of FER2013's PrivateTest, measured once in
# this project. The Xceptions (oarriaga/face_classification b861d21) had their checkpoint chosen on a set that contains
# PrivateTest, which flatters them; face-api.js (a86f011) learnt from other pictures.
_PEER_ROWS = (*list(SPOILED)[:11], MIRRORED)
_PEER_SHARES = {
    "mini-Xception": (0.655, 0.604, 0.605, 0.635, 0.584, 0.638, 0.618, 0.621, 0.519, 0.462, 0.594, 0.669),
    "big-Xception": (0.668, 0.582, 0.587, 0.631, 0.564, 0.648, 0.597, 0.616, 0.550, 0.447, 0.578, 0.676),
    "face-api.js": (0.588, 0.469, 0.563, 0.552, 0.499, 0.549, 0.572, 0.570, 0.516, 0.471, 0.578, 0.604),
}
PEERS = {name: dict(zip(_PEER_ROWS, shares, strict=True)) for name, shares in _PEER_SHARES.items()}
