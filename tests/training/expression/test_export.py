"""What is exported describes itself, agrees with what was trained, and is stopped at the gate when it does not."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest

from moodtrain.__main__ import main
from moodtrain.errors import CheckpointError, GateError, MoodtrainError
from moodtrain.expression import bundle, checkpoint, gate, golden
from moodtrain.expression.data import LABELS, read
from moodtrain.expression.export import Export, describe, export, quantise, temperature, to_onnx
from moodtrain.expression.predict import OnnxPredictor, TorchPredictor, open_model
from tests.training.conftest import drawn, joined, pack


@pytest.fixture(scope="module")
def shipped(trained, tiny, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("export") / "expression"
    export(Export(trained, tiny, out))
    return out


@pytest.fixture
def compared(trained, shipped, tiny) -> gate.Comparison:
    """Return three equal readings: what passes."""
    faces = read(tiny).split("PublicTest")
    logits = open_model(trained).logits(faces.images)
    return gate.Comparison(faces, logits, logits, logits)


def description(folder: Path) -> dict:
    return OnnxPredictor.open(folder / "model.onnx").description


def test_bundle_holds_three_files_and_nothing_else_is_left(shipped):
    assert sorted(path.name for path in shipped.iterdir()) == ["golden.npz", "manifest.json", "model.onnx"]
    assert [path.name for path in shipped.parent.iterdir()] == ["expression"]


def test_model_describes_itself_completely(shipped):
    said = description(shipped)
    assert set(gate.DESCRIBED) <= set(said)
    assert (said["format"], said["kind"], said["output"]) == (1, "expression", "logits")
    assert said["labels"] == list(LABELS)
    assert said["input"]["layout"] == "NCHW"
    assert (said["input"]["height"], said["input"]["width"], said["input"]["color"]) == (48, 48, "gray")
    assert len(said["input"]["mean"]) == len(said["input"]["std"]) == 1
    assert said["input"]["crop"]["aligned"] is True
    assert 0 < said["input"]["crop"]["eye_distance"] < said["input"]["crop"]["eye_line"] + 0.1 < 0.6
    assert {"data", "digest", "commit", "recipe"} <= set(said["training"])
    assert said["temperature"] > 0
    for kind in ("fp32", "int8"):
        assert set(said["metrics"]["PublicTest"][kind]) == {"accuracy", "balanced_accuracy", "macro_f1"}


def test_description_names_no_path_of_the_machine_it_was_made_on(shipped, tiny, trained):
    text = json.dumps(description(shipped))
    assert str(tiny) not in text
    assert str(trained.parent) not in text


def test_int8_file_loads_with_onnxruntime_alone_for_any_number_of_faces(shipped):
    session = onnxruntime.InferenceSession(shipped / "model.onnx", providers=["CPUExecutionProvider"])
    assert [(i.name, i.shape[1:], i.type) for i in session.get_inputs()] == [("input", [1, 48, 48], "tensor(float)")]
    for faces in (1, 5):
        (logits,) = session.run(["logits"], {"input": np.zeros((faces, 1, 48, 48), np.float32)})
        assert logits.shape == (faces, 7)


def test_int8_file_is_int8_folded_and_whole(shipped, trained):
    model = onnx.load(shipped / "model.onnx", load_external_data=False)
    kinds = {node.op_type for node in model.graph.node}
    assert {"QuantizeLinear", "DequantizeLinear"} <= kinds
    assert "BatchNormalization" not in kinds
    weights = [t for t in model.graph.initializer if t.name.endswith("weight_quantized") or len(t.dims) == 4]
    assert weights
    assert all(t.data_type == onnx.TensorProto.INT8 for t in weights)
    assert (shipped / "model.onnx").stat().st_size < trained.stat().st_size / 4


def test_torch_and_int8_answer_alike(shipped, trained, tiny):
    images = read(tiny).split("PublicTest").images
    full, small = open_model(trained).logits(images), open_model(shipped).logits(images)
    assert (full.argmax(1) == small.argmax(1)).mean() >= 0.95


def test_golden_samples_agree_and_would_notice_swapped_classes(shipped):
    model = OnnxPredictor.open(shipped / "model.onnx")
    with np.load(shipped / "golden.npz") as samples:
        assert samples["input"].shape == (golden.COUNT, 1, 48, 48)
        assert np.abs(model.run(samples["input"]) - samples["logits"]).max() <= samples["tolerance"]
        swapped = samples["logits"][:, [3, 1, 2, 0, 4, 5, 6]]
        assert np.abs(swapped - samples["logits"]).max() > 4 * samples["tolerance"]


def test_golden_inputs_are_drawn_and_equal_on_every_machine(shipped):
    assert np.array_equal(golden.drawings(48), golden.drawings(48))
    with np.load(shipped / "golden.npz") as samples:
        wanted = OnnxPredictor.open(shipped / "model.onnx").picture.prepared(golden.drawings(48)).numpy()
        assert np.allclose(samples["input"], wanted, atol=1e-5)


def test_manifest_vouches_for_the_files(shipped):
    manifest = json.loads((shipped / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["serial"] == 1
    for name in bundle.FILES:
        assert manifest["files"][name] == {
            "digest": bundle.digest(shipped / name),
            "bytes": (shipped / name).stat().st_size,
        }


def test_serial_goes_up_with_every_export(trained, tiny, tmp_path):
    for serial in (1, 2):
        export(Export(trained, tiny, tmp_path / "out"))
        manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
        assert manifest["serial"] == serial


def test_manifest_that_cannot_be_read_stops_the_export(tmp_path):
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    with pytest.raises(MoodtrainError, match="has no readable serial"):
        bundle.next_serial(tmp_path)


def test_broken_int8_ends_with_code_one_and_ships_nothing(trained, tmp_path, capsys):
    # calibration pictures that are all black leave int8 no range for real faces
    training, public = drawn(96, 1), drawn(32, 2)
    black = replace(training, images=np.zeros_like(training.images))
    data = pack(tmp_path / "data", joined(black, public))
    out = tmp_path / "out"
    assert main(["expression", "export", str(trained), "--data", str(data), "--out", str(out)]) == 1
    said = capsys.readouterr().err
    assert said.startswith("moodtrain: the model is not shipped: ")
    assert "int8" in said
    assert not out.exists()


def test_gate_lets_equal_readings_pass(compared, shipped):
    gate.check(compared, shipped / "model.onnx", shipped / "golden.npz")


def test_gate_stops_int8_that_is_more_than_half_a_point_worse(compared, shipped):
    worse = compared.int8.copy()
    worse[0] = np.roll(worse[0], 1)
    with pytest.raises(GateError, match=r"it may lose 0\.5% at most"):
        gate.check(replace(compared, int8=worse), shipped / "model.onnx", shipped / "golden.npz")


def test_gate_stops_int8_that_is_no_number(compared, shipped):
    with pytest.raises(GateError, match="not finite"):
        gate.check(
            replace(compared, int8=np.full_like(compared.int8, np.nan)), shipped / "model.onnx", shipped / "golden.npz"
        )


def test_gate_stops_onnx_that_differs_from_torch(compared, shipped):
    with pytest.raises(GateError, match=r"up to 0\.1000 away from torch"):
        gate.check(replace(compared, torch=compared.fp32 + 0.1), shipped / "model.onnx", shipped / "golden.npz")


def test_gate_stops_golden_samples_that_do_not_match(compared, shipped, tmp_path):
    with np.load(shipped / "golden.npz") as samples:
        golden.write(tmp_path / "golden.npz", samples["input"], samples["logits"] + 1, 0.05)
    with pytest.raises(GateError, match="golden samples are 1"):
        gate.check(compared, shipped / "model.onnx", tmp_path / "golden.npz")


def test_gate_names_what_a_description_lacks(compared, shipped, tmp_path):
    said = description(shipped)
    del said["licence"], said["temperature"]
    (tmp_path / "model.onnx").write_bytes((shipped / "model.onnx").read_bytes())
    describe(tmp_path / "model.onnx", said)
    with pytest.raises(GateError, match="its description lacks temperature, licence"):
        gate.check(compared, tmp_path / "model.onnx", shipped / "golden.npz")


def test_model_with_other_labels_or_no_description_is_refused(shipped, tmp_path):
    model = tmp_path / "model.onnx"
    model.write_bytes((shipped / "model.onnx").read_bytes())
    describe(model, {**description(shipped), "labels": ["happy", "sad"]})
    with pytest.raises(CheckpointError, match="names its classes happy, sad"):
        OnnxPredictor.open(model)
    describe(model, {})
    with pytest.raises(CheckpointError, match="does not describe itself"):
        OnnxPredictor.open(model)


def test_quantising_keeps_the_answer(trained, tmp_path):
    state = checkpoint.load(trained)
    model, picture = checkpoint.network(state)
    to_onnx(model, picture, tmp_path / "full.onnx")
    faces = drawn(64, 3)
    quantise(tmp_path / "full.onnx", tmp_path / "small.onnx", picture.prepared(faces.images).numpy())
    session = onnxruntime.InferenceSession(tmp_path / "small.onnx", providers=["CPUExecutionProvider"])
    (small,) = session.run(["logits"], {"input": picture.prepared(faces.images).numpy()})
    full = TorchPredictor(model, picture).logits(faces.images)
    assert np.abs(small - full).max() < 0.1 * np.ptp(full)


@pytest.mark.parametrize("sharpness", [0.5, 1.0, 2.0])
def test_temperature_undoes_a_known_sharpening(sharpness):
    dice = np.random.default_rng(0)
    true = dice.normal(0, 2, (4000, 7))
    chances = np.exp(true) / np.exp(true).sum(1, keepdims=True)
    labels = np.array([dice.choice(7, p=row) for row in chances])
    assert temperature((true * sharpness).astype(np.float32), labels) == pytest.approx(sharpness, rel=0.1)
