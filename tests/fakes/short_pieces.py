"""Pieces of a few seconds, so that tests of keeping them need not wait for a minute of music."""

from __future__ import annotations

from moodbox.events import Step
from moodbox.music.composer.author import Author
from moodbox.music.composer.midi import on_grid
from moodbox.music.composer.score import Note, Part, Score
from moodbox.music.composer.sound.synth import SynthSounder
from moodbox.music.composer.take import Take

LOUDNESS = -16.0


def short_score(seed: int = 1, label: str = "happy", beats: int = 4) -> Score:
    """Write a scale whose notes depend on the seed."""
    notes = tuple(
        Note(float(beat) + 0.013 * (seed % 7), 0.9, 60 + (seed * 5 + beat * 2) % 24, 90) for beat in range(beats)
    )
    bass = Part("Bass", 32, (Note(0.0, float(beats), 36 + seed % 12, 80),), 0.7, -0.2)
    melody = Part("Melody", 73, notes, 0.9, 0.1)
    drums = Part("Drums", 0, (Note(0.0, 0.2, 36, 70),), 0.6, 0.12, drums=True)
    return Score(
        f"Short {label} piece {seed}, in C major", label, 0.5, -0.25, seed, 0, "major", 4,
        ((0.0, 117.3), (2.0, 100.1)), (melody, bass, drums), "short",
    )  # fmt: skip


def short_take(seed: int = 1, label: str = "happy", beats: int = 4) -> Take:
    """Sound it whole."""
    take = Take(on_grid(short_score(seed, label, beats)), SynthSounder(), LOUDNESS)
    for _ in take.work():
        pass
    return take


class ShortAuthor(Author):
    """Write short pieces, a new one for every seed."""

    def __init__(self, beats: int = 4) -> None:
        super().__init__()
        self.beats = beats

    def compose(self, step: Step, seed: int, seconds: float) -> Score:
        return short_score(seed, step.label, self.beats)
