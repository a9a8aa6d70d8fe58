"""The networks that read an expression from a face."""

from torch import Tensor, nn

SEED_CHANNELS = (32, 64, 128, 256, 512)


class Seed(nn.Module):
    """The network of the projects that inspired this one, with input size and colour left free.

    Five blocks of two 3x3 convolutions, each with BatchNorm and ReLU, then 2x2 max-pooling; global average pool,
    dropout, one linear layer. Theirs is 3x128x128 (4,719,783 parameters), ours is 1x48x48.
    Takes N x channels x height x width (both sides >= 32) and returns N x classes logits.
    """

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
