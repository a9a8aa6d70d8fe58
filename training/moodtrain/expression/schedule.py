"""How a run changes from its first epoch to its last: learning rate and size of the faces."""

import math
from collections.abc import Iterable

import torch
from torch.optim.lr_scheduler import ReduceLROnPlateau

GROWTH = ((0.5, 5 / 6),)  # until this share of the epochs, this share of the full side
PATIENCE = 3  # epochs without a better score that a plateau may last


def learning_rate(step: int, steps: int, highest: float, warmup: float) -> float:
    """Return the learning rate of one step: a straight rise, then half a cosine."""
    rise = max(1, round(warmup * steps))
    if step < rise:
        return highest * (step + 1) / rise
    return highest * 0.5 * (1 + math.cos(math.pi * (step - rise) / max(1, steps - rise)))


def plateau(scores: Iterable[float], highest: float) -> float:
    """Return the learning rate after epochs with these scores: halved whenever they stopped rising.

    It follows from the scores alone, so a resumed run has nothing to remember.
    """
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=highest)
    watch = ReduceLROnPlateau(optimizer, mode="max", factor=0.5, patience=PATIENCE)
    for score in scores:
        watch.step(score)
    return float(optimizer.param_groups[0]["lr"])


def side(epoch: int, epochs: int, full: int) -> int:
    """Return the side of the faces in epoch 1, 2, ...: a multiple of 8 (progressive learning, arXiv:2104.00298)."""
    for until, share in GROWTH:
        if epoch <= until * epochs:
            return max(32, round(full * share / 8) * 8)
    return full
