"""The chords of each mood, in stock phrases that fit together: opening + half close, opening + full close, bridge.

Numerals count on the major scale (see `theory.chord`); bars are parted by `|`, two chords in a bar by a space.
"""

from __future__ import annotations

import random
from dataclasses import dataclass

from moodbox.music.composer.theory import Chord, chord

Bars = tuple[tuple[Chord, ...], ...]


@dataclass(frozen=True, slots=True)
class Stock:
    """What a mood may choose from: two-bar openings, half closes and full closes, four-bar bridges."""

    openings: tuple[str, ...]
    halves: tuple[str, ...]
    closes: tuple[str, ...]
    bridges: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The four-bar phrases of one section: the open one asks, the closed one answers."""

    open: Bars
    closed: Bars


STOCK: dict[str, Stock] = {
    "happy": Stock(
        ("I | IV", "I | vi", "I | I/3 IV", "I | V/3", "I IV | I", "I | iii", "I V | I IV"),
        ("I | V", "ii | V", "IV | V7", "vi ii | V", "IV I/3 | ii V", "II7 | V"),
        ("IV V7 | I", "ii V7 | I", "I/5 V7 | I", "IV iv | I", "vi ii | V7 I"),
        ("IV | V | I vi | V7", "IV | I | IV | V7", "vi | ii | I/5 | V", "IV | V | I vi | ii V", "I7 | IV | II7 | V7"),
    ),
    "surprise": Stock(
        ("I | bVI", "I | bVII", "I | II", "I | VI7", "I | bVII IV", "I | III7"),
        ("IV | V", "bVI | V7", "ii | V7", "ii bVII | V", "II7 | V7"),
        ("bVI bVII | I", "ii V7 | I", "bII V7 | I", "IV V7 | I", "bVI V7 | I"),
        ("IV | bVI | I/5 | V7", "IV | bVII | I/5 | V", "vi | II7 | IV | V7", "bVI | I | II7 | V7"),
    ),
    "neutral": Stock(
        ("Imaj7 | IVmaj7", "I | iii", "Iadd9 | vi", "I | ii", "I | V/3", "Iadd9 | IV/3"),
        ("IV | Vsus4 V", "ii | V", "vi | V", "IV | V", "iii IV | V"),
        ("IV V | Iadd9", "ii V | I", "IV | I", "ii7 V7 | Imaj7", "vi IV | I"),
        ("vi | IV | I/3 | V", "IV | iii | ii | V", "IVmaj7 | I/3 | ii7 | Vsus4", "vi | iii | IV | V"),
    ),
    "neutral minor": Stock(
        ("i | iv", "iadd9 | bVI", "i | v", "i | bVII iv"),
        ("iv | V", "bVI | V", "iv | v", "iv/3 | V"),
        ("iv V | i", "bVI V | i", "iv V7 | iadd9", "iv | i"),
        ("iv | i | iv | V", "bVI | iv | i/5 | V", "iv | v | bVI | V"),
    ),
    "sad": Stock(
        ("i | iv", "i | bVI", "i | V/3", "i | v/3", "i | i/3 iv", "iadd9 | iv/3", "i | iih7"),
        ("iv | V", "bVI | V", "i/5 | V", "iv/3 | V", "iih7 | V7", "iv i/3 | V"),
        ("iv V | i", "iih7 V7 | i", "i/5 V7 | i", "iv V7 | i", "bVI V | i"),
        ("iv | i | iv | V", "bVI | iv | i/5 | V", "iv | bVII | i/3 | V", "bVI | bVI | iv | V7", "v/3 | iv/3 | i/5 | V"),
    ),
    "fear": Stock(
        ("i | bvi", "i | viio7", "i | bII", "i | #ivo7", "i viio7 | i", "i | biii"),
        ("iv | V7", "viio7 | V", "bII | V", "#ivo7 | V", "iio | V7"),
        ("viio7 | i", "bII V | i", "iio V7 | i", "#ivo7 V | i", "iv viio7 | i"),
        ("iv | #ivo7 | i/5 | V", "bvi | i | viio7 | V", "iio | viio7 | i | V7", "i | bvi | iv | viio7"),
    ),
    "angry": Stock(
        ("i | i", "i | bII", "i | iv i", "i | i bVI", "i bII | i", "i | i V"),
        ("iv | V", "bVI | V", "bII | V", "i iv | V", "bVI iv | V"),
        ("iv V | i", "bII V | i", "V | i", "bVI V | i", "iio V | i"),
        ("iv | i | iv | V", "bVI | iv | bII | V", "iv | bII | i | V", "i | bVI | iv | V"),
    ),
    "disgust": Stock(
        ("i | bII", "i | #ivo7", "i | V7/7 i/3", "i | iio", "i viio7 | i", "i | bii"),
        ("#ivo7 | V", "iio | V", "bVI | V7", "iv #ivo7 | V", "bII | V"),
        ("bII V7 | i", "#ivo7 V | i", "iio V | i", "iv V7 | i", "viio7 | i"),
        ("iv | #ivo7 | i/5 | V", "V7/3 | i | bVI | V", "bVI | bII | iio | V", "i | bii | i | V7"),
    ),
}


def section(stock: Stock, tonic: int, rng: random.Random, *, bridge: bool = False) -> Section:
    """Choose a section's chords: the two phrases of a verse share their opening, a bridge ends open both times."""
    if bridge:
        first, second = rng.choice(stock.bridges), rng.choice(stock.bridges)
        return Section(read(first, tonic), read(second, tonic))
    opening, half, close = rng.choice(stock.openings), rng.choice(stock.halves), rng.choice(stock.closes)
    return Section(read(f"{opening} | {half}", tonic), read(f"{opening} | {close}", tonic))


def read(line: str, tonic: int) -> Bars:
    """Read bars of roman numerals."""
    return tuple(tuple(chord(roman, tonic) for roman in bar.split()) for bar in line.split("|"))
