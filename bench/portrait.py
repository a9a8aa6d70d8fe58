"""The picture that both pipelines look at: NASA's portrait of Eileen Collins (public domain), as a camera frame."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint8]

SHARED = Path(__file__).resolve().parents[2] / "shared"
YUNET = SHARED / "models" / "face_detection_yunet_2023mar.onnx"


def portrait(width: int = 640, height: int = 480) -> Image:
    """Return the portrait as a BGR frame: one face, the picture's edge carried on to both sides."""
    image = cv2.imread(str(_file()))
    if image is None:
        raise SystemExit(f"{_file()} cannot be read as a picture")
    side = min(width, height)
    image = cv2.resize(image, (side, side), interpolation=cv2.INTER_AREA)
    left, top = (width - side) // 2, (height - side) // 2
    framed = cv2.copyMakeBorder(image, top, height - side - top, left, width - side - left, cv2.BORDER_REPLICATE)
    return framed.astype(np.uint8, copy=False)


def detector() -> str:
    """Name the YuNet file of ../shared where there is one; "" lets the program look for its own."""
    return str(YUNET) if YUNET.exists() else ""


def _file() -> Path:
    shared = SHARED / "data" / "photos" / "astronaut.jpg"
    if shared.exists():
        return shared
    skimage = importlib.util.find_spec("skimage")
    if skimage is None or skimage.origin is None:
        raise SystemExit("the benchmark needs a portrait: pip install scikit-image")
    return Path(skimage.origin).parent / "data" / "astronaut.png"
