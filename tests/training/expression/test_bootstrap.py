"""Intervals hold the figure, narrow with more faces, and cover the truth as often as they say."""

import numpy as np
import pytest

from moodtrain.expression import bootstrap, calibration
from moodtrain.expression.evaluate import score


def faces(count: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return logits and labels of a model that is right about half of the time."""
    dice = np.random.default_rng(seed)
    labels = dice.integers(0, 7, count)
    return 2.0 * np.eye(7)[labels] + dice.normal(0, 1.5, (count, 7)), labels


def test_every_figure_lies_inside_its_interval():
    logits, labels = faces(800)
    chances = calibration.probabilities(logits)
    found, figures = bootstrap.intervals(labels, {"before": chances}), score(logits, labels)
    for name in ("accuracy", "balanced_accuracy", "macro_f1"):
        low, high = found[name]
        assert low < figures[name] < high
        assert high - low < 0.1
    assert found["ece_before"][1] > calibration.expected_error(chances, labels)


def test_four_times_the_faces_halve_the_interval():
    widths = []
    for count in (500, 2000):
        logits, labels = faces(count)
        low, high = bootstrap.intervals(labels, {"before": calibration.probabilities(logits)})["accuracy"]
        widths.append(high - low)
    assert widths[0] / widths[1] == pytest.approx(2, rel=0.15)


def test_interval_of_accuracy_covers_the_truth_as_it_says():
    truth = np.mean([np.mean(logits.argmax(1) == labels) for logits, labels in [faces(100_000, seed=99)]])
    held = 0
    for seed in range(200):
        logits, labels = faces(200, seed)
        low, high = bootstrap.intervals(labels, {"b": calibration.probabilities(logits)}, resamples=200)["accuracy"]
        held += low <= truth <= high
    assert 0.89 <= held / 200 <= 0.99


def test_same_seed_gives_the_same_interval_and_another_one_does_not():
    logits, labels = faces(300)
    chances = {"before": calibration.probabilities(logits)}
    first = bootstrap.intervals(labels, chances)
    assert bootstrap.intervals(labels, chances) == first
    assert bootstrap.intervals(labels, chances, seed=1) != first


def test_resampled_scores_are_those_of_the_resampled_faces():
    logits, labels = faces(120)
    labels[:] = np.where(labels > 4, 0, labels)  # two classes that never occur
    drawn = np.random.default_rng(0).integers(0, 120, (1, 120))[0]
    low, high = bootstrap.intervals(labels, {"b": calibration.probabilities(logits)}, resamples=1)["macro_f1"]
    assert low == high == pytest.approx(score(logits[drawn], labels[drawn])["macro_f1"])


def test_class_with_one_face_may_be_missing_from_a_resample():
    labels = np.array([0] * 30 + [1])
    chances = calibration.probabilities(np.eye(7)[labels] * 9)
    assert bootstrap.intervals(labels, {"b": chances})["balanced_accuracy"] == (1.0, 1.0)
