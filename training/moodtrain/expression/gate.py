"""The gate before shipping: a model that is worse, different or strange does not pass, and every reason is said."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray

from moodtrain.errors import GateError, MoodtrainError
from moodtrain.expression.data import LABELS, Faces
from moodtrain.expression.evaluate import score
from moodtrain.expression.predict import OnnxPredictor

LARGEST_LOSS = 0.005  # of accuracy, fp32 to int8
LEAST_AGREEMENT = 0.95  # share of faces on which fp32 and int8 choose the same class
LARGEST_EXPORT_ERROR = 1e-3  # of any logit, torch to fp32 ONNX
DESCRIBED = (
    "format", "kind", "name", "version", "labels", "input", "output", "temperature", "training", "metrics", "licence",
)  # fmt: skip


@dataclass(frozen=True)
class Comparison:
    """The same faces, read three times."""

    faces: Faces
    torch: NDArray[np.float32]
    fp32: NDArray[np.float32]
    int8: NDArray[np.float32]


def check(compared: Comparison, model: Path, golden: Path) -> None:
    """Raise GateError with all reasons when the int8 model may not be shipped."""
    reasons = [*_accuracy(compared), *_file(model), *_device(model, golden)]
    if reasons:
        raise GateError("the model is not shipped: " + "; ".join(reasons))


def _accuracy(compared: Comparison) -> Iterator[str]:
    export = float(np.abs(compared.torch - compared.fp32).max())
    if not export <= LARGEST_EXPORT_ERROR:
        yield f"the ONNX file is up to {export:.4f} away from torch, {LARGEST_EXPORT_ERROR} is allowed"
    if not np.isfinite(compared.int8).all():
        yield "int8 gives numbers that are not finite"
    full, small = (score(logits, compared.faces.labels)["accuracy"] for logits in (compared.fp32, compared.int8))
    if not full - small <= LARGEST_LOSS:
        yield f"int8 is right in {small:.2%}, fp32 in {full:.2%}; it may lose {LARGEST_LOSS:.1%} at most"
    same = float((compared.fp32.argmax(1) == compared.int8.argmax(1)).mean())
    if not same >= LEAST_AGREEMENT:
        yield f"int8 and fp32 agree on {same:.1%} of the faces, {LEAST_AGREEMENT:.0%} are needed"


def _file(path: Path) -> Iterator[str]:
    graph = onnx.load(path, load_external_data=False).graph
    if any(tensor.data_location == onnx.TensorProto.EXTERNAL for tensor in graph.initializer):
        yield "weights lie outside the file"
    if any(node.op_type == "BatchNormalization" for node in graph.node):
        yield "a BatchNorm is not folded into its convolution"


def _device(path: Path, golden: Path) -> Iterator[str]:
    """Do what the device does: plain onnxruntime, description, batches of any size, golden samples."""
    try:
        model = OnnxPredictor.open(path)
    except MoodtrainError as error:
        yield str(error)
        return
    missing = [key for key in DESCRIBED if key not in model.description]
    if missing:
        yield f"its description lacks {', '.join(missing)}"
    yield from _shapes(model)
    with np.load(golden) as samples:
        off = float(np.abs(model.run(samples["input"]) - samples["logits"]).max())
        if not off <= float(samples["tolerance"]):
            yield f"its golden samples are {off:.4f} off, {float(samples['tolerance']):.4f} is allowed"


def _shapes(model: OnnxPredictor) -> Iterator[str]:
    inputs: list[Any] = model.session.get_inputs()
    picture = model.picture
    if [i.name for i in inputs] != ["input"] or [o.name for o in model.session.get_outputs()] != ["logits"]:
        yield "it must have one input named 'input' and one output named 'logits'"
        return
    for faces in (1, 3):
        shape = model.run(np.zeros((faces, picture.channels, picture.size, picture.size), np.float32)).shape
        if shape != (faces, len(LABELS)):
            yield f"{faces} faces give an answer of shape {shape}"
