"""How faces are shown in one epoch: in what order, at what size, changed how, and mixed with whom."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch
from lightning_fabric import Fabric
from torch import Generator, Tensor

from moodtrain.expression.augment import Strength, augment
from moodtrain.expression.augment_seed import augment_seed
from moodtrain.expression.schedule import side
from moodtrain.expression.settings import Settings


def batches(count: int, settings: Settings, epoch: int, fabric: Fabric) -> Iterator[Tensor]:
    """Yield this device's row numbers for every step of one epoch; the last, incomplete step is left out."""
    order = torch.randperm(count, generator=Generator().manual_seed(number(settings.seed, epoch)))
    steps = count // settings.batch
    for step in order[: steps * settings.batch].view(steps, settings.batch):
        yield step[fabric.global_rank :: fabric.world_size]


def number(*parts: int) -> int:
    """Return one seed for several numbers."""
    return int(np.random.SeedSequence(parts).generate_state(1)[0])


@dataclass
class Show:
    """Faces as one epoch shows them: scaled, changed, and now and then two of them mixed."""

    settings: Settings
    epoch: int
    seed: int

    def __post_init__(self) -> None:
        """Set the dice and the size."""
        settings = self.settings
        self.dice, self.lots = Generator().manual_seed(self.seed), np.random.default_rng(self.seed)
        self.at_ease = self.epoch > round(settings.epochs * (1 - settings.ease))
        self.strength = Strength().eased() if self.at_ease else Strength()
        small = side(self.epoch, settings.epochs, settings.size) if settings.grow else settings.size
        self.picture = replace(settings.picture(), size=small)

    def __call__(self, images: Tensor, answers: Tensor, device: torch.device) -> tuple[Tensor, Tensor]:
        """Return faces as the network takes them, and the answers that belong to them."""
        pixels = self._changed(self.picture.scaled(images).to(device))
        if self.settings.mixup and not self.at_ease:
            pixels, answers = self._mixed(pixels, answers)
        return self.picture.normalised(pixels).contiguous(memory_format=torch.channels_last), answers

    def _changed(self, pixels: Tensor) -> Tensor:
        if self.settings.augment == "seed":
            return augment_seed(pixels, self.dice, self.settings.mean)
        return augment(pixels, self.dice, self.strength)

    def _mixed(self, pixels: Tensor, answers: Tensor) -> tuple[Tensor, Tensor]:
        shares = self.lots.beta(self.settings.mixup, self.settings.mixup, len(pixels))
        mix = torch.from_numpy(np.minimum(shares, 1 - shares)).float().to(pixels.device)
        mixed = pixels.lerp(pixels.flip(0), mix.view(-1, 1, 1, 1))
        return mixed, answers.lerp(answers.flip(0), mix.view(-1, 1, 1))
