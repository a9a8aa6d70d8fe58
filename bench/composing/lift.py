"""A lift: from sad to happy, composed step by step, so that one can see whether the music travels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bench.composing.features import features
from bench.composing.judge import Judge
from bench.composing.key import heard_key
from bench.composing.transcript import of_score
from bench.figures import Report, Table
from moodbox.events import Step, Strategy
from moodbox.mood import mood_by_hand
from moodbox.music.composer.author import Author
from moodbox.music.planner import plan

FROM = "sad"
PIECES = 5  # a step, so that one piece's whim does not hide the way
_FIRST_SEED = 7_900_000
_SHOWN = ("bpm", "pitch", "notes_s", "onsets_s", "vel")


@dataclass(frozen=True)
class Stage:
    """One step of the programme, and the features of its pieces."""

    step: Step
    modes: tuple[str, ...]  # as heard
    pieces: tuple[Mapping[str, float], ...]


def stages(author: Author, seconds: float, label: str = FROM) -> list[Stage]:
    """Compose the programme that lifts somebody who looks `label`."""
    programme = plan(mood_by_hand(label, 0.0), Strategy.LIFT)
    found = []
    for number, step in enumerate(programme.steps):
        seeds = range(_FIRST_SEED + 100 * number, _FIRST_SEED + 100 * number + PIECES)
        heard = [of_score(author.compose(step, seed, seconds)) for seed in seeds]
        modes = tuple(heard_key(each.notes).mode for each in heard)
        found.append(Stage(step, modes, tuple(features(each) for each in heard)))
    return found


def report(judge: Judge, found: Sequence[Stage]) -> Report:
    """Show every step's means beside the judge's opinion of it."""
    rows: list[tuple[str | float | None, ...]] = []
    for number, stage in enumerate(found, 1):
        step = stage.step
        means = (float(np.mean([piece[name] for piece in stage.pieces])) for name in _SHOWN)
        major = 100 * float(np.mean([mode == "major" for mode in stage.modes]))
        chances = [
            float(np.mean([judge.chance(piece, axis) for piece in stage.pieces])) for axis in ("arousal", "valence")
        ]
        rows.append((f"{number} {step.label}", step.valence, step.arousal, *means, major, *chances))
    head = ("step", "valence asked", "arousal asked", "bpm", "pitch", "notes/s", "onsets/s", "velocity", "major %",
            "P(A+)", "P(V+)")  # fmt: skip
    formats = ("", ".2f", ".2f", ".0f", ".1f", ".1f", ".1f", ".0f", ".0f", ".2f", ".2f")
    notes = (
        (
            f"Means of {PIECES} pieces a step, seeds from {_FIRST_SEED:,} + 100 * step from 0;"
            " P is the judge's probability that a piece is heard as lively (A+), as pleasant (V+)"
        ),
    )
    return Report(f"A lift from {FROM}", notes=notes, table=Table(head, formats, tuple(rows)))
