"""A training run's state on disk: written whole or not at all, read without running code from the file."""

import os
from pathlib import Path
from typing import Any

import torch

from moodtrain.errors import CheckpointError


def save(state: dict[str, Any], path: Path) -> None:
    """Write beside, sync, rename: a pulled plug leaves the last epoch, never half of one."""
    beside = path.with_suffix(".part")
    with beside.open("wb") as file:
        torch.save(state, file)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def read(path: Path, command: str) -> Any:
    """Read a torch file; raise CheckpointError, naming the command that writes such files, when it is none."""
    if not path.is_file():
        raise CheckpointError(f"{path} is not there; give a checkpoint.pt that {command} wrote")
    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:  # torch raises many kinds for a file that is no checkpoint
        raise CheckpointError(f"{path} is no checkpoint of moodtrain ({type(error).__name__}); train again") from error
