"""Figures are those one can count by hand."""

import json

import numpy as np
import pytest

from moodtrain.errors import CheckpointError
from moodtrain.expression import evaluate
from moodtrain.expression.data import LABELS, read
from moodtrain.expression.predict import open_model


def logits(guesses: list[int]) -> np.ndarray:
    return np.eye(7, dtype=np.float32)[guesses]


def test_scores_equal_the_count_by_hand():
    # angry twice (one right), happy once (right), sad once (taken for angry)
    report = evaluate.score(logits([0, 3, 3, 0]), np.array([0, 0, 3, 4]))
    assert report["accuracy"] == 0.5
    assert report["balanced_accuracy"] == pytest.approx((0.5 + 1 + 0) / 3)
    assert report["macro_f1"] == pytest.approx((0.5 + 2 / 3 + 0) / 3)
    assert report["classes"]["angry"] == {"precision": 0.5, "recall": 0.5, "f1": 0.5, "faces": 2}
    assert report["confusion"][LABELS.index("sad")][LABELS.index("angry")] == 1
    assert np.sum(report["confusion"]) == 4


def test_perfect_answers_score_one():
    report = evaluate.score(logits(list(range(7))), np.arange(7))
    assert evaluate.brief(report) == {"accuracy": 1.0, "balanced_accuracy": 1.0, "macro_f1": 1.0}


def test_text_names_every_class_and_fits_its_numbers():
    said = evaluate.told(evaluate.score(logits([0, 3, 3, 0]), np.array([0, 0, 3, 4])))
    assert "4 faces: accuracy 50.00%" in said
    assert all(said.count(name) >= 2 for name in LABELS)


def test_report_is_json_that_reads_back(tmp_path):
    report = evaluate.score(logits([0, 3]), np.array([0, 3]))
    evaluate.write(report, tmp_path / "deep" / "report.json")
    assert json.loads((tmp_path / "deep" / "report.json").read_text(encoding="utf-8")) == report


def test_trained_checkpoint_tells_frown_from_smile(trained, tiny):
    report = evaluate.measure(open_model(trained), read(tiny).split("PublicTest"))
    assert report["accuracy"] > 0.9


@pytest.mark.parametrize("name", ["model.onnx", "checkpoint.pt"])
def test_file_that_is_missing_or_no_model_is_refused(tmp_path, name):
    with pytest.raises(CheckpointError, match="is not there"):
        open_model(tmp_path / name)
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(CheckpointError, match="is no "):
        open_model(tmp_path / name)
