"""What a network wants to see: size, colour, scale and framing. Training, measuring and export share this one place."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812  (torch's own name for it)
from numpy.typing import NDArray
from torch import Tensor


@dataclass(frozen=True)
class Crop:
    """How a face must be cut out to look like the training pictures; all are fractions of the crop's side.

    Medians over 500 FER2013 Training faces as YuNet sees them, rounded: `moodtrain expression framing` prints them.
    """

    aligned: bool = True  # both eyes on one level
    eye_distance: float = 0.375  # between the centres of the eyes
    eye_line: float = 0.39  # eye centres below the upper edge
    margin: float = -0.02  # without eyes: side = (1 + 2 margin) x the longer side of YuNet's box


@dataclass(frozen=True)
class Picture:
    """The input of one network."""

    size: int = 48
    color: str = "gray"  # or "rgb"
    mean: float = 0.507  # of FER2013 Training, as its std
    std: float = 0.255
    crop: Crop = field(default_factory=Crop)

    @property
    def channels(self) -> int:
        """Return 1 for grey and 3 for colour."""
        return 1 if self.color == "gray" else 3

    def scaled(self, images: NDArray[np.uint8] | Tensor) -> Tensor:
        """Return N x H x W bytes as N x 1 x size x size in [0, 1]."""
        pixels = torch.as_tensor(images).unsqueeze(1).float() / 255
        if pixels.shape[-1] == self.size:
            return pixels
        sides = (self.size, self.size)
        return F.interpolate(pixels, size=sides, mode="bilinear", antialias=True, align_corners=False).clamp_(0, 1)

    def normalised(self, pixels: Tensor) -> Tensor:
        """Return (pixel - mean) / std, in as many channels as the network has."""
        return ((pixels - self.mean) / self.std).expand(-1, self.channels, -1, -1)

    def prepared(self, images: NDArray[np.uint8] | Tensor) -> Tensor:
        """Return bytes as the network takes them."""
        return self.normalised(self.scaled(images))

    def described(self) -> dict[str, Any]:
        """Return the `input` part of the model's own description."""
        crop = self.crop
        return {
            "layout": "NCHW",
            "height": self.size,
            "width": self.size,
            "color": self.color,
            "mean": [self.mean] * self.channels,
            "std": [self.std] * self.channels,
            "crop": {
                "aligned": crop.aligned,
                "margin": crop.margin,
                "eye_distance": crop.eye_distance,
                "eye_line": crop.eye_line,
            },
        }
