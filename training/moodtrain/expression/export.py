"""Turn a checkpoint into the bundle a device installs: fp32 ONNX, int8 ONNX, description, golden samples, gate."""

import json
import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process
from scipy.optimize import minimize_scalar
from scipy.special import logsumexp

from moodtrain.expression import bundle, checkpoint, gate, golden
from moodtrain.expression.data import LABELS, Faces, read, without_leaks
from moodtrain.expression.evaluate import brief, score
from moodtrain.expression.picture import Picture
from moodtrain.expression.predict import PROPERTY, OnnxPredictor, TorchPredictor
from moodtrain.expression.train import FREE

OPSET = 17  # onnxruntime has read it since 1.12; the device asks for 1.23
CALIBRATION_FACES = 512
LEAST_TOLERANCE = 0.05  # of a golden logit; processors with and without dot-product instructions round differently
LICENCE = (
    "MIT for the file; trained on FER2013 (Goodfellow et al. 2013, arXiv:1307.0414), whose pictures are for research "
    "and are not contained"
)


@dataclass(frozen=True)
class Export:
    """What to export, with which data, to where."""

    checkpoint: Path
    data: Path
    out: Path
    name: str = "seed"


def export(order: Export) -> dict[str, Any]:
    """Write the bundle and return the model's description; raise GateError, and ship nothing, when it is not good."""
    state = checkpoint.load(order.checkpoint)
    model, picture = checkpoint.network(state)
    faces = read(order.data)
    measured = faces.split("PublicTest")
    training = without_leaks(faces.split("Training"), measured)
    order.out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".export-", dir=order.out.parent) as folder:
        made = Path(folder)
        to_onnx(model, picture, made / "fp32.onnx")
        quantise(made / "fp32.onnx", made / "model.onnx", picture.prepared(_calibration(training)).numpy())
        serial = bundle.next_serial(order.out)
        description = _description(order, state, picture, serial)
        for name in ("fp32.onnx", "model.onnx"):
            describe(made / name, description)
        compared = _compare(model, picture, made, measured)
        description |= _measured(compared)
        describe(made / "model.onnx", description)
        write_golden(made, picture)
        gate.check(compared, made / "model.onnx", made / "golden.npz")
        bundle.install(made, order.out, description, serial)
    return description


def to_onnx(model: torch.nn.Module, picture: Picture, path: Path) -> None:
    """Write fp32 ONNX in one file, BatchNorm folded, batch dimension free."""
    example = torch.zeros(1, picture.channels, picture.size, picture.size)
    with warnings.catch_warnings():
        # The exporter that replaces this one needs onnxscript and writes the same graph for a plain network.
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.onnx.export(
            model.eval(),
            (example,),
            path,
            dynamo=False,
            opset_version=OPSET,
            input_names=["input"],
            output_names=["logits"],
            dynamic_axes={"input": {0: "faces"}, "logits": {0: "faces"}},
        )


def quantise(full: Path, small: Path, calibration: NDArray[np.float32]) -> None:
    """Write int8 weights (symmetric, per channel) and int8 activations with their ranges from `calibration`.

    Activations keep a zero point: after a ReLU it lets the runtime drop the ReLU and use all 256 steps instead of
    128, which measured both nearer to fp32 and faster than symmetric activations. The last layer stays fp32: it is
    14 kB and its logits would come in steps.
    """
    prepared = small.with_suffix(".prepared.onnx")
    quant_pre_process(full, prepared, skip_symbolic_shape=True)
    quantize_static(
        prepared,
        small,
        _Batches(calibration),
        quant_format=QuantFormat.QDQ,
        op_types_to_quantize=["Conv", "Relu", "MaxPool"],
        per_channel=True,
        activation_type=QuantType.QInt8,
        weight_type=QuantType.QInt8,
        calibrate_method=CalibrationMethod.MinMax,
        extra_options={"ActivationSymmetric": False, "WeightSymmetric": True},
    )


class _Batches(CalibrationDataReader):  # type: ignore[misc]  # onnxruntime is untyped
    def __init__(self, faces: NDArray[np.float32]) -> None:
        self._left: Iterator[NDArray[np.float32]] = iter(np.array_split(faces, max(1, len(faces) // 64)))

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:
        faces = next(self._left, None)
        return None if faces is None else {"input": faces}


def _calibration(training: Faces) -> NDArray[np.uint8]:
    rows = np.random.default_rng(0).permutation(len(training))[:CALIBRATION_FACES]
    return training.images[rows]


def _compare(model: torch.nn.Module, picture: Picture, made: Path, faces: Faces) -> gate.Comparison:
    full, small = (OnnxPredictor.open(made / name) for name in ("fp32.onnx", "model.onnx"))
    torch_logits = TorchPredictor(model, picture).logits(faces.images)
    return gate.Comparison(faces, torch_logits, full.logits(faces.images), small.logits(faces.images))


def _measured(compared: gate.Comparison) -> dict[str, Any]:
    labels = compared.faces.labels
    figures = {
        kind: brief(score(logits, labels)) for kind, logits in (("fp32", compared.fp32), ("int8", compared.int8))
    }
    return {"temperature": round(temperature(compared.int8, labels), 3), "metrics": {"PublicTest": figures}}


def temperature(logits: NDArray[np.float32], labels: NDArray[np.int64]) -> float:
    """Return the T for which softmax(logits / T) fits the labels best (Guo et al. 2017, arXiv:1706.04599)."""

    def surprise(t: float) -> float:
        scaled = logits.astype(np.float64) / t
        return float((logsumexp(scaled, axis=1) - scaled[np.arange(len(labels)), labels]).mean())

    return float(minimize_scalar(surprise, bounds=(0.2, 5.0), method="bounded").x)


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


def describe(path: Path, description: dict[str, Any]) -> None:
    """Write the description into the ONNX file, in place of an earlier one."""
    model = onnx.load(path)
    del model.metadata_props[:]
    entry = model.metadata_props.add()
    entry.key, entry.value = PROPERTY, json.dumps(description, separators=(",", ":"))
    onnx.save(model, path)


def _description(order: Export, state: dict[str, Any], picture: Picture, serial: int) -> dict[str, Any]:
    today = datetime.now(UTC)
    return {
        "format": 1,
        "kind": "expression",
        "name": order.name,
        "version": f"{today.year}.{today.month}.{serial}",
        "labels": list(LABELS),
        "input": picture.described(),
        "output": "logits",
        "temperature": 1.0,
        "training": _training(state),
        "metrics": {},
        "licence": LICENCE,
    }


def _training(state: dict[str, Any]) -> dict[str, Any]:
    settings = state["settings"]
    shown = ", ".join(f"{key} {value}" for key, value in settings.items() if key not in FREE)
    plans = ", then ".join(f"from epoch {first} towards {epochs}" for first, epochs in state["plans"])
    leaks = "without copies of PublicTest" if settings["drop_leaks"] else "with copies of PublicTest"
    return {
        "data": f"FER2013 Training, {state['rows']} faces {leaks}",
        "digest": state["digest"],
        "commit": commit(),
        "recipe": f"moodtrain expression train: {len(state['history'])} epochs, {plans}; {shown}",
        "machine": state["machine"],
    }


def commit() -> str:
    """Return the commit this code is at, or 'unknown' outside a repository with commits."""
    git = shutil.which("git")
    if git is None:
        return "unknown"
    order = [git, "-C", str(Path(__file__).parent), "rev-parse", "--verify", "HEAD"]
    done = subprocess.run(order, capture_output=True, text=True, timeout=10, check=False)  # noqa: S603  (fixed words)
    return done.stdout.strip() if done.returncode == 0 else "unknown"
