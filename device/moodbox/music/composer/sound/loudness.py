"""Loudness after ITU-R BS.1770-4 and a true-peak estimate, in numpy alone.

pyloudnorm would do, but it imports scipy: 68 MB of the box's 300. The K-weighting is applied to the power spectrum
of 200 ms windows that overlap by half, so that each stands for 100 ms; four of those make a gating block. Tests hold
it within 0.1 LU of pyloudnorm.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from moodbox.music.composer.sound.sounder import RATE, Frames

_STRETCH = RATE // 10  # frames
_WINDOW = 2 * _STRETCH
# The squares of these slopes add up to one where two windows overlap: no energy is lost or counted twice.
_SLOPES = np.sin(np.pi * (np.arange(_WINDOW) + 0.5) / _WINDOW).astype(np.float32)
_ABSOLUTE = -70.0  # LUFS, gate of the standard
_RELATIVE = -10.0  # LU below the ungated loudness
# Biquads of table 1 and 2 of the standard, for 48 kHz: shelf of the head, then high-pass. Poles as (b0 b1 b2, a1 a2).
_SHELF = ((1.53512485958697, -2.69169618940638, 1.19839281085285), (-1.69065929318241, 0.73248077421585))
_HIGH_PASS = ((1.0, -2.0, 1.0), (-1.99004745483398, 0.99007225036621))
_TAPS = 16  # of the oversampling filter, on each side of a sample


class Meter:
    """Measure loudness of a piece that comes in blocks, without keeping it."""

    def __init__(self) -> None:
        self._rest: Frames = np.zeros((_STRETCH, 2), np.float32)  # the first window reaches back before the start
        self._energies: list[npt.NDArray[np.float64]] = []
        self._weights = _k_weights()

    def add(self, block: Frames) -> None:
        """Take the next block of the piece."""
        frames = np.concatenate((self._rest, block))
        whole = len(frames) // _STRETCH - 1
        if whole > 0:
            windows = np.lib.stride_tricks.sliding_window_view(frames, _WINDOW, axis=0)[: whole * _STRETCH : _STRETCH]
            spectrum = np.fft.rfft(windows * _SLOPES, axis=2)
            power = spectrum.real**2 + spectrum.imag**2
            self._energies.append(np.tensordot(power, self._weights, axes=(2, 0)).sum(axis=1).astype(np.float64))
        self._rest = frames[max(0, whole) * _STRETCH :].copy()

    def loudness(self) -> float:
        """Return the integrated loudness so far in LUFS; -inf for silence."""
        if not self._energies:
            return float("-inf")
        stretches = np.concatenate(self._energies)
        blocks = np.convolve(stretches, np.full(4, 0.25), "valid") if len(stretches) >= 4 else stretches
        heard = blocks[_lufs(blocks) > _ABSOLUTE]
        if not len(heard):
            return float("-inf")
        loud = heard[_lufs(heard) > _lufs(heard.mean()) + _RELATIVE]
        return float(_lufs(loud.mean()))


def true_peak(blocks: Sequence[Frames]) -> float:
    """Estimate the largest value between the samples (4x oversampled) as an amplitude; looks where samples peak."""
    top = max((float(np.abs(block).max(initial=0.0)) for block in blocks), default=0.0)
    best = top
    for block in blocks:
        # A band-limited signal rarely peaks between samples by more than 3 dB over the samples beside it.
        places = np.unique(np.nonzero(np.abs(block) > 0.7 * top)[0] // 256)
        for place in places[:400]:
            best = max(best, _peak_between(block[max(0, place * 256 - _TAPS) : place * 256 + 256 + _TAPS]))
    return best


def _peak_between(stretch: Frames) -> float:
    filters = _oversampling()
    return max(float(np.abs(np.convolve(side, taps, "same")).max()) for side in stretch.T for taps in filters)


def _oversampling() -> list[npt.NDArray[np.float32]]:
    at = np.arange(-_TAPS, _TAPS + 1)
    window = np.hanning(2 * _TAPS + 3)[1:-1]
    return [(np.sinc(at + shift) * window).astype(np.float32) for shift in (0.25, 0.5, 0.75)]


def _lufs(energy: npt.ArrayLike) -> npt.NDArray[np.float64]:
    return np.asarray(-0.691 + 10.0 * np.log10(np.maximum(np.asarray(energy, np.float64), 1e-12)))


def _k_weights() -> npt.NDArray[np.float32]:
    """Weigh each line of a stretch's power spectrum so that their sum is the K-weighted mean square."""
    frequencies = np.fft.rfftfreq(_WINDOW, 1.0 / RATE)
    # The digital filters are read at their own 48 kHz; up to 20 kHz the analog curve they stand for is the same.
    z = np.exp(-2j * np.pi * frequencies / 48_000.0)
    gain = np.ones_like(frequencies)
    for (b0, b1, b2), (a1, a2) in (_SHELF, _HIGH_PASS):
        gain = gain * np.abs((b0 + b1 * z + b2 * z**2) / (1.0 + a1 * z + a2 * z**2)) ** 2
    both = np.full(len(frequencies), 2.0)  # a line stands for its mirror image too, but not the first and the last
    both[0] = both[-1] = 1.0
    return np.asarray(gain * both / (_WINDOW * _STRETCH), np.float32)
