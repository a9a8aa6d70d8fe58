"""Conditions: how eight bars of a lead sheet sound, in the four numbers that steer the composer."""

import math

import numpy as np
from numpy.typing import NDArray

from moodtrain.composer.key import mode_score
from moodtrain.composer.sheet import SheetBar
from moodtrain.composer.vocabulary import GRID

NAMES = ("mode", "density", "tempo", "register")
WINDOW = 8  # bars
_MIDDLE = 65.0  # MIDI pitch of a window without melody
_FASTEST, _SLOWEST = 240.0, 30.0  # bpm


def conditions(piece: tuple[SheetBar, ...]) -> NDArray[np.float32]:
    """Return bars x 4 raw numbers: the windows are eight bars, the last takes what is left."""
    rows = np.zeros((len(piece), len(NAMES)), np.float32)
    starts = range(0, max(1, len(piece) - WINDOW // 2), WINDOW)
    for start in starts:
        end = len(piece) if start == starts[-1] else start + WINDOW
        rows[start:end] = of(piece[start:end])
    return rows


def of(window: tuple[SheetBar, ...]) -> tuple[float, float, float, float]:
    """Return mode (correlation difference), ln melody notes per quarter, ln bpm, mean melody pitch."""
    pitches = [pitch for bar in window for pitch in bar.pitches]
    quarters = sum(bar.bar.length for bar in window) / GRID
    mode = mode_score(np.sum([bar.histogram for bar in window], axis=0))
    density = math.log(max(1, len(pitches)) / quarters)
    bpm = math.exp(float(np.mean([math.log(min(_FASTEST, max(_SLOWEST, bar.bar.bpm))) for bar in window])))
    return mode, density, math.log(bpm), float(np.mean(pitches)) if pitches else _MIDDLE
