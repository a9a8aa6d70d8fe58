"""Accuracy when a face arrives as it does at home: badly cut, tilted, in the dark, far away."""

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from moodtrain.expression.data import SIDE, Faces
from moodtrain.expression.evaluate import score
from moodtrain.expression.predict import Predictor

Images = NDArray[np.uint8]


def measure(model: Predictor, faces: Faces) -> dict[str, float]:
    """Return the accuracy for every way of spoiling the same faces."""
    return {name: _accuracy(model, replace(faces, images=spoil(faces.images))) for name, spoil in SPOILED.items()}


def told(accuracies: dict[str, float]) -> str:
    """Return one line per way."""
    return "\n".join(f"{name:28}{accuracy:8.2%}" for name, accuracy in accuracies.items())


def _accuracy(model: Predictor, faces: Faces) -> float:
    accuracy: float = score(model.logits(faces.images), faces.labels)["accuracy"]
    return accuracy


def _warped(degrees: float = 0, scale: float = 1, shift: float = 0) -> Callable[[Images], Images]:
    middle = (SIDE - 1) / 2
    matrix = cv2.getRotationMatrix2D((middle, middle), degrees, scale)
    matrix[0, 2] += shift
    sides = (SIDE, SIDE)
    return _each(lambda image: cv2.warpAffine(image, matrix, sides, borderMode=cv2.BORDER_REFLECT_101))


def _each(change: Callable[[Images], cv2.typing.MatLike]) -> Callable[[Images], Images]:
    return lambda images: np.stack([change(image) for image in images]).astype(np.uint8)


def _gamma(power: float) -> Callable[[Images], Images]:
    table = np.round(255 * (np.arange(256) / 255) ** power).astype(np.uint8)
    return lambda images: table[images]


def _noisy(images: Images) -> Images:
    noise = np.random.default_rng(0).normal(0, 12, images.shape)
    return np.clip(images + noise, 0, 255).astype(np.uint8)


def _small(image: Images) -> cv2.typing.MatLike:
    return cv2.resize(cv2.resize(image, (24, 24), interpolation=cv2.INTER_AREA), (SIDE, SIDE))


SPOILED: dict[str, Callable[[Images], Images]] = {
    "as it is": lambda images: images,
    "crop 10 % tighter each side": _warped(scale=1.25),
    "crop 10 % looser each side": _warped(scale=0.83),
    "rotated 10 degrees": _warped(degrees=10),
    "rotated 20 degrees": _warped(degrees=20),
    "moved 4 px": _warped(shift=4),
    "dark (gamma 2)": _gamma(2),
    "bright (gamma 0.5)": _gamma(0.5),
    "noise, sigma 12": _noisy,
    "face only 24 px": _each(_small),
    "histogram equalised": _each(cv2.equalizeHist),
}
