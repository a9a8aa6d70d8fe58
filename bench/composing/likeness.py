"""Likeness: whether any two pieces are the same, or nearly."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, pairwise

from bench.composing.copying import MELODIES
from bench.composing.transcript import Transcript
from bench.figures import Goal, Report, percentile, row

ALIKE = 0.5  # share of common turns from which two melodies count as alike
_TURN = 4  # steps of a melody
_PER_QUARTER = 4  # 16ths: human timing disappears

Turns = frozenset[tuple[tuple[int, int], ...]]


def turns(transcript: Transcript) -> Turns:
    """Return the melody's turns: every four (interval, 16ths to the next note) in a row, wherever they stand."""
    notes = transcript.part(MELODIES[0])
    points = [(int(pitch), round(beat * _PER_QUARTER)) for beat, pitch in notes[:, (2, 4)]]
    steps = [(after[0] - before[0], after[1] - before[1]) for before, after in pairwise(points)]
    return frozenset(tuple(steps[at : at + _TURN]) for at in range(len(steps) - _TURN + 1))


def likeness(one: Turns, other: Turns) -> float:
    """Return the share of turns that two melodies have in common (Jaccard), 0..1."""
    together = len(one | other)
    return len(one & other) / together if together else 0.0


def report(transcripts: Mapping[str, Transcript], fingerprints: Sequence[str]) -> Report:
    """Compare every piece with every other one."""
    melodies = {name: turns(transcript) for name, transcript in transcripts.items()}
    nearest = dict.fromkeys(melodies, (0.0, ""))
    for one, other in combinations(melodies, 2):
        shared = likeness(melodies[one], melodies[other])
        nearest[one] = max(nearest[one], (shared, other))
        nearest[other] = max(nearest[other], (shared, one))
    shares = sorted(share for share, _ in nearest.values())
    worst = max(nearest, key=lambda name: nearest[name])
    goals = (
        Goal("pieces with exactly the notes of another", len(fingerprints) - len(set(fingerprints)), 0.0, ""),
        Goal(f"pieces sharing {ALIKE:.0%} of their melody's turns with another", _count(shares), 0.0, ""),
    )
    notes = (
        (
            f"A turn is {_TURN} steps of the melody in a row, a step is (interval, 16ths to the next note);"
            " compared is the share of turns in common, with the most similar other piece"
        ),
        (
            f"The nearest pair: {worst} and {nearest[worst][1]}, {nearest[worst][0]:.0%};"
            f" 99 % of pieces stay under {percentile(shares, 99):.0%}"
        ),
    )
    return Report(
        "Likeness", (row("turns shared with the nearest piece", [100 * s for s in shares], "%"),), goals, notes
    )


def _count(shares: Sequence[float]) -> float:
    return float(sum(share >= ALIKE for share in shares))
