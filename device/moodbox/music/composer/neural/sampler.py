"""Sampling: from logits to one token, by nucleus sampling (Holtzman et al. 2020, arXiv:1904.09751)."""

from __future__ import annotations

import random

import numpy as np
import numpy.typing as npt

Logits = npt.NDArray[np.float64]


def nucleus(logits: Logits, rng: random.Random, *, share: float = 0.92) -> int:
    """Draw a token from the smallest set of likely ones that holds `share` of the probability.

    `logits` are V numbers, -inf for what may not come; at least one must be finite.
    """
    order = np.argsort(-logits, kind="stable")
    weights = np.exp(logits[order] - logits[order[0]])
    reached = np.cumsum(weights) / weights.sum()
    count = min(len(order), int(np.searchsorted(reached, share)) + 1)  # the sum may stay a rounding below 1
    drawn = rng.random() * float(reached[count - 1])
    return int(order[min(count - 1, int(np.searchsorted(reached[:count], drawn, side="right")))])
