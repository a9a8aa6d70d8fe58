"""Open any composer this package makes, to be measured: a checkpoint, an ONNX file, or a bundle's folder."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch
from numpy.typing import NDArray
from torch import Tensor

from moodtrain.bundle import PROPERTY
from moodtrain.composer import checkpoint
from moodtrain.composer.batches import Scales
from moodtrain.composer.condition import NAMES
from moodtrain.composer.measure import Speaker
from moodtrain.composer.network import Composer
from moodtrain.composer.vocabulary import WORDS
from moodtrain.errors import CheckpointError


@dataclass(frozen=True)
class Model:
    """A composer that can be measured."""

    path: Path  # of its file
    kind: str
    speak: Speaker
    scales: Scales
    said: dict[str, Any] = field(default_factory=dict)  # of itself: name, version, training, metrics, licence
    together: int = 32  # pieces that may be read at once
    network: Composer | None = None  # of a checkpoint


def open_model(path: Path) -> Model:
    """Open a checkpoint (.pt), an ONNX file or a bundle's folder; raises CheckpointError when it is none."""
    path = path / "model.onnx" if path.is_dir() else path
    if path.suffix == ".onnx":
        return _from_onnx(path)
    state = checkpoint.load(path)
    network = checkpoint.network(state)
    return Model(path, "fp32 checkpoint", network, checkpoint.scales(state), _told(state), network=network)


def _told(state: dict[str, Any]) -> dict[str, Any]:
    return {"training": {"digest": state["digest"], "recipe": f"{len(state['history'])} epochs"}}


def _from_onnx(path: Path) -> Model:
    reader = OnnxReader.open(path)
    kind = "int8 ONNX" if "int8" in reader.description.get("precision", "") else "ONNX"
    # the box reads one token of one piece at a time, and int8 takes its ranges from all that is read at once
    return Model(path, kind, reader, reader.scales(), reader.description, together=1)


@dataclass(frozen=True)
class OnnxReader:
    """A stepwise ONNX file that says itself what it speaks; called, it reads whole pieces."""

    session: onnxruntime.InferenceSession
    description: dict[str, Any]

    @classmethod
    def open(cls, path: Path) -> "OnnxReader":
        """Load a file with plain onnxruntime on the CPU; raises CheckpointError."""
        if not path.is_file():
            raise CheckpointError(f"{path} is not there; give an ONNX file that moodtrain composer export wrote")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # a token is too little work to share
        try:
            session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime's errors share no public base class
            raise CheckpointError(f"{path} is no ONNX model that onnxruntime can load; export it again") from error
        return cls(session, _described(session, path))

    def scales(self) -> Scales:
        """Return how it wants conditions standardised."""
        rows = self.description["condition"]
        mean, std = (np.array([row[key] for row in rows], np.float32) for key in ("mean", "std"))
        return Scales(mean, std)

    def __call__(self, tokens: Tensor, conditions: Tensor) -> tuple[Tensor, None]:
        """Return the N x T x V logits of N x T tokens, read step by step from a zero state."""
        return torch.from_numpy(self.read(tokens.numpy(), conditions.numpy())), None

    def read(self, tokens: NDArray[np.int64], conditions: NDArray[np.float32]) -> NDArray[np.float32]:
        """Do so with numpy's arrays; raises CheckpointError when onnxruntime cannot."""
        shape = self.description["state"]
        h = c = np.zeros((shape["layers"], len(tokens), shape["hidden"]), np.float32)
        found = np.empty((*tokens.shape, len(WORDS)), np.float32)
        for at in range(tokens.shape[1]):
            feeds = {"token": tokens[:, at], "condition": conditions[:, at], "h": h, "c": c}
            try:
                found[:, at], h, c = self.session.run(["logits", "h_out", "c_out"], feeds)
            except Exception as error:  # onnxruntime's errors share no public base class
                reason = " ".join(str(error).split())[:120]
                raise CheckpointError(f"the ONNX model cannot be run ({reason}); export it again") from error
        return found


def _described(session: onnxruntime.InferenceSession, path: Path) -> dict[str, Any]:
    text = session.get_modelmeta().custom_metadata_map.get(PROPERTY, "")
    try:
        told: dict[str, Any] = json.loads(text)
        kind, words = told["kind"], told["vocabulary"]
        cues = [one["name"] for one in told["condition"] if one["std"] > 0]
        whole = all(isinstance(told["state"][key], int) for key in ("layers", "hidden"))
    except (ValueError, KeyError, TypeError):
        raise CheckpointError(
            f"{path} does not describe itself in its property {PROPERTY!r}; export it again"
        ) from None
    if kind != "composer" or words != list(WORDS) or cues != list(NAMES) or not whole:
        raise CheckpointError(f"{path} is no composer of this version's words and conditions; export it again")
    return told
