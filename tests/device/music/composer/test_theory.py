"""Chords and voices."""

from __future__ import annotations

import pytest

from moodbox.music.composer.harmony import STOCK, read
from moodbox.music.composer.theory import MAJOR, chord, near, scale, voicing


@pytest.mark.parametrize(
    ("roman", "expected"),
    [
        ("I", {0, 4, 7}),
        ("V7", {7, 11, 2, 5}),
        ("bVI", {8, 0, 3}),
        ("iv", {5, 8, 0}),
        ("viio7", {11, 2, 5, 8}),
        ("iih7", {2, 5, 8, 0}),
        ("Vsus4", {7, 0, 2}),
        ("Iadd9", {0, 2, 4, 7}),
        ("#ivo7", {6, 9, 0, 3}),
    ],
)
def test_roman_numeral_gives_its_pitch_classes(roman: str, expected: set[int]) -> None:
    assert set(chord(roman, 0).pitch_classes) == expected


def test_inversion_moves_the_bass_only() -> None:
    assert chord("I/3", 0).bass == 4
    assert chord("V7/7", 0).bass == 5
    assert chord("I/3", 0).pitch_classes == chord("I", 0).pitch_classes


def test_unknown_numeral_is_named() -> None:
    with pytest.raises(ValueError, match="XVI"):
        chord("XVI", 0)


def test_scale_bends_to_the_chord_above_it() -> None:
    assert scale(0, "major", chord("I", 0)) == MAJOR
    assert 11 in scale(0, "minor", chord("V", 0))
    assert 10 not in scale(0, "minor", chord("V", 0))
    assert 8 in scale(0, "major", chord("iv", 0))


@pytest.mark.parametrize("label", list(STOCK))
@pytest.mark.parametrize("tonic", [0, 6, 11])
def test_every_stock_phrase_can_be_read_and_voices_move_little(label: str, tonic: int) -> None:
    stock = STOCK[label]
    for line in (*stock.openings, *stock.halves, *stock.closes, *stock.bridges):
        before: tuple[int, ...] = ()
        for bar in read(line, tonic):
            for each in bar:
                voices = voicing(each, before, 60.0)
                assert {voice % 12 for voice in voices} == set(each.pitch_classes)
                assert all(40 <= voice <= 80 for voice in voices)
                if before:
                    assert max(min(abs(voice - old) for old in before) for voice in voices) <= 7
                before = voices


@pytest.mark.parametrize("label", list(STOCK))
def test_closes_end_at_home_and_halves_do_not(label: str) -> None:
    stock = STOCK[label]
    assert all(read(line, 0)[-1][-1].root == 0 for line in stock.closes)
    assert all(read(line, 0)[-1][-1].root != 0 for line in (*stock.halves, *stock.bridges))


def test_near_finds_the_closest_pitch() -> None:
    assert near(0, 61) == 60
    assert near(11, 60) == 59
    assert near(5, 60) == 65
