"""The pipeline that the inspiring projects run, for comparison: Haar at full size, then the seed network in PyTorch.

As in m-o-a-z-e/AI_DJ_Mood: detectMultiScale(gray, 1.3, 5) on the whole frame, the face as 3x128x128 scaled to -1..1,
fp32. Its weights are random here: they do not change the time.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

import cv2
import torch

from bench.portrait import Image
from moodtrain.expression.networks import Seed

_SIDE = 128
_CASCADE = Path(cv2.__file__).parent / "data" / "haarcascade_frontalface_default.xml"


class SeedPipeline:
    """See as they do."""

    def __init__(self) -> None:
        torch.set_num_threads(1)
        torch.manual_seed(0)
        self._cascade = cv2.CascadeClassifier(str(_CASCADE))
        self._network = Seed(in_channels=3, classes=7).eval()

    def read(self, frame: Image) -> tuple[float, float, int]:
        """Return the seconds of detection, the seconds of expression and the number of faces."""
        started = time.perf_counter()
        boxes = self._detect(frame)
        found = time.perf_counter()
        for box in boxes:
            self._express(frame, box)
        return found - started, time.perf_counter() - found, len(boxes)

    def _detect(self, frame: Image) -> Sequence[Sequence[int]]:
        gray = cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)
        return self._cascade.detectMultiScale(gray, 1.3, 5)

    def _express(self, frame: Image, box: Sequence[int]) -> list[float]:
        x, y, w, h = box
        face = cv2.resize(cv2.cvtColor(frame[y : y + h, x : x + w], cv2.COLOR_BGR2RGB), (_SIDE, _SIDE))
        with torch.no_grad():
            batch = torch.from_numpy(face).permute(2, 0, 1).unsqueeze(0).float().div(255.0).sub(0.5).div(0.5)
            probabilities: list[float] = torch.softmax(self._network(batch), dim=1)[0].tolist()
        return probabilities
