"""Reharmony: chords that lead, minor that stays minor, bridges that come back."""

from __future__ import annotations

import random

import pytest

from moodbox.music.composer.harmony import read
from moodbox.music.composer.lead import Phrase
from moodbox.music.composer.melody import Tone
from moodbox.music.composer.reharmony import coloured, darkened, drawn_home, middle, modulated
from moodbox.music.composer.theory import chord, mode_margin, seventh_above

MAJOR = [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88]


def phrase(line: str, *tones: Tone, closed: bool = False) -> Phrase:
    return Phrase("a", 0, read(line, 0), tones, closed)


@pytest.mark.parametrize(("meter", "beat"), [(2, 1.0), (3, 2.0), (4, 2.0)])
def test_second_chord_of_a_bar_has_its_beat(meter: int, beat: float) -> None:
    assert middle(meter) == beat


def test_secondary_dominant_leads_to_the_next_chord() -> None:
    done = coloured(phrase("I | ii | V | I"), 4, None, 1.0, random.Random(1))
    assert len(done.bars[0]) == 2
    assert done.bars[0][1].root in {9, 1}, "A7 or C sharp diminished lead to D"
    assert done.bars[0][0] == chord("I", 0)
    assert 1 in done.bars[0][1].pitch_classes


def test_tune_that_would_clash_keeps_its_chord() -> None:
    done = coloured(phrase("I | ii | V | I", Tone(0.0, 4.0, 72)), 4, None, 1.0, random.Random(1))
    assert done.bars[0] == (chord("I", 0),)


def test_last_bar_of_a_closed_phrase_stays_at_home() -> None:
    done = coloured(phrase("I | ii | V | I", closed=True), 4, chord("IV", 0), 1.0, random.Random(1))
    assert done.bars[-1] == (chord("I", 0),)


def test_dominant_seventh_of_a_chord_has_its_four_tones() -> None:
    assert set(seventh_above(chord("V", 0), 7, 4, (4, 7, 10)).pitch_classes) == {2, 6, 9, 0}


def test_minor_piece_that_drifted_to_the_relative_major_comes_home() -> None:
    drifted = phrase("bIII | bVII | bIII | v", Tone(0.0, 2.0, 63), Tone(4.0, 2.0, 62))
    done = drawn_home(drifted, 0, 4)
    assert [bar[0].root for bar in done.bars] == [0, 7, 0, 7]
    assert 11 in done.bars[1][0].pitch_classes


def test_chord_of_the_relative_major_stays_under_a_tune_that_needs_it() -> None:
    done = drawn_home(phrase("bIII | i | i | i", Tone(0.0, 4.0, 70)), 0, 4)
    assert done.bars[0][0].root == 3


def test_dark_minor_has_no_bright_chord_but_its_dominant() -> None:
    done = darkened(phrase("i | bVI | bIII | V"), 0, 4, 1.0, random.Random(1))
    for bar in done.bars[:3]:
        assert (bar[0].root + 4) % 12 not in bar[0].pitch_classes
    assert done.bars[3] == (chord("V", 0),)


def test_bright_chord_stays_under_a_tune_that_needs_it() -> None:
    sheet = phrase("bIII | i | i | i", Tone(0.0, 2.0, 67), Tone(2.0, 2.0, 70))
    assert darkened(sheet, 0, 4, 1.0, random.Random(1)).bars[0] == sheet.bars[0]


def test_bridge_moves_and_leads_back_to_the_dominant_of_home() -> None:
    home = chord("i", 0)
    moved = modulated(phrase("i | iv | i | V", Tone(0.0, 4.0, 60), Tone(14.0, 2.0, 67)), 5, home, 4)
    assert moved.bars[0][0].root == 5
    assert moved.bars[-1][-1].root == 7
    assert moved.tones[0].pitch == 65
    assert moved.tones[-1].pitch % 12 in {7, 11, 2, 5}


def test_far_key_is_reached_downwards() -> None:
    moved = modulated(phrase("I | I | I | V", Tone(0.0, 4.0, 72)), 8, chord("I", 0), 4)
    assert moved.tones[0].pitch == 68


def test_mode_margin_says_which_mode_is_heard() -> None:
    assert mode_margin(MAJOR, "major") > 0.1
    assert mode_margin(MAJOR, "minor") < -0.1
    assert mode_margin([1.0] * 12, "minor") == 0.0
