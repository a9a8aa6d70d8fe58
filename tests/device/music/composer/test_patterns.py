"""Patterns: bars that are full and never longer than themselves, in each meter."""

from __future__ import annotations

import pytest

from moodbox.music.composer.patterns.bass import BASSES
from moodbox.music.composer.patterns.chords import CHORDS
from moodbox.music.composer.patterns.drums import DRUMS, fill
from moodbox.music.composer.patterns.stroke import ALL, Stroke, cut, spell

EVERY = {**{f"chords {name}": each for name, each in CHORDS.items()},
         **{f"bass {name}": each for name, each in BASSES.items()},
         **{f"drums {name}": each for name, each in DRUMS.items()}}  # fmt: skip


def test_line_is_read_with_rests_holds_and_accents() -> None:
    first, second = spell("A--.0.", {"A": ALL, "0": 0}, ring=0.5, accents="^   v")
    assert first == Stroke(0.0, 0.75, ALL, 0.16)
    assert second == Stroke(2.0, 0.25, 0, -0.22)


def test_cut_shortens_what_would_sound_over_the_bar() -> None:
    assert cut((Stroke(0.0, 4.0), Stroke(3.0, 1.0)), 3.0) == (Stroke(0.0, 3.0),)


@pytest.mark.parametrize("name", list(EVERY))
@pytest.mark.parametrize("meter", [2, 3, 4])
def test_pattern_plays_in_every_meter_and_stays_in_its_bar(name: str, meter: int) -> None:
    bar = EVERY[name].bar(meter)
    assert bar
    assert all(0.0 <= stroke.at < meter for stroke in bar)
    assert all(stroke.length > 0.0 for stroke in bar)
    assert all(-0.7 < stroke.accent < 0.5 for stroke in bar)


@pytest.mark.parametrize("meter", [2, 3, 4])
def test_fill_grows_through_the_last_beat(meter: int) -> None:
    strokes = fill(meter, 38)
    assert [stroke.at for stroke in strokes] == [meter - 1 + quarter / 4 for quarter in range(4)]
    assert [stroke.accent for stroke in strokes] == sorted(stroke.accent for stroke in strokes)
