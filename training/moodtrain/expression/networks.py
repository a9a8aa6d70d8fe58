"""The networks that read an expression from a face."""

from itertools import pairwise

import torch
import torch.nn.functional as F  # noqa: N812  (torch's own name for it)
from torch import Tensor, nn

from moodtrain.expression.picture import Picture

SEED_CHANNELS = (32, 64, 128, 256, 512)
MOOD_CHANNELS = (16, 48, 112, 256)
HEADS = ("votes", "labels")  # what MoodNet answers: as ten FER+ voters would, and as FER2013 is labelled


class Seed(nn.Module):
    """The network of the projects that inspired this one, with input size and colour left free.

    Five blocks of two 3x3 convolutions, each with BatchNorm and ReLU, then 2x2 max-pooling; global average pool,
    dropout, one linear layer. Theirs is 3x128x128 (4,719,783 parameters).
    Takes N x channels x height x width (both sides >= 32) and returns N x classes logits.
    """

    heads: tuple[str, ...] = ("labels",)

    def __init__(
        self,
        in_channels: int = 3,
        classes: int = 7,
        channels: tuple[int, ...] = SEED_CHANNELS,
        dropout: float = 0.5,
    ) -> None:
        super().__init__()
        ins = (in_channels, *channels[:-1])
        self.blocks = nn.Sequential(*(_block(i, o) for i, o in zip(ins, channels, strict=True)))
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.dropout = nn.Dropout(dropout)
        self.classify = nn.Linear(channels[-1], classes)

    def forward(self, images: Tensor) -> Tensor:
        """Return the logits of normalised images."""
        features = self.pool(self.blocks(images)).flatten(1)
        logits: Tensor = self.classify(self.dropout(features))
        return logits


def _block(ins: int, outs: int) -> nn.Sequential:
    """Return two convolutions and the pooling after them; a bias before BatchNorm is kept, as theirs has it."""
    return nn.Sequential(
        nn.Conv2d(ins, outs, 3, padding=1),
        nn.BatchNorm2d(outs),
        nn.ReLU(inplace=True),
        nn.Conv2d(outs, outs, 3, padding=1),
        nn.BatchNorm2d(outs),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(2),
    )


class MoodNet(nn.Module):
    """Our network: plain 3x3 convolutions that quantise well, a seventh of the multiply-adds of VGG13.

    Evens out the light of every face, then a stem, then stages that halve the side and end in one residual pair;
    the last map is summed with learned weights for every place, because in an aligned face a place means something
    (the global depthwise convolution of MobileFaceNet, arXiv:1804.07573). All heads share all but the last layer.
    Takes N x 1 x side x side (sides that 8 divides; `side` is where it works best) and returns N x (heads x classes)
    logits, the first head's classes first.
    """

    heads: tuple[str, ...] = HEADS

    def __init__(
        self, side: int = 48, classes: int = 7, channels: tuple[int, ...] = MOOD_CHANNELS, dropout: float = 0.3
    ) -> None:
        super().__init__()
        stages = [nn.Sequential(_conv(i, o, stride=2), Residual(o)) for i, o in pairwise(channels)]
        self.features = nn.Sequential(_conv(1, channels[0]), *stages)
        places = side >> len(stages)
        self.places = nn.Parameter(torch.full((1, channels[-1], places, places), 1 / places**2))
        self.dropout = nn.Dropout(dropout)
        self.classify = nn.Linear(channels[-1], len(self.heads) * classes)

    def forward(self, images: Tensor) -> Tensor:
        """Return the logits of normalised images."""
        features = self.features(evenly_lit(images))
        pooled = (features * self._weights(features)).sum((2, 3))
        logits: Tensor = self.classify(self.dropout(pooled))
        return logits

    def _weights(self, features: Tensor) -> Tensor:
        """Return a weight for every place, also when training looks at smaller faces for a while."""
        if features.shape[2:] == self.places.shape[2:]:
            return self.places
        share = self.places.shape[2] ** 2 / features.shape[2] ** 2
        return F.interpolate(self.places, size=features.shape[2:], mode="bilinear", align_corners=False) * share


class Residual(nn.Module):
    """Two convolutions whose outcome is added to what came in."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = _conv(channels, channels)
        self.second = nn.Sequential(nn.Conv2d(channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels))

    def forward(self, features: Tensor) -> Tensor:
        """Return features of the same shape."""
        return F.relu(features + self.second(self.first(features)))


def evenly_lit(images: Tensor) -> Tensor:
    """Return every image with mean 0 and variance 1: a dim room and a pale print look alike to the network."""
    away = images - images.mean((2, 3), keepdim=True)
    return away * torch.rsqrt((away * away).mean((2, 3), keepdim=True) + 1e-3)


def _conv(ins: int, outs: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(ins, outs, 3, stride, padding=1, bias=False), nn.BatchNorm2d(outs), nn.ReLU(inplace=True)
    )


Network = Seed | MoodNet


def create(name: str, picture: Picture, channels: tuple[int, ...], dropout: float = 0.0) -> Network:
    """Return the network of that name, with fresh weights."""
    if name == "seed":
        return Seed(picture.channels, channels=channels, dropout=dropout)
    return MoodNet(picture.size, channels=channels, dropout=dropout)
