"""What may lie beside an expression model: `manifest.json` with its digest, and `golden.npz` with its answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from moodbox.bundle.contents import read_file
from moodbox.bundle.golden import GOLDEN, read_golden
from moodbox.bundle.manifest import read_manifest
from moodbox.errors import ModelError


@dataclass(frozen=True, slots=True)
class Golden:
    """A few prepared inputs (N x C x H x W), the logits they gave where the model was made, and how far off is fine."""

    inputs: NDArray[np.float32]
    logits: NDArray[np.float32]
    tolerance: float


def check_manifest(path: Path, model: bytes) -> None:
    """Compare the model with the manifest beside it, when there is one. Raises ModelError."""
    manifest = read_manifest(path.parent)
    if manifest is None:
        return
    what = f"the expression model {path}"
    manifest.check_device(what)
    if path.name in manifest.digests:  # a model of the owner's may lie beside another one's manifest
        manifest.check(path.name, model, what)


def golden(path: Path) -> Golden | None:
    """Read the sample beside a model; None when there is none. Raises ModelError when it cannot be read."""
    beside = path.with_name(GOLDEN)
    if not beside.exists():
        return None
    what = f"the sample {GOLDEN} beside {path.name}"
    content = read_file(beside, what, "install the model again")
    arrays = read_golden(content, ("input", "logits", "tolerance"), what)
    try:
        inputs, logits = (array.astype(np.float32) for array in arrays[:2])
        return Golden(inputs, logits, float(arrays[2]))
    except (TypeError, ValueError) as error:
        raise ModelError(f"{what} holds no numbers: install the model again") from error
