"""How sure against how right, on cases one can reckon by hand."""

import numpy as np
import pytest
from scipy.special import softmax

from moodtrain.expression import calibration


def drawn(count: int, sharpness: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return logits `sharpness` times too sure, and labels drawn from the right chances."""
    dice = np.random.default_rng(seed)
    true = dice.normal(0, 2, (count, 7))
    labels = np.array([dice.choice(7, p=row) for row in softmax(true, axis=1)])
    return true * sharpness, labels


def test_error_is_the_gap_weighted_by_faces():
    # three faces at 0.9, two of them right; one at 0.6, wrong
    chances = np.array([[0.9, 0.1], [0.9, 0.1], [0.9, 0.1], [0.6, 0.4]])
    labels = np.array([0, 0, 1, 1])
    assert calibration.expected_error(chances, labels) == pytest.approx((3 * (0.9 - 2 / 3) + 0.6) / 4)


def test_step_holds_its_upper_end_and_not_its_lower():
    ends = np.array([0.0, 1 / 15, 1 / 15 + 1e-9, 1.0])
    assert calibration.bins(ends).tolist() == [0, 0, 1, 14]


def test_bins_hold_every_face_once():
    logits, labels = drawn(500, 1.0)
    rows = calibration.reliability(calibration.probabilities(logits), labels)
    assert len(rows) == 15
    assert sum(row["faces"] for row in rows) == 500


def test_nll_and_brier_by_hand():
    logits, labels = np.log([[0.5, 0.25, 0.25], [0.1, 0.8, 0.1]]), np.array([0, 0])
    found = calibration.figures(logits, labels)
    assert found["nll"] == pytest.approx(-(np.log(0.5) + np.log(0.1)) / 2)
    assert found["brier"] == pytest.approx((0.25 + 0.0625 * 2 + 0.81 + 0.64 + 0.01) / 2)


@pytest.mark.parametrize("sharpness", [0.5, 2.0])
def test_temperature_undoes_a_known_sharpening_and_mends_the_error(sharpness):
    logits, labels = drawn(4000, sharpness)
    found = calibration.measure(logits, labels, stated=sharpness)
    assert found["temperature"]["all"] == pytest.approx(sharpness, rel=0.1)
    assert found["before"]["ece"] > 0.05
    assert found["after"]["ece"] < 0.03
    assert found["stated"]["nll"] == pytest.approx(found["after"]["nll"], abs=0.01)


def test_no_face_meets_a_temperature_fitted_on_it():
    logits, labels = drawn(400, 1.0)
    fitted = calibration.crossfitted(logits, labels)[:, 0]
    mine, other = np.unique(fitted)
    # change one half beyond recognition: its own temperature stays, the other half's moves
    changed = logits.copy()
    changed[fitted == mine] *= 5
    after = calibration.crossfitted(changed, labels)[:, 0]
    assert np.all(after[fitted == mine] == mine)
    assert np.all(after[fitted == other] > 2 * other)


def test_one_face_is_no_reason_to_stop():
    found = calibration.measure(np.array([[2.0, 0, 0, 0, 0, 0, 0]]), np.array([0]))
    assert np.isfinite(found["after"]["ece"])
