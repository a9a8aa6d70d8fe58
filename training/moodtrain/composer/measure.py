"""Measures: how surprised a network is by songs it never saw, per token, per note, and with wrong conditions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import cross_entropy

from moodtrain.composer.batches import IGNORED, Scales, batches
from moodtrain.composer.condition import NAMES
from moodtrain.composer.corpus import Piece
from moodtrain.composer.vocabulary import WORDS

# N x T tokens and N x T x 4 standardised conditions become N x T x V logits, and a state that nobody needs here.
Speaker = Callable[[Tensor, Tensor], tuple[Tensor, Any]]
KIND = np.array([word.partition(" ")[0] for word in WORDS])  # start, end, bar, chord, pitch, rest, tie, length
_WHOLE = 100_000  # tokens: pieces are measured uncut


@dataclass(frozen=True)
class Tally:
    """The surprise about every word, summed over some pieces."""

    nats: NDArray[np.float64]  # V
    counts: NDArray[np.int64]  # V

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.nats + other.nats, self.counts + other.counts)

    @classmethod
    def empty(cls) -> "Tally":
        """Return the tally of nothing."""
        return cls(np.zeros(len(WORDS)), np.zeros(len(WORDS), np.int64))

    @property
    def per_token(self) -> float:
        """Return nats per token."""
        return float(self.nats.sum() / max(1, self.counts.sum()))

    @property
    def per_note(self) -> float:
        """Return nats per melody note: the surprise about all tokens, shared among the notes."""
        return float(self.nats.sum() / max(1, self.counts[KIND == "pitch"].sum()))

    def kinds(self) -> dict[str, dict[str, float]]:
        """Return for every kind of word that occurs its count, and nats per token of this kind."""
        found = {}
        for kind in dict.fromkeys(KIND.tolist()):
            count = int(self.counts[kind == KIND].sum())
            if count:
                found[kind] = {"tokens": count, "nats": float(self.nats[kind == KIND].sum() / count)}
        return found


@torch.inference_mode()
def tally(speak: Speaker, pieces: Sequence[Piece], scales: Scales, together: int = 32) -> Tally:
    """Return the surprise of a network about every token of some pieces; `together` pieces are read at once."""
    total = Tally.empty()
    for batch in batches(pieces, scales, together, _WHOLE):
        logits, _ = speak(batch.tokens, batch.conditions)
        wanted = batch.wanted.flatten()
        nats = cross_entropy(logits.flatten(0, 1).float(), wanted, ignore_index=IGNORED, reduction="none").double()
        real = wanted != IGNORED
        words, size = wanted[real].numpy(), len(WORDS)
        counts = np.bincount(words, minlength=size).astype(np.int64)
        sums = np.bincount(words, nats[real].numpy(), size).astype(np.float64)
        total += Tally(sums, counts)
    return total


def by_song(speak: Speaker, pieces: Sequence[Piece], scales: Scales, together: int = 32) -> dict[str, Tally]:
    """Return the tally of every song."""
    songs: dict[str, list[Piece]] = {}
    for piece in pieces:
        songs.setdefault(piece.song, []).append(piece)
    return {song: tally(speak, own, scales, together) for song, own in songs.items()}


def surprise(speak: Speaker, pieces: Sequence[Piece], scales: Scales) -> dict[str, float]:
    """Return nats per token and nats per melody note."""
    found = tally(speak, pieces, scales)
    return {"nats": found.per_token, "nats_per_note": found.per_note}


def shuffled(pieces: Sequence[Piece], seed: int = 0, names: Sequence[str] = NAMES) -> list[Piece]:
    """Give every piece the conditions of another one, all or some of them, stretched to its own length."""
    order = np.random.default_rng(seed).permutation(len(pieces))
    columns = [NAMES.index(name) for name in names]
    mixed = []
    for piece, other in zip(pieces, order.tolist(), strict=True):
        rows = pieces[other].conditions
        places = np.linspace(0, len(rows) - 1, len(piece.tokens)).astype(int)
        conditions = piece.conditions.copy()
        conditions[:, columns] = rows[places][:, columns]
        mixed.append(replace(piece, conditions=conditions))
    return mixed


def hidden(pieces: Sequence[Piece], scales: Scales) -> list[Piece]:
    """Ask nothing of any piece: its conditions become four zeros once they are standardised."""
    return [replace(piece, conditions=np.tile(scales.mean, (len(piece.tokens), 1))) for piece in pieces]
