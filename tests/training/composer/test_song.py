"""What is read from a MIDI file: the sung track, bars, tempo and keys; what is broken is named."""

import numpy as np
import pytest

from moodtrain.composer import song
from moodtrain.errors import DataError
from tests.training.composer.midis import write


def test_times_are_steps_of_a_twelfth_of_a_quarter_note(tmp_path):
    read = song.read(write(tmp_path / "a.mid", {"Voice": [(0, 1, 60), (1, 0.5, 62), (1.5, 1 / 3, 64)]}))
    assert read.melody.tolist() == [[0, 12, 60], [12, 6, 62], [18, 4, 64]]
    assert (read.name, [(bar.meter, bar.onset, bar.length) for bar in read.bars]) == ("a", [("4/4", 0, 48)])


def test_sung_track_is_the_melody_even_below_the_piano(tmp_path):
    read = song.read(write(tmp_path / "a.mid", {"Piano RH": [(0, 1, 90)], "Voice": [(0, 1, 55)]}))
    assert read.melody[:, 2].tolist() == [55]
    assert read.notes[:, 2].tolist() == [55, 90]


def test_without_a_sung_track_the_highest_is_the_melody(tmp_path):
    read = song.read(write(tmp_path / "a.mid", {"LH": [(0, 1, 40)], "RH": [(0, 1, 70)]}))
    assert read.melody[:, 2].tolist() == [70]


def test_melody_is_one_voice_the_highest(tmp_path):
    read = song.read(write(tmp_path / "a.mid", {"Voice": [(0, 4, 60), (0, 4, 67), (1, 1, 62)]}))
    assert read.melody.tolist() == [[0, 12, 67], [12, 12, 62]]


def test_tempo_of_a_bar_is_the_one_at_its_beginning(tmp_path):
    read = song.read(write(tmp_path / "a.mid", {"Voice": [(0, 8, 60)]}, tempos=((0, 60), (4, 90))))
    assert [round(bar.bpm, 2) for bar in read.bars] == [60, 90]


def test_meters_that_mean_the_same_are_read_as_one_and_odd_ones_have_no_word(tmp_path):
    meters = ((0, "2/2"), (4, "5/4"), (9, "3/4"))
    read = song.read(write(tmp_path / "a.mid", {"Voice": [(0, 12, 60)]}, meters=meters))
    assert [(bar.meter, bar.length) for bar in read.bars] == [("4/4", 48), ("", 60), ("3/4", 36)]


def test_bar_that_a_new_meter_cuts_short_has_no_word(tmp_path):
    read = song.read(write(tmp_path / "a.mid", {"Voice": [(0, 9, 60)]}, meters=((0, "4/4"), (6, "3/4"))))
    assert [(bar.meter, bar.length) for bar in read.bars] == [("4/4", 48), ("", 24), ("3/4", 36)]


def test_keys_are_kept_with_their_places(tmp_path):
    read = song.read(write(tmp_path / "a.mid", {"Voice": [(0, 8, 60)]}, keys=((4, "Eb"),)))
    assert read.keys == ((0, None), (48, -3))


def test_drums_are_no_notes(tmp_path):
    with pytest.raises(DataError, match="a holds no notes"):
        song.read(write(tmp_path / "a.mid", {"Voice": [(0, 1, 60)]}, channel=9))


def test_broken_file_is_named_in_one_sentence(tmp_path):
    whole = write(tmp_path / "a.mid", {"Voice": [(0, 1, 60)]}).read_bytes()
    dice = np.random.default_rng(1)
    for cut in (0, 10, len(whole) // 2, len(whole) - 1):
        with pytest.raises(DataError, match=r"^b cannot be read as MIDI \(.*\); take it out of the folder$"):
            song.parse("b", whole[:cut])
    with pytest.raises(DataError, match="b cannot be read"):
        song.parse("b", dice.bytes(200))


def test_time_in_video_frames_is_refused(tmp_path):
    whole = bytearray(write(tmp_path / "a.mid", {"Voice": [(0, 1, 60)]}).read_bytes())
    whole[12:14] = b"\xe7\x28"  # 25 frames a second, 40 parts each
    with pytest.raises(DataError, match=r"^b counts time|^b cannot be read"):
        song.parse("b", bytes(whole))
