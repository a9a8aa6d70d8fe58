"""Drift: whether a quantity, sampled over a long run, stays where it was."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Drift:
    """How a quantity moved. `first` and `last` are medians of the first and last quarter of the run."""

    name: str
    lowest: float
    highest: float
    first: float
    last: float
    per_hour: float  # slope of the straight line through all samples
    line: float  # what that line gained from the first sample to the last

    @property
    def growth(self) -> float:
        """Return the growth as a share of `first`: of the quarters or of the line, whichever is larger."""
        return max(self.last - self.first, self.line) / self.first if self.first else 0.0


def drift(name: str, times: Sequence[float], values: Sequence[float]) -> Drift:
    """Measure the drift of `values` taken at `times`, seconds in order; needs at least one sample."""
    quarter = max(1, len(values) // 4)
    slope = statistics.linear_regression(times, values).slope if len(set(times)) > 1 else 0.0
    return Drift(
        name,
        min(values),
        max(values),
        statistics.median(values[:quarter]),
        statistics.median(values[-quarter:]),
        3600.0 * slope,
        slope * (times[-1] - times[0]),
    )
