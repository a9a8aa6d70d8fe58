"""Takes: loudness, peaks and edges of what is played."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from moodbox.events import Step
from moodbox.mood import COORDINATES
from moodbox.music.composer.compose import compose
from moodbox.music.composer.score import Score
from moodbox.music.composer.sound.loudness import Meter, true_peak
from moodbox.music.composer.sound.sounder import RATE, Frames
from moodbox.music.composer.sound.synth import SynthSounder
from moodbox.music.composer.take import HEAD, Take


def finished(take: Take) -> Take:
    for _ in take.work():
        pass
    return take


def sounds(take: Take) -> Frames:
    return take.samples.astype(np.float32) / 32767.0 * np.float32(take.trim)


@pytest.mark.parametrize("label", list(COORDINATES))
def test_piece_is_as_loud_as_asked_and_never_clips(label: str) -> None:
    take = finished(Take(compose(Step(label, *COORDINATES[label]), 11, 60.0), SynthSounder(), -16.0))
    frames = sounds(take)
    meter = Meter()
    meter.add(frames)
    assert meter.loudness() == pytest.approx(-16.0, abs=0.7)
    assert true_peak([frames]) < 10.0 ** (-1.0 / 20.0)
    assert take.complete
    assert take.ready == take.total


def test_piece_begins_and_ends_without_a_click() -> None:
    frames = sounds(finished(Take(compose(Step("angry", -0.5, 0.6), 2, 60.0), SynthSounder(), -16.0)))
    assert np.abs(frames[0]).max() == 0.0
    assert np.abs(frames[-1]).max() == 0.0
    assert np.abs(frames[:200]).max() < np.abs(frames[:4000]).max()


def test_playing_may_start_after_the_first_seconds() -> None:
    take = Take(compose(Step("happy", 0.7, 0.4), 2, 60.0), SynthSounder(), -16.0)
    work = take.work()
    while not take.ready:
        next(work)
    assert HEAD - 1.0 <= take.ready / RATE <= HEAD + 3.0
    assert not take.complete
    begun = take.samples[: take.ready].copy()
    for _ in work:
        pass
    assert np.array_equal(take.samples[: len(begun)], begun)


class Faulty:
    """A sounder with numbers that are no sound."""

    name = "faulty"

    def __init__(self, value: float) -> None:
        self._value = value

    def blocks(self, score: Score) -> Iterator[Frames]:
        for _ in range(round(score.seconds)):
            yield np.full((RATE, 2), self._value, np.float32)

    def close(self) -> None:
        pass


@pytest.mark.parametrize("value", [0.0, np.nan, np.inf])
def test_broken_or_silent_sound_becomes_silence_and_never_noise(value: float) -> None:
    take = finished(Take(compose(Step("sad", -0.6, -0.3), 2, 60.0), Faulty(value), -16.0))
    assert np.abs(take.samples).max() == 0
    assert take.trim == 1.0


def test_piece_describes_itself() -> None:
    take = Take(compose(Step("sad", -0.6, -0.3), 2, 60.0), SynthSounder(), -16.0)
    assert take.piece.key == take.score.fingerprint
    assert take.piece.title == take.score.title
    assert take.piece.composer == "rules"
    assert take.piece.seconds == pytest.approx(take.score.seconds, abs=0.001)
