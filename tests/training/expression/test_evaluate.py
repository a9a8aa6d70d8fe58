"""Figures are those one can count by hand."""

import numpy as np
import pytest

from moodtrain.errors import CheckpointError
from moodtrain.expression import evaluate
from moodtrain.expression.data import LABELS, VOTES, Faces, read
from moodtrain.expression.networks import MoodNet
from moodtrain.expression.picture import Picture
from moodtrain.expression.predict import TorchPredictor, open_model


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


def test_figures_bring_everything_a_report_needs():
    labels = np.arange(70) % 7
    found = evaluate.figures(3 * logits(list(labels)), labels, stated=0.5)
    assert found["accuracy"] == found["valence"]["sign"] == found["coverage"]["at"]["50%"] == 1
    assert found["intervals"]["accuracy"] == (1, 1)
    assert found["calibration"]["temperature"]["stated"] == 0.5
    assert found["calibration"]["after"]["ece"] < found["calibration"]["before"]["ece"]


def test_model_is_measured_on_the_labels_it_learnt():
    model = TorchPredictor(MoodNet(channels=(2, 4, 8, 8)).eval(), Picture(), "votes")
    votes = np.zeros((3, len(VOTES)), np.uint8)
    votes[:2, VOTES.index("anger")] = 9  # the third row has no majority
    faces = Faces(np.zeros((3, 48, 48), np.uint8), np.array([3, 3, 3]), np.ones(3, np.uint8), votes)
    assert evaluate.measure(model, faces)["classes"]["angry"]["faces"] == 2
    model.head = "labels"
    assert evaluate.measure(model, faces)["classes"]["happy"]["faces"] == 3


def test_trained_checkpoint_tells_frown_from_smile(trained, tiny):
    report = evaluate.measure(open_model(trained, "labels"), read(tiny).split("PublicTest"))
    assert report["accuracy"] > 0.9


@pytest.mark.parametrize("name", ["model.onnx", "checkpoint.pt"])
def test_file_that_is_missing_or_no_model_is_refused(tmp_path, name):
    with pytest.raises(CheckpointError, match="is not there"):
        open_model(tmp_path / name)
    (tmp_path / name).write_bytes(b"")
    with pytest.raises(CheckpointError, match="is no "):
        open_model(tmp_path / name)
