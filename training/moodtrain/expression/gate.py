"""The gate before shipping: a model that is worse, different or strange does not pass, and every reason is said."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

from moodtrain.errors import GateError, MoodtrainError
from moodtrain.expression import arithmetic, box
from moodtrain.expression.calibration import probabilities, temperature
from moodtrain.expression.data import LABELS
from moodtrain.expression.evaluate import score
from moodtrain.expression.predict import OnnxPredictor, outputs
from moodtrain.expression.targets import NOBODY

LARGEST_LOSS = 0.005  # of accuracy, fp32 to int8
LEAST_AGREEMENT = 0.95  # share of faces on which fp32 and int8 choose the same class
LARGEST_SHIFT = 0.1  # of any probability, fp32 to int8, of 999 faces in 1,000; one odd picture says little of a network
LARGEST_EXPORT_ERROR = 1e-3  # of any logit, torch to fp32 ONNX
LARGEST_BOX_ERROR = 1e-4  # of any probability, the same file read by this package and by the device's own code
DESCRIBED = (
    "format", "kind", "name", "version", "labels", "input", "output", "temperature", "training", "metrics", "licence",
)  # fmt: skip


@dataclass(frozen=True)
class Limit:
    """How large a network may be."""

    size: int  # bytes of model.onnx
    multiply_adds: int  # of one face


LIMITS = {"moodnet": Limit(2_500_000, 120_000_000)}  # seed is the baseline, as large as its authors made it


@dataclass(frozen=True)
class Comparison:
    """The same faces, read three times."""

    truths: dict[str, NDArray[np.int64]]  # right classes by head; NOBODY where there is none
    head: str  # whose labels the model learnt
    torch: NDArray[np.float32]
    fp32: NDArray[np.float32]
    int8: NDArray[np.float32]

    def own(self) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Return which rows count for the model's own labels, and their right classes."""
        true = self.truths[self.head]
        rows = true != NOBODY
        return rows, true[rows]

    def temperature(self) -> float:
        """Return the temperature that fits int8 to the model's own labels."""
        rows, true = self.own()
        return temperature(self.int8[rows], true)

    def drift(self) -> dict[str, float]:
        """Return the share of faces of one class in both, and how far probabilities moved: of 999 in 1,000, of all."""
        fitted = self.temperature()  # as the box divides by it
        moved = np.abs(probabilities(self.fp32, fitted) - probabilities(self.int8, fitted))
        same = (self.fp32.argmax(1) == self.int8.argmax(1)).mean()
        shifts = {"shift_of_999": np.quantile(moved.max(1), 0.999), "largest_shift": moved.max()}
        return {"same_class": round(float(same), 4)} | {name: round(float(value), 4) for name, value in shifts.items()}


def check(compared: Comparison, made: Path, limit: Limit | None = None) -> None:
    """Raise GateError with all reasons when the sealed bundle in `made` may not be shipped."""
    reasons = [*_accuracy(compared), *_file(made / "model.onnx", limit), *_answers(made, compared.head), *_box(made)]
    if reasons:
        raise GateError("the model is not shipped: " + "; ".join(reasons))


def _accuracy(compared: Comparison) -> Iterator[str]:
    export = float(np.abs(compared.torch - compared.fp32).max())
    if not export <= LARGEST_EXPORT_ERROR:
        yield f"the ONNX file is up to {export:.4f} away from torch, {LARGEST_EXPORT_ERROR} is allowed"
    if not np.isfinite(compared.int8).all():
        yield "int8 gives numbers that are not finite"
        return
    rows, true = compared.own()
    full, small = (score(logits[rows], true)["accuracy"] for logits in (compared.fp32, compared.int8))
    if not full - small <= LARGEST_LOSS:
        yield f"int8 is right in {small:.2%}, fp32 in {full:.2%}; it may lose {LARGEST_LOSS:.1%} at most"
    drift = compared.drift()
    if not drift["same_class"] >= LEAST_AGREEMENT:
        yield f"int8 and fp32 agree on {drift['same_class']:.1%} of the faces, {LEAST_AGREEMENT:.0%} are needed"
    if not drift["shift_of_999"] <= LARGEST_SHIFT:
        yield f"int8 moves a probability by {drift['shift_of_999']:.2f}, {LARGEST_SHIFT} is allowed"


def _file(path: Path, limit: Limit | None) -> Iterator[str]:
    graph = onnx.load(path, load_external_data=False).graph
    if any(tensor.data_location == onnx.TensorProto.EXTERNAL for tensor in graph.initializer):
        yield "weights lie outside the file"
    if any(node.op_type == "BatchNormalization" for node in graph.node):
        yield "a BatchNorm is not folded into its convolution"
    if limit is None:
        return
    size, (_, adds) = path.stat().st_size, arithmetic.of_file(path)
    if size > limit.size:
        yield f"the file has {size / 1e6:.2f} MB, {limit.size / 1e6} MB are allowed"
    if adds > limit.multiply_adds:
        yield f"a face takes {adds / 1e6:.1f} million multiply-adds, {limit.multiply_adds / 1e6:.0f} are allowed"


def _answers(made: Path, head: str) -> Iterator[str]:
    """Look with plain onnxruntime: description, batches of any size, golden samples."""
    try:
        model = OnnxPredictor.open(made / "model.onnx")
    except MoodtrainError as error:
        yield str(error)
        return
    missing = [key for key in DESCRIBED if key not in model.description]
    if missing:
        yield f"its description lacks {', '.join(missing)}"
    if model.head != head:
        yield f"its description says that its head is {model.head}, it was measured as {head}"
    yield from _shapes(model)
    with np.load(made / "golden.npz") as samples:
        off = float(np.abs(model.run(samples["input"]) - samples["logits"]).max())
        if not off <= float(samples["tolerance"]):
            yield f"its golden samples are {off:.4f} off, {float(samples['tolerance']):.4f} is allowed"


def _shapes(model: OnnxPredictor) -> Iterator[str]:
    inputs: list[Any] = model.session.get_inputs()
    picture = model.picture
    if [i.name for i in inputs] != ["input"] or set(outputs(model.description).values()) != {
        o.name for o in model.session.get_outputs()
    }:
        yield "it must have one input named 'input' and the outputs it describes"
        return
    for faces in (1, 3):
        shape = model.run(np.zeros((faces, picture.channels, picture.size, picture.size), np.float32)).shape
        if shape != (faces, len(LABELS)):
            yield f"{faces} faces give an answer of shape {shape}"


def _box(made: Path) -> Iterator[str]:
    """Let the device's own code open the bundle, in a process without training code, and compare its answers."""
    try:
        read = box.read(made)
    except MoodtrainError as error:
        yield str(error)
        return
    model = OnnxPredictor.open(made / "model.onnx")
    with np.load(made / "golden.npz") as samples:
        wanted = probabilities(model.run(samples["input"]), float(model.description["temperature"]))
    off = float(np.abs(read - wanted).max())
    if not off <= LARGEST_BOX_ERROR:
        yield f"the device's own code gives probabilities {off:.4f} away from these, {LARGEST_BOX_ERROR} is allowed"
