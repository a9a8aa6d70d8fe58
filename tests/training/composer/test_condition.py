"""Conditions are what a pocket calculator finds."""

import math

import numpy as np
import pytest

from moodtrain.composer import condition, key, sheet, song
from tests.training.composer.midis import write


@pytest.fixture
def piece(tmp_path):
    """Return 13 bars: eight at 60 bpm with two notes each, five at 120 with four."""
    voice = [(4 * bar + at, 2, 60 + at) for bar in range(8) for at in (0, 2)]
    voice += [(4 * bar + at, 1, 72) for bar in range(8, 13) for at in range(4)]
    path = write(tmp_path / "a.mid", {"Voice": voice}, tempos=((0, 60), (32, 120)), keys=((0, "C"),))
    (made,) = sheet.write(song.read(path)).pieces
    return made


def test_numbers_of_a_window_by_hand(piece):
    mode, density, tempo, register = condition.of(piece[:8])
    assert density == pytest.approx(math.log(16 / 32))
    assert tempo == pytest.approx(math.log(60))
    assert register == pytest.approx(61.0)
    assert mode == pytest.approx(key.mode_score(np.eye(12)[0] + np.eye(12)[2]))


def test_windows_are_eight_bars_and_a_short_rest_joins_the_last(piece):
    rows = condition.conditions(piece)
    assert rows.shape == (13, 4)
    assert (rows[:8] == rows[0]).all()
    assert (rows[8:] == rows[8]).all()
    assert rows[8, 1] == pytest.approx(math.log(1.0))
    joined = condition.conditions(piece[:11])
    assert (joined == joined[0]).all()


def test_tempo_of_mixed_bars_is_the_geometric_mean(piece):
    assert condition.of(piece[7:9])[2] == pytest.approx(math.log(math.sqrt(60 * 120)))


def test_window_without_a_note_has_a_middle_register_and_a_finite_density(tmp_path):
    path = write(tmp_path / "a.mid", {"Voice": [(0, 8, 60), (8, 4, 60)], "Piano": [(0, 12, 48)]})
    (made,) = sheet.write(song.read(path)).pieces
    _, density, _, register = condition.of(made[1:2])
    assert (density, register) == (pytest.approx(math.log(1 / 4)), 65.0)
