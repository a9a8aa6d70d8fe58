"""Cutting a face out of the full frame, levelled by its eyes and framed as the model was trained."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from moodbox.events import Face
from moodbox.watch.card import Crop
from moodbox.watch.picture import Image

# Eyes in a box without landmarks (Haar), as fractions of its side: medians against YuNet's over the sample pictures.
_HAAR_EYE_DISTANCE, _HAAR_EYE_LINE = 0.38, 0.40
# From the side, eyes come together but eyes and mouth do not: below this share of the eye-to-mouth distance (about
# 1 / 1.16 for a frontal face in the ArcFace template) the mouth gives the size.
_TURNED = 0.75
_FINEST = 8  # a face is first cut at up to so many times the wanted size, then averaged: no aliasing
# Variance of the Laplacian of a grey crop scaled to 48x48 (Pech-Pacheco et al. 2000) at which a face counts as sharp.
# Over the sample photographs and clips the median is 450 (soft video 130), and 61 once blurred by a sigma of 6 % of the
# distance between the eyes.
_SHARP = 300.0
_SHARP_SIDE = 48


@dataclass(frozen=True, slots=True)
class _Square:
    """A square in the frame: its centre, side, and the angle of its upper edge."""

    x: float
    y: float
    side: float
    angle: float  # radians


def cut(frame: Image, face: Face, crop: Crop, width: int, height: int) -> Image:
    """Return the face as width x height pixels, levelled; what lies outside the frame repeats its edge."""
    square = _square(face, crop)
    finer = min(_FINEST, max(1, math.floor(square.side / max(width, height))))
    matrix = _matrix(square, width * finer, height * finer)
    piece = cv2.warpAffine(
        frame, matrix, (width * finer, height * finer), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    if finer > 1:
        piece = cv2.resize(piece, (width, height), interpolation=cv2.INTER_AREA)
    return piece.astype(np.uint8, copy=False)


def sharpness(grey: Image) -> float:
    """Say how sharp a grey crop is, 0..1: the variance of its Laplacian at 48x48, 300 and more being 1."""
    if grey.shape != (_SHARP_SIDE, _SHARP_SIDE):
        grey = cv2.resize(grey, (_SHARP_SIDE, _SHARP_SIDE), interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    _, deviation = cv2.meanStdDev(cv2.Laplacian(grey, cv2.CV_16S))
    return min(1.0, float(deviation[0, 0]) ** 2 / _SHARP)


def _square(face: Face, crop: Crop) -> _Square:
    """Frame a face by its eyes when the model says where they belong, else by its box."""
    right, left = _eyes(face)
    angle = math.atan2(left[1] - right[1], left[0] - right[0]) if crop.aligned else 0.0
    if not crop.eye_distance or not crop.eye_line:
        rect = face.rect
        side = max(rect.w, rect.h, 1.0) * (1 + 2 * crop.margin)
        return _Square(rect.x + rect.w / 2, rect.y + rect.h / 2, side, angle)
    side = max(_eye_distance(face, right, left), 1.0) / crop.eye_distance
    down = (0.5 - crop.eye_line) * side  # from the eyes to the middle of the crop
    middle = ((right[0] + left[0]) / 2, (right[1] + left[1]) / 2)
    return _Square(middle[0] - math.sin(angle) * down, middle[1] + math.cos(angle) * down, side, angle)


def _eyes(face: Face) -> tuple[tuple[float, float], tuple[float, float]]:
    if face.landmarks:
        return face.landmarks[0], face.landmarks[1]
    rect = face.rect
    middle, half = rect.x + rect.w / 2, rect.w * _HAAR_EYE_DISTANCE / 2
    y = rect.y + rect.h * _HAAR_EYE_LINE
    return (middle - half, y), (middle + half, y)


def _eye_distance(face: Face, right: tuple[float, float], left: tuple[float, float]) -> float:
    eyes = math.dist(right, left)
    if len(face.landmarks) < 5:
        return eyes
    mouth = ((face.landmarks[3][0] + face.landmarks[4][0]) / 2, (face.landmarks[3][1] + face.landmarks[4][1]) / 2)
    return max(eyes, _TURNED * math.dist(mouth, ((right[0] + left[0]) / 2, (right[1] + left[1]) / 2)))


def _matrix(square: _Square, width: int, height: int) -> NDArray[np.float64]:
    """Map the square onto width x height pixels (OpenCV counts pixel centres from 0, hence the halves)."""
    scale = max(width, height) / square.side
    cos, sin = math.cos(square.angle) * scale, math.sin(square.angle) * scale
    return np.array(
        [
            [cos, sin, width / 2 - 0.5 - cos * (square.x - 0.5) - sin * (square.y - 0.5)],
            [-sin, cos, height / 2 - 0.5 + sin * (square.x - 0.5) - cos * (square.y - 0.5)],
        ]
    )
