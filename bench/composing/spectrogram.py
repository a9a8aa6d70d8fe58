"""Spectrograms: the sound of a piece as a picture, low below and late on the right, brighter is louder."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from bench.composing.sounding import Samples
from moodbox.music.composer.sound.sounder import RATE

_WINDOW, _HOP = 4096, 2048  # frames
_LOWEST, _HIGHEST, _ROWS = 40.0, 14_000.0, 320  # Hz, and lines of the picture


def draw(samples: Samples, title: str, path: Path) -> None:
    """Draw a piece into a PNG file."""
    mono = samples.mean(axis=1)
    frames = np.lib.stride_tricks.sliding_window_view(mono, _WINDOW)[::_HOP]
    power = np.abs(np.fft.rfft(frames * np.hanning(_WINDOW), axis=1)) ** 2
    heights = np.geomspace(_LOWEST, _HIGHEST, _ROWS)
    lines = np.rint(heights * _WINDOW / RATE).astype(int)
    picture = 10 * np.log10(power[:, lines].T + 1e-9)
    figure = Figure(figsize=(14, 5), dpi=80, layout="constrained")
    axes = figure.add_subplot()
    seconds = len(mono) / RATE
    loudest = float(picture.max())
    mesh = axes.imshow(
        picture,
        origin="lower",
        aspect="auto",
        cmap="magma",
        vmin=loudest - 80,
        vmax=loudest,
        extent=(0, seconds, 0, _ROWS),
    )
    marks = [50, 100, 200, 500, 1000, 2000, 5000, 10_000]
    axes.set_yticks(np.interp(marks, heights, np.arange(_ROWS)), [str(mark) for mark in marks])
    axes.set_xlabel("seconds")
    axes.set_ylabel("Hz")
    axes.set_title(title)
    figure.colorbar(mesh, label="dB", pad=0.01)
    figure.savefig(path)
