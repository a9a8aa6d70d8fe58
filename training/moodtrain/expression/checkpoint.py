"""The state of a training run on disk: written whole or not at all, read without running code from the file."""

import os
from pathlib import Path
from typing import Any

import torch

from moodtrain.errors import CheckpointError
from moodtrain.expression.networks import Network, create
from moodtrain.expression.picture import Picture


def save(state: dict[str, Any], path: Path) -> None:
    """Write beside, sync, rename: a pulled plug leaves the last epoch, never half of one."""
    beside = path.with_suffix(".part")
    with beside.open("wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def load(path: Path) -> dict[str, Any]:
    """Read a checkpoint; raise CheckpointError when it is missing, cut short or something else."""
    if not path.is_file():
        raise CheckpointError(f"{path} is not there; give a checkpoint.pt that moodtrain expression train wrote")
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises many kinds for a file that is no checkpoint
        raise CheckpointError(f"{path} is no checkpoint of moodtrain ({type(error).__name__}); train again") from error
    if not isinstance(state, dict) or "settings" not in state or "ema" not in state:
        raise CheckpointError(f"{path} is a torch file but no checkpoint of moodtrain; train again")
    return state


def network(state: dict[str, Any]) -> tuple[Network, Picture]:
    """Return the averaged network of a checkpoint with all its heads, ready to measure, and what it wants to see."""
    saved = state["picture"]
    picture = Picture(saved["size"], saved["color"], saved["mean"], saved["std"])
    model = create(state["settings"].get("network", "seed"), picture, tuple(state["channels"]))
    model.load_state_dict(state["ema"])
    return model.eval(), picture
