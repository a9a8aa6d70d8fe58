"""Random numbers for a batch of pictures, all from one generator, so that a seed tells them all."""

import torch
from torch import Generator, Tensor


class Dice:
    """Random numbers for one batch: one for each image, on the device of the images."""

    def __init__(self, images: Tensor, generator: Generator) -> None:
        self.count, self.device, self.generator = len(images), images.device, generator

    def between(self, low: float, high: float) -> Tensor:
        """Return a number from low to high for each image."""
        raw = torch.rand(self.count, generator=self.generator)
        return (low + (high - low) * raw).to(self.device)

    def within(self, limit: float) -> Tensor:
        """Return a number from -limit to limit for each image."""
        return self.between(-limit, limit)

    def chosen(self, probability: float) -> Tensor:
        """Return whether each image is chosen."""
        return self.between(0, 1) < probability

    def one(self, low: float, high: float) -> float:
        """Return one number from low to high for the whole batch."""
        return low + (high - low) * float(torch.rand((), generator=self.generator))

    def noise(self, shape: torch.Size) -> Tensor:
        """Return normal noise of that shape."""
        return torch.randn(shape, generator=self.generator).to(self.device)


def each(values: Tensor) -> Tensor:
    """Return one value per image, shaped to multiply with N x C x H x W."""
    return values.view(-1, 1, 1, 1)
