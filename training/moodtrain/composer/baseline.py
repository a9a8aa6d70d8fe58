"""Baselines: what counting the training songs' words, or pairs of words, already tells about other songs."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from moodtrain.composer.corpus import Piece
from moodtrain.composer.measure import Speaker
from moodtrain.composer.vocabulary import WORDS

_PAIRS = 20.0  # how many counts the unigram is worth beside a pair's (Dirichlet prior, MacKay & Bauman Peto 1995)


def unigram(pieces: Sequence[Piece]) -> Speaker:
    """Return the words' frequencies, whatever came before."""
    return _looked_up(np.tile(np.log(_shares(pieces)), (len(WORDS), 1)))


def bigram(pieces: Sequence[Piece]) -> Speaker:
    """Return the frequencies of what follows a word."""
    counts = np.zeros((len(WORDS), len(WORDS)))
    for piece in pieces:
        np.add.at(counts, (piece.tokens[:-1], piece.tokens[1:]), 1.0)
    smoothed = counts + _PAIRS * _shares(pieces)
    return _looked_up(np.log(smoothed / smoothed.sum(1, keepdims=True)))


def _shares(pieces: Sequence[Piece]) -> NDArray[np.float64]:
    counts = np.bincount(np.concatenate([piece.tokens[1:] for piece in pieces]), minlength=len(WORDS)) + 1.0
    shares: NDArray[np.float64] = counts / counts.sum()
    return shares


def _looked_up(table: NDArray[np.float64]) -> Speaker:
    logits = torch.from_numpy(table.astype(np.float32))

    def speak(tokens: Tensor, _: Tensor) -> tuple[Tensor, Any]:
        return logits[tokens], None

    return speak
