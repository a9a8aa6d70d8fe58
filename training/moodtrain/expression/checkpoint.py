"""The state of an expression's run on disk, and the network in it."""

from pathlib import Path
from typing import Any

from moodtrain.checkpoint import read, save
from moodtrain.errors import CheckpointError
from moodtrain.expression.networks import Network, create
from moodtrain.expression.picture import Picture

__all__ = ("load", "network", "save")


def load(path: Path) -> dict[str, Any]:
    """Read a checkpoint; raise CheckpointError when it is missing, cut short or something else."""
    state = read(path, "moodtrain expression train")
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
