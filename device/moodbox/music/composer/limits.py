"""Limits: which pieces and which sound make way. Pure: it takes what is kept and names what should go.

Sound goes first, for it can be made again; then the oldest pieces nobody likes; liked ones last of all, and only when
the disk is full of them. What plays and what comes next (`held`) never goes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from moodbox.page.pieces.desk import KeptPiece


@dataclass(frozen=True, slots=True)
class Stock:
    """A piece with the bytes that its files take."""

    piece: KeptPiece
    midi: int
    sound: int  # 0 when it is not cached
    held: bool


def too_many(stock: Sequence[Stock], keep: int) -> list[str]:
    """Name the oldest pieces beyond the number kept."""
    return [one.piece.key for one in _oldest(stock, liked=False)][: max(0, len(stock) - keep)]


def sounds_to_drop(stock: Sequence[Stock], excess: int) -> list[str]:
    """Name the pieces whose sound must go to free `excess` bytes: those not played for the longest time."""
    cached = [one for one in stock if one.sound and not one.held]
    order = sorted(cached, key=lambda one: (one.piece.played_at, one.piece.key))
    return _until([(one.piece.key, one.sound) for one in order], excess)


def pieces_to_drop(stock: Sequence[Stock], excess: int) -> list[str]:
    """Name the pieces that must go to free `excess` bytes."""
    order = [*_oldest(stock, liked=False), *_oldest(stock, liked=True)]
    return _until([(one.piece.key, one.midi + one.sound) for one in order], excess)


def _oldest(stock: Iterable[Stock], *, liked: bool) -> list[Stock]:
    free = [one for one in stock if one.piece.liked is liked and not one.held]
    return sorted(free, key=lambda one: (one.piece.made_at, one.piece.key))


def _until(order: Iterable[tuple[str, int]], excess: int) -> list[str]:
    """Take (key, bytes freed) from the front until enough is freed."""
    found = []
    for key, freed in order:
        if excess <= 0:
            break
        found.append(key)
        excess -= freed
    return found
