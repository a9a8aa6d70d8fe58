"""Copying: the longest run of (interval, duration) that a melody shares with any song the composer learnt from.

A duration is the distance to the next note on a grid of 12 to the quarter, so that neither rests nor touch hide a
copy; pieces of ours are played a few milliseconds early and late, so they may miss the grid by three quarters of a
step. The search is exact: one pass over all songs for every note of the melody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bench.composing.corpus import Corpus
from bench.composing.transcript import Numbers, Transcript
from bench.figures import Goal, Report, Table, percentile

MELODIES = ("Melody", "Second voice")
GRID = 12  # steps in a quarter
LIMIT, _SHORT_ENOUGH = 12, 95.0  # notes; per cent of pieces that must stay under them
_MISS = 0.75  # steps
_TOGETHER = 0.06  # quarters between notes that count as struck together
_LONGEST_GAP = 200  # steps; longer rests are all alike
_BORDER = 127  # an interval that nothing has: between two songs
_WORST = 5


@dataclass(frozen=True, slots=True)
class Copied:
    """The longest run of a piece: notes in it (one more than its intervals), of which part, and whose it is."""

    notes: int
    part: str
    song: str


@dataclass(frozen=True)
class Memory:
    """The melodies of all songs, one after the other: interval to the next note, steps to it, and whose it is."""

    intervals: npt.NDArray[np.int8]
    gaps: npt.NDArray[np.uint8]
    owners: npt.NDArray[np.int32]
    names: tuple[str, ...]

    def longest(self, notes: Numbers) -> tuple[int, str]:
        """Return the longest shared run in notes, and the song that has it."""
        intervals, gaps = _tune(notes)
        run = np.zeros(len(self.intervals) + 1, np.uint16)
        best, owner = 0, ""
        for interval, gap in zip(intervals, gaps, strict=True):
            low, high = _allowed(gap)
            same = (self.intervals == interval) & ((self.gaps - np.uint8(low)) <= np.uint8(high - low))
            run[1:] = (run[:-1] + 1) * same
            if run.max() > best:
                best = int(run.max())
                owner = self.names[self.owners[int(run.argmax()) - 1]]
        return (best + 1 if best else 0), owner


def remember(melodies: Iterable[tuple[str, Numbers]]) -> Memory:
    """Put the melodies of songs into one memory."""
    intervals: list[npt.NDArray[np.int8]] = []
    gaps: list[npt.NDArray[np.uint8]] = []
    owners: list[npt.NDArray[np.int32]] = []
    names: list[str] = []
    for name, notes in melodies:
        between, steps = _tune(notes)
        intervals.append(np.append(np.clip(between, -100, 100), _BORDER).astype(np.int8))
        gaps.append(np.append(np.rint(steps), 0).astype(np.uint8))
        owners.append(np.full(len(between) + 1, len(names), np.int32))
        names.append(name)
    return Memory(np.concatenate(intervals), np.concatenate(gaps), np.concatenate(owners), tuple(names))


def melodies(corpus: Corpus, *splits: str) -> Iterable[tuple[str, Numbers]]:
    """List what is sung in the songs of some splits, or of all; every voice for itself."""
    for name, song in corpus.songs(*splits):
        voices = [index for index, part in enumerate(song.parts) if part == "Voice"]
        yield from ((name, song.notes[song.notes[:, 6] == voice]) for voice in voices)


def everything(corpus: Corpus) -> Memory:
    """Remember all songs' voices and all first violins."""
    violins = ((name, quartet.notes[quartet.notes[:, 6] == 0]) for name, quartet in corpus.quartets())
    return remember((*melodies(corpus), *violins))


def copied(memory: Memory, transcript: Transcript) -> Copied:
    """Find the longest shared run of a piece's melodies."""
    found = [Copied(*_named(memory.longest(transcript.part(part)), part)) for part in MELODIES]
    return max(found, key=lambda each: each.notes)


def unrelated(corpus: Corpus, most: int) -> list[int]:
    """Return the longest runs that songs of the test split share with the training songs, to compare with."""
    known = remember(melodies(corpus, "train"))
    tested = list(melodies(corpus, "test"))
    return [known.longest(notes)[0] for _, notes in tested[:: max(1, len(tested) // most)]]


def report(corpus: Corpus, found: Sequence[tuple[str, Copied]], songs: Sequence[int]) -> Report:
    """Show the distribution of the longest runs, and the worst of them; `found` has a name for every piece."""
    lengths = sorted(each.notes for _, each in found)
    under = 100 * float(np.mean([length < LIMIT for length in lengths]))
    rows = [
        _spread("our pieces", lengths),
        _spread(f"{len(songs)} songs nobody taught us, for comparison", sorted(songs)),
    ]
    worst = sorted(found, key=lambda each: -each[1].notes)[:_WORST]
    notes = (
        (
            "Notes in the longest run of the same intervals and durations, of Melody and Second voice each, in the"
            " voices of all 1,460 songs or the first violin of all 122 quartets; one note more than shared pairs"
        ),
        *(f"{name}: {each.notes} notes of {each.part}, in {corpus.title(each.song)}" for name, each in worst),
    )
    goal = Goal(f"pieces whose longest shared run is under {LIMIT} notes", under, _SHORT_ENOUGH, "%", at_most=False)
    head = ("longest shared run, in notes", "shortest", "median", "95 %", "longest", f"under {LIMIT} %")
    return Report("Copying", (), (goal,), notes, Table(head, ("", ".0f", ".1f", ".1f", ".0f", ".1f"), tuple(rows)))


def _tune(notes: Numbers) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float64]]:
    """Return the line of highest notes as intervals in semitones and distances in steps."""
    order = notes[np.lexsort((-notes[:, 4], notes[:, 2]))]
    line: list[tuple[float, float]] = []
    for beat, pitch in order[:, (2, 4)]:
        if line and beat - line[-1][0] < _TOGETHER:
            line[-1] = (line[-1][0], max(line[-1][1], pitch))
        else:
            line.append((beat, pitch))
    points = np.array(line).reshape(-1, 2)
    gaps = np.minimum(np.diff(points[:, 0]) * GRID, _LONGEST_GAP)
    return np.diff(points[:, 1]).astype(int), gaps


def _allowed(gap: float) -> tuple[int, int]:
    """Return the whole steps that lie near enough to a distance."""
    return max(0, int(np.ceil(gap - _MISS))), int(np.floor(gap + _MISS))


def _named(run: tuple[int, str], part: str) -> tuple[int, str, str]:
    return run[0], part, run[1]


def _spread(name: str, ordered: Sequence[int]) -> tuple[str | float | None, ...]:
    under = 100 * float(np.mean([length < LIMIT for length in ordered]))
    return name, ordered[0], percentile(ordered, 50), percentile(ordered, 95), ordered[-1], under
