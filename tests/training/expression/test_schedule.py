"""Rates rise and fall as planned, and faces grow."""

import pytest

from moodtrain.expression.schedule import PATIENCE, learning_rate, plateau, side


def test_learning_rate_rises_then_falls_to_nothing():
    rates = [learning_rate(step, 100, 1.0, 0.1) for step in range(100)]
    assert rates[:10] == sorted(rates[:10])
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert max(rates) == 1.0
    assert 0 < rates[-1] < 0.001


def test_middle_of_the_cosine_is_half():
    assert learning_rate(55, 100, 2.0, 0.1) == pytest.approx(1.0)


def test_without_warmup_the_first_step_is_the_highest():
    assert learning_rate(0, 100, 1.0, 0.0) == 1.0


def test_plateau_stays_while_scores_rise():
    assert plateau([0.1 * epoch for epoch in range(9)], 1e-3) == 1e-3


def test_plateau_halves_after_more_than_its_patience_without_a_better_score():
    assert plateau([0.5] + [0.5] * PATIENCE, 1e-3) == 1e-3
    assert plateau([0.5] + [0.5] * (PATIENCE + 1), 1e-3) == 5e-4
    assert plateau([0.5] + [0.4] * 2 * (PATIENCE + 1), 1e-3) == 2.5e-4


def test_plateau_begins_with_the_highest():
    assert plateau([], 1e-3) == 1e-3


@pytest.mark.parametrize(
    ("full", "sides"),
    [(48, [40] * 5 + [48] * 5), (64, [56] * 5 + [64] * 5), (32, [32] * 10)],
)
def test_faces_grow_to_full_size(full, sides):
    assert [side(epoch, 10, full) for epoch in range(1, 11)] == sides
