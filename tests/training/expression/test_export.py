"""What is exported describes itself, agrees with what was trained, and is stopped at the gate when it does not."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from moodtrain import bundle
from moodtrain.__main__ import main
from moodtrain.bundle import describe
from moodtrain.errors import CheckpointError, GateError, MoodtrainError
from moodtrain.expression import arithmetic, checkpoint, gate, golden, truths
from moodtrain.expression.data import LABELS, Faces, read
from moodtrain.expression.export import Answers, Export, export, to_onnx
from moodtrain.expression.networks import HEADS
from moodtrain.expression.predict import OnnxPredictor, TorchPredictor, open_model
from moodtrain.expression.targets import NOBODY, SHARED
from moodtrain.expression.train import train
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
    return gate.Comparison({"labels": faces.labels}, "labels", logits, logits, logits)


def voted(faces: Faces) -> Faces:
    """Let ten people agree with the label, but for every eighth face, which they take for no face."""
    votes = np.zeros((len(faces), 10), np.uint8)
    votes[np.arange(len(faces)), np.array(SHARED)[faces.labels]] = 10
    votes[::8] = np.eye(10, dtype=np.uint8)[9] * 10
    return replace(faces, votes=votes)


@pytest.fixture(scope="module")
def both(tmp_path_factory) -> Path:
    """Return a packed folder whose faces have labels and votes."""
    return pack(tmp_path_factory.mktemp("both"), joined(voted(drawn(96, 1)), voted(drawn(32, 2))))


@pytest.fixture(scope="module")
def two_headed(settings, both, tmp_path_factory) -> Path:
    """Return the checkpoint of a tiny network of ours, with both heads."""
    out = tmp_path_factory.mktemp("two_headed")
    order = replace(settings, data=str(both), network="moodnet", width=4, epochs=12, rate=1e-2, average=0.9)
    return train(replace(order, grow=False, mixup=0.0, out=str(out)))


@pytest.fixture(scope="module")
def heads(two_headed, both, tmp_path_factory) -> dict[str, Path]:
    """Return the bundle of each head."""
    out = {head: tmp_path_factory.mktemp(head) / "expression" for head in ("votes", "labels")}
    for head, folder in out.items():
        export(Export(two_headed, both, folder, head=head))
    return out


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
    first, *weights = sorted((t for t in model.graph.initializer if len(t.dims) == 4), key=lambda t: t.dims[1])
    assert (first.data_type, first.dims[1]) == (onnx.TensorProto.FLOAT, 1)  # the first convolution, of one channel
    assert len(weights) == 9
    assert all(t.data_type == onnx.TensorProto.INT8 for t in weights)
    assert all(np.abs(onnx.numpy_helper.to_array(t)).max() <= 64 for t in weights)  # 7 bits, for x86 without VNNI
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


def test_serial_goes_up_with_every_export(shipped, trained, tiny, tmp_path):
    out = Path(shutil.copytree(shipped, tmp_path / "out"))
    export(Export(trained, tiny, out))
    assert json.loads((out / "manifest.json").read_text(encoding="utf-8"))["serial"] == 2
    assert description(out)["version"].endswith(".2")


def test_manifest_that_cannot_be_read_stops_the_export(tmp_path):
    (tmp_path / "manifest.json").write_text("{}", encoding="utf-8")
    with pytest.raises(MoodtrainError, match="has no readable serial"):
        bundle.next_serial(tmp_path)


def test_broken_int8_ends_with_code_one_and_ships_nothing(trained, tiny, tmp_path, capsys):
    # one channel a million times as large as another: fp32 does not mind, but no 256 steps can hold both
    state = checkpoint.load(trained)
    weights = state["ema"]
    sizes = torch.logspace(0, 6, len(weights["blocks.0.1.weight"]))
    weights["blocks.0.1.weight"] *= sizes
    weights["blocks.0.1.bias"] *= sizes
    weights["blocks.0.3.weight"] /= sizes.view(1, -1, 1, 1)
    checkpoint.save(state, tmp_path / "checkpoint.pt")
    out = tmp_path / "out"
    assert main(["expression", "export", str(tmp_path / "checkpoint.pt"), "--data", str(tiny), "--out", str(out)]) == 1
    said = capsys.readouterr().err
    assert said.startswith("moodtrain: the model is not shipped: ")
    assert "int8" in said
    assert "away from torch" not in said
    assert not out.exists()
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint.pt"]


def test_both_heads_answer_from_one_file_and_the_chosen_one_is_what_the_box_hears(heads, two_headed, both):
    images = read(both).split("PublicTest").images
    for head, folder in heads.items():
        said = description(folder)
        assert (said["name"], said["head"], said["answers"]) == ("moodnet", head, truths.NAMES[head])
        assert said["outputs"][head] == said["output"] == "logits"
        assert open_model(folder).head == head
        for asked in HEADS:
            apart = open_model(folder, asked).logits(images) - open_model(two_headed, asked).logits(images)
            assert np.abs(apart).max() < 0.5


def test_every_output_is_scored_on_its_own_labels(heads, both):
    faces = read(both).split("PublicTest")
    rows = truths.truth(faces, "votes") != NOBODY
    assert 0 < (~rows).sum() < len(faces)
    for head, other in (("votes", "labels"), ("labels", "votes")):
        metrics = description(heads[head])["metrics"]
        assert set(metrics) == {"PublicTest", f"PublicTest, {truths.NAMES[other]}"}
        for name, measured in (("PublicTest", head), (f"PublicTest, {truths.NAMES[other]}", other)):
            kept, true = truths.own(faces, measured)
            right = open_model(heads[head], measured).logits(faces.images)[kept].argmax(1) == true
            assert metrics[name]["int8"]["accuracy"] == pytest.approx(right.mean(), abs=1e-4)


def test_evening_out_the_light_and_the_last_layer_stay_fp32(heads):
    graph = onnx.load(heads["votes"] / "model.onnx").graph
    made = {output: node for node in graph.node for output in node.output}
    (conv, *_) = (node for node in graph.node if node.op_type == "Conv")
    first = graph.node[: list(graph.node).index(conv)]
    reckoned = [node for node in first if node.op_type in {"Sub", "Mul", "Add", "Sqrt", "Div", "ReduceMean"}]
    assert len(reckoned) >= 6
    for node in (*reckoned, *(node for node in graph.node if node.op_type == "Gemm")):
        ways_in = [made[name].op_type for name in node.input if name in made]
        assert "DequantizeLinear" not in ways_in, node.name


def test_dim_face_is_read_as_in_fp32(heads, two_headed):
    dim = (golden.drawings(48) // 25).astype(np.uint8)  # about ten steps from dark to bright
    full, small = open_model(two_headed, "votes").logits(dim), open_model(heads["votes"]).logits(dim)
    assert np.abs(full - small).max() < 0.1 * np.ptp(full)


def test_teachers_and_beginning_are_named_without_folders_of_the_machine(two_headed, both, tmp_path):
    state = checkpoint.load(two_headed)
    state["settings"] |= {"teachers": "/home/somebody/runs/a/checkpoint.pt,runs/b/checkpoint.pt", "init": "c.pt"}
    checkpoint.save(state, tmp_path / "checkpoint.pt")
    made = export(Export(tmp_path / "checkpoint.pt", both, tmp_path / "out"))
    assert (made["training"]["teachers"], made["training"]["init"]) == (["a", "b"], "c")
    assert "somebody" not in json.dumps(made)


def test_head_that_is_not_there_is_refused(trained, tiny, tmp_path, capsys):
    order = ["expression", "export", str(trained), "--data", str(tiny), "--out", str(tmp_path / "o"), "--head", "votes"]
    assert main(order) == 1
    assert "has no head 'votes'" in capsys.readouterr().err
    assert not (tmp_path / "o").exists()


def test_gate_lets_equal_readings_pass(compared, shipped):
    gate.check(compared, shipped)


def test_gate_stops_int8_that_is_more_than_half_a_point_worse(compared, shipped):
    worse = compared.int8.copy()
    worse[0] = np.roll(worse[0], 1)
    with pytest.raises(GateError, match=r"it may lose 0\.5% at most"):
        gate.check(replace(compared, int8=worse), shipped)


def test_gate_does_not_count_faces_on_which_nobody_agrees(compared, shipped):
    worse, true = compared.int8.copy(), compared.truths["labels"].copy()
    worse[0], true[0] = np.roll(worse[0], 1), NOBODY
    with pytest.raises(GateError) as stopped:
        gate.check(replace(compared, int8=worse, truths={"labels": true}), shipped)
    assert "it may lose" not in str(stopped.value)


def test_gate_stops_int8_that_is_no_number(compared, shipped):
    with pytest.raises(GateError, match="not finite"):
        gate.check(replace(compared, int8=np.full_like(compared.int8, np.nan)), shipped)


def test_gate_stops_int8_that_moves_probabilities_far(compared, shipped):
    flat = compared.int8 / 5
    assert (flat.argmax(1) == compared.fp32.argmax(1)).all()
    with pytest.raises(GateError, match=r"int8 moves a probability by 0\.\d+, 0\.1 is allowed$"):
        gate.check(replace(compared, int8=flat), shipped)


def test_gate_stops_onnx_that_differs_from_torch(compared, shipped):
    with pytest.raises(GateError, match=r"up to 0\.1000 away from torch"):
        gate.check(replace(compared, torch=compared.fp32 + 0.1), shipped)


def test_gate_stops_what_is_too_large_or_too_slow(compared, shipped):
    _, adds = arithmetic.of_file(shipped / "model.onnx")
    size = (shipped / "model.onnx").stat().st_size
    gate.check(compared, shipped, gate.Limit(size, adds))
    with pytest.raises(GateError, match=r"MB are allowed; a face takes .* million multiply-adds"):
        gate.check(compared, shipped, gate.Limit(size - 1, adds - 1))


def test_gate_stops_golden_samples_that_do_not_match(compared, shipped, tmp_path):
    made = Path(shutil.copytree(shipped, tmp_path / "made"))
    with np.load(shipped / "golden.npz") as samples:
        golden.write(made / "golden.npz", samples["input"], samples["logits"] + 1, 0.05)
    with pytest.raises(GateError, match="golden samples are 1"):
        gate.check(compared, made)


def test_gate_names_what_a_description_lacks(compared, shipped, tmp_path):
    made = Path(shutil.copytree(shipped, tmp_path / "made"))
    said = description(shipped)
    del said["licence"], said["metrics"]
    describe(made / "model.onnx", said)
    with pytest.raises(GateError, match="its description lacks metrics, licence"):
        gate.check(compared, made)


def test_gate_asks_the_boxs_own_code_which_compares_the_digest(compared, shipped, tmp_path):
    made = Path(shutil.copytree(shipped, tmp_path / "made"))
    describe(made / "model.onnx", {**description(shipped), "name": "another"})
    with pytest.raises(GateError, match=r"the box refuses it: .* is not the file its manifest names"):
        gate.check(compared, made)


def test_model_with_other_labels_or_no_description_is_refused(shipped, tmp_path):
    model = tmp_path / "model.onnx"
    model.write_bytes((shipped / "model.onnx").read_bytes())
    describe(model, {**description(shipped), "labels": ["happy", "sad"]})
    with pytest.raises(CheckpointError, match="names its classes happy, sad"):
        OnnxPredictor.open(model)
    describe(model, {})
    with pytest.raises(CheckpointError, match="does not describe itself"):
        OnnxPredictor.open(model)


@pytest.mark.parametrize("head", ["votes", "labels"])
def test_the_chosen_head_answers_first(two_headed, head):
    model, picture = checkpoint.network(checkpoint.load(two_headed))
    faces = golden.drawings(48)
    beside = TorchPredictor(model, picture, head).logits(faces)
    answers = Answers(model, head)
    first, second = (answer.detach().numpy() for answer in answers(picture.prepared(faces)))
    assert answers.outputs == ("logits", "labels" if head == "votes" else "votes")
    assert first.shape == second.shape == (len(faces), 7)
    assert np.allclose(first, beside, atol=1e-5)
    assert not np.allclose(second, beside, atol=1e-2)


def test_onnx_file_of_our_network_answers_as_torch_does(two_headed, tmp_path):
    model, picture = checkpoint.network(checkpoint.load(two_headed))
    to_onnx(Answers(model, "votes"), picture, tmp_path / "full.onnx")
    session = onnxruntime.InferenceSession(tmp_path / "full.onnx", providers=["CPUExecutionProvider"])
    (logits,) = session.run(["logits"], {"input": picture.prepared(golden.drawings(48)).numpy()})
    assert np.abs(logits - TorchPredictor(model, picture, "votes").logits(golden.drawings(48))).max() < 1e-3
