"""Turn a checkpoint into the bundle a device installs: int8 ONNX, description, golden samples, gate."""

import copy
import tempfile
import warnings
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from moodtrain import bundle
from moodtrain.errors import CheckpointError
from moodtrain.expression import checkpoint, gate, golden, truths
from moodtrain.expression.data import LABELS, Faces, read, without_leaks
from moodtrain.expression.evaluate import brief, score
from moodtrain.expression.origin import licence, training_of
from moodtrain.expression.picture import Picture
from moodtrain.expression.predict import OnnxPredictor, TorchPredictor, heads, open_model
from moodtrain.expression.quantise import calibration, quantise

OPSET = 17  # onnxruntime has read it since 1.12; the device asks for 1.23
LEAST_TOLERANCE = 0.05  # of a golden logit; processors with and without dot-product instructions round differently
SPLIT = "PublicTest"


@dataclass(frozen=True)
class Export:
    """What to export, with which data, to where."""

    checkpoint: Path
    data: Path
    out: Path
    name: str | None = None  # the network's own
    head: str | None = None  # the checkpoint's first
    votes: Path | None = None  # of FER+, where `data` does not bring its own


def export(order: Export) -> dict[str, Any]:
    """Write the bundle and return the model's description; raise GateError, and ship nothing, when it is not good."""
    state = checkpoint.load(order.checkpoint)
    source = open_model(order.checkpoint, order.head)
    if not isinstance(source, TorchPredictor):
        raise CheckpointError(f"{order.checkpoint} is no checkpoint; export one that moodtrain expression train wrote")
    faces = read(order.data, order.votes)
    measured = faces.split(SPLIT)
    training = without_leaks(faces.split("Training"), measured)
    order.out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".export-", dir=order.out.parent) as folder:
        made = Path(folder)
        answers = Answers(source.model, source.head)
        to_onnx(answers, source.picture, made / "fp32.onnx")
        quantise(made / "fp32.onnx", made / "model.onnx", calibration(training, source.picture))
        serial = bundle.next_serial(order.out)
        description = _description(order, state, source, answers, serial)
        for name in ("fp32.onnx", "model.onnx"):
            bundle.describe(made / name, description)
        compared = _compare(source, made, measured)
        others = [_compare(replace(source, head=head), made, measured) for head in answers.order[1:]]
        description |= _measured(compared, others)
        bundle.describe(made / "model.onnx", description)
        write_golden(made, source.picture)
        bundle.seal(made, description, serial)
        gate.check(compared, made, gate.LIMITS.get(_network(state)))
        bundle.install(made, order.out)
    return description


class Answers(nn.Module):
    """A network whose every head is an output of its own: the chosen one is `logits`, the others keep their names."""

    def __init__(self, model: nn.Module, head: str) -> None:
        super().__init__()
        self.model = copy.deepcopy(model).eval()
        names = heads(model)
        self.order = (head, *(name for name in names if name != head))
        self.places = tuple(names.index(name) for name in self.order)
        self.outputs = ("logits", *self.order[1:])

    def forward(self, faces: Tensor) -> tuple[Tensor, ...]:
        """Return N x 7 logits of every head, the chosen one's first."""
        parts = self.model(faces).split(len(LABELS), dim=1)
        return tuple(parts[place] for place in self.places)


def to_onnx(model: torch.nn.Module, picture: Picture, path: Path) -> None:
    """Write fp32 ONNX in one file, BatchNorm folded, batch dimension free; `Answers` names its outputs itself."""
    outputs = list(getattr(model, "outputs", ("logits",)))
    example = torch.zeros(1, picture.channels, picture.size, picture.size)
    with warnings.catch_warnings():
        # The exporter that replaces this one needs onnxscript and writes the same graph for a plain network.
        warnings.simplefilter("ignore", DeprecationWarning)
        # Our network asks for the side of its map, which is the same for every face.
        warnings.filterwarnings("ignore", message="Converting a tensor to a Python boolean")
        torch.onnx.export(
            model.eval(),
            (example,),
            path,
            dynamo=False,
            opset_version=OPSET,
            input_names=["input"],
            output_names=outputs,
            dynamic_axes={name: {0: "faces"} for name in ("input", *outputs)},
        )


def _compare(source: TorchPredictor, made: Path, faces: Faces) -> gate.Comparison:
    full, small = (
        OnnxPredictor.open(made / name, source.head).logits(faces.images) for name in ("fp32.onnx", "model.onnx")
    )
    truths.own(faces, source.head)  # raises DataError where there is nothing to measure it on
    known = truths.known(faces, source.head)
    return gate.Comparison(known, source.head, source.logits(faces.images), full, small)


def _measured(compared: gate.Comparison, others: list[gate.Comparison]) -> dict[str, Any]:
    """Return the temperature, and the scores of every output on its own labels, each under its name."""
    metrics = {f"{SPLIT}, {truths.NAMES[other.head]}": _scores(other) for other in others}
    return {
        "temperature": round(compared.temperature(), 3),
        "metrics": {SPLIT: _scores(compared), **metrics},
        "drift": compared.drift(),
    }


def _scores(compared: gate.Comparison) -> dict[str, dict[str, float]]:
    rows, true = compared.own()
    answers = {"fp32": compared.fp32, "int8": compared.int8}
    return {kind: brief(score(logits[rows], true)) for kind, logits in answers.items()}


def write_golden(made: Path, picture: Picture) -> None:
    """Write golden samples for the int8 model in `made`."""
    model = OnnxPredictor.open(made / "model.onnx")
    inputs = picture.prepared(golden.drawings(48)).numpy()
    logits = model.run(inputs)
    full = OnnxPredictor.open(made / "fp32.onnx").run(inputs)
    golden.write(made / "golden.npz", inputs, logits, _tolerance(logits, full))


def _tolerance(small: NDArray[np.float32], full: NDArray[np.float32]) -> float:
    """Return how far another machine's int8 may be off: as far as int8 itself is from fp32."""
    return max(LEAST_TOLERANCE, float(np.abs(small - full).max()))


def _description(
    order: Export, state: dict[str, Any], source: TorchPredictor, answers: Answers, serial: int
) -> dict[str, Any]:
    today = datetime.now(UTC)
    return {
        "format": 1,
        "kind": "expression",
        "name": order.name or _network(state),
        "version": f"{today.year}.{today.month}.{serial}",
        "labels": list(LABELS),
        "head": source.head,
        "answers": truths.NAMES[source.head],
        "input": source.picture.described(),
        "output": "logits",
        "outputs": dict(zip(answers.order, answers.outputs, strict=True)),
        "temperature": 1.0,
        "training": training_of(state, heads(source.model)),
        "metrics": {},
        "licence": licence(heads(source.model)),
    }


def _network(state: dict[str, Any]) -> str:
    return str(state["settings"].get("network", "seed"))
