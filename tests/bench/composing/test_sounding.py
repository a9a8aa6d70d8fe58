"""What is measured on samples: peaks between them, gaps, attacks; and moods told apart."""

from __future__ import annotations

import numpy as np
import pytest

from bench.composing import classifier, soundness
from bench.composing.sounding import longest_gap, sound, true_peak
from moodbox.music.composer.score import Note, Part, Score
from moodbox.music.composer.sound.sounder import RATE
from moodbox.music.composer.sound.synth import SynthSounder


def _sine(frequency: float, seconds: float, phase: float = 0.0):
    time = np.arange(round(seconds * RATE)) / RATE
    wave = np.sin(2 * np.pi * frequency * time + phase)
    return np.stack((wave, wave), axis=1).astype(np.float32)


def _piece(beats) -> Score:
    notes = tuple(Note(float(beat), 0.9, 60 + beat % 12, 90) for beat in beats)
    return Score("Test", "happy", 0.7, 0.4, 1, 0, "major", 4, ((0.0, 120.0),), (Part("Melody", 0, notes),))


def test_the_true_peak_lies_between_the_samples():
    wave = 0.5 * _sine(RATE / 4, 0.5, np.pi / 4)  # every sample is 3 dB below the crest
    assert np.abs(wave).max() == pytest.approx(0.3536, abs=1e-3)
    assert true_peak(wave) == pytest.approx(0.5, rel=0.06)


def test_a_gap_is_found_inside_and_at_the_end():
    tone, nothing = _sine(440, 1.0), np.zeros((2 * RATE, 2), np.float32)
    assert longest_gap(np.concatenate((tone, nothing, tone))) == pytest.approx(2.0, abs=0.11)
    assert longest_gap(np.concatenate((tone, nothing, nothing))) == pytest.approx(4.0, abs=0.11)
    assert longest_gap(tone) == 0.0
    assert longest_gap(np.concatenate((tone, nothing + 0.002, tone))) == pytest.approx(2.0, abs=0.11)  # -54 dBFS


def test_a_piece_is_as_loud_as_the_box_wants_it_and_its_holes_are_seen():
    whole, holed = range(60), [*range(20), *range(40, 60)]
    samples, steady = sound(_piece(whole), SynthSounder())
    _, broken = sound(_piece(holed), SynthSounder())
    assert len(samples) == round(steady.seconds * RATE)
    assert steady.loudness == pytest.approx(-16.0, abs=0.5)
    assert steady.metered == pytest.approx(steady.loudness, abs=0.2)
    assert steady.peak < -1.0
    assert steady.clipped == 0
    assert steady.features["onsets"] == pytest.approx(2.0, abs=0.4)  # two strokes a second
    assert broken.gap > 3.0 > steady.gap
    shown = soundness.report({"steady": steady, "broken": broken}, "built-in")
    missed = {goal.name for goal in shown.goals if not goal.met}
    assert missed == {"longest gap in any piece", "shortest piece"}


def test_moods_that_differ_are_told_apart_and_noise_is_not():
    rng = np.random.default_rng(0)
    labels = [label for label in ("happy", "sad", "angry") for _ in range(20)]
    apart = [{"a": float(labels.index(label) + rng.normal(0, 0.1)), "b": rng.normal()} for label in labels]
    noise = [{"c": rng.normal(), "d": rng.normal()} for _ in labels]
    assert classifier.tell(labels, apart).right > 95
    assert classifier.tell(labels, noise).right < 65
    assert classifier.halves(labels).sum() == 30
    shown = classifier.report(labels, apart, noise)
    assert shown.goals[0].met
    assert sum(cell for row in shown.table.rows for cell in row[1:]) == 30


def test_too_few_pieces_are_said_instead_of_told():
    shown = classifier.report(["happy", "sad"], [{}, {}], [{}, {}])
    assert not shown.goals
    assert "Not measured" in shown.notes[0]
