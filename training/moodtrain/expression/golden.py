"""Golden samples: drawn faces with the answers this very model gives, so that a device can check its own arithmetic.

They are drawn, not photographed: FER2013's pictures may not leave the machine they were trained on.
"""

from pathlib import Path

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

COUNT = 8
CANVAS = 192  # drawn four times as large and scaled down, for soft edges


def drawings(size: int, count: int = COUNT, seed: int = 2013) -> NDArray[np.uint8]:
    """Return count x size x size cartoon faces with different mouths, brows and light; equal for equal seeds."""
    dice = np.random.default_rng(seed)
    bends = np.linspace(-1, 1, count)  # from a deep frown to a broad smile
    faces = [_face(dice, float(bend)) for bend in bends]
    return np.stack([cv2.resize(face, (size, size), interpolation=cv2.INTER_AREA) for face in faces])


def _face(dice: Generator, bend: float) -> NDArray[np.uint8]:
    skin, dark = int(dice.integers(110, 220)), int(dice.integers(10, 60))
    canvas = np.full((CANVAS, CANVAS), int(dice.integers(20, 120)), np.uint8)
    cv2.ellipse(canvas, (96, 96), (84, 108), 0, 0, 360, skin, -1, cv2.LINE_AA)
    opened, brow = int(dice.integers(5, 14)), int(dice.integers(-10, 11))
    for side in (-1, 1):
        x = 96 + side * 36  # the eyes stand where the model's crop puts them
        cv2.ellipse(canvas, (x, 74), (15, opened), 0, 0, 360, 240, -1, cv2.LINE_AA)
        cv2.circle(canvas, (x, 74), min(7, opened), dark, -1, cv2.LINE_AA)
        cv2.line(canvas, (x - side * 16, 54 + brow), (x + side * 16, 54 - brow), dark, 5, cv2.LINE_AA)
    cv2.line(canvas, (96, 84), (90, 112), skin - 40, 4, cv2.LINE_AA)
    across = np.linspace(-40, 40, 21)
    mouth = np.stack([96 + across, 144 + 22 * bend * (1 - (across / 40) ** 2)], 1).astype(np.int32)
    cv2.polylines(
        canvas, [mouth], isClosed=False, color=dark, thickness=int(dice.integers(4, 13)), lineType=cv2.LINE_AA
    )
    shade = np.linspace(dice.uniform(0.6, 1.1), dice.uniform(0.6, 1.1), CANVAS)
    lit: NDArray[np.uint8] = np.clip(canvas * shade + dice.normal(0, 4, canvas.shape), 0, 255).astype(np.uint8)
    return lit


def write(path: Path, inputs: NDArray[np.float32], logits: NDArray[np.float32], tolerance: float) -> None:
    """Write what goes in (already normalised), what must come out, and how far it may be off in any logit."""
    np.savez_compressed(path, input=inputs, logits=logits, tolerance=np.float32(tolerance))
