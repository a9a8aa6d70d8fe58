"""Soundness: no piece silent, clipped, too long, broken by a gap, too loud or too soft."""

from __future__ import annotations

import math
from collections.abc import Mapping

from bench.composing.sounding import LOUDNESS, SILENT, Sound
from bench.figures import Goal, Report, row

_SHORTEST, _LONGEST = 60.0, 180.0  # seconds
_GAP = 3.0  # seconds
_PEAK = -1.0  # dBFS
_OFF = 1.0  # LU
_FAINT = -40.0  # LUFS under which a piece counts as silent


def report(sounds: Mapping[str, Sound], sounder: str) -> Report:
    """Sum up what was measured on every piece; the goals hold for the worst one."""
    off = {name: max(abs(each.loudness - LOUDNESS), abs(each.metered - LOUDNESS)) for name, each in sounds.items()}
    silent = sum(not math.isfinite(each.loudness) or each.loudness < _FAINT for each in sounds.values())
    every = list(sounds.values())
    goals = (
        Goal("silent pieces", silent, 0.0, ""),
        Goal("clipped pieces", sum(each.clipped > 0 for each in every), 0.0, ""),
        Goal("longest piece", max(each.seconds for each in every), _LONGEST, "s"),
        Goal("shortest piece", min(each.seconds for each in every), _SHORTEST, "s", at_most=False),
        Goal("longest gap in any piece", max(each.gap for each in every), _GAP, "s"),
        Goal("highest true peak", max(each.peak for each in every), _PEAK, "dBFS"),
        Goal(f"farthest from {LOUDNESS:g} LUFS", max(off.values()), _OFF, "LU"),
    )
    worst = (
        f"Sounded by {sounder} and written as 16 bits, as the box does",
        "Loudness by pyloudnorm and the box's own meter, of which the farther counts; true peak at four times the rate",
        f"A gap is a stretch whose peaks stay under {SILENT:g} dBFS",
        (
            f"Longest gap in {_most({name: each.gap for name, each in sounds.items()})}, highest peak in"
            f" {_most({name: each.peak for name, each in sounds.items()})}, farthest from the loudness: {_most(off)}"
        ),
    )
    rows = (
        row("length", [each.seconds for each in every], "s"),
        row("loudness, pyloudnorm", [each.loudness for each in every], "LUFS"),
        row("loudness, own meter", [each.metered for each in every], "LUFS"),
        row("true peak", [each.peak for each in every], "dBFS"),
        row("longest gap", [each.gap for each in every], "s"),
    )
    return Report("Sound", rows, goals, worst)


def _most(values: Mapping[str, float]) -> str:
    return max(values, key=values.__getitem__)
