"""Dynamics: phrases swell, pieces grow, sudden moods surprise."""

from __future__ import annotations

import random
from dataclasses import replace
from statistics import mean

from hypothesis import given
from hypothesis import strategies as st

from moodbox.music.composer.dynamics import CLIMAX, Dynamics
from moodbox.music.composer.style import ANCHORS

CALM = replace(ANCHORS["sad"], sudden=0.0)
SUDDEN = replace(ANCHORS["surprise"], sudden=1.0)


def level(dynamics: Dynamics, start: float, end: float) -> float:
    return mean(dynamics.at(start + (end - start) * share / 20) for share in range(20))


def test_piece_grows_to_its_climax_and_gives_way() -> None:
    dynamics = Dynamics(CALM, 8, 16, random.Random(1))
    phrases = [level(dynamics, 16.0 * number, 16.0 * number + 16.0) for number in range(8)]
    assert abs(phrases.index(max(phrases)) - CLIMAX * 8) <= 1.0
    assert phrases[0] < phrases[2] < phrases[4]
    assert phrases[-1] < max(phrases)


def test_phrase_swells_to_its_middle() -> None:
    dynamics = Dynamics(CALM, 8, 16, random.Random(1))
    assert dynamics.at(16.0) < dynamics.at(24.0) > dynamics.at(31.9)


def test_fear_swings_wider_than_neutral() -> None:
    def reach(label: str) -> float:
        dynamics = Dynamics(replace(ANCHORS[label], sudden=0.0), 8, 16, random.Random(2))
        levels = [dynamics.at(beat / 2) for beat in range(256)]
        return max(levels) / min(levels)

    assert reach("fear") > 1.2 * reach("neutral")


def test_sudden_moods_have_holes_blows_and_drops_and_calm_ones_none() -> None:
    turns = [turn for seed in range(12) for turn in Dynamics(SUDDEN, 8, 16, random.Random(seed)).turns]
    assert any(turn.drop for turn in turns)
    assert any(turn.blow for turn in turns)
    assert any(turn.hole for turn in turns)
    assert Dynamics(CALM, 8, 16, random.Random(3)).holes() == ()


@given(st.integers(0, 1000), st.integers(1, 12), st.floats(-50.0, 500.0))
def test_level_is_never_silent_nor_a_roar_and_no_hole_lasts(seed: int, phrases: int, beat: float) -> None:
    dynamics = Dynamics(SUDDEN, phrases, 16, random.Random(seed))
    assert 0.5 <= dynamics.at(beat) <= 1.3
    assert all(0.0 < end - start <= 1.5 for start, end in dynamics.holes())
    assert all(end < phrases * 16 for _, end in dynamics.holes()), "the last phrase leads home"
