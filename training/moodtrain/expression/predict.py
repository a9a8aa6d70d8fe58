"""Read faces with any model this package makes: a checkpoint, an ONNX file, or a bundle's folder."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray

from moodtrain.bundle import PROPERTY
from moodtrain.errors import CheckpointError
from moodtrain.expression import checkpoint
from moodtrain.expression.data import LABELS
from moodtrain.expression.networks import HEADS
from moodtrain.expression.picture import Picture

BATCH = 256


class Predictor(Protocol):
    """Whatever turns grey 48x48 bytes into logits in the order of LABELS."""

    @property
    def head(self) -> str:
        """Return whose labels it answers with: "votes" of FER+, or "labels" of FER2013."""
        ...

    @property
    def picture(self) -> Picture:
        """Return what it wants to see."""
        ...

    def beside(self, head: str) -> "Predictor":
        """Return the same model answering with another head; with the one it has where there is no such."""
        ...

    def logits(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return rows x 7 logits."""
        ...


def open_model(path: Path, head: str | None = None) -> Predictor:
    """Open a checkpoint (.pt), an ONNX file or a bundle's folder; `head` None is the first of a checkpoint.

    Raises CheckpointError when the file is no model, or has no such head.
    """
    path = path / "model.onnx" if path.is_dir() else path
    if path.suffix == ".onnx":
        return OnnxPredictor.open(path, head)
    network, picture = checkpoint.network(checkpoint.load(path))
    _need(path, head, heads(network))
    return TorchPredictor(network, picture, head or "")


def heads(model: torch.nn.Module) -> tuple[str, ...]:
    """Return the names of what a network answers, seven logits each, in their order."""
    named: Any = getattr(model, "heads", ("labels",))
    return tuple(named)


def _need(path: Path, asked: str | None, there: tuple[str, ...]) -> None:
    if asked is not None and asked not in there:
        raise CheckpointError(f"{path} has no head {asked!r}; give --head {' or '.join(there)}, or leave it out")


@dataclass
class TorchPredictor:
    """One head of a network in torch, in fp32."""

    model: torch.nn.Module
    picture: Picture
    head: str = ""  # the first one

    def __post_init__(self) -> None:
        """Name the head."""
        self.head = self.head or heads(self.model)[0]

    def beside(self, head: str) -> "TorchPredictor":
        """Return the same network answering with another head, if it has it."""
        return replace(self, head=head) if head in heads(self.model) else self

    def logits(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return rows x 7 logits."""
        first = heads(self.model).index(self.head) * len(LABELS)
        with torch.inference_mode():
            parts = [self.model(self.picture.prepared(part)) for part in _parts(images)]
        return torch.cat(parts)[:, first : first + len(LABELS)].float().contiguous().numpy()


@dataclass(frozen=True)
class OnnxPredictor:
    """An ONNX file that says itself what it wants to see."""

    session: onnxruntime.InferenceSession
    picture: Picture
    description: dict[str, Any]
    head: str

    @classmethod
    def open(cls, path: Path, head: str | None = None) -> "OnnxPredictor":
        """Load the file with plain onnxruntime on the CPU; `head` None is the one the box listens to."""
        if not path.is_file():
            raise CheckpointError(f"{path} is not there; give an ONNX file that moodtrain expression export wrote")
        try:
            session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime's errors share no public base class
            raise CheckpointError(f"{path} is no ONNX model that onnxruntime can load; export it again") from error
        picture, description = described(session, path)
        _need(path, head, tuple(outputs(description)))
        return cls(session, picture, description, head or own_head(description))

    def beside(self, head: str) -> "OnnxPredictor":
        """Return the same file answering with another output, if it has it."""
        return replace(self, head=head) if head in outputs(self.description) else self

    def logits(self, images: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return rows x 7 logits."""
        return np.concatenate([self.run(self.picture.prepared(part).numpy()) for part in _parts(images)])

    def run(self, prepared: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the logits of faces that are scaled and normalised already."""
        logits: NDArray[np.float32]
        (logits,) = self.session.run([outputs(self.description)[self.head]], {"input": prepared})
        return logits


def own_head(description: dict[str, Any]) -> str:
    """Return whose labels the output `logits` answers with; the first models had one head and did not say."""
    return str(description.get("head", "labels"))


def outputs(description: dict[str, Any]) -> dict[str, str]:
    """Return the output's name of every head of an ONNX file."""
    named: dict[str, str] = description.get("outputs") or {own_head(description): "logits"}
    return named


def described(session: onnxruntime.InferenceSession, path: Path) -> tuple[Picture, dict[str, Any]]:
    """Return what a model wants to see and its whole description; raise CheckpointError when it does not say."""
    text = session.get_modelmeta().custom_metadata_map.get(PROPERTY, "")
    try:
        description = json.loads(text)
        wants = description["input"]
        picture = Picture(wants["width"], wants["color"], wants["mean"][0], wants["std"][0])
        labels, head = tuple(description["labels"]), description.get("head", "labels")
    except (ValueError, KeyError, TypeError, IndexError):
        raise CheckpointError(
            f"{path} does not describe itself in its property {PROPERTY!r}; export it again"
        ) from None
    if labels != LABELS:
        raise CheckpointError(
            f"{path} names its classes {', '.join(labels)}; this data is labelled {', '.join(LABELS)}"
        )
    if head not in HEADS:
        raise CheckpointError(f"{path} answers with a head {head!r}; known are {' and '.join(HEADS)}, export it again")
    return picture, description


def _parts(images: NDArray[np.uint8]) -> list[NDArray[np.uint8]]:
    return [images[start : start + BATCH] for start in range(0, len(images), BATCH)]
