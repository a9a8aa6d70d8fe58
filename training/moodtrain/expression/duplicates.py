"""Find rows that show the same picture: pixel for pixel, nearly, or in a mirror."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from moodtrain.expression.data import ALIKE, standardised

COARSE = 12  # side of the small pictures that are compared first
BLOCK = 512  # pictures compared with all others at once: 64 MB for 32,000 pictures
SLACK = 1e-4  # more than float32 loses in a sum of 144 products

Pairs = NDArray[np.intp]


@dataclass(frozen=True)
class Duplicates:
    """Which picture every row shows, and which different pictures are copies of one another."""

    picture: NDArray[np.intp]  # of each row; pictures are numbered by their first row
    first: NDArray[np.intp]  # the first row of each picture
    near: Pairs  # pairs x 2 pictures that correlate at ALIKE or above
    mirrored: Pairs  # pairs x 2 pictures, not near, of which one correlates with the other in a mirror

    def groups(self) -> list[NDArray[np.intp]]:
        """Return the rows of every picture that more than one row shows."""
        order = np.argsort(self.picture, kind="stable")
        starts = np.flatnonzero(np.diff(self.picture[order], prepend=-1))
        return [rows for rows in np.split(order, starts[1:]) if len(rows) > 1]

    def rows(self, pairs: Pairs) -> NDArray[np.intp]:
        """Return pairs of pictures as pairs of the first rows that show them."""
        return self.first[pairs]


def find(images: NDArray[np.uint8], alike: float = ALIKE) -> Duplicates:
    """Compare every picture with every other; even pictures can equal but never resemble one another."""
    picture, first = _distinct(images)
    uneven = first[(images.max((1, 2)) > images.min((1, 2)))[first]]
    near = _alike(images, uneven, alike, mirror=False)
    mirrored = _alike(images, uneven, alike, mirror=True)
    known = set(map(tuple, near.tolist()))
    only = [pair for pair in mirrored.tolist() if tuple(pair) not in known]  # of a symmetric face both are true
    return Duplicates(picture, first, picture[near], picture[np.array(only, np.intp).reshape(-1, 2)])


def _distinct(images: NDArray[np.uint8]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    numbers: dict[bytes, int] = {}
    picture = np.array(
        [numbers.setdefault(sha256(image.tobytes()).digest(), len(numbers)) for image in images], np.intp
    )
    return picture, np.unique(picture, return_index=True)[1]


def _alike(images: NDArray[np.uint8], rows: NDArray[np.intp], alike: float, *, mirror: bool) -> Pairs:
    """Return pairs of `rows`, the lower first, whose pictures correlate at `alike` or above."""
    found = [np.empty((0, 2), np.intp)]
    for candidates in _candidates(images, rows, alike, mirror=mirror):
        for start in range(0, len(candidates), BLOCK):
            pairs = candidates[start : start + BLOCK]
            left, right = standardised(images[pairs[:, 0]]), standardised(_turned(images[pairs[:, 1]], mirror))
            found.append(pairs[np.einsum("ij,ij->i", left, right) >= alike])
    return np.concatenate(found)


def _candidates(images: NDArray[np.uint8], rows: NDArray[np.intp], alike: float, *, mirror: bool) -> Iterator[Pairs]:
    """Yield every pair that can correlate at `alike`, judged by small pictures alone.

    Standardised pictures x and y of correlation r are sqrt(2 - 2 r) apart. Averaging blocks of pixels is an orthogonal
    projection P, so |Px - Py|^2 <= 2 - 2 r: this finds few false pairs and misses no true one.
    """
    small = _small(images, rows, mirror=False)
    other = _small(images, rows, mirror=True) if mirror else small
    half = (small**2).sum(1) / 2  # Px . Py >= |Px|^2 / 2 + |Py|^2 / 2 - (1 - r)
    blocks = range(0, len(rows), BLOCK)
    for start in tqdm(blocks, "mirrored copies" if mirror else "near copies", leave=False, delay=2):
        part = small[start : start + BLOCK] @ other[start:].T
        part -= half[start : start + BLOCK, None]
        left, right = np.nonzero(part >= half[start:] - (1 - alike) - SLACK)
        later = right > left
        yield np.stack([rows[start + left[later]], rows[start + right[later]]], 1)


def _small(images: NDArray[np.uint8], rows: NDArray[np.intp], *, mirror: bool) -> NDArray[np.float32]:
    """Return pictures x 144: standardised pictures, averaged over blocks and scaled so that lengths stay."""
    small = np.empty((len(rows), COARSE * COARSE), np.float32)
    for start in range(0, len(rows), BLOCK):
        whole = _turned(images[rows[start : start + BLOCK]], mirror)
        step = whole.shape[1] // COARSE
        blocks = standardised(whole).reshape(len(whole), COARSE, step, COARSE, step)
        small[start : start + BLOCK] = blocks.mean((2, 4)).reshape(len(whole), -1) * step
    return small


def _turned(images: NDArray[np.uint8], mirror: bool) -> NDArray[np.uint8]:  # noqa: FBT001
    return images[:, :, ::-1] if mirror else images
