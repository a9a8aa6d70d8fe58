"""The golden sample: a tune nobody wrote, with the answers this very model gives, so that a box can check itself.

It is drawn by dice within the grammar of lead sheets, and holds every kind of word; no song of the corpus is in it.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from moodtrain.composer.model import OnnxReader
from moodtrain.composer.vocabulary import HIGHEST, KINDS, LENGTHS, LOWEST, METERS, NO_CHORD, TOKEN

CONDITION = np.array([0.8, -0.6, 1.1, -0.4], np.float32)  # standardised; no two alike, so that none can be swapped
LEAST_TOLERANCE = 0.05  # of a logit; processors with and without dot-product instructions round differently


def tune(seed: int = 1827) -> NDArray[np.int64]:
    """Return a bar in each meter as tokens, from start to end; equal for equal seeds."""
    dice = np.random.default_rng(seed)
    words = ["start"]
    for meter, steps in METERS.items():
        words += [f"bar {meter}", _chord(dice), NO_CHORD if meter == "3/8" else _chord(dice), *_line(dice, steps)]
    return np.array([TOKEN[word] for word in (*words, "end")], np.int64)


def _chord(dice: np.random.Generator) -> str:
    return f"chord {dice.integers(12)}:{dice.choice(list(KINDS))}"


def _line(dice: np.random.Generator, steps: int) -> list[str]:
    """Fill a bar with notes, a rest or a tie now and then."""
    words: list[str] = []
    while steps:
        length = int(dice.choice([one for one in LENGTHS if one <= steps][-8:]))
        note = f"pitch {dice.integers(LOWEST, HIGHEST + 1)}"
        words += [str(dice.choice([note, "rest", "tie"], p=[0.7, 0.15, 0.15])), f"length {length}"]
        steps -= length
    return words


def write(folder: Path) -> None:
    """Write golden.npz for the int8 file in a folder: tokens, condition, logits after each, and how far is fine.

    Another machine's int8 may be as far off as int8 itself is from fp32.
    """
    tokens = tune()
    small, full = (answers(folder / name, tokens) for name in ("model.onnx", "fp32.onnx"))
    tolerance = max(LEAST_TOLERANCE, float(np.abs(small - full).max()))
    np.savez_compressed(
        folder / "golden.npz", tokens=tokens, condition=CONDITION, logits=small, tolerance=np.float32(tolerance)
    )


def answers(path: Path, tokens: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the T x V logits of an ONNX file after each token of a tune, from a zero state."""
    logits: NDArray[np.float32] = OnnxReader.open(path).read(
        tokens[None], np.broadcast_to(CONDITION, (1, len(tokens), len(CONDITION)))
    )[0]
    return logits
