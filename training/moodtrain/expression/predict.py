"""Read faces with any model this package makes: a checkpoint, an ONNX file, or a bundle's folder."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray

from moodtrain.errors import CheckpointError
from moodtrain.expression import checkpoint
from moodtrain.expression.data import LABELS
from moodtrain.expression.picture import Picture

BATCH = 256
PROPERTY = "moodbox"  # the ONNX metadata property in which a model describes itself


class Predictor(Protocol):
    """Whatever turns grey 48x48 bytes into logits in the order of LABELS."""

    def logits(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return rows x 7 logits."""
        ...


def open_model(path: Path) -> Predictor:
    """Open a checkpoint (.pt), an ONNX file or a bundle's folder; raise CheckpointError with a reason otherwise."""
    path = path / "model.onnx" if path.is_dir() else path
    if path.suffix == ".onnx":
        return OnnxPredictor.open(path)
    return TorchPredictor(*checkpoint.network(checkpoint.load(path)))


@dataclass(frozen=True)
class TorchPredictor:
    """A network in torch, in fp32."""

    model: torch.nn.Module
    picture: Picture

    def logits(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return rows x 7 logits."""
        with torch.inference_mode():
            parts = [self.model(self.picture.prepared(part)) for part in _parts(images)]
        return torch.cat(parts).float().numpy()


@dataclass(frozen=True)
class OnnxPredictor:
    """An ONNX file that says itself what it wants to see."""

    session: onnxruntime.InferenceSession
    picture: Picture
    description: dict[str, Any]

    @classmethod
    def open(cls, path: Path) -> "OnnxPredictor":
        """Load the file with plain onnxruntime on the CPU."""
        if not path.is_file():
            raise CheckpointError(f"{path} is not there; give an ONNX file that moodtrain expression export wrote")
        try:
            session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime's errors share no public base class
            raise CheckpointError(f"{path} is no ONNX model that onnxruntime can load; export it again") from error
        return cls(session, *described(session, path))

    def logits(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return rows x 7 logits."""
        return np.concatenate([self.run(self.picture.prepared(part).numpy()) for part in _parts(images)])

    def run(self, prepared: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the logits of faces that are scaled and normalised already."""
        logits: NDArray[np.float32]
        (logits,) = self.session.run(["logits"], {"input": prepared})
        return logits


def described(session: onnxruntime.InferenceSession, path: Path) -> tuple[Picture, dict[str, Any]]:
    """Return what a model wants to see and its whole description; raise CheckpointError when it does not say."""
    text = session.get_modelmeta().custom_metadata_map.get(PROPERTY, "")
    try:
        description = json.loads(text)
        wants = description["input"]
        picture = Picture(wants["width"], wants["color"], wants["mean"][0], wants["std"][0])
        labels = tuple(description["labels"])
    except (ValueError, KeyError, TypeError, IndexError):
        raise CheckpointError(
            f"{path} does not describe itself in its property {PROPERTY!r}; export it again"
        ) from None
    if labels != LABELS:
        raise CheckpointError(
            f"{path} names its classes {', '.join(labels)}; this data is labelled {', '.join(LABELS)}"
        )
    return picture, description


def _parts(images: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    return [images[start : start + BATCH] for start in range(0, len(images), BATCH)]
