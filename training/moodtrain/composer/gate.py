"""The gate before shipping: a composer that is worse, different or strange does not pass, and every reason is said."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnx

from moodtrain.composer import box, golden
from moodtrain.composer.measure import Tally
from moodtrain.composer.model import OnnxReader
from moodtrain.errors import GateError, MoodtrainError

LARGEST_SURPRISE = 1.60  # nats per token on val
LARGEST_LOSS = 0.01  # nats per token, torch to int8
LARGEST_SIZE = 1_500_000  # bytes of model.onnx
LARGEST_EXPORT_ERROR = 1e-3  # of any logit, torch to fp32 ONNX
LARGEST_BOX_ERROR = 1e-4  # of any logit, the same file read by this package and by the device's own code
DESCRIBED = (
    "format", "kind", "name", "version", "vocabulary", "grid", "condition", "state", "training", "metrics", "licence",
)  # fmt: skip


@dataclass(frozen=True)
class Comparison:
    """The same songs of val read three times, and how far apart torch and fp32 ONNX are."""

    torch: Tally
    int8: Tally
    shuffled: Tally  # int8, every piece with another's condition
    export_error: float  # of any logit of the golden sample


def check(compared: Comparison, made: Path) -> None:
    """Raise GateError with all reasons when the sealed bundle in `made` may not be shipped."""
    reasons = [*_surprise(compared), *_file(made / "model.onnx"), *_answers(made), *_box(made)]
    if reasons:
        raise GateError("the model is not shipped: " + "; ".join(reasons))


def _surprise(compared: Comparison) -> Iterator[str]:
    if not compared.export_error <= LARGEST_EXPORT_ERROR:
        yield f"the ONNX file is up to {compared.export_error:.4f} away from torch, {LARGEST_EXPORT_ERROR} is allowed"
    full, small, mixed = (one.per_token for one in (compared.torch, compared.int8, compared.shuffled))
    if not small <= LARGEST_SURPRISE:
        yield f"val is {small:.3f} nats/token, {LARGEST_SURPRISE:.2f} are allowed"
    if not small - full <= LARGEST_LOSS:
        yield f"int8 has {small:.4f} nats/token, torch {full:.4f}; it may lose {LARGEST_LOSS} at most"
    if not small < mixed:
        yield f"with shuffled conditions it has {mixed:.4f} nats/token, with its own {small:.4f}: it does not obey them"


def _file(path: Path) -> Iterator[str]:
    graph = onnx.load(path, load_external_data=False).graph
    if any(tensor.data_location == onnx.TensorProto.EXTERNAL for tensor in graph.initializer):
        yield "weights lie outside the file"
    kinds = {node.op_type for node in graph.node}
    if "DynamicQuantizeLSTM" not in kinds or "LSTM" in kinds:
        yield "its LSTM is not int8"
    if (size := path.stat().st_size) > LARGEST_SIZE:
        yield f"the file has {size / 1e6:.2f} MB, {LARGEST_SIZE / 1e6} MB are allowed"


def _answers(made: Path) -> Iterator[str]:
    """Look with plain onnxruntime: description, golden sample."""
    try:
        model = OnnxReader.open(made / "model.onnx")
    except MoodtrainError as error:
        yield str(error)
        return
    missing = [key for key in DESCRIBED if key not in model.description]
    if missing:
        yield f"its description lacks {', '.join(missing)}"
    with np.load(made / "golden.npz") as sample:
        found = golden.answers(made / "model.onnx", sample["tokens"])
        off, tolerance, spread = (float(one) for one in (
            np.abs(found - sample["logits"]).max(), sample["tolerance"], sample["logits"].std(),
        ))  # fmt: skip
    if not off <= tolerance:
        yield f"its golden sample is {off:.4f} off, {tolerance:.4f} is allowed"
    if not tolerance < spread / 4:
        yield f"its golden sample allows {tolerance:.2f}, of logits that differ by {spread:.2f}: it would notice little"


def _box(made: Path) -> Iterator[str]:
    """Let the device's own code open the bundle, in a process without training code, and compare its answers."""
    try:
        read = box.read(made)
    except MoodtrainError as error:
        yield str(error)
        return
    with np.load(made / "golden.npz") as sample:
        wanted = golden.answers(made / "model.onnx", sample["tokens"])
    off = float(np.abs(read - wanted).max()) if read.shape == wanted.shape else float("inf")
    if not off <= LARGEST_BOX_ERROR:
        yield f"the device's own code gives logits {off:.4f} away from these, {LARGEST_BOX_ERROR} is allowed"
