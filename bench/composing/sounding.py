"""Sounding: a piece made audible as the box does it, and what can be measured on the samples."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyloudnorm  # type: ignore[import-untyped]  # it has no types
from scipy.fft import dct
from scipy.signal import find_peaks, resample_poly

from moodbox.music.composer.score import Score
from moodbox.music.composer.sound.loudness import Meter
from moodbox.music.composer.sound.sounder import RATE, Sounder
from moodbox.music.composer.take import Take

LOUDNESS = -16.0  # LUFS, what the box asks for
SILENT = -50.0  # dBFS; a stretch whose peak is lower does not sound
_STRETCH = RATE // 10  # frames of one look for silence
_WINDOW, _HOP = 2048, 1024  # frames of a spectrum, and from one to the next
_BANDS, _CEPSTRA = 26, 13

Samples = npt.NDArray[np.float32]  # (frames, 2), -1..1


@dataclass(frozen=True)
class Sound:
    """What was heard. Loudness in LUFS, true peak in dBFS (4x oversampled), times in seconds."""

    seconds: float
    loudness: float  # by pyloudnorm
    metered: float  # by the box's own meter
    peak: float
    clipped: int  # samples at full scale
    gap: float  # the longest stretch that does not sound
    made_in: float  # processor time
    features: dict[str, float]


def sound(score: Score, sounder: Sounder) -> tuple[Samples, Sound]:
    """Sound a piece as the box would, and measure it."""
    take = Take(score, sounder, LOUDNESS)
    begun = time.process_time()
    for _ in take.work():
        pass
    made_in = time.process_time() - begun
    written = np.rint(take.samples * np.float32(take.trim))  # as the library writes it, before 16 bits cut it off
    samples = np.asarray(written / 32768.0, np.float32)
    meter = Meter()
    meter.add(samples)
    return samples, Sound(
        seconds=len(samples) / RATE,
        loudness=float(pyloudnorm.Meter(RATE).integrated_loudness(samples)),
        metered=meter.loudness(),
        peak=_decibels(true_peak(samples)),
        clipped=int(np.count_nonzero(np.abs(written) >= 32767.0)),
        gap=longest_gap(samples),
        made_in=made_in,
        features=_heard(samples),
    )


def true_peak(samples: Samples) -> float:
    """Return the largest amplitude at four times the rate; looks only around the loudest samples."""
    best = top = float(np.abs(samples).max(initial=0.0))
    for start in range(0, len(samples), _WINDOW):
        stretch = samples[max(0, start - 64) : start + _WINDOW + 64]
        if np.abs(stretch).max(initial=0.0) > 0.6 * top:  # between samples a signal gains 3 dB at most in practice
            best = max(best, float(np.abs(resample_poly(stretch, 4, 1, axis=0)).max()))
    return best


def longest_gap(samples: Samples) -> float:
    """Return the longest time in which nothing louder than `SILENT` sounds."""
    whole = len(samples) // _STRETCH
    peaks = np.abs(samples[: whole * _STRETCH]).reshape(whole, -1).max(axis=1, initial=0.0)
    heard = np.flatnonzero(np.concatenate(([True], peaks >= 10 ** (SILENT / 20), [True])))
    return float(np.diff(heard).max() - 1) * _STRETCH / RATE


def _heard(samples: Samples) -> dict[str, float]:
    """Measure timbre, dynamics and attacks of the mono sound."""
    mono = samples.mean(axis=1)
    frames = np.lib.stride_tricks.sliding_window_view(mono, _WINDOW)[::_HOP]
    power = np.abs(np.fft.rfft(frames * np.hanning(_WINDOW).astype(np.float32), axis=1)).astype(np.float32) ** 2
    level = 10 * np.log10(np.mean(frames**2, axis=1) + 1e-9)
    loud = level > level.max() - 50  # the silence of the ending has no timbre
    side = samples[:, 0] - samples[:, 1]
    return {
        "crest": _decibels(float(np.abs(mono).max())) - 10 * math.log10(float(np.mean(mono**2)) + 1e-12),
        "level spread": float(np.subtract(*np.percentile(level[loud], (95, 10)))),
        "level steps": float(np.abs(np.diff(level)).mean()),
        "zero crossings": float(np.mean(np.diff(np.signbit(mono)))),
        "width": float(np.mean(side**2) / (np.mean(mono**2) + 1e-12)),
        **_spectral(power[loud]),
        **_attacks(power),
    }


def _spectral(power: Samples) -> dict[str, float]:
    frequencies = np.fft.rfftfreq(_WINDOW, 1 / RATE)
    total = power.sum(axis=1) + 1e-12
    centroid = power @ frequencies / total
    rolled = np.argmax(np.cumsum(power, axis=1) >= 0.85 * total[:, None], axis=1)
    flat = np.exp(np.log(power + 1e-10).mean(axis=1)) / (power.mean(axis=1) + 1e-10)
    cepstra = dct(np.log(power @ _bands().T + 1e-8), axis=1, norm="ortho")[:, :_CEPSTRA]
    means, spreads = cepstra.mean(axis=0), cepstra.std(axis=0)
    return {
        "centroid": float(np.log(centroid + 1).mean()),
        "centroid spread": float(np.log(centroid + 1).std()),
        "rolloff": float(frequencies[rolled].mean()),
        "flatness": float(np.log(flat + 1e-9).mean()),
        **{f"cepstrum {number}": float(value) for number, value in enumerate(means)},
        **{f"cepstrum {number} spread": float(value) for number, value in enumerate(spreads)},
    }


def _attacks(power: Samples) -> dict[str, float]:
    """Count onsets: peaks of what the bands gain from one look to the next."""
    bands = np.log(power @ _bands().T + 1e-4)
    gain = np.maximum(np.diff(bands, axis=0), 0.0).mean(axis=1)
    peaks, _ = find_peaks(gain, height=gain.mean() + 0.5 * gain.std(), distance=3)
    return {"onsets": len(peaks) * RATE / (_HOP * max(1, len(gain))), "flux": float(gain.mean())}


def _bands() -> Samples:
    """Return triangles on the mel scale from 40 Hz to 12 kHz, shape (bands, lines)."""
    mel = np.linspace(_mel(40.0), _mel(12_000.0), _BANDS + 2)
    edges = 700 * (10 ** (mel / 2595) - 1)
    lines = np.fft.rfftfreq(_WINDOW, 1 / RATE)
    up = (lines - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    down = (edges[2:, None] - lines) / (edges[2:] - edges[1:-1])[:, None]
    return np.asarray(np.clip(np.minimum(up, down), 0.0, None), np.float32)


def _mel(frequency: float) -> float:
    return 2595 * math.log10(1 + frequency / 700)


def _decibels(amplitude: float) -> float:
    return 20 * math.log10(max(amplitude, 1e-6))
