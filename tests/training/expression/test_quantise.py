"""Int8 answers as fp32 does, and every convolution really runs in int8, on x86 too."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from moodtrain.expression.export import Answers, to_onnx
from moodtrain.expression.networks import MoodNet, Seed
from moodtrain.expression.picture import Picture
from moodtrain.expression.quantise import calibration, inner, quantise
from tests.training.conftest import drawn

NETWORKS = {
    "seed": lambda: Seed(1, channels=(4, 8, 8, 16, 16)),
    "moodnet": lambda: MoodNet(channels=(4, 8, 16, 16)),
}


@pytest.fixture(scope="module", params=list(NETWORKS))
def files(request, tmp_path_factory) -> Path:
    """Return a folder with full.onnx and small.onnx of an untrained network."""
    torch.manual_seed(0)
    folder, picture, model = tmp_path_factory.mktemp(request.param), Picture(), NETWORKS[request.param]()
    to_onnx(Answers(model, model.heads[0]), picture, folder / "full.onnx")
    quantise(folder / "full.onnx", folder / "small.onnx", calibration(drawn(64, 3), picture))
    return folder


def answers(path: Path) -> np.ndarray:
    session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])
    faces = Picture().prepared(drawn(64, 4).images).numpy()
    (logits,) = session.run(["logits"], {"input": faces})
    return logits


def test_int8_answers_as_fp32(files):
    full, small = answers(files / "full.onnx"), answers(files / "small.onnx")
    assert np.abs(small - full).max() < 0.1 * np.ptp(full)


def test_runtime_keeps_every_convolution_but_the_first_and_every_sum_in_int8(files):
    options = onnxruntime.SessionOptions()
    options.optimized_model_filepath = str(files / "optimized.onnx")
    options.log_severity_level = 4  # it warns that the optimised file is for this machine alone
    onnxruntime.InferenceSession(files / "small.onnx", options, providers=["CPUExecutionProvider"])
    before = [node.op_type for node in onnx.load(files / "full.onnx").graph.node]
    after = [node.op_type for node in onnx.load(files / "optimized.onnx").graph.node]
    assert after.count("QLinearConv") == before.count("Conv") - 1 > 0
    assert after.count("Conv") + after.count("FusedConv") + after.count("NhwcFusedConv") == 1  # the first
    assert after.count("QLinearAdd") == len(inner_sums(files / "full.onnx"))


def inner_sums(path: Path) -> list[str]:
    graph = onnx.load(path).graph
    kinds = {node.name: node.op_type for node in graph.node}
    return [name for name in inner(graph) if kinds[name] == "Add"]


def test_only_what_follows_the_first_convolution_is_quantised(tmp_path):
    to_onnx(Answers(MoodNet(channels=(2, 4, 4, 4)), "votes"), Picture(), tmp_path / "full.onnx")
    graph = onnx.load(tmp_path / "full.onnx").graph
    kinds = [node.op_type for node in graph.node if node.name in inner(graph)]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {"Conv": 9, "Relu": 9, "Add": 3}


def test_calibration_shows_faces_as_a_room_does_and_the_same_ones_every_time():
    faces, picture = drawn(40, 5), Picture()
    shown = calibration(faces, picture, count=32)
    assert (shown.shape, shown.dtype) == ((32, 1, 48, 48), np.float32)
    assert np.array_equal(shown, calibration(faces, picture, count=32))
    as_they_are = picture.prepared(faces.images).numpy()
    assert not any(np.array_equal(one, other) for one in shown for other in as_they_are)
