"""The expression model: right answers from a right file, one clear sentence from a wrong one."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from moodbox.errors import ModelError
from moodbox.events import Face, Rect
from moodbox.watch.expression import ExpressionModel
from moodbox.watch.sight import shipped_model
from tests.device.watch.conftest import LABELS, card_values

EYES = ((203.0, 104.0), (245.0, 103.0), (223.0, 124.0), (207.0, 143.0), (244.0, 143.0))
FACE = Face(Rect(180, 63, 89, 111), 0.9, EYES)


def _softmax(logits: np.ndarray) -> np.ndarray:
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    return odds / odds.sum(axis=1, keepdims=True)


def test_shipped_model_loads_and_calls_the_smiling_astronaut_happy(portrait: np.ndarray) -> None:
    model = ExpressionModel(shipped_model(), 1)
    assert sorted(model.labels) == sorted(LABELS)
    (expression,) = model.read(portrait, [FACE])
    assert model.labels[int(np.argmax(expression.probabilities))] == "happy"
    assert sum(expression.probabilities) == pytest.approx(1)
    assert expression.face.sharpness == 1.0
    assert expression.face.rect == FACE.rect


def test_batch_gives_each_face_what_it_gets_alone(portrait: np.ndarray, make_model: Callable[..., Path]) -> None:
    model = ExpressionModel(make_model(), 1)
    faces = [FACE, Face(Rect(10, 300, 80, 80), 0.8), Face(Rect(300, 200, 150, 150), 0.8)]
    together = model.read(portrait, faces)
    alone = [model.read(portrait, [face])[0] for face in faces]
    assert [one.face for one in together] == [one.face for one in alone]
    assert np.allclose([e.probabilities for e in together], [e.probabilities for e in alone], atol=1e-5)


def test_nobody_costs_no_run(make_model: Callable[..., Path], portrait: np.ndarray) -> None:
    assert ExpressionModel(make_model(), 1).read(portrait, []) == ()


def test_temperature_divides_the_logits(make_model: Callable[..., Path], tmp_path: Path) -> None:
    batch = np.random.default_rng(2).normal(size=(3, 1, 48, 48)).astype(np.float32)
    cold = ExpressionModel(make_model(tmp_path / "cold.onnx", card={"temperature": 1.0}), 1)
    warm = ExpressionModel(make_model(tmp_path / "warm.onnx", card={"temperature": 2.0}), 1)
    assert np.allclose(warm.probabilities(batch), _softmax(cold._logits(batch) / 2), atol=1e-6)


@pytest.mark.parametrize(("color", "first"), [("bgr", 0), ("rgb", 2)])
def test_colours_come_in_the_order_the_model_names(make_model: Callable[..., Path], color: str, first: int) -> None:
    values = card_values()["input"] | {"color": color, "mean": [0.1, 0.2, 0.3], "std": [0.5, 0.25, 0.2]}
    model = ExpressionModel(make_model(shape=("n", 3, 48, 48), card={"input": values}), 1)
    crop = np.zeros((48, 48, 3), np.uint8)
    crop[:] = (10, 128, 250)  # BGR
    batch = model._batch([crop], [crop[..., 0]])
    assert batch.shape == (1, 3, 48, 48)
    expected = (np.array(crop[0, 0, :: 1 if first == 0 else -1]) / 255 - [0.1, 0.2, 0.3]) / [0.5, 0.25, 0.2]
    assert np.allclose(batch[0, :, 0, 0], expected, atol=1e-5)


def test_logits_that_are_no_numbers_become_an_even_guess(make_model: Callable[..., Path]) -> None:
    model = ExpressionModel(make_model(), 1)
    batch = np.full((1, 1, 48, 48), np.nan, np.float32)
    assert np.allclose(model.probabilities(batch), 1 / 7)


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"gone\.onnx cannot be read \(No such file"):
        ExpressionModel(tmp_path / "gone.onnx", 1)


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "is empty"), (b"not a model", "cannot be loaded"), (b"\x08\x08" * 9, "model")]
)
def test_file_that_is_no_model_is_said_so(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "broken.onnx"
    path.write_bytes(content)
    with pytest.raises(ModelError, match=words) as caught:
        ExpressionModel(path, 1)
    assert "\n" not in str(caught.value)


def test_cut_off_model_is_said_so(make_model: Callable[..., Path]) -> None:
    path = make_model()
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(ModelError, match="cannot be loaded"):
        ExpressionModel(path, 1)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"shape": ("n", 3, 48, 48)}, "input is"),
        ({"shape": ("n", 1, 64, 64)}, "input is"),
        ({"shape": (1, 1, 48, 48)}, "fixed number of faces"),
        ({"outputs": 8}, "no output `logits` of 7"),
        ({"card": {"output": "prob"}}, "no output `prob`"),
        ({"card": {"labels": LABELS[:5]}}, "labels"),
        ({"description": ""}, "no `moodbox` description"),
        ({"description": "{"}, "cannot be read"),
    ],
)
def test_model_that_does_not_fit_its_description_is_refused(
    make_model: Callable[..., Path], change: dict, words: str
) -> None:
    with pytest.raises(ModelError, match=words):
        ExpressionModel(make_model(**change), 1)


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """Return a copy of the shipped bundle's model."""
    folder = tmp_path / "bundle"
    shutil.copytree(shipped_model().parent, folder)
    assert {"model.onnx", "golden.npz", "manifest.json"} <= {path.name for path in folder.iterdir()}
    return folder / "model.onnx"


def test_bundle_as_shipped_is_accepted(bundle: Path) -> None:
    assert ExpressionModel(bundle, 1).labels


def test_model_that_is_not_the_manifests_is_refused(bundle: Path, make_model: Callable[..., Path]) -> None:
    make_model(bundle)
    with pytest.raises(ModelError, match="not the file its manifest names"):
        ExpressionModel(bundle, 1)


def test_bundle_that_asks_for_a_newer_box_is_refused(bundle: Path) -> None:
    manifest = bundle.with_name("manifest.json")
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"smallest_device": "99.0"}))
    with pytest.raises(ModelError, match=r"needs Moodbox 99\.0, this is .*: update Moodbox"):
        ExpressionModel(bundle, 1)


def test_manifest_of_another_file_says_nothing_about_this_one(bundle: Path, make_model: Callable[..., Path]) -> None:
    other = make_model(bundle.with_name("mine.onnx"))
    bundle.with_name("golden.npz").unlink()
    assert ExpressionModel(other, 1).name == "tiny 1.0"


def test_other_model_beside_the_golden_sample_is_refused(bundle: Path, make_model: Callable[..., Path]) -> None:
    make_model(bundle)
    manifest = bundle.with_name("manifest.json")
    values = json.loads(manifest.read_text())
    values["files"]["model.onnx"]["digest"] = "sha256:" + hashlib.sha256(bundle.read_bytes()).hexdigest()
    manifest.write_text(json.dumps(values))
    with pytest.raises(ModelError, match="answers otherwise"):
        ExpressionModel(bundle, 1)


@pytest.mark.parametrize(("off", "accepted"), [(0.0, True), (0.12, True), (2.0, False)])
def test_answers_may_differ_as_cpus_do_but_not_more(bundle: Path, off: float, accepted: object) -> None:
    beside = bundle.with_name("golden.npz")
    with np.load(beside) as arrays:
        values = {name: arrays[name] for name in arrays.files}
    values["logits"] = values["logits"] + off * np.eye(8, 7, dtype=np.float32)
    np.savez(beside, **values)
    if accepted:
        assert ExpressionModel(bundle, 1).labels
    else:
        with pytest.raises(ModelError, match="answers otherwise"):
            ExpressionModel(bundle, 1)


@pytest.mark.parametrize("name", ["golden.npz", "manifest.json"])
@pytest.mark.parametrize("content", [b"", b"rubbish", b"PK\x03\x04 half a zip", b"\xff\xfe[]", b"[]"])
def test_damaged_file_beside_the_model_is_said_so(bundle: Path, name: str, content: bytes) -> None:
    bundle.with_name(name).write_bytes(content)
    with pytest.raises(ModelError, match="install the model again"):
        ExpressionModel(bundle, 1)
