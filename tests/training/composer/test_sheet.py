"""A lead sheet says what the song plays, bar by bar, and can be read back."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodtrain.composer import sheet, song
from moodtrain.composer.song import Bar, Song
from moodtrain.composer.vocabulary import HIGHEST, LENGTHS, LOWEST, METERS, WORDS, lengths
from tests.training.composer.midis import write

CHORD = (48, 52, 55)


def words(bars) -> list[list[str]]:
    return [[WORDS[token] for token in bar.tokens] for bar in bars]


def written(tmp_path, voice, piano=(), **more) -> sheet.Sheet:
    return sheet.write(song.read(write(tmp_path / "a.mid", {"Voice": list(voice), "Piano": list(piano)}, **more)))


def held(bars: int, pitches=CHORD):
    return [(4.0 * bar, 4.0, pitch) for bar in range(bars) for pitch in pitches]


def test_bar_is_its_meter_two_chords_and_the_tune(tmp_path):
    piano = [(at, 2, pitch) for at, chord in ((0, CHORD), (2, (43, 47, 50, 53))) for pitch in chord] + held(3)[3:]
    voice = [(0, 1, 72), (1, 1, 76), (2, 2, 74), (4, 4, 72), (8, 4, 72)]
    (piece,) = written(tmp_path, voice, piano).pieces
    assert words(piece)[0] == [
        "bar 4/4", "chord 0:maj", "chord 7:7",
        "pitch 72", "length 12", "pitch 76", "length 12", "pitch 74", "length 24",
    ]  # fmt: skip
    assert [bar.pitches for bar in piece] == [(72, 76, 74), (72,), (72,)]


def test_note_over_the_bar_line_goes_on_with_a_tie(tmp_path):
    (piece,) = written(tmp_path, [(0, 3, 72), (3, 2, 76), (5, 3, 74)], held(2)).pieces
    assert words(piece)[0][3:] == ["pitch 72", "length 36", "pitch 76", "length 12"]
    assert words(piece)[1][3:] == ["tie", "length 12", "pitch 74", "length 36"]
    assert piece[1].pitches == (74,)


def test_length_without_a_word_is_tied_together(tmp_path):
    (piece,) = written(tmp_path, [(0, 3.25, 72), (3.25, 0.75, 71), (4, 4, 72)], held(2)).pieces
    assert words(piece)[0][3:] == ["pitch 72", "length 36", "tie", "length 3", "pitch 71", "length 9"]


def test_pickup_of_its_own_meter_is_left_out(tmp_path):
    meters = ((0, "1/4"), (1, "4/4"))
    (piece,) = written(tmp_path, [(0, 1, 67), (1, 4, 72), (5, 4, 72)], meters=meters).pieces
    assert [one[0] for one in words(piece)] == ["bar 4/4", "bar 4/4"]


def test_meter_may_change_within_a_piece(tmp_path):
    meters = ((0, "4/4"), (8, "3/4"))
    (piece,) = written(tmp_path, [(0, 4, 72), (4, 4, 72), (8, 3, 72), (11, 3, 72)], meters=meters).pieces
    assert [one[0] for one in words(piece)] == ["bar 4/4", "bar 4/4", "bar 3/4", "bar 3/4"]


def test_tonic_moves_to_c_and_a_new_key_signature_begins_a_piece(tmp_path):
    eb = [(4 * bar + at, 1, 63 + step) for bar in range(4) for at, step in enumerate((0, 4, 7, 4))]
    e = [(4 * bar + at, 1, 64 + step) for bar in range(4, 8) for at, step in enumerate((0, 3, 7, 0))]
    made = written(tmp_path, eb + e, keys=((0, "Eb"), (16, "G")))
    first, second = made.pieces
    assert (made.tonic, made.mode) == (3, "major")
    assert first[0].pitches == (60, 64, 67, 64)
    assert second[0].pitches == (60, 63, 67, 60)


def test_long_rest_of_the_tune_parts_two_pieces(tmp_path):
    sung = [(4.0 * bar, 4.0, 72) for bar in (0, 1, 2, 5, 6, 7)]
    first, second = written(tmp_path, sung, held(8)).pieces
    assert [bar.bar.onset // 48 for bar in first] == [0, 1, 2, 3]  # a single silent bar stays
    assert [bar.bar.onset // 48 for bar in second] == [5, 6, 7]
    assert words(first)[3] == ["bar 4/4", "chord 0:maj", "chord 0:maj", "rest", "length 48"]


def test_bar_without_any_note_has_no_chord(tmp_path):
    (piece,) = written(tmp_path, [(0, 4, 72), (4, 2, 72), (8, 4, 72)]).pieces
    assert words(piece)[1][1:3] == ["chord 0:maj", "chord N"]


def test_pitch_outside_the_vocabulary_moves_by_octaves(tmp_path):
    (piece,) = written(tmp_path, [(0, 4, 103), (4, 4, 31)], held(2), keys=((0, "C"),)).pieces
    assert [bar.pitches for bar in piece] == [(91,), (43,)]


def test_song_without_a_tune_of_two_bars_gives_no_piece(tmp_path):
    assert written(tmp_path, [(0, 4, 72)], held(1)).pieces == ()


@pytest.mark.parametrize("steps", range(1, 145))
def test_every_length_can_be_written(steps):
    assert sum(lengths(steps)) == steps
    assert set(lengths(steps)) <= set(LENGTHS)


def decoded(bar: sheet.SheetBar) -> list[tuple[int, int, str]]:
    """Read the tune of a bar back: onset and length in steps, and what sounds, ties joined."""
    found: list[tuple[int, int, str]] = []
    at = 0
    spelt = [WORDS[token] for token in bar.tokens[3:]]
    for what, length in zip(spelt[::2], spelt[1::2], strict=True):
        steps = int(length.removeprefix("length "))
        if what == "tie" and found:
            onset, before, name = found[-1]
            found[-1] = (onset, before + steps, name)
        else:
            found.append((at, steps, what))
        at += steps
    assert at == METERS[WORDS[bar.tokens[0]].removeprefix("bar ")]
    return found


@given(
    st.sampled_from(list(METERS)),
    st.lists(st.tuples(st.integers(1, 60), st.integers(0, 20), st.integers(LOWEST, HIGHEST)), min_size=2, max_size=30),
)
def test_every_sheet_reads_back_as_the_tune_and_fills_its_bars(meter, drawn):
    size, at, rows = METERS[meter], 0, []
    for length, rest, pitch in drawn:
        rows.append((at, length, pitch))
        at += length + rest
    melody = np.array(rows, np.int64)
    bars = tuple(Bar(meter, onset, size, 100.0) for onset in range(0, at, size))
    made = sheet.write(Song("drawn", bars, ((0, None),), melody, melody))
    shift = -made.tonic if made.tonic <= 6 else 12 - made.tonic
    sounding = {}
    for piece in made.pieces:
        for bar in piece:
            for onset, length, what in decoded(bar):
                if what != "rest":
                    sounding[bar.bar.onset + onset] = (length, what)
    kept = [bar.bar.onset for piece in made.pieces for bar in piece]
    for onset, length, pitch in melody.tolist():
        place = onset // size * size
        if place in kept:
            inside = pitch + shift + (12 if pitch + shift < LOWEST else -12 if pitch + shift > HIGHEST else 0)
            assert sounding[onset] == (min(length, place + size - onset), f"pitch {inside}")
