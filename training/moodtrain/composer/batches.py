"""Batches: pieces cut into parts, parts of like length side by side."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from moodtrain.composer.corpus import Piece

IGNORED = -100  # what cross_entropy leaves out


@dataclass(frozen=True)
class Scales:
    """Mean and standard deviation of the four conditions over the training tokens."""

    mean: NDArray[np.float32]
    std: NDArray[np.float32]

    @classmethod
    def of(cls, pieces: Sequence[Piece]) -> "Scales":
        """Measure them."""
        rows = np.concatenate([piece.conditions for piece in pieces]).astype(np.float64)
        return cls(rows.mean(0).astype(np.float32), np.maximum(1e-3, rows.std(0)).astype(np.float32))

    def standard(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return rows as the network takes them."""
        return (rows - self.mean) / self.std


@dataclass(frozen=True)
class Batch:
    """N x T tokens, N x T x 4 standardised conditions, N x T tokens that follow (IGNORED after a part's end)."""

    tokens: Tensor
    conditions: Tensor
    wanted: Tensor


def parts(pieces: Sequence[Piece], length: int) -> list[tuple[int, int, int]]:
    """Cut pieces into (piece, from, to) of at most `length` tokens."""
    return [
        (number, start, min(start + length, len(piece.tokens) - 1))
        for number, piece in enumerate(pieces)
        for start in range(0, len(piece.tokens) - 1, length)
    ]


def batches(
    pieces: Sequence[Piece], scales: Scales, count: int, length: int, dice: np.random.Generator | None = None
) -> Iterator[Batch]:
    """Yield batches; with dice parts begin anywhere and come in any order, but beside others of like length."""
    cut = parts(pieces, length)
    if dice is not None:
        cut = [_moved(part, len(pieces[part[0]].tokens) - 1, dice) for part in cut]
        spans = np.array([end - start for _, start, end in cut]) + dice.uniform(0, 24, len(cut))
    else:
        spans = np.array([end - start for _, start, end in cut], float)
    order = np.argsort(spans, kind="stable")
    groups = [order[at : at + count] for at in range(0, len(order), count)]
    if dice is not None:
        dice.shuffle(groups)
    for group in groups:
        yield _batch([cut[n] for n in group.tolist()], pieces, scales)


def _moved(part: tuple[int, int, int], last: int, dice: np.random.Generator) -> tuple[int, int, int]:
    """Shift a part that does not begin its piece a little, so that cuts fall elsewhere every epoch."""
    number, start, end = part
    shift = int(dice.integers(0, 32)) if start else 0
    return number, max(0, start - shift), min(end, last)


def _batch(group: Sequence[tuple[int, int, int]], pieces: Sequence[Piece], scales: Scales) -> Batch:
    longest = max(end - start for _, start, end in group)
    tokens = torch.zeros(len(group), longest, dtype=torch.int64)
    wanted = torch.full((len(group), longest), IGNORED, dtype=torch.int64)
    conditions = torch.zeros(len(group), longest, 4)
    for row, (number, start, end) in enumerate(group):
        piece, span = pieces[number], end - start
        tokens[row, :span] = torch.from_numpy(piece.tokens[start:end])
        wanted[row, :span] = torch.from_numpy(piece.tokens[start + 1 : end + 1])
        # what steers a token is the condition of the bar that it stands in
        conditions[row, :span] = torch.from_numpy(scales.standard(piece.conditions[start + 1 : end + 1]))
    return Batch(tokens, conditions, wanted)
