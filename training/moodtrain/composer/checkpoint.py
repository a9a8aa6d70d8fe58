"""The state of a composer's run on disk, and the network in it."""

from pathlib import Path
from typing import Any

import numpy as np

from moodtrain.checkpoint import read, save
from moodtrain.composer.batches import Scales
from moodtrain.composer.network import Composer, Shape
from moodtrain.composer.vocabulary import WORDS
from moodtrain.errors import CheckpointError

__all__ = ("load", "network", "save", "scales")


def load(path: Path) -> dict[str, Any]:
    """Read a checkpoint; raise CheckpointError when it is missing, cut short or something else."""
    state = read(path, "moodtrain composer train")
    if not isinstance(state, dict) or state.get("kind") != "composer":
        raise CheckpointError(f"{path} is a torch file but no checkpoint of a composer; train again")
    if state["words"] != list(WORDS):
        raise CheckpointError(f"{path} speaks another vocabulary than this version; train again")
    return state


def network(state: dict[str, Any]) -> Composer:
    """Return the averaged network of a checkpoint, ready to measure."""
    model = Composer(Shape(**state["shape"]))
    model.load_state_dict(state["ema"])
    return model.eval()


def scales(state: dict[str, Any]) -> Scales:
    """Return how a checkpoint's network wants conditions standardised."""
    return Scales(np.array(state["mean"], np.float32), np.array(state["std"], np.float32))
