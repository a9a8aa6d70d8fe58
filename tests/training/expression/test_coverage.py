"""What "not sure" buys, counted by hand."""

import numpy as np
import pytest

from moodbox.mood import SURE_FROM
from moodtrain.expression import coverage

# ten faces, the surest first; the two least sure ones are wrong
SURE = np.array([0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.65, 0.62, 0.55, 0.5])
CHANCES = np.stack([SURE, 1 - SURE], 1)
LABELS = np.array([0] * 8 + [1] * 2)


def test_accuracy_rises_as_the_least_sure_are_left_out():
    at = coverage.measure(CHANCES, LABELS)["at"]
    assert list(at) == ["100%", "90%", "80%", "70%", "60%", "50%"]
    assert list(at.values()) == pytest.approx([0.8, 8 / 9, 1, 1, 1, 1])


def test_area_is_the_mean_risk():
    assert coverage.measure(CHANCES, LABELS)["aurc"] == pytest.approx((1 / 9 + 2 / 10) / 10)
    assert coverage.measure(CHANCES, np.zeros(10, int))["aurc"] == 0


def test_order_of_the_faces_does_not_matter():
    mixed = np.random.default_rng(0).permutation(10)
    assert coverage.measure(CHANCES[mixed], LABELS[mixed]) == coverage.measure(CHANCES, LABELS)


def test_curve_ends_at_all_faces():
    curve = coverage.measure(CHANCES, LABELS)["curve"]
    assert curve[-1] == [1.0, pytest.approx(0.8)]
    assert [share for share, _ in curve] == sorted(share for share, _ in curve)


def test_rule_of_the_box_is_the_one_the_box_has():
    assert coverage.SURE_FROM == SURE_FROM


def test_rule_of_the_box_counts_both_sides():
    # the two least sure are 0.10 and 0.00 apart, and both wrong
    assert coverage.box(CHANCES, LABELS) == pytest.approx({"coverage": 0.8, "accuracy": 1.0, "accuracy_not_sure": 0})
    assert coverage.box(np.eye(2)[[0, 0]], np.array([0, 1]))["coverage"] == 1
