"""Agreement: how often the frozen judges hear what was asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bench.composing.asked import UNDECIDED, WORDS, asked
from bench.composing.judge import AXES, JUDGES, Judge, Labels, quadrant
from bench.figures import Goal, Report, Table

WANTED = {"arousal": 90.0, "valence": 70.0, "quadrant": 65.0}  # per cent
MEAN = "mean of the three"
PRODUCT = "quadrant by signs"  # valence and arousal judged one by one, then taken together

Shares = dict[str, dict[str, float]]  # judge -> axis -> share heard as asked


@dataclass(frozen=True)
class Heard:
    """Moods that were asked, and what each judge heard, axis by axis."""

    labels: tuple[str, ...]
    opinions: Mapping[str, Mapping[str, Labels]]

    def shares(self, *only: str) -> Shares:
        """Return the share heard as asked, of all moods or of some; nan where nothing was asked."""
        chosen = np.array([not only or label in only for label in self.labels])
        shares = {name: {axis: self._share(name, axis, chosen) for axis in (*AXES, PRODUCT)} for name in JUDGES}
        shares[MEAN] = {axis: float(np.mean([shares[name][axis] for name in JUDGES])) for axis in (*AXES, PRODUCT)}
        return shares

    def positive(self, label: str, axis: str) -> float:
        """Return the share of a mood's pieces heard as +1, mean of the judges."""
        chosen = np.array([each == label for each in self.labels])
        return float(np.mean([(self.opinions[name][axis][chosen] > 0).mean() for name in JUDGES]))

    def _share(self, name: str, axis: str, chosen: Labels) -> float:
        wanted = np.array([asked(label).on("quadrant" if axis == PRODUCT else axis) for label in self.labels])
        counted = chosen & (wanted != 0)
        of = self.opinions[name]
        told = quadrant(of["valence"], of["arousal"]) if axis == PRODUCT else of[axis]
        return float((told == wanted)[counted].mean()) if counted.any() else float("nan")


def hear(judge: Judge, pieces: Sequence[tuple[str, Mapping[str, float]]]) -> Heard:
    """Let the judges hear pieces, each a mood's label and its features."""
    return Heard(tuple(label for label, _ in pieces), judge.opinions([features for _, features in pieces]))


def report(judge: Judge, heard: Heard) -> Report:
    """Put the agreement of every judge beside its own accuracy on music it never heard."""
    shares = heard.shares()
    rows = [(name, *_per_cent(shares[name].__getitem__, (*AXES, PRODUCT)), *_own(judge, name)) for name in shares]
    head = ("judge", *(f"{axis} %" for axis in (*AXES, PRODUCT)), *(f"its own {axis} %" for axis in AXES))
    goals = [
        Goal(f"{axis} heard as asked, {MEAN}", 100 * shares[MEAN][axis], WANTED[axis], "%", at_most=False)
        for axis in AXES
        if not np.isnan(shares[MEAN][axis])
    ]
    notes = (
        f"The judges were taught on {judge.pieces} rated game pieces",
        (
            "'its own' is a judge's accuracy on game series that were held out whole,"
            f" in {judge.folds} folds (music.md had 8; this table has no more series than {judge.folds})"
        ),
        f"Frozen: digest {judge.digest} of settings, library version and data; never used to choose a piece",
        f"A coordinate within {UNDECIDED} of 0 asks for no side and is not counted on that axis (neutral on both)",
        "'quadrant' is told directly as one of four classes, 'by signs' follows from valence and arousal",
    )
    return Report("Heard as asked", (), tuple(goals), notes, Table(head, ("", *[".1f"] * 7), tuple(rows)))


def by_mood(heard: Heard) -> Report:
    """Say for every mood what was asked and heard, mean of the judges."""
    rows = []
    for label in dict.fromkeys(heard.labels):
        of = heard.shares(label)[MEAN]
        positive = (100 * heard.positive(label, axis) for axis in ("arousal", "valence"))
        rows.append((label, WORDS[asked(label).quadrant], *_per_cent(of.__getitem__, (*AXES, PRODUCT)), *positive))
    head = ("mood", "asks for", *(f"{axis} %" for axis in (*AXES, PRODUCT)), "heard A+ %", "heard V+ %")
    return Report(
        "Heard as asked, mood by mood (mean of the judges)", table=Table(head, ("", "", *[".1f"] * 6), tuple(rows))
    )


def _per_cent(value: Callable[[str], float], axes: Sequence[str]) -> list[float | None]:
    return [None if np.isnan(value(axis)) else 100 * value(axis) for axis in axes]


def _own(judge: Judge, name: str) -> list[float | None]:
    if name == MEAN:
        return [100 * float(np.mean([judge.accuracy[each][axis] for each in JUDGES])) for axis in AXES]
    return [100 * judge.accuracy[name][axis] for axis in AXES]
