"""What one training run is told, and the recipes that set all of it at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from moodtrain.errors import MoodtrainError
from moodtrain.expression.networks import MOOD_CHANNELS, SEED_CHANNELS
from moodtrain.expression.picture import Picture


def _setting(default: Any, says: str) -> Any:
    return field(default=default, metadata={"help": says})


@dataclass(frozen=True)
class Settings:
    """One training run; the defaults are the shipped model's recipe (docs/training.md says where its run differed)."""

    data: str = _setting("", "folder of packed FER2013, or fer2013.csv")
    votes: str = _setting("", "FER+ votes, fer2013new.csv; the packed folder brings its own")
    out: str = _setting("runs/expression", "folder for checkpoint and curve")
    network: str = _setting("moodnet", "moodnet or seed")
    epochs: int = _setting(80, "times every face is seen")
    batch: int = _setting(128, "faces per step, over all devices")
    optimizer: str = _setting("sgd", "adamw, or sgd with Nesterov momentum 0.9")
    schedule: str = _setting("cosine", "cosine down to nothing, or plateau: halved where PublicTest gets no better")
    rate: float = _setting(0.1, "highest learning rate")
    warmup: float = _setting(0.05, "share of all steps in which the learning rate rises before its cosine")
    decay: float = _setting(5e-4, "weight decay")
    smoothing: float = _setting(0.1, "label smoothing: FER2013's labels are wrong in about one row of three")
    average: float = _setting(0.999, "decay of the moving average of the weights, which is what is shipped; 0 for none")
    dropout: float = _setting(0.2, "share of features dropped before the last layer")
    augment: str = _setting("home", "home: what a living room does to a face; seed: what the inspiring projects do")
    mixup: float = _setting(0.2, "alpha of mixup (arXiv:1710.09412); 0 mixes nothing")
    ease: float = _setting(0.2, "share of epochs, the last, without mixup and with half the augmentation")
    grow: bool = _setting(True, "look at smaller faces in the first half of the epochs, which is faster")
    teachers: str = _setting("", "checkpoints to learn from as well, with commas between")
    trust: float = _setting(0.6, "share of the loss that is what the teachers say")
    init: str = _setting("", "checkpoint to begin from instead of random weights")
    size: int = _setting(48, "side of the input in pixels, 32 or more")
    color: str = _setting("gray", "gray, or rgb for seed")
    mean: float = _setting(Picture.mean, "brightness, 0 to 1, that the network sees as 0")
    std: float = _setting(Picture.std, "difference in brightness that the network sees as 1")
    width: int = _setting(0, "channels of the network's first block, from which the others follow; 0 is its own")
    seed: int = _setting(1, "seed of every random number")
    precision: str = _setting("bf16-mixed", "bf16-mixed or 32-true")
    threads: int = _setting(0, "CPU threads; 0 leaves the choice to torch")
    drop_leaks: bool = _setting(True, "drop Training pictures that are also in PublicTest")

    def __post_init__(self) -> None:
        """Refuse values that cannot train anything."""
        for name, allowed in _choices(self.network).items():
            if getattr(self, name) not in allowed:
                raise MoodtrainError(f"--{name} is {getattr(self, name)!r}; choose one of {', '.join(allowed)}")
        for name, least in LEAST.items():
            if not getattr(self, name) >= least:
                raise MoodtrainError(f"--{name} is {getattr(self, name)}; give {least} or more")
        for name, most in SHARES.items():
            if not 0 <= getattr(self, name) <= most:
                raise MoodtrainError(f"--{name} is {getattr(self, name)}; give a number from 0 to {most}")
        for name in ("rate", "std"):
            if not getattr(self, name) > 0:
                raise MoodtrainError(f"--{name} is {getattr(self, name)}; give a number above 0")
        if self.network == "moodnet" and self.size % 8:
            raise MoodtrainError(f"--size is {self.size}, which moodnet cannot halve three times; give a multiple of 8")

    @classmethod
    def of(cls, recipe: str, given: Mapping[str, Any]) -> "Settings":
        """Return the settings of a recipe, but for those that are given."""
        return cls(**{**RECIPES[recipe], **given})

    def channels(self) -> tuple[int, ...]:
        """Return the channels of the network's stages."""
        own = MOOD_CHANNELS if self.network == "moodnet" else SEED_CHANNELS
        return tuple(channels * (self.width or own[0]) // own[0] for channels in own)

    def picture(self) -> Picture:
        """Return what the network will see."""
        return Picture(self.size, self.color, self.mean, self.std)


def _choices(network: str) -> dict[str, tuple[str, ...]]:
    return {
        "network": ("moodnet", "seed"),
        "optimizer": ("adamw", "sgd"),
        "schedule": ("cosine", "plateau"),
        "augment": ("home", "seed"),
        "color": ("gray", "rgb") if network == "seed" else ("gray",),
        "precision": ("bf16-mixed", "32-true"),
    }


LEAST = {"epochs": 1, "batch": 2, "width": 0, "size": 32, "threads": 0, "seed": 0, "mixup": 0, "decay": 0}
SHARES = {"warmup": 1, "smoothing": 1, "average": 0.99999, "dropout": 0.99, "ease": 1, "trust": 1, "mean": 1}

# These say where, how fast and how long a run goes: a resumed run may change them. Another --epochs bends the learning
# rate from there on; checkpoint and model remember it as a plan of its own.
FREE = frozenset({"data", "votes", "out", "threads", "epochs"})

# The seed is the inspiring projects' own recipe (m-o-a-z-e/AI_DJ_Mood, README and notebook). What they do not say, or
# what could not be found, is batch, precision and how strong their ColorJitter is: see augment_seed.py.
RECIPES: dict[str, dict[str, Any]] = {
    "moodnet": {},
    # a few epochs more, taught by itself and its mirror image: give moodnet's run as --init and as --teachers
    "polish": {"epochs": 10, "rate": 0.02, "ease": 1.0, "grow": False, "trust": 0.7, "seed": 2},
    "seed": {
        "network": "seed",
        "epochs": 45,
        "batch": 64,
        "optimizer": "adamw",
        "schedule": "plateau",
        "rate": 1e-3,
        "decay": 1e-4,
        "average": 0.0,
        "dropout": 0.5,
        "augment": "seed",
        "mixup": 0.0,
        "ease": 0.0,
        "grow": False,
        "size": 128,
        "color": "rgb",
        "mean": 0.5,
        "std": 0.5,
        "precision": "32-true",
    },
}


def began_with(saved: Mapping[str, Any]) -> dict[str, Any]:
    """Return all settings of a saved run; what its version did not know yet was as the default is now."""
    return {setting.name: saved.get(setting.name, setting.default) for setting in fields(Settings)}
