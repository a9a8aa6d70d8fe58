"""What may lie beside a model: `manifest.json` with its digest, and `golden.npz` with a sample and its answers."""

from __future__ import annotations

import hashlib
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from moodbox.errors import ModelError


@dataclass(frozen=True, slots=True)
class Golden:
    """A few prepared inputs (N x C x H x W), the logits they gave where the model was made, and how far off is fine."""

    inputs: NDArray[np.float32]
    logits: NDArray[np.float32]
    tolerance: float


def check_manifest(path: Path, model: bytes) -> None:
    """Compare the model with the digest in the manifest beside it, when there is one. Raises ModelError."""
    try:
        text = path.with_name("manifest.json").read_text("utf-8")
    except FileNotFoundError:
        return
    except (OSError, ValueError) as error:
        raise ModelError(
            f"the manifest beside {path.name} cannot be read ({error}): install the model again"
        ) from error
    digest = _digest_in(text, path.name)
    if digest is not None and digest.removeprefix("sha256:") != hashlib.sha256(model).hexdigest():
        raise ModelError(f"the expression model {path} is not the file its manifest names: install it again")


def golden(path: Path) -> Golden | None:
    """Read the sample beside a model; None when there is none. Raises ModelError when it cannot be read."""
    beside = path.with_name("golden.npz")
    if not beside.exists():
        return None
    try:
        with beside.open("rb") as file, np.load(file, allow_pickle=False) as arrays:  # numpy leaks the file on error
            inputs, logits = arrays["input"].astype(np.float32), arrays["logits"].astype(np.float32)
            tolerance = float(arrays["tolerance"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise ModelError(
            f"the sample {beside.name} beside {path.name} cannot be read: install the model again"
        ) from error
    return Golden(inputs, logits, tolerance)


def _digest_in(text: str, name: str) -> str | None:
    try:
        manifest: Any = json.loads(text)
        found = manifest.get("files", {}).get(name)
    except (ValueError, AttributeError) as error:
        raise ModelError(f"the manifest beside {name} is no JSON object: install the model again") from error
    if isinstance(found, dict):
        found = found.get("digest")
    return found if isinstance(found, str) else None
