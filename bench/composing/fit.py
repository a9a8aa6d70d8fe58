"""Fit: whether the pieces keep the mode that was asked, and stay where the songs are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bench.composing.piece import Piece
from bench.composing.statistics import NAMES, PUBLISHED, Bands, within
from bench.figures import Goal, Report, Table

_MODES = {"major": 95.0, "minor": 85.0}  # per cent heard as asked
_INSIDE = 90.0  # per cent of pieces


def modes(pieces: Sequence[Piece]) -> Report:
    """Compare the mode of the score with the one that a listener is thought to hear."""
    goals = []
    for mode, wanted in _MODES.items():
        of = [piece for piece in pieces if piece.score.mode == mode]
        if of:
            share = 100 * _mean([piece.key.mode == mode for piece in of])
            goals.append(Goal(f"{mode} asked and heard ({len(of)} pieces)", share, wanted, "%", at_most=False))
    rows = []
    for label in _labels(pieces):
        of = [piece for piece in pieces if piece.order.label == label]
        asked = "/".join(sorted({piece.score.mode for piece in of}))
        right = _mean([piece.key.mode == piece.score.mode for piece in of])
        tonic = _mean([piece.key.tonic == piece.score.tonic and piece.key.mode == piece.score.mode for piece in of])
        rows.append((label, asked, 100 * right, 100 * tonic, _mean([piece.features["modediff"] for piece in of])))
    head = ("mood", "asked", "mode heard %", "tonic too %", "major minus minor")
    notes = ("Best Krumhansl-Kessler profile of the duration-weighted pitch classes of all parts but drums",)
    return Report("Mode", (), tuple(goals), notes, Table(head, ("", "", ".1f", ".1f", ".2f"), tuple(rows)))


def bands(pieces: Sequence[Piece], songs: Bands) -> Report:
    """Count the pieces inside the songs' 5 to 95 % bands, per mood and in all."""
    goals = [
        Goal(f"{name} inside the songs' band", 100 * _within(pieces, name, songs), _INSIDE, "%", at_most=False)
        for name in NAMES
    ]
    rows: list[tuple[str | float | None, ...]] = []
    for label in (*_labels(pieces), "all"):
        of = [piece for piece in pieces if label in (piece.order.label, "all")]
        cells = [(100 * _within(of, name, songs), _mean([piece.statistics[name] for piece in of])) for name in NAMES]
        rows.append((label, *(value for pair in cells for value in pair)))
    rows.append(("all, music.md's bands", *_alternating([100 * _within(pieces, name, PUBLISHED) for name in NAMES])))
    head = ("mood", *(word for name in NAMES for word in (f"{name} %", "mean")))
    notes = tuple(
        f"{name}: band of the 1,140 training songs {songs[name][0]:.2f} to {songs[name][1]:.2f},"
        f" music.md's of all songs {PUBLISHED[name][0]} to {PUBLISHED[name][1]}"
        for name in NAMES
    )
    formats = ("", *([".1f", ".2f"] * len(NAMES)))
    return Report("Statistics of the notes", (), tuple(goals), notes, Table(head, formats, tuple(rows)))


def _labels(pieces: Sequence[Piece]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(piece.order.label for piece in pieces))


def _within(pieces: Sequence[Piece], name: str, songs: Bands) -> float:
    return _mean([within(piece.statistics[name], songs[name]) for piece in pieces])


def _alternating(values: Sequence[float]) -> list[float | None]:
    return [each for value in values for each in (value, None)]


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else float("nan")
