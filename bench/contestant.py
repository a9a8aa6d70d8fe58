"""The networks that run against each other: ours, the one of the inspiring projects, and public peers."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import numpy as np
import torch
from onnxruntime import InferenceSession

from bench.peers import Floats, Images, Peer
from moodbox.bundle.session import open_session
from moodbox.errors import ModelError
from moodtrain.errors import CheckpointError
from moodtrain.expression import arithmetic, checkpoint
from moodtrain.expression.export import Answers, to_onnx
from moodtrain.expression.networks import Seed
from moodtrain.expression.picture import Picture
from moodtrain.expression.predict import described, heads, outputs, own_head

_BATCH = 64
_SEED_PICTURE = Picture(128, "rgb", 0.5, 0.5)  # as m-o-a-z-e/AI_DJ_Mood feeds it


@dataclass(frozen=True)
class Contestant:
    """One network, ready to run: `prepare` turns grey 48x48 bytes into what `run` takes."""

    name: str
    prepare: Callable[[Images], Floats]
    run: Callable[[Floats], Floats]  # N x 7 logits or probabilities, in the order of LABELS
    size: int  # bytes
    parameters: int
    multiply_adds: int  # of one face
    head: str = "labels"  # whose labels it learnt: "votes" of FER+, or "labels" of FER2013
    trained: bool = True
    others: Mapping[str, Callable[[Floats], Floats]] = field(default_factory=dict)  # as `run`, of its further heads

    def answers(self, images: Images, head: str | None = None) -> Floats:
        """Return N x 7 for any number of faces, of the head for these labels where it has one of its own."""
        run = self.others.get(head or self.head, self.run)
        parts = (images[start : start + _BATCH] for start in range(0, len(images), _BATCH))
        return np.concatenate([run(self.prepare(part)) for part in parts])


def ours(path: Path, name: str) -> Contestant:
    """Open an ONNX file of ours; raises ModelError or CheckpointError."""
    session = open_session(_bytes(path), 1, what=f"the expression model {path}")
    picture, description = described(session, path)

    first, named = own_head(description), outputs(description)
    return Contestant(
        name,
        lambda images: picture.prepared(images).numpy(),
        _answer(session, "logits"),
        path.stat().st_size,
        *arithmetic.of_file(path),
        head=first,
        others={head: _answer(session, output) for head, output in named.items() if head != first},
    )


def checkpointed(path: Path, name: str) -> Contestant:
    """Open a checkpoint of ours with all its heads as fp32 ONNX; raises CheckpointError."""
    network, picture = checkpoint.network(checkpoint.load(path))
    return _exported(network, picture, name)


def peer(folder: Path, known: Peer) -> Contestant:
    """Open a public network; raises ModelError when it is not there."""
    path = folder / known.file
    session = open_session(_bytes(path), 1, what=f"the peer {path}")
    asked = session.get_inputs()[0].name

    def run(prepared: Floats) -> Floats:
        return cast("Floats", session.run(None, {asked: prepared})[0][:, known.order])

    return Contestant(known.name, known.prepare, run, path.stat().st_size, *arithmetic.of_file(path))


def seeds(path: Path | None) -> tuple[Contestant, Contestant]:
    """Return the network of the inspiring projects in PyTorch and as ONNX, both fp32; random weights without a path."""
    network, picture = _seed(path)
    parameters, multiply_adds = arithmetic.of_network(network, picture)

    def run(prepared: Floats) -> Floats:
        with torch.inference_mode():
            return cast("Floats", network(torch.from_numpy(prepared)).numpy())

    in_torch = Contestant(
        "seed network, PyTorch fp32",
        lambda images: picture.prepared(images).numpy(),
        run,
        sum(tensor.numel() * tensor.element_size() for tensor in network.state_dict().values()),
        parameters,
        multiply_adds,
        trained=path is not None,
    )
    return in_torch, _exported(network, picture, "seed network, ONNX fp32", trained=path is not None)


def _seed(path: Path | None) -> tuple[torch.nn.Module, Picture]:
    torch.set_num_threads(1)
    if path is None:
        torch.manual_seed(0)
        return Seed().eval(), _SEED_PICTURE
    network, picture = checkpoint.network(checkpoint.load(path))
    if _shapes(network) != _shapes(Seed()) or picture.size != _SEED_PICTURE.size:
        raise CheckpointError(
            f"{path} is not the seed network at 3x128x128; train one, or leave --seed-checkpoint away"
        )
    return network, picture


def _shapes(network: torch.nn.Module) -> dict[str, torch.Size]:
    return {name: tensor.shape for name, tensor in network.state_dict().items()}


def _exported(network: torch.nn.Module, picture: Picture, name: str, *, trained: bool = True) -> Contestant:
    """Write a network as ONNX, load that file, and forget it; its first head answers where none is asked for."""
    answers = Answers(network, heads(network)[0])
    with tempfile.TemporaryDirectory(prefix="moodbox-bench-") as folder:
        file = Path(folder) / "fp32.onnx"
        to_onnx(answers, picture, file)
        session = open_session(file.read_bytes(), 1, what=name)
        size, counted = file.stat().st_size, arithmetic.of_file(file)

    head, *further = answers.order
    return Contestant(
        name,
        lambda images: picture.prepared(images).numpy(),
        _answer(session, "logits"),
        size,
        *counted,
        head=head,
        trained=trained,
        others={other: _answer(session, other) for other in further},
    )


def _answer(session: InferenceSession, output: str) -> Callable[[Floats], Floats]:
    return lambda prepared: cast("Floats", session.run([output], {"input": prepared})[0])


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path} cannot be read ({error.strerror}): name another file") from error
