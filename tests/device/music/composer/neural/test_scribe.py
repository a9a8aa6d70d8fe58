"""The scribe: stresses what the condition asks, and takes what it wrote as read."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from moodbox.music.composer.neural.network import Network
from moodbox.music.composer.neural.scribe import STRESS, Scribe
from tests.fakes.composer_model import WORDS, ComposerModel, make_bundle

ASKED = np.array([1.0, -0.5, 0.5, 2.0], np.float32)
START, BAR, CHORD = (WORDS.index(word) for word in ("start", "bar 4/4", "chord 0:maj"))


@pytest.fixture
def network(tmp_path: Path) -> Network:
    return Network.open(make_bundle(tmp_path / "bundle"))


def test_the_difference_that_the_condition_makes_is_stressed(network):
    scribe = Scribe(network, START, random.Random(1))
    scribe.steer(ASKED)
    scribe.begin()
    scribe.read(BAR)
    model = ComposerModel()
    asked, unasked = (model.logits([START, BAR], cues)[-1] for cues in (ASKED, np.zeros(4, np.float32)))
    assert STRESS > 1.0
    assert scribe.place.logits == pytest.approx(unasked + STRESS * (asked - unasked), abs=1e-3)


def test_what_is_written_is_read_as_well(network):
    one, other = (Scribe(network, START, random.Random(1)) for _ in range(2))
    for scribe in (one, other):
        scribe.steer(ASKED)
        scribe.begin()
    only_chord = np.full(len(WORDS), -np.inf)
    only_chord[CHORD] = 0.0
    assert one.write(only_chord, 1.0) == CHORD
    other.read(CHORD)
    assert np.array_equal(one.place.logits, other.place.logits)
