"""How far a model's certainty can be believed, and one temperature that mends it.

Top-label calibration and temperature scaling as in Guo et al. 2017 (arXiv:1706.04599).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, logsumexp, softmax

BINS = 15  # as in Guo et al.
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def probabilities(logits: NDArray[np.floating[Any]], temperature: float | Floats = 1.0) -> Floats:
    """Return softmax(logits / temperature); one temperature for all rows, or rows x 1."""
    chances: Floats = softmax(logits.astype(np.float64) / temperature, axis=1)
    return chances


def temperature(logits: NDArray[np.floating[Any]], labels: Ints) -> float:
    """Return the T for which softmax(logits / T) fits the labels best."""

    def surprise(t: float) -> float:
        scaled = logits.astype(np.float64) / t
        return float((logsumexp(scaled, axis=1) - scaled[np.arange(len(labels)), labels]).mean())

    return float(minimize_scalar(surprise, bounds=(0.2, 5.0), method="bounded").x)


def crossfitted(logits: NDArray[np.floating[Any]], labels: Ints, seed: int = 0) -> Floats:
    """Return for every row (x 1) the temperature that fits the half of the rows it is not in."""
    first = np.random.default_rng(seed).permutation(len(labels)) % 2 == 0
    fitted = np.ones((len(labels), 1))
    for half in (first, ~first):
        if half.any():
            fitted[~half] = temperature(logits[half], labels[half])
    return fitted


def bins(confidence: Floats) -> Ints:
    """Return which of BINS equal steps from 0 to 1 holds each confidence; a step holds its upper end."""
    steps: Ints = np.clip(np.ceil(confidence * BINS) - 1, 0, BINS - 1).astype(np.int64)
    return steps


def reliability(chances: Floats, labels: Ints) -> list[dict[str, float]]:
    """Return for every bin of the surest answer's chance: faces, mean chance, and how often the answer is right."""
    confidence, right = chances.max(1), chances.argmax(1) == labels
    which, rows = bins(confidence), []
    for number in range(BINS):
        here = which == number
        count = int(here.sum())
        said, was = (float(confidence[here].mean()), float(right[here].mean())) if count else (0.0, 0.0)
        rows.append({"faces": count, "confidence": said, "accuracy": was})
    return rows


def expected_error(chances: Floats, labels: Ints) -> float:
    """Return the ECE: the mean gap, over the bins and by their faces, between how sure and how right."""
    gaps = [row["faces"] * abs(row["confidence"] - row["accuracy"]) for row in reliability(chances, labels)]
    return sum(gaps) / len(labels)


def figures(logits: NDArray[np.floating[Any]], labels: Ints, by: float | Floats = 1.0) -> dict[str, float]:
    """Return ECE, NLL (in nats) and Brier score (sum over classes, 0 to 2) of softmax(logits / by)."""
    chances, rows = probabilities(logits, by), np.arange(len(labels))
    wanted = np.eye(chances.shape[1])[labels]
    return {
        "ece": expected_error(chances, labels),
        "nll": -float(log_softmax(logits.astype(np.float64) / by, axis=1)[rows, labels].mean()),
        "brier": float(((chances - wanted) ** 2).sum(1).mean()),
    }


def measure(logits: NDArray[np.floating[Any]], labels: Ints, stated: float | None = None) -> dict[str, Any]:
    """Return the figures as the logits are, after a cross-fitted temperature, and with the one the file states."""
    fitted = crossfitted(logits, labels)
    made: dict[str, Any] = {
        "before": figures(logits, labels),
        "after": figures(logits, labels, fitted),
        "temperature": {"halves": sorted({float(t) for t in fitted[:, 0]}), "all": temperature(logits, labels)},
        "reliability": {
            "before": reliability(probabilities(logits), labels),
            "after": reliability(probabilities(logits, fitted), labels),
        },
    }
    if stated is not None:
        made["stated"] = figures(logits, labels, stated)
        made["temperature"]["stated"] = stated
    return made
