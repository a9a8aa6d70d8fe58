"""What one training run of the composer is told; the defaults are the shipped model's recipe."""

from dataclasses import dataclass, field
from typing import Any

from moodtrain.composer.network import Shape
from moodtrain.errors import MoodtrainError


def _setting(default: Any, says: str) -> Any:
    return field(default=default, metadata={"help": says})


@dataclass(frozen=True)
class Settings:
    """One training run."""

    data: str = _setting("", "folders or zips of MIDI files, with commas between")
    out: str = _setting("runs/composer", "folder for checkpoint, curve and report")
    epochs: int = _setting(24, "times every piece is read")
    batch: int = _setting(64, "pieces, or parts of them, per step")
    length: int = _setting(192, "tokens of a part; longer pieces are cut")
    rate: float = _setting(4e-3, "highest learning rate")
    warmup: float = _setting(0.05, "share of all steps in which the learning rate rises before its cosine")
    decay: float = _setting(0.02, "weight decay of AdamW")
    dropout: float = _setting(0.3, "share of features dropped between the layers")
    blind: float = _setting(0.1, "share of parts whose condition is hidden, so that it can be stressed when sampling")
    blur: float = _setting(0.1, "noise on conditions, in standard deviations: nearby moods sound alike")
    average: float = _setting(0.999, "decay of the moving average of the weights, which is what is shipped")
    embedding: int = _setting(128, "numbers per token")
    hidden: int = _setting(256, "cells of an LSTM layer")
    layers: int = _setting(2, "LSTM layers")
    seed: int = _setting(1, "seed of every random number")
    threads: int = _setting(0, "CPU threads; 0 leaves the choice to torch")

    def __post_init__(self) -> None:
        """Refuse values that cannot train anything."""
        for name, least in LEAST.items():
            if not getattr(self, name) >= least:
                raise MoodtrainError(f"--{name} is {getattr(self, name)}; give {least} or more")
        for name, most in SHARES.items():
            if not 0 <= getattr(self, name) <= most:
                raise MoodtrainError(f"--{name} is {getattr(self, name)}; give a number from 0 to {most}")
        if not self.rate > 0:
            raise MoodtrainError(f"--rate is {self.rate}; give a number above 0")

    def shape(self) -> Shape:
        """Return the size of the network."""
        return Shape(self.embedding, self.hidden, self.layers, self.dropout)


LEAST = {
    "epochs": 1,
    "batch": 1,
    "length": 8,
    "embedding": 1,
    "hidden": 1,
    "layers": 1,
    "threads": 0,
    "seed": 0,
    "decay": 0,
    "blur": 0,
}
SHARES = {"warmup": 1, "dropout": 0.99, "blind": 1, "average": 0.99999}

# These say where, how fast and how long a run goes: a resumed run may change them.
FREE = frozenset({"data", "out", "threads", "epochs"})
