"""Palettes: every chord a mood may use can be spelt and played, and dark moods keep their mode."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest

from moodbox.mood import COORDINATES
from moodbox.music.composer.neural.palette import away, home, palette, roman, spelling
from moodbox.music.composer.style import style
from moodbox.music.composer.theory import chord

TONES = {"maj": {0, 4, 7}, "min": {0, 3, 7}, "7": {0, 4, 7, 10}, "dim": {0, 3, 6}}


@pytest.mark.parametrize("root", range(12))
@pytest.mark.parametrize("kind", list(TONES))
def test_every_chord_is_written_as_what_it_is(root, kind):
    found = chord(roman((root, kind)), 0)
    assert (found.root, {(pc - root) % 12 for pc in found.pitch_classes}) == (root, TONES[kind])


@pytest.mark.parametrize("label", list(COORDINATES))
def test_a_richer_chord_holds_the_plain_one(label):
    spelt = [spelling(label, random.Random(seed)) for seed in range(20)]
    for one in spelt:
        for (root, kind), name in one.items():
            tones = {(pc - root) % 12 for pc in chord(name, 0).pitch_classes}
            assert tones >= TONES[kind]
    assert any(a != b for a, b in pairwise(spelt)) == (label in {
        "neutral", "sad", "fear", "angry", "disgust",
    })  # fmt: skip


@pytest.mark.parametrize("label", [label for label in COORDINATES if style(label, *COORDINATES[label]).mode == "minor"])
def test_dark_moods_have_no_bright_home(label):
    liking = palette(label, "minor")
    assert (0, "maj") not in liking
    assert max(liking.get((3, "maj"), -9.0), liking.get((10, "maj"), -9.0)) < liking[0, "min"] - 1.0


def test_home_is_the_tonic_and_away_is_not():
    assert set(home("major")) == {(0, "maj")}
    assert set(home("minor")) == {(0, "min")}
    for grit in (0.0, 0.3, 1.0):
        assert all(root != 0 for root, _ in away(grit))
    assert set(away(0.0)) == {(7, "maj"), (7, "7")}
