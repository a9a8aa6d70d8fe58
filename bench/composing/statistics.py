"""Pitch-class entropy, scale consistency and groove consistency after MusPy's formulas, and the bands songs keep.

MusPy: Dong et al., ISMIR 2020. Groove is looked at in 16ths of the first meter.
"""

from __future__ import annotations

import numpy as np

from bench.composing.corpus import Corpus
from bench.composing.transcript import Transcript

NAMES = ("pitch-class entropy", "scale consistency", "groove consistency")
PUBLISHED = {NAMES[0]: (2.71, 3.46), NAMES[1]: (0.71, 0.98), NAMES[2]: (0.74, 0.99)}  # music.md, of all songs
_MAJOR = np.array((0, 2, 4, 5, 7, 9, 11))  # a natural minor scale is some major one
_STEPS = 4  # 16ths in a quarter

Bands = dict[str, tuple[float, float]]


def statistics(transcript: Transcript) -> dict[str, float]:
    """Measure a piece; raises ValueError where there are no pitched notes."""
    if not len(transcript.notes):
        raise ValueError(f"{transcript.title} has no notes to measure")
    counts = np.bincount(transcript.notes[:, 4].astype(int) % 12, minlength=12)
    shares = counts[counts > 0] / counts.sum()
    inside = max(int(counts[(_MAJOR + tonic) % 12].sum()) for tonic in range(12))
    return {
        NAMES[0]: float(-(shares * np.log2(shares)).sum()),
        NAMES[1]: inside / int(counts.sum()),
        NAMES[2]: _groove(transcript),
    }


def _groove(transcript: Transcript) -> float:
    """Return how alike neighbouring bars are in where notes begin: 1 minus their mean distance; 1 for a single bar."""
    notes = np.concatenate((transcript.notes, transcript.drums))
    bar = max(1, round(transcript.bar * _STEPS))
    begins = np.rint(np.maximum(notes[:, 2], 0.0) * _STEPS).astype(int)
    last = max(int((notes[:, 2] + notes[:, 3]).max() * _STEPS), int(begins.max()))
    bars = last // bar + 1
    if bars < 2:
        return 1.0
    struck = np.zeros((bars, bar), bool)
    struck[begins // bar, begins % bar] = True
    return 1.0 - int(np.count_nonzero(struck[:-1] != struck[1:])) / (bar * bars)


def song_bands(corpus: Corpus) -> Bands:
    """Return the 5 to 95 % band of every statistic over the training songs; takes a second."""
    measured = [statistics(song) for _, song in corpus.songs("train")]
    bands: Bands = {}
    for name in NAMES:
        low, high = np.percentile([each[name] for each in measured], (5, 95))
        bands[name] = (float(low), float(high))
    return bands


def within(value: float, band: tuple[float, float]) -> bool:
    """Say whether a value lies in a band."""
    return band[0] <= value <= band[1]
