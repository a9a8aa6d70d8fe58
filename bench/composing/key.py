"""The key as a listener is thought to hear it: the best fit of a Krumhansl-Kessler profile (Krumhansl 1990)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bench.composing.transcript import Numbers

KRUMHANSL_MAJOR = (6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88)
KRUMHANSL_MINOR = (6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17)


@dataclass(frozen=True, slots=True)
class Key:
    """What was heard: mode, tonic as pitch class, and by how much it fits better than the other mode."""

    mode: str
    tonic: int
    margin: float


def heard_key(notes: Numbers) -> Key:
    """Hear the key of pitched notes, weighted by their seconds."""
    shares = pitch_classes(notes[:, 4], notes[:, 1] - notes[:, 0])
    major, major_tonic = best_key(shares, KRUMHANSL_MAJOR)
    minor, minor_tonic = best_key(shares, KRUMHANSL_MINOR)
    if major >= minor:
        return Key("major", major_tonic, major - minor)
    return Key("minor", minor_tonic, minor - major)


def pitch_classes(pitch: npt.NDArray[np.float64], weight: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the share of each pitch class, 12 numbers that add up to 1."""
    found = np.bincount(pitch.astype(int) % 12, weights=weight, minlength=12)
    return np.asarray(found / max(found.sum(), 1e-12))


def best_key(shares: npt.NDArray[np.float64], profile: tuple[float, ...]) -> tuple[float, int]:
    """Return the largest correlation with a profile over its twelve rotations, and the tonic that has it."""
    if np.ptp(shares) == 0.0:
        return 0.0, 0
    fits = [float(np.corrcoef(shares, np.roll(profile, tonic))[0, 1]) for tonic in range(12)]
    tonic = int(np.argmax(fits))
    return fits[tonic], tonic
