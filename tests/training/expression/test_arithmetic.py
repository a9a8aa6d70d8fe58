"""Parameters and multiply-adds equal those counted by hand, in torch, in fp32 ONNX and in int8 ONNX."""

from pathlib import Path

import numpy as np
import pytest
from torch import nn

from moodtrain.expression import arithmetic
from moodtrain.expression.export import to_onnx
from moodtrain.expression.networks import MoodNet, Seed
from moodtrain.expression.picture import Picture
from moodtrain.expression.quantise import quantise

CHANNELS = (2, 4, 8, 16, 32)
BUNDLE = Path(__file__).resolve().parents[3] / "device/moodbox/models/expression"


def by_hand(ins: int, side: int) -> tuple[int, int]:
    """Return parameters (no BatchNorm) and multiply-adds of a seed network with CHANNELS."""
    parameters = adds = 0
    for outs in CHANNELS:
        weights = 9 * (ins * outs + outs * outs)
        parameters += weights + 2 * outs
        adds += weights * side * side
        ins, side = outs, side // 2
    return parameters + 7 * ins + 7, adds + 7 * ins


@pytest.fixture(scope="module")
def exported(tmp_path_factory) -> Path:
    folder, picture = tmp_path_factory.mktemp("exported"), Picture()
    to_onnx(Seed(1, channels=CHANNELS).eval(), picture, folder / "fp32.onnx")
    faces = np.random.default_rng(0).normal(0, 1, (64, 1, 48, 48)).astype(np.float32)
    quantise(folder / "fp32.onnx", folder / "int8.onnx", faces)
    return folder


@pytest.mark.parametrize("kind", ["fp32", "int8"])
def test_file_counts_as_by_hand(exported, kind):
    assert arithmetic.of_file(exported / f"{kind}.onnx") == by_hand(1, 48)
    assert arithmetic.precision(exported / f"{kind}.onnx") == kind


def test_network_counts_as_by_hand_with_its_norms():
    model = Seed(1, channels=CHANNELS)
    norms = sum(p.numel() for m in model.modules() if isinstance(m, nn.BatchNorm2d) for p in m.parameters())
    parameters, adds = by_hand(1, 48)
    assert arithmetic.of_network(model.eval(), Picture()) == (parameters + norms, adds)


def test_colour_and_size_count():
    assert arithmetic.of_network(Seed(3, channels=CHANNELS).eval(), Picture(64, "rgb"))[1] == by_hand(3, 64)[1]


@pytest.mark.filterwarnings("ignore::torch.jit.TracerWarning")  # its shapes are the same for every face
def test_own_network_counts_alike_in_torch_and_in_a_file(tmp_path):
    model, picture = MoodNet(channels=(2, 4, 8, 8)).eval(), Picture()
    to_onnx(model, picture, tmp_path / "fp32.onnx")
    assert arithmetic.of_file(tmp_path / "fp32.onnx")[1] == arithmetic.of_network(model, picture)[1]


def test_shipped_file_can_be_counted():
    parameters, adds = arithmetic.of_file(BUNDLE / "model.onnx")
    assert 0 < parameters <= (BUNDLE / "model.onnx").stat().st_size  # a byte each, and more for the last layer
    assert adds > parameters
