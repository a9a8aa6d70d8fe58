"""Entropy, scale and groove on pieces whose numbers are known; keys heard; the songs' bands."""

from __future__ import annotations

import numpy as np
import pytest

from bench.composing.key import heard_key
from bench.composing.statistics import NAMES, PUBLISHED, song_bands, statistics, within

ENTROPY, SCALE, GROOVE = NAMES
C_MAJOR = [60, 62, 64, 65, 67, 69, 71, 72]


def test_one_pitch_class_has_no_entropy_and_twelve_have_the_most(tune):
    assert statistics(tune([60, 72, 48, 60]))[ENTROPY] == 0.0
    assert statistics(tune(list(range(60, 72))))[ENTROPY] == pytest.approx(np.log2(12))


def test_a_scale_is_consistent_and_a_chromatic_line_is_not(tune):
    assert statistics(tune(C_MAJOR))[SCALE] == 1.0
    assert statistics(tune(list(range(60, 72))))[SCALE] == pytest.approx(7 / 12)


def test_groove_counts_the_16ths_that_differ_from_bar_to_bar(tune):
    assert statistics(tune([60] * 4, [1.0, 1.0, 1.0, 0.9]))[GROOVE] == 1.0
    # Second bar: one long note instead of four.
    varied = statistics(tune([60] * 5, [1.0, 1.0, 1.0, 1.0, 3.9]))[GROOVE]
    assert varied == pytest.approx(1 - 3 / (16 * 2))


def test_a_piece_without_notes_is_refused(tune):
    with pytest.raises(ValueError, match="no notes"):
        statistics(tune([]))


@pytest.mark.parametrize(("chord", "mode"), [((60, 64, 67, 60), "major"), ((60, 63, 67, 60), "minor")])
def test_a_triad_is_heard_in_its_mode(tune, chord, mode):
    key = heard_key(tune(chord).notes)
    assert (key.mode, key.tonic) == (mode, 0)
    assert key.margin > 0


def test_the_songs_keep_the_published_bands(corpus):
    for name, (low, high) in song_bands(corpus).items():
        assert (low, high) == pytest.approx(PUBLISHED[name], abs=0.02), name


def test_a_band_includes_its_ends():
    assert within(1.0, (1.0, 2.0))
    assert not within(2.01, (1.0, 2.0))
