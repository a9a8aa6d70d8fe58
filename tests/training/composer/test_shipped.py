"""The composer in the repository is the one its manifest and its documents speak of."""

import json
from pathlib import Path

import numpy as np
import onnx
import pytest

from moodtrain import bundle
from moodtrain.composer import corpus, gate, golden
from moodtrain.composer.measure import shuffled, tally
from moodtrain.composer.model import Model, open_model

REPOSITORY = Path(__file__).resolve().parents[3]
BUNDLE = REPOSITORY / "device/moodbox/models/composer"


@pytest.fixture(scope="module")
def model() -> Model:
    return open_model(BUNDLE)


def test_digests_match_the_manifest():
    manifest = json.loads((BUNDLE / "manifest.json").read_text(encoding="utf-8"))
    assert {path.name for path in BUNDLE.iterdir()} == {*bundle.FILES, "manifest.json"}
    assert {name: said["digest"] for name, said in manifest["files"].items()} == {
        name: bundle.digest(BUNDLE / name) for name in bundle.FILES
    }


def test_manifest_and_model_name_the_same_version(model):
    manifest = json.loads((BUNDLE / "manifest.json").read_text(encoding="utf-8"))
    assert all(manifest[key] == model.said[key] for key in ("format", "kind", "name", "version"))


def test_description_is_complete_and_stands_by_its_promise(model):
    assert set(gate.DESCRIBED) <= set(model.said)
    assert "CC0" in model.said["licence"]
    assert "OpenScore Lieder Corpus and OpenScore String Quartets" in model.said["licence"]
    val = model.said["metrics"]["val"]
    assert val["int8"]["nats_per_token"] <= gate.LARGEST_SURPRISE
    assert val["int8"]["nats_per_token"] < val["int8, conditions shuffled"]["nats_per_token"]


def test_golden_sample_agrees():
    with np.load(BUNDLE / "golden.npz") as sample:
        found = golden.answers(BUNDLE / "model.onnx", sample["tokens"])
        assert np.abs(found - sample["logits"]).max() <= sample["tolerance"] < sample["logits"].std() / 4


def test_it_is_one_small_file_that_old_runtimes_read():
    path = BUNDLE / "model.onnx"
    graph = onnx.load(path, load_external_data=False)
    assert path.stat().st_size <= gate.LARGEST_SIZE
    assert graph.ir_version <= 10  # onnxruntime 1.23, the oldest the device takes, reads 11
    assert max(entry.version for entry in graph.opset_import if entry.domain in ("", "ai.onnx")) <= 21


def test_model_card_is_written_for_this_very_file():
    text = (REPOSITORY / "docs/model-card-composer.md").read_text(encoding="utf-8")
    said = json.loads((BUNDLE / "manifest.json").read_text(encoding="utf-8"))
    assert text.startswith(f"# Model card: {said['name']} {said['version']},")
    assert bundle.digest(BUNDLE / "model.onnx") in text


def test_model_card_states_what_the_file_says_of_itself(model):
    text = (REPOSITORY / "docs/model-card-composer.md").read_text(encoding="utf-8")
    (row,) = (line for line in text.splitlines() if line.startswith("| **nats per token** |"))
    for cell, split in zip(row.split("|")[2:], ("val", "test"), strict=False):
        assert float(cell.split("**")[1]) == pytest.approx(
            model.said["metrics"][split]["int8"]["nats_per_token"], abs=6e-4
        )


@pytest.mark.timeout(900)
def test_a_part_of_val_is_as_surprising_as_the_file_says(model, shared_path):
    """Read the val songs of the Lieder that come first; the whole of val takes a minute."""
    made = corpus.read([shared_path("data", "music", "lieder_midi.zip")])
    pieces = made.split("val")[:60]
    found = tally(model.speak, pieces, model.scales, model.together).per_token
    assert found == pytest.approx(model.said["metrics"]["val"]["int8"]["nats_per_token"], abs=0.2)
    assert found < tally(model.speak, shuffled(pieces), model.scales, model.together).per_token
