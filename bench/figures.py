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
class Table:
    """Things side by side. `formats` has a format of Python for every column; a cell None is not known."""

    head: tuple[str, ...]
    formats: tuple[str, ...]
    rows: tuple[tuple[str | float | None, ...], ...]

    @classmethod
    def from_json(cls, given: dict[str, Any]) -> Table:
        """Read what `asdict` gave and JSON carried."""
        return cls(tuple(given["head"]), tuple(given["formats"]), tuple(map(tuple, given["rows"])))

    def __str__(self) -> str:
        """Return Markdown: the first column stands left, the others right, all as wide as they must be."""
        rows = [[_cell(cell, form) for cell, form in zip(cells, self.formats, strict=True)] for cells in self.rows]
        widths = [max(map(len, column)) for column in zip(self.head, *rows, strict=True)]
        rule = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
        return "\n".join(f"| {_spaced(cells, widths)} |" for cells in (self.head, rule, *rows))


@dataclass(frozen=True)
class Report:
    """The figures of one part of the benchmark."""

    title: str
    rows: tuple[Row, ...] = ()
    goals: tuple[Goal, ...] = ()
    notes: tuple[str, ...] = field(default=())
    table: Table | None = None

    @classmethod
    def from_json(cls, given: dict[str, Any]) -> Report:
        """Read what `to_json` wrote."""
        goals = ({key: value for key, value in goal.items() if key != "met"} for goal in given["goals"])
        return cls(
            given["title"],
            tuple(Row(**row) for row in given["rows"]),
            tuple(Goal(**goal) for goal in goals),
            tuple(given["notes"]),
            Table.from_json(given["table"]) if given.get("table") else None,
        )

    def to_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {**asdict(self), "goals": [{**asdict(goal), "met": goal.met} for goal in self.goals]}

    def __str__(self) -> str:
        width = max((len(row.name) for row in self.rows), default=0)
        lines = [self.title, "-" * len(self.title)]
        if self.table:
            lines += ["", str(self.table), ""]  # Markdown wants air around a table
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


def _cell(cell: str | float | None, form: str) -> str:
    if cell is None:
        return "-"
    return cell if isinstance(cell, str) else format(cell, form)


def _spaced(cells: Sequence[str], widths: Sequence[int]) -> str:
    first = cells[0].ljust(widths[0])
    return " | ".join([first, *(cell.rjust(width) for cell, width in zip(cells[1:], widths[1:], strict=True))])


def _line(goal: Goal) -> str:
    verdict = "met" if goal.met else "MISSED"
    sign = "<=" if goal.at_most else ">="
    return f"  goal {verdict}: {goal.name} {goal.value:.2f} {goal.unit} (wanted {sign} {goal.limit:g})"
