"""The loudness meter against pyloudnorm, and the peak between samples against a known sine."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from moodbox.music.composer.sound.limiter import Limiter
from moodbox.music.composer.sound.loudness import Meter, true_peak
from moodbox.music.composer.sound.sounder import RATE, Frames


def noise(seconds: float, level: float, seed: int = 0) -> Frames:
    frames = np.random.default_rng(seed).standard_normal((round(seconds * RATE), 2)) * level
    return frames.astype(np.float32)


def sine(seconds: float, hertz: float, level: float, phase: float = 0.0) -> Frames:
    wave = level * np.sin(2.0 * np.pi * hertz * np.arange(round(seconds * RATE)) / RATE + phase)
    return np.repeat(wave[:, None], 2, axis=1).astype(np.float32)


def measured(frames: Frames, block: int = RATE) -> float:
    meter = Meter()
    for start in range(0, len(frames), block):
        meter.add(frames[start : start + block])
    return meter.loudness()


@pytest.mark.parametrize(
    "frames",
    [
        noise(8, 0.1),
        sine(8, 55.0, 0.5),
        sine(8, 997.0, 0.3),
        sine(8, 9000.0, 0.1),
        np.concatenate((noise(6, 0.2), noise(6, 0.0001), noise(6, 0.02))),
    ],
    ids=["noise", "bass", "middle", "treble", "loud and silent"],
)
def test_meter_agrees_with_pyloudnorm(frames: Frames) -> None:
    pyloudnorm = pytest.importorskip("pyloudnorm", reason="the reference meter is a development tool")
    expected = pyloudnorm.Meter(RATE).integrated_loudness(frames.astype(np.float64))
    assert measured(frames) == pytest.approx(expected, abs=0.1)


def test_standard_sine_reads_as_the_standard_says() -> None:
    """BS.1770: a 997 Hz sine at 0 dBFS in one channel reads -3.01 LUFS; in two, 0."""
    left = sine(5, 997.0, 1.0)
    left[:, 1] = 0.0
    assert measured(left) == pytest.approx(-3.01, abs=0.1)


def test_size_of_blocks_does_not_matter() -> None:
    frames = noise(4, 0.1)
    assert measured(frames, 777) == pytest.approx(measured(frames, 100_000), abs=0.001)


@pytest.mark.parametrize("frames", [np.zeros((RATE, 2), np.float32), np.zeros((0, 2), np.float32)])
def test_silence_has_no_loudness(frames: Frames) -> None:
    assert measured(frames) == -math.inf


def test_true_peak_finds_what_lies_between_samples() -> None:
    """A quarter-rate sine sampled off its crests shows 0.707 and peaks at 1."""
    tone = sine(0.5, RATE / 4, 1.0, phase=math.pi / 4)
    assert np.abs(tone).max() == pytest.approx(math.sqrt(0.5), abs=0.01)
    assert true_peak([tone]) == pytest.approx(1.0, abs=0.03)


def test_true_peak_of_silence_is_zero() -> None:
    assert true_peak([np.zeros((1000, 2), np.float32)]) == 0.0
    assert true_peak([]) == 0.0


def limited(frames: Frames, block: int, ceiling: float = 0.5) -> Frames:
    limiter = Limiter(ceiling)
    parts = [limiter.add(frames[start : start + block]) for start in range(0, len(frames), block)]
    return np.concatenate((*parts, limiter.rest()))


@settings(max_examples=20)
@given(st.integers(1, 9000), st.integers(0, 20_000), st.floats(0.01, 4.0))
def test_limiter_keeps_length_and_ceiling_whatever_the_blocks(block: int, count: int, level: float) -> None:
    frames = noise(1.0, level, seed=count)[:count]
    out = limited(frames, block)
    assert out.shape == frames.shape
    assert np.abs(out).max(initial=0.0) <= 0.5


def test_limiter_leaves_what_is_soft_enough_alone() -> None:
    frames = sine(0.5, 440.0, 0.4)
    assert np.allclose(limited(frames, 4096), frames, atol=1e-6)


def test_limiter_gives_the_same_for_any_size_of_blocks() -> None:
    frames = noise(0.5, 0.6)
    assert np.allclose(limited(frames, 640), limited(frames, 5000), atol=1e-6)


def test_limiter_turns_down_softly_instead_of_clipping() -> None:
    """A sine twice too loud comes out as a sine: its third harmonic, the mark of clipping, stays 40 dB below."""
    spectrum = np.abs(np.fft.rfft(limited(sine(1.0, 500.0, 1.0), 4096)[:, 0]))
    assert spectrum[1500] < 0.01 * spectrum[500]
