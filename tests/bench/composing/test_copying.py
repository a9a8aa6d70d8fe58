"""Copying is found where it was planted, and likeness where there is some."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bench.composing import likeness
from bench.composing.copying import Copied, copied, everything, melodies, remember, report

RNG = np.random.default_rng(3)
SONG = RNG.integers(55, 80, 200).tolist(), RNG.choice([0.5, 1.0, 1.5, 1 / 3], 200).tolist()
OTHER = RNG.integers(55, 80, 60).tolist(), RNG.choice([0.5, 1.0, 2.0], 60).tolist()


@pytest.fixture
def memory(tune):
    return remember([("other", tune(*OTHER).notes), ("song", tune(*SONG).notes)])


def _planted(length: int, shift: int = 0) -> tuple[list[int], list[float]]:
    """Hide a stretch of the song, transposed, between notes that no song has."""
    strange = [40, 97, 41, 96]
    pitches = strange + [pitch + shift for pitch in SONG[0][50 : 50 + length]] + strange
    return pitches, [0.25] * 4 + SONG[1][50 : 50 + length] + [0.25] * 4


@pytest.mark.parametrize("length", [5, 12, 30])
def test_a_planted_copy_is_found_in_another_key_and_played_unevenly(tune, memory, length):
    found = copied(memory, tune(*_planted(length, shift=-7), late=0.03))
    assert found == Copied(length, "Melody", "song")


def test_a_run_does_not_go_on_from_one_song_into_the_next(tune, memory):
    pitches, lengths = OTHER[0] + SONG[0][:20], OTHER[1] + SONG[1][:20]
    assert memory.longest(tune(pitches, lengths).notes)[0] == len(OTHER[0])


def test_another_rhythm_is_no_copy(tune, memory):
    assert memory.longest(tune(SONG[0][:20], [0.7] * 20).notes)[0] <= 2


def test_nothing_is_shared_by_a_piece_without_melody(tune, memory):
    assert copied(memory, tune([])).notes == 0


def test_a_song_of_the_corpus_is_found_whole(corpus):
    name, notes = next(iter(melodies(corpus, "train")))
    found, owner = everything(corpus).longest(notes)
    assert owner == name
    assert found == len(np.unique(notes[:, 2]))


def test_the_worst_are_named_with_the_song(corpus):
    found = [("happy-00", Copied(14, "Melody", "lc6583477")), ("sad-01", Copied(4, "Melody", ""))]
    shown = report(corpus, found, [5, 6])
    assert not shown.goals[0].met
    assert shown.goals[0].value == 50.0
    assert any("Abbott, Jane Bingham" in note and "14 notes" in note for note in shown.notes)


def test_likeness_is_full_for_the_same_tune_in_another_key_and_none_for_strangers(tune):
    melody = likeness.turns(tune(SONG[0][:40]))
    assert likeness.likeness(melody, likeness.turns(tune([pitch + 3 for pitch in SONG[0][:40]], late=0.02))) == 1.0
    assert likeness.likeness(melody, likeness.turns(tune(OTHER[0][:40]))) == 0.0
    assert likeness.likeness(frozenset(), frozenset()) == 0.0


def test_twins_are_counted(tune):
    one = tune(SONG[0][:40])
    shown = likeness.report({"a": one, "b": replace(one, title="b"), "c": tune(OTHER[0])}, ["1", "1", "2"])
    assert [goal.value for goal in shown.goals] == [1.0, 2.0]
