"""Change faces the way a living room does: batched torch ops, every random number from one generator."""

from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812  (torch's own name for it)
from torch import Generator, Tensor


@dataclass(frozen=True)
class Strength:
    """How far each change may go; probabilities and fractions of the picture's side or of full brightness."""

    flip: float = 0.5
    degrees: float = 12.0  # heads tilt, and levelling by eye landmarks is a few degrees off
    shift: float = 0.08
    scale: float = 0.15  # detector boxes are 10-15 % too loose or too tight
    stretch: float = 0.05
    gamma: float = 0.45  # e^+-0.45: a dim room to a bright window
    contrast: float = 0.3
    brightness: float = 0.15
    coarse: float = 0.2  # a face two metres away is about 24 px wide
    blur: float = 0.15
    noise: float = 0.3
    noise_sigma: float = 0.06
    erase: float = 0.25


def augment(images: Tensor, generator: Generator, strength: Strength | None = None) -> Tensor:
    """Return changed copies of N x C x H x W images in [0, 1]; same shape and range, each image its own change."""
    strength = strength or Strength()
    dice = _Dice(images, generator)
    images = _move(images, dice, strength)
    images = _light(images, dice, strength)
    images = _coarsen(images, dice, strength.coarse)
    images = _blur(images, dice, strength.blur)
    images = _grain(images, dice, strength)
    return _erase(images, dice, strength.erase).clamp_(0, 1)


class _Dice:
    """Random numbers for a batch, one per image, shaped to multiply with it."""

    def __init__(self, images: Tensor, generator: Generator) -> None:
        self.count, self.device, self.generator = len(images), images.device, generator

    def between(self, low: float, high: float) -> Tensor:
        raw = torch.rand(self.count, generator=self.generator)
        return (low + (high - low) * raw).to(self.device)

    def within(self, limit: float) -> Tensor:
        return self.between(-limit, limit)

    def chosen(self, probability: float) -> Tensor:
        return self.between(0, 1) < probability

    def one(self, low: float, high: float) -> float:
        return low + (high - low) * float(torch.rand((), generator=self.generator))


def _each(values: Tensor) -> Tensor:
    return values.view(-1, 1, 1, 1)


def _move(images: Tensor, dice: _Dice, strength: Strength) -> Tensor:
    """Mirror, turn, scale, stretch and shift in one resampling; the edge is repeated outward."""
    angle = torch.deg2rad(dice.within(strength.degrees))
    size = torch.exp(dice.within(strength.scale))
    wide = size * torch.exp(dice.within(strength.stretch))
    mirror = torch.where(dice.chosen(strength.flip), -1.0, 1.0)
    cos, sin = torch.cos(angle), torch.sin(angle)
    # grid_sample counts the side from -1 to 1, so a fraction of the side is twice as much there
    right, down = 2 * dice.within(strength.shift), 2 * dice.within(strength.shift)
    rows = [
        torch.stack([mirror * cos * wide, -sin * size, right], 1),
        torch.stack([mirror * sin * wide, cos * size, down], 1),
    ]
    grid = F.affine_grid(torch.stack(rows, 1), list(images.shape), align_corners=False)
    return F.grid_sample(images, grid, padding_mode="border", align_corners=False)


def _light(images: Tensor, dice: _Dice, strength: Strength) -> Tensor:
    images = images.clamp(1e-3, 1) ** _each(torch.exp(dice.within(strength.gamma)))
    middle = images.mean((1, 2, 3), keepdim=True)
    images = (images - middle) * _each(1 + dice.within(strength.contrast)) + middle
    return (images + _each(dice.within(strength.brightness))).clamp(0, 1)


def _coarsen(images: Tensor, dice: _Dice, probability: float) -> Tensor:
    """Make some faces small and large again, as a face far away is."""
    side = images.shape[-1]
    small = max(8, round(side * dice.one(0.4, 0.8)))
    coarse = F.interpolate(images, size=(small, small), mode="bilinear", antialias=True, align_corners=False)
    coarse = F.interpolate(coarse, size=images.shape[-2:], mode="bilinear", align_corners=False)
    return torch.where(_each(dice.chosen(probability)), coarse, images)


def _blur(images: Tensor, dice: _Dice, probability: float) -> Tensor:
    offsets = torch.arange(-2, 3, device=images.device, dtype=images.dtype)
    line = torch.exp(-0.5 * (offsets / dice.one(0.5, 1.2)) ** 2)
    line = line / line.sum()
    channels = images.shape[1]
    kernel = torch.outer(line, line).expand(channels, 1, 5, 5)
    blurred = F.conv2d(F.pad(images, (2, 2, 2, 2), mode="replicate"), kernel, groups=channels)
    return torch.where(_each(dice.chosen(probability)), blurred, images)


def _grain(images: Tensor, dice: _Dice, strength: Strength) -> Tensor:
    sigma = dice.between(0, strength.noise_sigma) * dice.chosen(strength.noise)
    noise = torch.randn(images.shape, generator=dice.generator).to(images.device)
    return images + noise * _each(sigma)


def _erase(images: Tensor, dice: _Dice, probability: float) -> Tensor:
    """Cover a rectangle (a hand, a cup, a strand of hair) with an even grey."""
    height, width = images.shape[-2:]
    tall, wide = dice.between(0.15, 0.4), dice.between(0.15, 0.4)
    top, left = dice.between(0, 1) * (1 - tall), dice.between(0, 1) * (1 - wide)
    y = torch.linspace(0, 1, height, device=images.device).view(1, 1, -1, 1)
    x = torch.linspace(0, 1, width, device=images.device).view(1, 1, 1, -1)
    inside = (y >= _each(top)) & (y < _each(top + tall)) & (x >= _each(left)) & (x < _each(left + wide))
    return torch.where(inside & _each(dice.chosen(probability)), _each(dice.between(0, 1)), images)
