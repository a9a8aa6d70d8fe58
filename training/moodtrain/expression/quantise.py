"""Make an int8 ONNX file of an fp32 one: which parts, which kind of int8, and ranges from faces as at home."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process

from moodtrain.expression.augment import augment
from moodtrain.expression.faces import Faces
from moodtrain.expression.picture import Picture

CALIBRATION_FACES = 512
_KINDS = ("Conv", "Relu", "MaxPool", "Add")


def calibration(training: Faces, picture: Picture, count: int = CALIBRATION_FACES) -> NDArray[np.float32]:
    """Return up to `count` faces as the network takes them, changed as in training: the device sees dim rooms too."""
    rows = np.random.default_rng(0).permutation(len(training))[:count]
    changed = augment(picture.scaled(training.images[rows]), torch.Generator().manual_seed(0))
    return picture.normalised(changed).contiguous().numpy()


def quantise(full: Path, small: Path, calibration: NDArray[np.float32]) -> None:
    """Write int8 weights (symmetric, per channel, 7 bits) and 8-bit activations with ranges from `calibration`.

    Activations are unsigned with a zero point. The numbers are those of int8 with a zero point, but this is the form
    that onnxruntime keeps whole on x86 as well as on Arm: with int8 activations half of the convolutions fall back
    to fp32 on x86. After a ReLU it uses all 256 steps where symmetric int8 has 128.
    Weights use 7 of their 8 bits (`reduce_range`): x86 without VNNI adds pairs of products in 16 bits, where 8 x 8 bits
    overflow. So every kind of CPU gives the same answer, for no measurable loss.
    What evens out the light stays fp32, because the variance of a dim face is far below one step; so does the first
    convolution, which is 0.3 % of the work and as fast, but a third of the drift; and what comes after the last, which
    is small, and whose logits would come in steps.
    """
    prepared = small.with_suffix(".prepared.onnx")
    quant_pre_process(full, prepared, skip_symbolic_shape=True)
    quantize_static(
        prepared,
        small,
        _Batches(calibration),
        quant_format=QuantFormat.QDQ,
        nodes_to_quantize=inner(onnx.load(prepared).graph),
        op_types_to_quantize=list(_KINDS),
        per_channel=True,
        reduce_range=True,
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        calibrate_method=CalibrationMethod.MinMax,
        extra_options={"ActivationSymmetric": False, "WeightSymmetric": True},
    )


def inner(graph: onnx.GraphProto) -> list[str]:
    """Return the names of all convolutions but the first, and of what reckons with their outcome and int8 serves."""
    first = next(node.name for node in graph.node if node.op_type == "Conv")
    made: set[str] = set()  # tensors that a quantised convolution had a part in
    names = []
    for node in graph.node:
        if (node.op_type == "Conv" and node.name != first) or made & set(node.input):
            made |= set(node.output)
            if node.op_type in _KINDS:
                names.append(node.name)
    return names


class _Batches(CalibrationDataReader):  # type: ignore[misc]  # onnxruntime is untyped
    def __init__(self, faces: NDArray[np.float32]) -> None:
        self._left: Iterator[NDArray[np.float32]] = iter(np.array_split(faces, max(1, len(faces) // 64)))

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:
        faces = next(self._left, None)
        return None if faces is None else {"input": faces}
