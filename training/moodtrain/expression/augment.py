"""Change faces the way a living room does: batched torch ops, every random number from one generator."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

import torch
import torch.nn.functional as F  # noqa: N812  (torch's own name for it)
from torch import Generator, Tensor

from moodtrain.expression.dice import Dice, each


@dataclass(frozen=True)
class Strength:
    """How far each change may go; probabilities and fractions of the picture's side or of full brightness."""

    flip: float = 0.5
    degrees: float = 10.0  # heads tilt, and levelling by eye landmarks is a few degrees off
    shift: float = 0.06
    scale: float = 0.12  # detector boxes are 10-15 % too loose or too tight
    stretch: float = 0.05
    gamma: float = 0.35  # e^+-0.35: a dim room to a bright window
    contrast: float = 0.25
    brightness: float = 0.1
    coarse: float = 0.1  # a face two metres away is about 24 px wide
    blur: float = 0.07
    noise: float = 0.12
    noise_sigma: float = 0.05
    erase: float = 0.2
    dim: float = 0.05  # an evening room: little light, much noise
    jpeg: float = 0.07  # webcams compress

    def eased(self) -> "Strength":
        """Return half of everything: the last epochs show faces nearly as they are."""
        halves = {field.name: getattr(self, field.name) / 2 for field in fields(self) if field.name != "flip"}
        return replace(self, **halves)


def augment(images: Tensor, generator: Generator, strength: Strength | None = None) -> Tensor:
    """Return changed copies of N x C x H x W images in [0, 1]; same shape and range, each image its own change."""
    strength = strength or Strength()
    dice = Dice(images, generator)
    images = _move(images, dice, strength)
    images = _light(images, dice, strength)
    images = _coarsen(images, dice, strength.coarse)
    images = _blur(images, dice, strength.blur)
    images = _grain(_dim(images, dice, strength.dim), dice, strength)
    images = _compress(images, dice, strength.jpeg)
    return _erase(images, dice, strength.erase).clamp_(0, 1)


def _move(images: Tensor, dice: Dice, strength: Strength) -> Tensor:
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


def _light(images: Tensor, dice: Dice, strength: Strength) -> Tensor:
    images = images.clamp(1e-3, 1) ** each(torch.exp(dice.within(strength.gamma)))
    middle = images.mean((1, 2, 3), keepdim=True)
    images = (images - middle) * each(1 + dice.within(strength.contrast)) + middle
    return (images + each(dice.within(strength.brightness))).clamp(0, 1)


def _some(images: Tensor, chosen: Tensor, change: Callable[[Tensor], Tensor]) -> Tensor:
    """Return all images with the chosen ones changed; the others need no arithmetic."""
    changed = images.clone()
    if chosen.any():
        changed[chosen] = change(images[chosen])
    return changed


def _coarsen(images: Tensor, dice: Dice, probability: float) -> Tensor:
    """Make some faces small and large again, as a face far away is."""
    side = images.shape[-1]
    small = max(8, round(side * dice.one(0.4, 0.8)))

    def there_and_back(faces: Tensor) -> Tensor:
        coarse = F.interpolate(faces, size=(small, small), mode="bilinear", antialias=True, align_corners=False)
        return F.interpolate(coarse, size=images.shape[-2:], mode="bilinear", align_corners=False)

    return _some(images, dice.chosen(probability), there_and_back)


def _blur(images: Tensor, dice: Dice, probability: float) -> Tensor:
    offsets = torch.arange(-2, 3, device=images.device, dtype=images.dtype)
    line = torch.exp(-0.5 * (offsets / dice.one(0.5, 1.2)) ** 2)
    line = line / line.sum()
    channels = images.shape[1]
    kernel = torch.outer(line, line).expand(channels, 1, 5, 5)

    def blurred(faces: Tensor) -> Tensor:
        return F.conv2d(F.pad(faces, (2, 2, 2, 2), mode="replicate"), kernel, groups=channels)

    return _some(images, dice.chosen(probability), blurred)


def _dim(images: Tensor, dice: Dice, probability: float) -> Tensor:
    """Take away most of the light; the sensor's noise and its 256 steps stay, so they weigh more afterwards."""
    darker = images * each(dice.between(0.1, 0.4))
    darker = darker + 0.01 * dice.noise(images.shape)
    return torch.where(each(dice.chosen(probability)), (darker * 255).round() / 255, images)


def _compress(images: Tensor, dice: Dice, probability: float) -> Tensor:
    """Round the 8x8 cosine coefficients of some faces as JPEG does, coarser the higher the frequency."""
    channels, height, width = images.shape[1:]
    if height % 8 or width % 8:
        return images
    n = torch.arange(8, device=images.device, dtype=images.dtype)
    cosines = torch.cos(torch.pi / 8 * (n + 0.5) * n.view(-1, 1)) * 0.5
    cosines[0] /= 2**0.5
    step = (n.view(-1, 1) + n + 2) * dice.one(2, 12) / 255  # about the slope of the standard's luminance table

    def pressed(faces: Tensor) -> Tensor:
        tiles = faces.reshape(len(faces), channels, height // 8, 8, width // 8, 8).transpose(-3, -2)
        rounded = ((cosines @ tiles @ cosines.T) / step).round() * step
        return (cosines.T @ rounded @ cosines).transpose(-3, -2).reshape(faces.shape)

    return _some(images, dice.chosen(probability), pressed)


def _grain(images: Tensor, dice: Dice, strength: Strength) -> Tensor:
    sigma = dice.between(0, strength.noise_sigma) * dice.chosen(strength.noise)
    noise = dice.noise(images.shape)
    return images + noise * each(sigma)


def _erase(images: Tensor, dice: Dice, probability: float) -> Tensor:
    """Cover a rectangle (a hand, a cup, a strand of hair) with an even grey."""
    height, width = images.shape[-2:]
    tall, wide = dice.between(0.15, 0.4), dice.between(0.15, 0.4)
    top, left = dice.between(0, 1) * (1 - tall), dice.between(0, 1) * (1 - wide)
    y = torch.linspace(0, 1, height, device=images.device).view(1, 1, -1, 1)
    x = torch.linspace(0, 1, width, device=images.device).view(1, 1, 1, -1)
    inside = (y >= each(top)) & (y < each(top + tall)) & (x >= each(left)) & (x < each(left + wide))
    return torch.where(inside & each(dice.chosen(probability)), each(dice.between(0, 1)), images)
