"""The bundle in the repository is the one its manifest and its documents speak of."""

import json
from pathlib import Path

import numpy as np
import onnx
import pytest

from moodtrain import bundle
from moodtrain.expression import card, evaluate, gate
from moodtrain.expression.data import read
from moodtrain.expression.predict import OnnxPredictor

REPOSITORY = Path(__file__).resolve().parents[3]
BUNDLE = REPOSITORY / "device/moodbox/models/expression"


@pytest.fixture(scope="module")
def model() -> OnnxPredictor:
    return OnnxPredictor.open(BUNDLE / "model.onnx")


def test_digests_match_the_manifest():
    manifest = json.loads((BUNDLE / "manifest.json").read_text(encoding="utf-8"))
    assert {path.name for path in BUNDLE.iterdir()} == {*bundle.FILES, "manifest.json"}
    assert {name: said["digest"] for name, said in manifest["files"].items()} == {
        name: bundle.digest(BUNDLE / name) for name in bundle.FILES
    }


def test_manifest_and_model_name_the_same_version(model):
    manifest = json.loads((BUNDLE / "manifest.json").read_text(encoding="utf-8"))
    assert all(manifest[key] == model.description[key] for key in ("format", "kind", "name", "version"))


def test_description_is_complete(model):
    assert set(gate.DESCRIBED) <= set(model.description)


def test_golden_samples_agree(model):
    with np.load(BUNDLE / "golden.npz") as samples:
        assert np.abs(model.run(samples["input"]) - samples["logits"]).max() <= samples["tolerance"]


def test_it_is_one_small_file_that_old_runtimes_read():
    path = BUNDLE / "model.onnx"
    graph = onnx.load(path, load_external_data=False)
    assert path.stat().st_size < 5_000_000
    assert graph.ir_version <= 10  # onnxruntime 1.23, the oldest the device takes, reads 11
    assert max(entry.version for entry in graph.opset_import if entry.domain in ("", "ai.onnx")) <= 21


def test_golden_samples_would_notice_any_two_classes_swapped():
    with np.load(BUNDLE / "golden.npz") as samples:
        logits, tolerance = samples["logits"], samples["tolerance"]
    apart = np.abs(logits[:, :, None] - logits[:, None, :]).max(0)[~np.eye(7, dtype=bool)]
    assert apart.min() > 4 * tolerance


def test_accuracy_is_what_it_says_and_at_least_62_percent(model, shared_path):
    report = evaluate.measure(model, read(shared_path("data", "fer2013")).split("PublicTest"))
    assert report["accuracy"] >= 0.62
    said = model.description["metrics"]["PublicTest"]["int8"]["accuracy"]
    assert report["accuracy"] == pytest.approx(said, abs=0.005)  # processors round int8 differently


def test_model_card_is_written_for_this_very_file_and_states_its_figures(model):
    text = (REPOSITORY / "docs/model-card.md").read_text(encoding="utf-8")
    assert text.startswith(f"# Model card: {model.description['name']} {model.description['version']},")
    assert bundle.digest(BUNDLE / "model.onnx") in text
    assert f"divide by the temperature {model.description['temperature']}," in text
    stated = card.stated_figures(model.description)
    assert stated
    for row in stated:
        assert "| " + " | ".join(row) + " |" in text


def test_model_card_measured_what_the_file_says_of_itself(model):
    text = (REPOSITORY / "docs/model-card.md").read_text(encoding="utf-8")
    (row,) = (line for line in text.splitlines() if line.startswith("| accuracy |"))
    measured = float(row.split("|")[2].split("%")[0])  # the first column is the model's own labels
    said = 100 * model.description["metrics"]["PublicTest"]["int8"]["accuracy"]
    assert measured == pytest.approx(said, abs=0.5)
