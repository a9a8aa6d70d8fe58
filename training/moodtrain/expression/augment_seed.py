"""The inspiring projects' augmentation, for a whole batch at once; every change as torchvision 0.28 defines it.

Flip, RandomRotation(15), ColorJitter(0.2, 0.2), RandomAffine(10, (0.1, 0.1), (0.9, 1.1)) and, on the normalised
picture, RandomErasing(0.1). How strong their ColorJitter is could not be found: 0.2 is assumed; on grey faces there is
no saturation or hue to change. As in torchvision, turning takes the nearest pixel, and black around.
"""

import math

import torch
import torch.nn.functional as F  # noqa: N812  (torch's own name for it)
from torch import Generator, Tensor

from moodtrain.expression.dice import Dice, each

TURN = 15.0  # degrees
JITTER = 0.2
AFFINE_TURN, AFFINE_SHIFT, AFFINE_SCALE = 10.0, 0.1, (0.9, 1.1)
ERASE, ERASE_AREA, ERASE_ASPECT = 0.1, (0.02, 0.33), (0.3, 3.3)
ATTEMPTS = 10  # to find a patch that fits


def augment_seed(images: Tensor, generator: Generator, blank: float = 0.5) -> Tensor:
    """Return changed copies of N x 1 x side x side images in [0, 1]; `blank` is what normalising makes 0."""
    dice = Dice(images, generator)
    images = torch.where(each(dice.chosen(0.5)), images.flip(-1), images)
    images = turned(images, dice.within(TURN))
    images = jittered(images, dice)
    angles, scales = dice.within(AFFINE_TURN), dice.between(*AFFINE_SCALE)
    images = turned(images, angles, scales, dice.within(AFFINE_SHIFT), dice.within(AFFINE_SHIFT))
    return erased(images, dice, blank)


def turned(
    images: Tensor,
    degrees: Tensor,
    scale: Tensor | None = None,
    right: Tensor | None = None,
    down: Tensor | None = None,
) -> Tensor:
    """Turn clockwise about the middle, scale, then shift by fractions of the side, in whole pixels."""
    side = images.shape[-1]
    none = torch.zeros_like(degrees)
    # affine_grid asks where each pixel comes from, and counts the side from -1 to 1
    x, y = (2 / side * (side * (none if shift is None else shift)).round() for shift in (right, down))
    angle, size = torch.deg2rad(degrees), torch.ones_like(degrees) if scale is None else scale
    cos, sin = torch.cos(angle) / size, torch.sin(angle) / size
    rows = [torch.stack([cos, sin, -cos * x - sin * y], 1), torch.stack([-sin, cos, sin * x - cos * y], 1)]
    grid = F.affine_grid(torch.stack(rows, 1), list(images.shape), align_corners=False)
    return F.grid_sample(images, grid, mode="nearest", padding_mode="zeros", align_corners=False)


def jittered(images: Tensor, dice: Dice) -> Tensor:
    """Change brightness and contrast, for each image in an order of its own."""
    light, range_ = (each(dice.between(1 - JITTER, 1 + JITTER)) for _ in range(2))
    light_first = _contrast(_brightness(images, light), range_)
    range_first = _brightness(_contrast(images, range_), light)
    return torch.where(each(dice.chosen(0.5)), light_first, range_first)


def _brightness(images: Tensor, factor: Tensor) -> Tensor:
    return (images * factor).clamp(0, 1)


def _contrast(images: Tensor, factor: Tensor) -> Tensor:
    return (images * factor + images.mean((1, 2, 3), keepdim=True) * (1 - factor)).clamp(0, 1)


def erased(images: Tensor, dice: Dice, blank: float) -> Tensor:
    """Cover a patch of some images; the first patch of ten that is smaller than the image, or none."""
    side, chosen = images.shape[-1], dice.chosen(ERASE)
    low, high = (math.log(aspect) for aspect in ERASE_ASPECT)
    area = torch.stack([dice.between(*ERASE_AREA) for _ in range(ATTEMPTS)], 1) * side**2
    aspect = torch.stack([dice.between(low, high) for _ in range(ATTEMPTS)], 1).exp()
    tall, wide = (area * aspect).sqrt().round(), (area / aspect).sqrt().round()
    fits = (tall < side) & (wide < side)
    first = fits.int().argmax(1, keepdim=True)
    tall, wide = tall.gather(1, first)[:, 0], wide.gather(1, first)[:, 0]
    top = (dice.between(0, 1) * (side - tall + 1)).floor()
    left = (dice.between(0, 1) * (side - wide + 1)).floor()
    places = torch.arange(side, device=images.device)
    y, x = places.view(1, 1, -1, 1), places.view(1, 1, 1, -1)
    inside = (y >= each(top)) & (y < each(top + tall)) & (x >= each(left)) & (x < each(left + wide))
    return torch.where(inside & each(chosen & fits.any(1)), blank, images)
