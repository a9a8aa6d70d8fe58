"""Figures: what was measured, what was wanted, as a table for people and as JSON for machines."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Row:
    """One measured quantity: median and 95th percentile of `count` measurements."""

    name: str
    median: float
    p95: float
    unit: str
    count: int


@dataclass(frozen=True)
class Goal:
    """One wanted limit and what was reached."""

    name: str
    value: float
    limit: float
    unit: str
    at_most: bool = True  # False: at least

    @property
    def met(self) -> bool:
        """Say whether the limit was kept."""
        return self.value <= self.limit if self.at_most else self.value >= self.limit


@dataclass(frozen=True)
class Report:
    """The figures of one part of the benchmark."""

    title: str
    rows: tuple[Row, ...] = ()
    goals: tuple[Goal, ...] = ()
    notes: tuple[str, ...] = field(default=())

    @classmethod
    def from_json(cls, given: dict[str, Any]) -> Report:
        """Read what `to_json` wrote."""
        goals = ({key: value for key, value in goal.items() if key != "met"} for goal in given["goals"])
        return cls(
            given["title"],
            tuple(Row(**row) for row in given["rows"]),
            tuple(Goal(**goal) for goal in goals),
            tuple(given["notes"]),
        )

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {**asdict(self), "goals": [{**asdict(goal), "met": goal.met} for goal in self.goals]}

    def __str__(self) -> str:
        width = max((len(row.name) for row in self.rows), default=0)
        lines = [self.title, "-" * len(self.title)]
        if self.rows:
            lines.append(f"  {'':<{width}}  {'median':>10}  {'p95':>10}")
        lines += [f"  {row.name:<{width}}  {row.median:>10.2f}  {row.p95:>10.2f}  {row.unit}" for row in self.rows]
        lines += [_line(goal) for goal in self.goals]
        lines += [f"  ({note})" for note in self.notes]
        return "\n".join(lines)


def row(name: str, values: Iterable[float], unit: str, *, worst_is_low: bool = False) -> Row:
    """Summarise measurements; `worst_is_low` takes the 5th percentile as the bad end, for rates and ratios."""
    ordered = sorted(values)
    return Row(name, statistics.median(ordered), percentile(ordered, 5 if worst_is_low else 95), unit, len(ordered))


def percentile(ordered: Sequence[float], percent: float) -> float:
    """Return a percentile of values in order, interpolated between neighbours."""
    place = (len(ordered) - 1) * percent / 100.0
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def _line(goal: Goal) -> str:
    verdict = "met" if goal.met else "MISSED"
    sign = "<=" if goal.at_most else ">="
    return f"  goal {verdict}: {goal.name} {goal.value:.2f} {goal.unit} (wanted {sign} {goal.limit:g})"
