"""What is exported describes itself, is what the box opens, and is stopped at the gate when it is not good."""

import itertools
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from moodbox.music.composer.neural.network import Network
from moodtrain import bundle
from moodtrain.__main__ import main
from moodtrain.composer import checkpoint, corpus, gate, golden, step
from moodtrain.composer.export import Export, export
from moodtrain.composer.measure import shuffled, tally
from moodtrain.composer.model import OnnxReader, open_model
from moodtrain.composer.vocabulary import METERS, WORDS
from moodtrain.errors import CheckpointError, DataError, GateError
from tests.training.composer import midis

STATE = (2, 1, 16)  # of the tiny network: layers, pieces, cells


@pytest.fixture(scope="module")
def shipped(trained, songs, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("export") / "composer"
    export(Export(trained, [songs], out))
    return out


@pytest.fixture(scope="module")
def compared(trained, songs) -> gate.Comparison:
    """Return readings that pass: int8 as torch."""
    state = checkpoint.load(trained)
    model, scales, val = checkpoint.network(state), checkpoint.scales(state), corpus.read([songs]).split("val")
    own = tally(model, val, scales)
    return gate.Comparison(own, own, tally(model, shuffled(val), scales), 0.0)


def description(folder: Path) -> dict:
    return OnnxReader.open(folder / "model.onnx").description


def dearer(one, nats: float):
    """Return a tally with so many more nats per token."""
    return replace(one, nats=one.nats + nats * one.counts)


def test_bundle_holds_three_files_and_nothing_else_is_left(shipped):
    assert sorted(path.name for path in shipped.iterdir()) == ["golden.npz", "manifest.json", "model.onnx"]
    assert [path.name for path in shipped.parent.iterdir()] == ["composer"]


def test_model_describes_itself_completely(shipped, trained):
    said, state = description(shipped), checkpoint.load(trained)
    assert set(gate.DESCRIBED) <= set(said)
    assert (said["format"], said["kind"], said["name"], said["grid"]) == (1, "composer", "moodlstm", 12)
    assert said["vocabulary"] == list(WORDS)
    assert [one["name"] for one in said["condition"]] == ["mode", "density", "tempo", "register"]
    assert [one["mean"] for one in said["condition"]] == state["mean"]
    assert [one["std"] for one in said["condition"]] == state["std"]
    assert said["state"] == {"layers": 2, "hidden": 16}
    assert said["guidance"] is True
    assert {"data", "digest", "commit", "recipe", "machine"} <= set(said["training"])
    for split in ("val", "test"):
        for kind in ("fp32", "int8", "int8, conditions shuffled"):
            assert set(said["metrics"][split][kind]) == {"nats_per_token", "nats_per_note"}


def test_metrics_are_those_of_the_shipped_file_on_those_songs(shipped, songs):
    model, made = open_model(shipped), corpus.read([songs])
    for split in ("val", "test"):
        pieces = made.split(split)
        for kind, shown in (("int8", pieces), ("int8, conditions shuffled", shuffled(pieces))):
            found = tally(model.speak, shown, model.scales, model.together)
            assert model.said["metrics"][split][kind] == {
                "nats_per_token": pytest.approx(found.per_token, abs=1e-4),
                "nats_per_note": pytest.approx(found.per_note, abs=1e-4),
            }


def test_description_names_no_path_and_claims_no_licence_of_unknown_songs(shipped, songs, trained):
    text = json.dumps(description(shipped))
    assert str(songs) not in text
    assert str(trained.parent) not in text
    assert "CC0" not in description(shipped)["licence"]


def test_box_opens_it_and_hears_what_torch_says(shipped, trained):
    network = Network.open(shipped)
    model = checkpoint.network(checkpoint.load(trained))
    tokens, state, heard = golden.tune(), network.start(), []
    for token in tokens:
        logits, state = network.step(int(token), golden.CONDITION, state)
        heard.append(logits)
    with torch.inference_mode():
        wanted, _ = model(torch.from_numpy(tokens)[None], torch.from_numpy(golden.CONDITION).expand(1, len(tokens), 4))
    apart = np.abs(np.array(heard) - wanted[0].numpy())
    assert apart.mean() < 0.03 * float(wanted.std())  # int8
    assert apart.max() < 0.3 * float(wanted.std())
    raw = [
        one["mean"] + one["std"] * value
        for one, value in zip(description(shipped)["condition"], (1, 0, -1, 2), strict=True)
    ]
    assert np.allclose(network.card.condition_of(*raw), (1, 0, -1, 2), atol=1e-4)


def test_int8_file_runs_with_onnxruntime_alone_for_any_number_of_pieces(shipped):
    session = onnxruntime.InferenceSession(shipped / "model.onnx", providers=["CPUExecutionProvider"])
    assert {one.name: one.type for one in session.get_inputs()} == {
        "token": "tensor(int64)", "condition": "tensor(float)", "h": "tensor(float)", "c": "tensor(float)",
    }  # fmt: skip
    for pieces in (1, 5):
        state = np.zeros((STATE[0], pieces, STATE[2]), np.float32)
        feeds = {"token": np.zeros(pieces, np.int64), "condition": np.zeros((pieces, 4), np.float32)}
        logits, h, c = session.run(["logits", "h_out", "c_out"], {**feeds, "h": state, "c": state})
        assert (logits.shape, h.shape, c.shape) == ((pieces, len(WORDS)), state.shape, state.shape)


def test_fp32_step_by_step_is_torch_at_once_and_the_network_stays_ready_to_measure(trained, tmp_path):
    state = checkpoint.load(trained)
    model = checkpoint.network(state)
    step.to_onnx(model, tmp_path / "fp32.onnx")
    assert not model.training  # the exporter would put it back to training
    assert not any(module.training for module in model.modules())
    graph = onnx.load(tmp_path / "fp32.onnx").graph
    assert [node.op_type for node in graph.node].count("LSTM") == STATE[0]
    session = onnxruntime.InferenceSession(tmp_path / "fp32.onnx", providers=["CPUExecutionProvider"])
    tokens, conditions = (
        np.array([[0, 4, 10], [0, 5, 20]]),
        np.random.default_rng(0).normal(size=(2, 3, 4)).astype("f4"),
    )
    h = c = np.zeros((STATE[0], 2, STATE[2]), np.float32)
    with torch.inference_mode():
        wanted, _ = model(torch.from_numpy(tokens), torch.from_numpy(conditions))
    for at in range(3):
        feeds = {"token": tokens[:, at], "condition": conditions[:, at], "h": h, "c": c}
        logits, h, c = session.run(["logits", "h_out", "c_out"], feeds)
        assert np.abs(logits - wanted[:, at].numpy()).max() < 1e-5


def test_weights_are_int8_of_seven_bits_and_the_file_is_whole(shipped, trained):
    model = onnx.load(shipped / "model.onnx", load_external_data=False)
    kinds = [node.op_type for node in model.graph.node]
    assert kinds.count("DynamicQuantizeLSTM") == STATE[0]
    assert "LSTM" not in kinds
    stored = {one.name: one for one in model.graph.initializer}
    gates = [
        stored[name] for node in model.graph.node if node.op_type == "DynamicQuantizeLSTM" for name in node.input[1:3]
    ]
    assert all(one.data_type == onnx.TensorProto.INT8 and 4 * STATE[2] in one.dims for one in gates)
    assert all(np.abs(onnx.numpy_helper.to_array(one)).max() <= 64 for one in gates)  # for x86 without VNNI
    assert model.ir_version <= 10  # onnxruntime 1.23, the oldest the device takes, reads 11
    assert (shipped / "model.onnx").stat().st_size < trained.stat().st_size


def test_golden_tune_fills_a_bar_of_every_meter_and_is_equal_on_every_machine():
    tune = [WORDS[token] for token in golden.tune()]
    assert golden.tune().tolist() == golden.tune().tolist()
    assert (tune[0], tune[-1]) == ("start", "end")
    assert {word.partition(" ")[0] for word in tune} == {word.partition(" ")[0] for word in WORDS}
    bars = " ".join(tune[1:-1]).split("bar ")[1:]
    assert {bar.split()[0] for bar in bars} == set(METERS)
    for bar in bars:
        spelt = bar.split()
        filled = sum(int(after) for word, after in itertools.pairwise(spelt) if word == "length")
        assert filled == METERS[spelt[0]]


def test_golden_sample_would_notice_swapped_conditions_or_words(shipped):
    with np.load(shipped / "golden.npz") as sample:
        tokens, condition, logits, tolerance = (sample[name] for name in ("tokens", "condition", "logits", "tolerance"))
    assert (tokens.dtype, condition.dtype, logits.dtype, tolerance.dtype) == (np.int64, *3 * (np.float32,))
    reader = OnnxReader.open(shipped / "model.onnx")
    for swapped in ((1, 0, 2, 3), (0, 2, 1, 3), (0, 1, 3, 2)):
        rows = np.broadcast_to(condition[list(swapped)], (1, len(tokens), 4))
        assert np.abs(reader.read(tokens[None], rows)[0] - logits).max() > tolerance
    assert np.abs(logits[:, ::-1] - logits).max() > 4 * tolerance


def test_manifest_vouches_for_the_files_and_serial_goes_up(shipped, trained, songs, tmp_path):
    manifest = json.loads((shipped / "manifest.json").read_text(encoding="utf-8"))
    assert (manifest["kind"], manifest["serial"]) == ("composer", 1)
    assert all(manifest["files"][name]["digest"] == bundle.digest(shipped / name) for name in bundle.FILES)
    out = Path(shutil.copytree(shipped, tmp_path / "out"))
    export(Export(trained, [songs], out))
    assert json.loads((out / "manifest.json").read_text(encoding="utf-8"))["serial"] == 2
    assert description(out)["version"].endswith(".2")


def test_other_songs_than_the_run_learnt_from_are_refused(trained, tmp_path):
    other = midis.folder(tmp_path / "other", songs=18)
    with pytest.raises(DataError, match=r"learnt from other files than .* give those with --data"):
        export(Export(trained, [other], tmp_path / "out"))
    assert not (tmp_path / "out").exists()


def test_network_that_learnt_next_to_nothing_ends_with_code_one_and_ships_nothing(trained, songs, tmp_path, capsys):
    state = checkpoint.load(trained)
    state["ema"] = {name: weights * 1e-3 for name, weights in state["ema"].items()}
    checkpoint.save(state, tmp_path / "checkpoint.pt")
    out = tmp_path / "out"
    assert main(["composer", "export", str(tmp_path / "checkpoint.pt"), "--data", str(songs), "--out", str(out)]) == 1
    said = capsys.readouterr().err.splitlines()[-1]
    assert said.startswith("moodtrain: the model is not shipped: val is 4.84")
    assert "nats/token, 1.60 are allowed" in said
    assert not out.exists()
    assert not list(tmp_path.glob(".export*"))


def test_gate_lets_the_shipped_pass(compared, shipped):
    gate.check(compared, shipped)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        (lambda c: replace(c, int8=dearer(c.int8, 0.02)), r"int8 has .* it may lose 0\.01 at most"),
        (lambda c: replace(c, int8=dearer(c.int8, float("nan"))), "val is nan nats/token"),
        (lambda c: replace(c, torch=dearer(c.torch, 2), int8=dearer(c.int8, 2)), r"val is .* 1\.60 are allowed"),
        (lambda c: replace(c, shuffled=c.int8), "does not obey them"),
        (lambda c: replace(c, export_error=0.1), r"up to 0\.1000 away from torch"),
    ],
)
def test_gate_stops_what_reads_badly(compared, shipped, changed, sentence):
    with pytest.raises(GateError, match=f"^the model is not shipped: .*{sentence}"):
        gate.check(changed(compared), shipped)


@pytest.fixture
def made(shipped, tmp_path) -> Path:
    return Path(shutil.copytree(shipped, tmp_path / "made"))


def sealed(made: Path) -> Path:
    bundle.seal(made, description(made), 1)
    return made


def test_gate_stops_a_file_that_is_too_large(compared, made):
    model = onnx.load(made / "model.onnx")
    model.graph.initializer.append(onnx.numpy_helper.from_array(np.zeros(1_500_000, np.int8), "ballast"))
    onnx.save(model, made / "model.onnx")
    with pytest.raises(GateError, match=r"the file has 1\.5\d MB, 1\.5 MB are allowed"):
        gate.check(compared, sealed(made))


def test_gate_stops_weights_outside_the_file_and_an_lstm_that_is_not_int8(compared, made, trained):
    said = description(made)
    step.to_onnx(checkpoint.network(checkpoint.load(trained)), made / "model.onnx")
    bundle.describe(made / "model.onnx", said)
    model = onnx.load(made / "model.onnx")
    onnx.save(model, made / "model.onnx", save_as_external_data=True, location="weights", size_threshold=0)
    with pytest.raises(GateError, match="weights lie outside the file; its LSTM is not int8"):
        gate.check(compared, sealed(made))


def test_gate_stops_a_golden_sample_that_does_not_match_or_allows_anything(compared, made):
    with np.load(made / "golden.npz") as sample:
        right = dict(sample)
    np.savez(made / "golden.npz", **{**right, "logits": right["logits"] + 1})
    with pytest.raises(GateError, match=r"its golden sample is 1\.\d+ off, .* the box refuses it"):
        gate.check(compared, sealed(made))
    np.savez(made / "golden.npz", **{**right, "tolerance": np.float32(50)})
    with pytest.raises(GateError, match=r"its golden sample allows 50\.00, .* it would notice little"):
        gate.check(compared, sealed(made))


def test_gate_names_what_a_description_lacks(compared, made):
    said = description(made)
    bundle.describe(made / "model.onnx", {key: value for key, value in said.items() if key not in ("licence", "grid")})
    with pytest.raises(GateError, match="its description lacks grid, licence; the box refuses it: "):
        gate.check(compared, sealed(made))


def test_gate_asks_the_boxs_own_code_which_compares_the_digest(compared, made):
    bundle.describe(made / "model.onnx", {**description(made), "name": "another"})
    with pytest.raises(GateError, match=r"the box refuses it: .* is not the file its manifest names"):
        gate.check(compared, made)


def test_network_whose_weights_are_all_zero_cannot_be_run_in_int8_and_is_said(trained, songs, tmp_path):
    state = checkpoint.load(trained)
    state["ema"] = {name: torch.zeros_like(weights) for name, weights in state["ema"].items()}
    checkpoint.save(state, tmp_path / "checkpoint.pt")
    with pytest.raises(CheckpointError, match="the ONNX model cannot be run"):
        export(Export(tmp_path / "checkpoint.pt", [songs], tmp_path / "out"))


def test_files_that_are_no_composers_are_refused(made, shipped, tmp_path):
    with pytest.raises(CheckpointError, match="is not there; give an ONNX file"):
        open_model(tmp_path / "nothing.onnx")
    (tmp_path / "torn.onnx").write_bytes((made / "model.onnx").read_bytes()[:5000])
    with pytest.raises(CheckpointError, match="is no ONNX model that onnxruntime can load"):
        open_model(tmp_path / "torn.onnx")
    said = description(made)
    for wrong in ({"kind": "expression"}, {"vocabulary": ["start"]}, {"condition": said["condition"][::-1]}):
        bundle.describe(made / "model.onnx", {**said, **wrong})
        with pytest.raises(CheckpointError, match="is no composer of this version's words and conditions"):
            open_model(made)
    bundle.describe(made / "model.onnx", {})
    with pytest.raises(CheckpointError, match="does not describe itself"):
        open_model(made)
